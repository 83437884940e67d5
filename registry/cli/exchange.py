"""``exchange``: keys and signed files between this installation and those of partners."""

from collections.abc import Sequence
from pathlib import Path

import click

from registry.accounts import queries as accounts
from registry.cli.asking import choose, created, existing_file, unused
from registry.cli.opening import Door
from registry.cli.speaking import translator
from registry.custody.exchange import arriving, own, taking_in
from registry.custody.exchange.arriving import Arriving
from registry.custody.exchange.limiting import Conditions
from registry.custody.exchange.recalls import answers, obeying, queries as recalls
from registry.custody.shipments.receiving import Receipt
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.samples.quantities import written
from registry.vocab.labels import label
from registry.vocab.people import SiteKind

_JOB = "exchange"


@click.group()
def exchange() -> None:
    """Exchange of shipments with other installations; docs/exchange.md describes it."""


@exchange.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Write the key file here.",
)
@click.pass_obj
def key(door: Door, out: Path) -> None:
    """Write the key that checks what this installation signs, for a partner."""
    with door.opened():
        ours = own.key(Actor.system(_JOB))
    out.write_bytes(ours.file)
    door.say(T("Fingerprint, to be read out: {fingerprint}", fingerprint=ours.fingerprint))


@exchange.command()
@existing_file
@click.pass_obj
def check(door: Door, file: Path) -> None:
    """Say who signed the manifest FILE and what it holds; nothing is kept."""
    with door.opened():
        announced = arriving.check(Actor.system(_JOB), file.read_bytes())
        taking_in.check_new(announced)
        _tell(door, announced)
    door.say(T("Nothing is kept. What was found in the bag is said to: exchange take-in"))


@exchange.command("take-in")
@existing_file
@click.option("--site", "site_code", help="Our site's code, where there are several.")
@click.option(
    "--tubes",
    type=click.File(encoding="utf-8"),
    required=True,
    help="The codes that were found in the bag, one on each line; - reads what is scanned.",
)
@click.option("--damaged", multiple=True, help="The code of one that is damaged; may be repeated.")
@click.option("--temperature", help="What was read, if it was not as it should be.")
@click.option("--note", help="A remark; the partner reads it.")
@click.option(
    "--receipt",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=unused,
    required=True,
    help="Write the signed receipt here, for the partner.",
)
@click.pass_obj
def take_in(
    door: Door,
    file: Path,
    site_code: str | None,
    tubes: Sequence[str],
    damaged: tuple[str, ...],
    temperature: str | None,
    note: str | None,
    receipt: Path,
) -> None:
    """Take the shipment of the manifest FILE in: what was not found is missing."""
    codes = [line.strip() for line in tubes if line.strip()]
    found = Receipt(codes, damaged=damaged, temperature=temperature, note=note)
    with door.opened(), created(receipt) as contents:
        sites = {one.code: one for one in accounts.sites() if one.kind is not SiteKind.PARTNER}
        site = sites[choose(site_code, list(sites), "--site")]
        kept = taking_in.take_in(Actor.system(_JOB), site.id, file.read_bytes(), found)
        contents.append(taking_in.signed(kept))
        said = taking_in.contents(kept)
        missing = sorted(set(said.announced) - set(said.arrived))
        door.say(
            T(
                "Shipment {code} of {partner} is taken in. Send the partner the receipt: {path}",
                code=kept.code,
                partner=kept.partner.name,
                path=receipt,
            )
        )
    if missing:
        door.say(T("Missing: {codes}.", codes=", ".join(missing)))
    if said.extra:
        door.say(T("Not on the manifest: {codes}.", codes=", ".join(said.extra)))


@exchange.command()
@existing_file
@click.option(
    "--answer",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=unused,
    required=True,
    help="Write the signed answer here, for the partner.",
)
@click.pass_obj
def recall(door: Door, file: Path, answer: Path) -> None:
    """Take the recall FILE in: its tubes are not used any more, from now on."""
    speak = translator(door.settings.default_locale)
    with door.opened(), created(answer) as contents:
        kept = obeying.take_in(Actor.system(_JOB), file.read_bytes())
        contents.append(recalls.signed_answer(kept))
        door.say(
            T(
                "Recall {number} of {partner}: {asked}, until {day}.",
                number=kept.number,
                partner=kept.partner.name,
                asked=label(kept.asked),
                day=kept.until.strftime("%d/%m/%Y"),
            )
        )
        for code, state in recalls.states(kept).items():
            click.echo(f"  {code:<20} {speak(label(state))}")
    door.say(T("Send the partner the answer: {path}", path=answer))


@exchange.command()
@existing_file
@click.pass_obj
def answered(door: Door, file: Path) -> None:
    """Take in FILE, a partner's signed answer to a recall of ours."""
    speak = translator(door.settings.default_locale)
    with door.opened():
        kept = answers.take_in(Actor.system(_JOB), file.read_bytes(), translate=speak)
        door.say(T("Answer to the recall {number}:", number=kept.recall.notice.number))
        for code, state in answers.tubes_of(kept).items():
            click.echo(f"  {code:<20} {speak(label(state))}")


def _tell(door: Door, announced: Arriving) -> None:
    """Print what a manifest that is believed says."""
    speak = translator(door.settings.default_locale)
    door.say(
        T(
            "Shipment {code} of {partner}, signed by {installation}, sent on {day}.",
            code=announced.shipment,
            partner=announced.signer.partner.name,
            installation=announced.signer.installation,
            day=clock.to_paris(announced.sent_at).strftime("%d/%m/%Y %H:%M"),
        )
    )
    door.say(_allowed(announced.conditions))
    taken = arriving.clashing(announced)
    for one in announced.tubes:
        quantity = f"{written(one.quantity)} {speak(label(one.unit))}"
        line = f"  {one.code:<20} {speak(label(one.sample_type))}, {quantity}"
        if one.code in taken:
            ours = T("A tube of ours bears this code: give the arriving one another label")
            line += f"  ! {speak(ours)}"
        click.echo(line)


def _allowed(conditions: Conditions | None) -> Message:
    """What the partner allows to be done with the tubes."""
    if conditions is None:
        return T("The manifest does not say what may be done with these tubes. Ask the partner.")
    if conditions.until is None:
        return T("For the project {project} alone.", project=conditions.project)
    return T(
        "For the project {project} alone, until {day}.",
        project=conditions.project,
        day=conditions.until.strftime("%d/%m/%Y"),
    )
