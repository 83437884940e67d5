"""``import participants | samples | …``: files in; numbers out, and the rows that were refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from registry.accounts import queries as accounts
from registry.cli.asking import choose, existing_file, unused
from registry.cli.opening import Door
from registry.cli.speaking import translator
from registry.custody.exposures import service as exposures
from registry.imports.consents import Told, import_consents, import_fhir
from registry.imports.participants import import_participants
from registry.imports.pseudonyms import import_pseudonyms
from registry.imports.report import Outcome, Progress as Advance, problems_of, write_refused
from registry.imports.samples import import_samples
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.participants import queries as participants
from registry.storage.temperatures import queries as temperatures
from registry.vocab.people import SiteKind
from schemas.consent_imports import CONSENT_HEADINGS
from schemas.imports import PARTICIPANT_HEADINGS, SAMPLE_HEADINGS
from schemas.pseudonyms import PSEUDONYM_HEADINGS

_SOURCE = "import"
_FHIR = frozenset({".json", ".ndjson"})

_COUNTS: dict[str, Message] = {
    "accepted": T("accepted"),
    "attached": T("attached to a person already known"),
    "review": T("taken, and waiting in the review list"),
    "already": T("already taken by an earlier import, unchanged"),
    "incomplete": T("of these, incomplete identities"),
    "without_consent": T("of these, without a consent on file: kept, but not to be used"),
    "unused_scans": T("files of the archive that no row has named"),
    "refused": T("refused"),
}


def _known_headings(headings: dict[str, tuple[str, ...]]) -> str:
    return "\b\n" + "\n".join(
        f"  {field:<22} {', '.join(several)}" for field, several in headings.items()
    )


def _source_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--source",
        default=_SOURCE,
        show_default=True,
        help="The system that numbered the participants; the same for both files.",
    )(command)


def _report_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--report",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=unused,
        help="Where to write the refused rows (default: reports/ in the data directory).",
    )(command)


@click.group("import")
def import_() -> None:
    """Take in files: CSV with semicolons, commas or tabs; UTF-8 or Windows-1252."""


@import_.command(
    "participants", epilog=f"Headings understood:\n\n{_known_headings(PARTICIPANT_HEADINGS)}"
)
@existing_file
@click.option("--cohort", "cohort_code", help="The cohort's code, where there are several.")
@click.option("--site", "site_code", help="The hospital site's code, where there are several.")
@_source_option
@_report_option
@click.pass_obj
def take_participants(
    door: Door,
    file: Path,
    cohort_code: str | None,
    site_code: str | None,
    source: str,
    report: Path | None,
) -> None:
    """Take in the identities of FILE: dates as dd/mm/yyyy, columns in any order."""
    with door.opened():
        actor = Actor.system("import")
        cohorts = {cohort.code: cohort for cohort in participants.cohorts()}
        sites = {site.code: site for site in accounts.sites() if site.kind is SiteKind.HOSPITAL}
        cohort = cohorts[choose(cohort_code, list(cohorts), "--cohort")]
        site = sites[choose(site_code, list(sites), "--site")]
        with _progress(door) as started:
            outcome = import_participants(
                actor, file, cohort=cohort, site=site, source=source, started=started
            )
        _tell(door, outcome, report)


@import_.command("samples", epilog=f"Headings understood:\n\n{_known_headings(SAMPLE_HEADINGS)}")
@existing_file
@_source_option
@_report_option
@click.pass_obj
def take_samples(door: Door, file: Path, source: str, report: Path | None) -> None:
    """Take in the tubes and aliquots of FILE; volumes in millilitres, drawn from their parents."""
    with door.opened():
        with _progress(door) as started:
            outcome = import_samples(Actor.system("import"), file, source=source, started=started)
        _tell(door, outcome, report)


@import_.command(
    "pseudonyms", epilog=f"Headings understood:\n\n{_known_headings(PSEUDONYM_HEADINGS)}"
)
@existing_file
@click.option("--system", "partner", required=True, help="The code of the partner's site.")
@_report_option
@click.pass_obj
def take_pseudonyms(door: Door, file: Path, partner: str, report: Path | None) -> None:
    """Take in the codes of FILE under which a partner knows participants."""
    with door.opened():
        with _progress(door) as started:
            outcome = import_pseudonyms(
                Actor.system("import"), file, partner=partner, started=started
            )
        _tell(door, outcome, report)


@import_.command(
    "consents",
    epilog=f"Headings understood, and one for each question's code:\n\n"
    f"{_known_headings(CONSENT_HEADINGS)}",
)
@existing_file
@click.option(
    "--scans",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A ZIP file with the scans that the rows name, several with | between them.",
)
@_report_option
@click.pass_obj
def take_consents(door: Door, file: Path, scans: Path | None, report: Path | None) -> None:
    """Take in the consents of FILE: CSV with scans in a ZIP, or FHIR R4 (.json, .ndjson)."""
    actor = Actor.system("import")
    with door.opened():
        if file.suffix.lower() in _FHIR:
            _tell_fhir(door, import_fhir(actor, file))
            return
        with _progress(door) as started:
            outcome = import_consents(actor, file, scans=scans, started=started)
        _tell(door, outcome, report)


@import_.command("temperatures")
@existing_file
@click.option("--probe", "code", required=True, help="The code of the probe that wrote the file.")
@click.option(
    "--day-first/--month-first",
    default=None,
    help="How days such as 03/04/2026 are written, where the file does not show it.",
)
@click.pass_obj
def take_temperatures(door: Door, file: Path, code: str, day_first: bool | None) -> None:
    """Take in the readings of FILE, as the logger of a temperature probe wrote it."""
    actor = Actor.system("import")
    with door.opened():
        probe = temperatures.probe(actor, code)
        try:
            done = exposures.record(actor, probe.id, file.read_bytes(), day_first=day_first)
        except InvalidInput as refusal:
            for line in refusal.errors.get("file", ()):
                click.echo(translator(door.settings.default_locale)(line), err=True)
            raise
        door.say(done.news)
        if done.warning is not None:
            door.say(done.warning)


def _tell_fhir(door: Door, told: Told) -> None:
    """Print the numbers, and why each resource that was left out was refused."""
    speak = translator(door.settings.default_locale)
    for name, count in (*told.counts.items(), ("refused", len(told.refusals))):
        click.echo(f"{count:>8}  {speak(_COUNTS[name])}")
    for number, error in told.refusals:
        for _field, reason in problems_of(error):
            door.say(T("Resource {number}: {reason}", number=number, reason=reason))


@contextmanager
def _progress(door: Door) -> Iterator[Callable[[int], Advance]]:
    """A bar on the error stream, so that the numbers can be piped."""
    speak = translator(door.settings.default_locale)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )

    def started(rows: int) -> Advance:
        task = bar.add_task(speak(T("Rows")), total=rows)
        return lambda more: bar.advance(task, more)

    with bar:
        yield started


def _tell(door: Door, outcome: Outcome, report: Path | None) -> None:
    """Print the numbers, and where the refused rows are; exit 0 though some were refused."""
    table = outcome.table
    speak = translator(door.settings.default_locale)
    door.say(
        T(
            "{file}: {rows} rows, {encoding}, separator {separator}.",
            file=table.path.name,
            rows=len(table.rows),
            encoding=table.encoding,
            separator={"\t": "TAB"}.get(table.separator, table.separator),
        )
    )
    if table.ignored:
        door.say(T("Columns not understood, left out: {names}.", names=", ".join(table.ignored)))
    for name, sentence in _COUNTS.items():
        if outcome.counts[name] or name in ("accepted", "refused"):
            click.echo(f"{outcome.counts[name]:>8}  {speak(sentence)}")
    path = write_refused(outcome, door.settings.reports_dir, speak, path=report)
    if path:
        door.say(T("Refused rows, to correct and import again: {path}", path=path))
