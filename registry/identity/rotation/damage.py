"""Rows with a sealed value that does not open: a change of keys goes past them.

Always true here: one damaged row keeps no other from its new key.  It stays
under the key it is under, which is therefore not retired; the journal names
it, and how many there were is kept for whoever asks where the change stands.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from registry import audit
from registry.audit.models import AuditEntry
from registry.crypto.errors import SealBroken, UnknownKey
from registry.crypto.sealing import DataKey, KeyWrapper, Place
from registry.identity import tampering
from registry.identity.keys import wrong_keys
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag


@dataclass
class Damage:
    """The damaged rows that one run has met."""

    told: set[str] = field(default_factory=set)
    #: How many there are, once the run has been through everything.
    rows: int | None = None


def unwrapped(wrapper: KeyWrapper, blob: bytes, number: int, place: Place) -> DataKey:
    """The data key of a row that is under the key `number`.

    :raises SealBroken: the blob was changed, or names another key than its row.
    :raises Unavailable: the key source has no key of this number.
    """
    try:
        return wrapper.unwrap(blob, place)
    except UnknownKey as error:
        if error.kid == number:
            raise wrong_keys() from error
        raise SealBroken("a wrapped key names another key than its row", str(place)) from error


def tell(actor: Actor, places: Collection[str], damage: Damage) -> None:
    """Record the damaged rows that this run has not recorded yet."""
    for place in places:
        if place not in damage.told:
            tampering.record(actor, place)


def note(actor: Actor, purpose: str, damage: Damage) -> None:
    """Keep how many rows of a purpose do not open, where that was found out and is news."""
    if damage.rows is not None and damage.rows != noted(purpose):
        audit.record(actor, AuditTag.KEYS_DAMAGED, _ref(purpose), rows=damage.rows)


def noted(purpose: str) -> int:
    """How many rows of a purpose the last whole run could not open."""
    details = registry_session.scalar(
        sa.select(AuditEntry.details)
        .where(AuditEntry.tag == AuditTag.KEYS_DAMAGED, AuditEntry.object_ref == _ref(purpose))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    return int(details["rows"]) if details else 0


def _ref(purpose: str) -> str:
    return f"key:{purpose}"
