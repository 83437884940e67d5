"""Seeing who one person is: for a reason that is recorded before anything is shown.

Whoever may not look at every site that received the person sees what their own
received: including somebody anew opens nothing that another hospital knows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.identity import discretion, pace, persons, records, sites
from registry.identity.contact_data.queries import Contact, latest
from registry.identity.discretion import Number
from registry.identity.keys import OpenVault
from registry.identity.models import HospitalIdentifier, IdentityRecord, Person
from registry.identity.opening import open_to_read
from registry.identity.traits import Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing, Trait
from registry.vocab.people import RevealReason, Role


@dataclass(frozen=True, repr=False)
class Identity:
    """A person's identity in clear: shown, never stored, never logged."""

    person_uid: str
    standing: Standing
    traits: Traits
    missing: Sequence[Trait]
    numbers: Sequence[Number]
    #: How the person is reached; part of a look at one person alone.
    contact: Contact | None = None
    #: How many numbers are not shown: those of hospitals at which the actor may not look.
    kept_back: int = 0


@transactional
def reveal(
    actor: Actor, person_uid: str, *, reason: str, kind: RevealReason = RevealReason.OTHER
) -> Identity:
    """The identity behind a pseudonym.  Who looked and why is recorded before it is returned.

    Who may not look at every site of the person sees the traits, numbers and
    contact data that their own sites received, and nothing else.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises TooManyAttempts: the actor has looked at too many in a short time.
    :raises Unavailable: the vault is closed.
    """
    require(actor, Permission.IDENTITY_REVEAL)
    opened = open_to_read()
    person = persons.by_uid(person_uid)
    check_not_erased(person)
    group = persons.group_of(person.id)
    received_at = persons.sites_of(group)
    place = sites.require_at_any(actor, Permission.IDENTITY_REVEAL, received_at)
    reason = checked_reason(reason)
    pace.check(actor, pace.LOOKS, person)
    shown = in_clear(opened, person)
    discretion.check_reason(actor, person, reason, shown.traits, shown.numbers)
    audit.record(
        actor,
        AuditTag.IDENTITY_REVEALED,
        person,
        reason=reason,
        site_id=place.site_id,
        kind=kind,
        officer=actor.holds(Role.IDENTITY_OFFICER) or None,
    )
    return seen_by(actor, opened, person, group)


def seen_by(
    actor: Actor,
    opened: OpenVault,
    person: Person,
    group: Collection[int],
    *,
    permission: Permission = Permission.IDENTITY_REVEAL,
) -> Identity:
    """As much of the identity as the actor may see; the look was recorded.

    The permission is the one that was asked, at one of the person's sites at least.
    """
    shown = in_clear(opened, person, group=group)
    own = sites.codes_where_allowed(actor, permission)
    if not persons.sites_of(group) <= own:
        shown = _own_part(opened, shown, group, own)
    return replace(shown, contact=latest(opened, group, received_at=own))


def _own_part(
    opened: OpenVault, shown: Identity, group: Collection[int], own: Collection[str]
) -> Identity:
    """What the sites in `own` received: the reference if it is theirs, else their newest record."""
    record, person = vault_session.execute(
        sa.select(IdentityRecord, Person)
        .join(Person, Person.id == IdentityRecord.person_id)
        .where(IdentityRecord.person_id.in_(group), IdentityRecord.site_code.in_(own))
        .order_by(
            sa.and_(
                Person.uid == shown.person_uid, IdentityRecord.number == Person.reference
            ).desc(),
            IdentityRecord.received_at.desc(),
            IdentityRecord.id.desc(),
        )
        .limit(1)
    ).one()
    holder = records.holder(opened, person.id, person.uid, person.wrapped_key)
    numbers = [number for number in shown.numbers if number.identifier.site in own]
    return replace(
        shown,
        traits=records.open_record(holder, record),
        missing=[Trait(trait) for trait in record.missing],
        numbers=numbers,
        kept_back=len(shown.numbers) - len(numbers),
    )


def check_not_erased(person: Person) -> None:
    """Refuse to look for what is no longer there.

    :raises RuleBroken: the identity was erased.
    """
    if person.standing is Standing.ERASED:
        raise RuleBroken(
            T("This person's identity was erased, as the law allows. Nobody can see it any more.")
        )


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


def check_discreet(actor: Actor, person_uid: str, reason: str) -> None:
    """Refuse a reason that says who a person is, where something else than the vault shows them.

    Of whom the vault knows nothing, nothing can be said.

    :raises InvalidInput: it holds a name, the birth date or a number of the person.
    :raises Unavailable: the vault is closed.
    """
    opened = open_to_read()
    known = vault_session.scalar(
        sa.select(Person).where(Person.uid == person_uid, Person.standing != Standing.ERASED)
    )
    if known is not None:
        shown = in_clear(opened, known)
        discretion.check_reason(actor, known, reason, shown.traits, shown.numbers)


def in_clear(
    opened: OpenVault, person: Person, *, group: Collection[int] | None = None
) -> Identity:
    """The identity of a person; the caller has asked leave and recorded the look.

    The numbers are those of the `group`, by default of the person and everybody merged into it.
    """
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
        _numbers(opened, group or persons.group_of(person.id)),
    )


def _numbers(opened: OpenVault, group: Collection[int]) -> list[Number]:
    """Every number of these persons, who are one, then the disputed ones."""
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
