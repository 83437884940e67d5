"""Looking: the two ways in which identifying values leave the vault, both recorded first."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import persons, records, sites
from registry.identity.keys import OpenVault
from registry.identity.models import HospitalIdentifier, IdentityRecord, Person
from registry.identity.opening import open_to_read
from registry.identity.traits import HospitalId, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing, Trait


@dataclass(frozen=True, repr=False)
class Number:
    """A hospital number, and whether it is the person's."""

    identifier: HospitalId
    #: The site gave the person another number first.
    is_alias: bool = False
    #: It came with this identity but is another person's.
    is_disputed: bool = False


@dataclass(frozen=True, repr=False)
class Identity:
    """A person's identity in clear: shown, never stored, never logged."""

    person_uid: str
    standing: Standing
    traits: Traits
    missing: Sequence[Trait]
    numbers: Sequence[Number]


@transactional
def reveal(actor: Actor, person_uid: str, *, reason: str) -> Identity:
    """The identity behind a pseudonym.  Who looked and why is recorded before it is returned.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises InvalidInput: no reason is given.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_REVEAL)
    opened = open_to_read()
    person = persons.by_uid(person_uid)
    group = persons.group_of(person.id)
    place = sites.require_at_any(actor, Permission.IDENTITY_REVEAL, persons.sites_of(group))
    reason = checked_reason(reason)
    audit.record(actor, AuditTag.IDENTITY_REVEALED, person, reason=reason, site_id=place.site_id)
    return in_clear(opened, person)


def checked_reason(reason: str) -> str:
    """The reason without its outer spaces.

    :raises InvalidInput: it is too short to be one, or too long.
    """
    reason = reason.strip()
    if not limits.REASON_MIN <= len(reason) <= limits.REASON_MAX:
        raise InvalidInput(
            T(
                "Say why the identity is needed, in {least} to {most} characters.",
                least=limits.REASON_MIN,
                most=limits.REASON_MAX,
            ),
            field="reason",
        )
    return reason


def in_clear(opened: OpenVault, person: Person) -> Identity:
    """The identity of a person; the caller has asked leave and recorded the look."""
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    reference = vault_session.scalars(
        sa.select(IdentityRecord).where(
            IdentityRecord.person_id == person.id, IdentityRecord.number == person.reference
        )
    ).one()
    return Identity(
        person.uid,
        person.standing,
        records.open_record(holder, reference),
        [Trait(trait) for trait in reference.missing],
        _numbers(opened, person),
    )


def _numbers(opened: OpenVault, person: Person) -> list[Number]:
    """Every number of the person and of those merged into it, then the disputed ones."""
    group = persons.group_of(person.id)
    members = vault_session.scalars(sa.select(Person).where(Person.id.in_(group))).all()
    holders = {one.id: records.holder(opened, one.id, one.uid, one.wrapped_key) for one in members}
    rows = vault_session.scalars(
        sa.select(HospitalIdentifier)
        .where(HospitalIdentifier.person_id.in_(group))
        .order_by(HospitalIdentifier.is_alias, HospitalIdentifier.id)
    )
    found = [Number(records.open_number(holders[row.person_id], row), row.is_alias) for row in rows]
    own = {number.identifier for number in found}
    received = vault_session.scalars(
        sa.select(IdentityRecord)
        .where(IdentityRecord.person_id.in_(group), IdentityRecord.hospital_number.is_not(None))
        .order_by(IdentityRecord.id)
    )
    for record in received:
        identifier = records.open_received_number(holders[record.person_id], record)
        if identifier and identifier not in own:
            own.add(identifier)
            found.append(Number(identifier, is_disputed=True))
    return found
