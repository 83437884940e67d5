"""``exchange``: what a partner's installation has to know of this one."""

from pathlib import Path

import click

from registry.cli.opening import Door
from registry.custody.exchange import own
from registry.kernel.actor import Actor
from registry.kernel.messages import T


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
        ours = own.key(Actor.system("exchange"))
    out.write_bytes(ours.file)
    door.say(T("Fingerprint, to be read out: {fingerprint}", fingerprint=ours.fingerprint))
