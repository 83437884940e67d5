"""Saying that a hospital number is not a person's, and that it is after all.

A number that was refused is kept sealed with the person and is nobody's, so that
its owner can have it: whoever came with it gets it at once when that is one person.
Nobody is recognised as the person by it any more, and an identity that comes with
it is asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.crypto.sealing import Place
from registry.identity import discretion, distrust, numbers, records, sites
from registry.identity.candidates import Candidates, Known
from registry.identity.keys import OpenVault
from registry.identity.likeness import Likeness
from registry.identity.models import HospitalIdentifier, Person, RefusedNumber
from registry.identity.records import Holder
from registry.identity.reveal import checked_reason
from registry.identity.subject import Subject, subject
from registry.identity.traits import HospitalId, Traits
from registry.identity.writing import Writes
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Distrust

_Row = TypeVar("_Row", HospitalIdentifier, RefusedNumber)


@dataclass(frozen=True, repr=False)
class Refused:
    """A number that was the person's, in clear; another page names it by `id`."""

    id: int
    identifier: HospitalId


@transactional
def refuse(actor: Actor, person_uid: str, number_id: int, *, reason: str) -> bool:
    """Say that the number is not the person's; whether another person has it now.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites, or it is not a number of
        the person that one of these sites gave.
    :raises RuleBroken: the identity was erased.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    row = _at_actors_sites(actor, who, vault_session.get(HospitalIdentifier, number_id))
    reason = _checked(actor, who, reason)
    holder = _holder(who, row.person_id)
    identifier = records.open_number(holder, row)
    _keep(holder, row, identifier)
    distrust.distrust(distrust.with_number(who, identifier), Distrust.NUMBER)
    vault_session.delete(row)
    vault_session.flush()
    numbers.leave_one_in_use(who.group)
    others = _came_with(who, identifier)
    owner = others[0] if len(others) == 1 else None
    if owner is not None:
        _give(who.opened, owner, identifier)
    audit.record(
        actor,
        AuditTag.HOSPITAL_NUMBER_REFUSED,
        who.person,
        reason=reason,
        site_id=who.place.site_id,
        site=identifier.site,
        given_to=owner.uid if owner else None,
    )
    return owner is not None


@transactional
def give_back(actor: Actor, person_uid: str, refused_id: int, *, reason: str) -> None:
    """Say that a number is the person's after all; it stands beside those received since.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites, or no such number was
        refused that one of these sites gave.
    :raises RuleBroken: the identity was erased, or somebody else has come with the number.
    :raises InvalidInput: no reason is given, or it says who the person is.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    row = _at_actors_sites(actor, who, vault_session.get(RefusedNumber, refused_id))
    reason = _checked(actor, who, reason)
    identifier = _opened(_holder(who, row.person_id), row)
    if _came_with(who, identifier):
        raise RuleBroken(
            T(
                "Somebody else has come with this number. Decide first whether both are one "
                "person, or say that it is not theirs."
            )
        )
    distrust.trust(distrust.with_number(who, identifier), Distrust.NUMBER)
    vault_session.delete(row)
    vault_session.flush()
    _give(who.opened, Known.of(who.person), identifier)
    audit.record(
        actor,
        AuditTag.HOSPITAL_NUMBER_GIVEN_BACK,
        who.person,
        reason=reason,
        site_id=who.place.site_id,
        site=identifier.site,
    )


def of(who: Subject) -> Sequence[Refused]:
    """The numbers that were refused the person; the look was recorded."""
    rows = vault_session.scalars(
        sa.select(RefusedNumber)
        .where(RefusedNumber.person_id.in_(who.group))
        .order_by(RefusedNumber.id)
    ).all()
    return [Refused(row.id, _opened(_holder(who, row.person_id), row)) for row in rows]


def place_of(uid: str, number: int) -> Place:
    """Where a number that was refused is stored."""
    return Place(RefusedNumber.__tablename__, "value", f"{uid}:{number}")


def _at_actors_sites(actor: Actor, who: Subject, row: _Row | None) -> _Row:
    own = sites.codes_where_allowed(actor, Permission.IDENTITY_AMEND)
    if row is None or row.person_id not in who.group or row.site_code not in own:
        raise NotFound(T("This person has no such number."), field="number_id")
    return row


def _checked(actor: Actor, who: Subject, reason: str) -> str:
    reason = checked_reason(reason)
    discretion.check_reason(actor, who.person, reason, who.traits(), who.numbers())
    return reason


def _holder(who: Subject, person_id: int) -> Holder:
    person = vault_session.get_one(Person, person_id)
    return records.holder(who.opened, person.id, person.uid, person.wrapped_key)


def _opened(holder: Holder, row: RefusedNumber) -> HospitalId:
    value = holder.key.unseal(row.value, place_of(holder.uid, row.number))
    return HospitalId(row.site_code, value.decode())


def _keep(holder: Holder, row: HospitalIdentifier, identifier: HospitalId) -> None:
    """Seal the number among those that were refused the person."""
    newest = vault_session.scalar(
        sa.select(sa.func.max(RefusedNumber.number)).where(RefusedNumber.person_id == holder.id)
    )
    number = (newest or 0) + 1
    vault_session.add(
        RefusedNumber(
            person_id=holder.id,
            number=number,
            site_code=row.site_code,
            value=holder.key.seal(identifier.number.encode(), place_of(holder.uid, number)),
            received_at=row.received_at,
            refused_at=clock.now(),
        )
    )


def _came_with(who: Subject, identifier: HospitalId) -> list[Known]:
    """The other persons who came with this very number, of whom nobody said it is not theirs."""
    wanted = Likeness.of(Traits(), identifier)
    tokens = who.opened.tokens(wanted)
    candidates = Candidates(who.opened)
    candidates.read([tokens])
    found = {
        one.person.id: one.person
        for one in candidates.sharing(tokens)
        if one.likeness.identifier == wanted.identifier and one.person.id != who.person.id
    }
    return list(found.values())


def _give(opened: OpenVault, person: Known, identifier: HospitalId) -> None:
    writes = Writes(opened, expected=1)
    writes.add_number(writes.dossier(person), identifier)
    writes.write()
