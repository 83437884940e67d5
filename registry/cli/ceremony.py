"""``keys split``, ``join`` and ``seal``: the acts for which officers meet (docs/keys.md)."""

import sys
from pathlib import Path

import click

from registry.cli.opening import Door
from registry.crypto import shares
from registry.crypto.errors import CryptoError, KeysExist
from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import FileSource, KeySource
from registry.crypto.token import Token, TokenSource
from registry.identity.rotation import service as rotation
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T

ACTOR = Actor.system("keys")

_passphrase = click.option(
    "--passphrase", is_flag=True, help="Ask for a passphrase that the shares need as well."
)


@click.command()
@click.option("--shares", "count", type=click.IntRange(2, shares.SHARES_MAX), default=3)
@click.option("--needed", type=click.IntRange(2, shares.SHARES_MAX), default=2)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to write the sealed backup: a new file.",
)
@_passphrase
@click.pass_obj
def split(door: Door, count: int, needed: int, out: Path, passphrase: bool) -> None:
    """Back the vault's keys up, sealed, and show each officer one share of what opens it.

    Each share is shown once, alone, and kept nowhere.
    """
    if out.exists():
        raise KeysExist(f"{out.name} is already there and is not overwritten")
    words = (
        click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if passphrase else ""
    )
    content = Keyring.of(door.settings).vault().encoded()
    made = shares.split(content, shares=count, needed=needed, passphrase=words)
    for number, share in enumerate(made.shares, 1):
        door.say(
            T(
                "Share {number} of {count}, of which any {needed} are needed. Let nobody but its "
                "officer see it:",
                number=number,
                count=count,
                needed=needed,
            )
        )
        click.echo(_in_lines(share))
        click.pause()
        if sys.stdout.isatty():
            click.clear()
    FileSource(out).write_new(made.backup)
    with door.opened():
        rotation.note_ceremony(ACTOR, "split", shares=count, needed=needed)
    door.say(T("The sealed backup is in {file}. Keep it apart from the shares.", file=out))


def _in_lines(share: str) -> str:
    """The words, numbered, as they are copied by hand."""
    return "\n".join(f"  {number:>2}  {word}" for number, word in enumerate(share.split(), 1))


@click.command()
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_passphrase
@click.option("--rehearsal", is_flag=True, help="Only try the shares; put nothing in place.")
@click.pass_obj
def join(door: Door, backup: Path, passphrase: bool, rehearsal: bool) -> None:
    """Restore the vault's keys from the sealed BACKUP and enough shares.

    Keys that are there already are never written over.
    """
    words = click.prompt("Passphrase", hide_input=True) if passphrase else ""
    content = shares.join(backup.read_bytes(), _ask_shares(door), passphrase=words)
    restored = VaultKeys.decoded(content, backup.name)
    if rehearsal:
        door.say(T("The shares open the backup. Nothing was put in place."))
        return
    _put_new(Keyring.of(door.settings).vault_source, restored.encoded())
    with door.opened():
        rotation.note_ceremony(ACTOR, "joined")
    door.say(T("The vault’s keys are in place again. Look at: keys status"))


def _ask_shares(door: Door) -> list[str]:
    """As many shares as the first one says are needed; one that is written wrong is asked again."""
    given: list[str] = []
    needed = 1
    while len(given) < needed:
        share = " ".join(click.prompt(f"Share {len(given) + 1}").lower().split())
        try:
            needed = shares.needed_with(share)
        except CryptoError as error:
            door.say(T("{why}. Type it again.", why=str(error)))
            continue
        if share in given:
            door.say(T("This share was given already. Another one is needed."))
            continue
        given.append(share)
    return given


@click.command()
@click.pass_obj
def seal(door: Door) -> None:
    """Seal the vault's key file with the hardware token that the settings name.

    The token's key is made if it is not there yet, and never leaves it.
    """
    if door.settings.token_key is None:
        raise RuleBroken(
            T("Name the token first: REGISTRY_PKCS11_MODULE, _TOKEN, _KEY and _PIN_FILE.")
        )
    Token(door.settings.token_key).make_key()
    plain = FileSource(door.settings.keys_dir / VaultKeys.FILE)
    source = Keyring.of(door.settings).vault_source
    _put_new(source, VaultKeys.read(plain).encoded())
    VaultKeys.read(source)
    with door.opened():
        rotation.note_ceremony(ACTOR, "sealed")
    door.say(
        T(
            "{file} is sealed and was opened again. Make a split backup, then destroy {plain}.",
            file=source.name,
            plain=plain.path,
        )
    )


def _put_new(source: KeySource, content: bytes) -> None:
    """Put the content where keys are kept, but never over others."""
    if isinstance(source, FileSource | TokenSource):
        source.write_new(content)
        return
    # Refuses, and says how it is done by hand.
    source.write(content)
