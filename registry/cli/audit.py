"""``audit verify``: recompute the journal's chain."""

import sys

import click

from registry.audit import queries
from registry.cli.opening import Door
from registry.kernel.actor import Actor
from registry.kernel.messages import T


@click.group()
def audit() -> None:
    """The journal of who did and saw what."""


@audit.command()
@click.pass_obj
def verify(door: Door) -> None:
    """Recompute the whole chain; exit 1 when an entry was changed, removed or inserted."""
    with door.opened():
        found = queries.verify(Actor.system("audit"))
    if found.broken is None:
        door.say(
            T(
                "The journal holds: {count} entries, head {head}.",
                count=found.entries,
                head=found.head.hex(),
            ),
        )
        return
    door.say(
        T(
            "The journal is broken at entry {seq}: it was {what}. {count} entries before it hold.",
            seq=found.broken.seq,
            what=_WHAT[found.broken.what],
            count=found.entries,
        ),
    )
    sys.exit(1)


_WHAT = {
    "missing": T("removed"),
    "detached": T("inserted or moved"),
    "changed": T("changed"),
}
