"""``keys``: see, change, back up and restore the keys of the identity vault."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from registry.cli import ceremony
from registry.cli.opening import Door
from registry.cli.speaking import translator
from registry.crypto.errors import CryptoError
from registry.crypto.keyring import Keyring
from registry.crypto.sources import FileSource, encoded_for_setting
from registry.identity.keys import ROTATED, WRAPPING
from registry.identity.rotation import queries, service as rotation
from registry.identity.rotation.queries import KeyState, Next, PurposeState
from registry.identity.rotation.service import Where
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T

ACTOR = Actor.system("keys")

_NEXT: dict[Next, Message] = {
    Next.NOTHING: T("nothing to do"),
    Next.PROMOTE: T("give the new key to every machine, then: keys promote"),
    Next.REWRAP: T("bring the rows under the key in use: keys rewrap"),
    Next.REINDEX: T("write the indexes under the key in use: keys reindex"),
    Next.RETIRE: T("once no kept backup needs the old key: keys retire"),
    Next.RESTORE: T("rows need a key that is not here: restore the key file"),
    Next.REPAIR: T("take the damaged rows from a backup or erase their persons, then run it again"),
}

_purpose = click.argument("purpose", type=click.Choice(ROTATED))
_out = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the changed keys to this new file, where they come from the environment.",
)


@click.group()
def keys() -> None:
    """The keys of the identity vault; docs/keys.md says when to use which."""


@keys.command()
@click.pass_obj
def status(door: Door) -> None:
    """Show how many rows are under each key, and what to do next."""
    speak = translator(door.settings.default_locale)
    with door.opened():
        try:
            held = Keyring.of(door.settings).vault()
        except CryptoError as error:
            door.say(T("The vault is closed: {why}.", why=str(error)))
            held = None
        found = queries.status(ACTOR, held)
    table = Table(box=None, pad_edge=False)
    for heading in (T("keys"), T("number"), T("rows"), T("state")):
        table.add_column(speak(heading))
    for one in found:
        for key in one.keys:
            table.add_row(one.purpose, str(key.number), str(key.rows), speak(_state(key)))
    Console().print(table)
    for one in found:
        click.echo(f"{one.purpose}: {speak(_NEXT[one.next])}")
    _tell_lost(door, found)
    _tell_damaged(door, found)


def _state(key: KeyState) -> Message:
    if key.retired_at:
        return T("retired on {day}", day=clock.to_paris(key.retired_at).date().isoformat())
    if key.is_another:
        return T("not the vault’s: another key bears its number")
    if not key.is_held:
        return T("not in the key source")
    if key.is_active:
        return T("in use")
    if key.emptied_at:
        return T("without rows since {day}", day=clock.to_paris(key.emptied_at).date().isoformat())
    return T("held")


def _tell_lost(door: Door, found: Sequence[PurposeState]) -> None:
    lost = sum(one.lost for one in found)
    if lost:
        door.say(
            T(
                "{count} rows of other systems were read before their numbers were kept sealed: "
                "retiring the index key forgets them, and reading them again brings them back.",
                count=lost,
            )
        )


def _tell_damaged(door: Door, found: Sequence[PurposeState]) -> None:
    for one in found:
        if one.damaged:
            door.say(
                T(
                    "{purpose}: {count} rows do not open and stay under their old key. The "
                    "journal names them (vault:tampered).",
                    purpose=one.purpose,
                    count=one.damaged,
                )
            )


@keys.command()
@_purpose
@click.option(
    "--staged",
    is_flag=True,
    help="Only add the key; put it in use with `promote` once every machine has it.",
)
@_out
@click.pass_obj
def rotate(door: Door, purpose: str, staged: bool, out: Path | None) -> None:
    """Add a key of PURPOSE; new things are made with it from now on."""
    with door.opened():
        where = _where(door, out)
        staged = staged or where.is_by_hand
        number = rotation.rotate(ACTOR, where, purpose, staged=staged)
    if staged:
        door.say(T("Key number {number} is there, and not in use yet.", number=number))
    else:
        door.say(T("Key number {number} is in use.", number=number))
    _tell_by_hand(door, out)


@keys.command()
@_purpose
@_out
@click.pass_obj
def promote(door: Door, purpose: str, out: Path | None) -> None:
    """Make new things with the newest key of PURPOSE, which every machine has by now."""
    with door.opened():
        number = rotation.promote(ACTOR, _where(door, out), purpose)
    door.say(T("Key number {number} is in use.", number=number))
    _tell_by_hand(door, out)


@keys.command()
@click.argument("purpose", type=click.Choice(WRAPPING), required=False)
@click.pass_obj
def rewrap(door: Door, purpose: str | None) -> None:
    """Bring every data key under the key in use; the registry goes on working meanwhile."""
    with door.opened(), _progress(door, T("Data keys")) as progress:
        purposes = (purpose,) if purpose else WRAPPING
        done = rotation.rewrap(ACTOR, purposes=purposes, progress=progress)
        found = _found(door)
    door.say(T("{count} data keys were wrapped again.", count=done))
    _tell_damaged(door, [one for one in found if one.purpose in purposes])


@keys.command()
@click.pass_obj
def reindex(door: Door) -> None:
    """Write every index under the key in use; the registry goes on working meanwhile."""
    with door.opened(), _progress(door, T("Rows")) as progress:
        done = rotation.reindex(ACTOR, progress=progress)
        found = _found(door)
    door.say(T("{count} rows were indexed again.", count=done))
    _tell_damaged(door, [one for one in found if one.purpose not in WRAPPING])


@keys.command()
@_purpose
@click.argument("number", type=click.IntRange(min=1))
@click.option(
    "--oldest-backup",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the oldest backup that is still kept (default: as the settings say).",
)
@_out
@click.option("--yes", is_flag=True, help="Retire it without being asked.")
@click.pass_obj
def retire(
    door: Door,
    purpose: str,
    number: int,
    oldest_backup: datetime | None,
    out: Path | None,
    yes: bool,
) -> None:
    """Take the key NUMBER of PURPOSE away, once nothing is under it."""
    if not yes:
        door.confirm(
            T(
                "Backups made before the last row left this key can then only be read with a "
                "backup of the key. Retire it?"
            )
        )
    oldest = (
        oldest_backup.date()
        if oldest_backup
        else clock.today() - timedelta(days=door.settings.key_backup_days)
    )
    with door.opened():
        rotation.retire(ACTOR, _where(door, out), purpose, number, oldest_backup=oldest)
    door.say(T("Key number {number} is retired.", number=number))
    _tell_by_hand(door, out)


def _found(door: Door) -> Sequence[PurposeState]:
    return queries.status(ACTOR, Keyring.of(door.settings).vault())


def _where(door: Door, out: Path | None) -> Where:
    source = Keyring.of(door.settings).vault_source
    return Where(source, _ByHand(out) if out else source)


class _ByHand(FileSource):
    """A new file in which the keys are handed over, as the setting takes them."""

    def write(self, content: bytes) -> None:
        """Write the file, which must not be there yet."""
        self.write_new(encoded_for_setting(content))


def _tell_by_hand(door: Door, out: Path | None) -> None:
    if out:
        door.say(
            T(
                "{file} holds the changed keys. Put its content into REGISTRY_VAULT_KEYS "
                "wherever the registry runs, start every process anew, and destroy it.",
                file=out,
            )
        )


@contextmanager
def _progress(door: Door, what: Message) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream, so that the sentence at the end can be piped."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    task = bar.add_task(translator(door.settings.default_locale)(what), total=None)
    with bar:
        yield lambda done, total: bar.update(task, completed=done, total=total)


keys.add_command(ceremony.split)
keys.add_command(ceremony.join)
keys.add_command(ceremony.seal)
