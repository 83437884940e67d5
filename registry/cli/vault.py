"""``vault``: carry erasures out again, and clean the files of what was erased."""

from pathlib import Path

import click

from registry.cli.opening import Door
from registry.identity.erasure import cleaning
from registry.identity.erasure.replay import replay as carry_out
from registry.kernel.actor import Actor
from registry.kernel.messages import T

ACTOR = Actor.system("vault")


@click.group()
def vault() -> None:
    """Erased identities: what a restore must erase again, and what is left in files."""


@vault.command()
@click.argument("copies", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def replay(door: Door, copies: tuple[Path, ...]) -> None:
    """Erase again whom a restored backup brought back.

    COPIES are files of erasures from other machines; those of this data directory are always
    carried out.
    """
    with door.opened():
        done = carry_out(ACTOR, *copies)
    door.say(T("Erasures carried out again: {count}.", count=done))


@vault.command()
@click.pass_obj
def clean(door: Door) -> None:
    """Write the vault's files anew, so that nothing erased is left in them."""
    with door.opened():
        done = cleaning.clean(ACTOR)
    door.say(T("The vault’s files are clean. Erasures that waited for it: {count}.", count=done))
