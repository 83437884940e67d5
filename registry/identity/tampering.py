"""A sealed value that does not open was changed, moved or put there by somebody: it is told.

Whatever was being done is undone and fails like any defect, with a reference
and nothing about the inside; that it happened, where, and on whose behalf is
recorded in a unit of work of its own.
"""

import sys

from registry import audit
from registry.crypto.errors import SealBroken
from registry.kernel.actor import Actor
from registry.persistence import if_undone, transactional
from registry.persistence.unit_of_work import UnitOfWork
from registry.vocab.audit import AuditTag


def watch(work: UnitOfWork) -> None:
    """Record it if the unit of work under way ends with a seal that is broken."""

    def look() -> None:
        error = sys.exception()
        if isinstance(error, SealBroken):
            record(work.asked_by or Actor.system("vault"), error.place)

    if_undone(look)


@transactional
def record(actor: Actor, place: str) -> None:
    """Record which row and column were met, never what they hold."""
    column, _, row = place.partition(":")
    table = column.partition(".")[0]
    audit.record(actor, AuditTag.VAULT_TAMPERED, f"{table}:{row}", column=column)
