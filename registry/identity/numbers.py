"""Which of several numbers of one hospital is in use: somebody says so.

A second number comes with a later identity or with a merge.  Nobody can tell
from it which of the two the hospital goes by, so the first stays in use, and
the question is put until it is answered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission
from registry.identity import persons, records
from registry.identity.models import HospitalIdentifier, Person
from registry.identity.subject import Subject, subject
from registry.identity.traits import HospitalId
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag


@dataclass(frozen=True, repr=False)
class HospitalNumber:
    """A number of a person, in clear; another page names it by `id`."""

    id: int
    identifier: HospitalId
    is_in_use: bool


@transactional
def put_in_use(actor: Actor, person_uid: str, number_id: int) -> None:
    """Say which of the numbers of one hospital is in use; the others stay as earlier ones.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites, or it is not its number.
    :raises RuleBroken: the identity was erased.
    :raises Unavailable: the vault is closed.
    """
    who = subject(actor, Permission.IDENTITY_AMEND, person_uid)
    chosen = vault_session.get(HospitalIdentifier, number_id)
    if chosen is None or chosen.person_id not in who.group:
        raise NotFound(T("This person has no such number."), field="number_id")
    for row in _rows(who.group):
        if row.site_code == chosen.site_code:
            row.is_alias, row.chosen_at = row.id != chosen.id, clock.now()
    vault_session.flush()
    audit.record(
        actor,
        AuditTag.HOSPITAL_NUMBER_CHOSEN,
        who.person,
        site_id=who.place.site_id,
        site=chosen.site_code,
    )


def of(who: Subject) -> Sequence[HospitalNumber]:
    """The numbers of a person and of everybody merged into it; the look was recorded."""
    members = vault_session.scalars(sa.select(Person).where(Person.id.in_(who.group)))
    holders = {
        one.id: records.holder(who.opened, one.id, one.uid, one.wrapped_key) for one in members
    }
    return [
        HospitalNumber(row.id, records.open_number(holders[row.person_id], row), not row.is_alias)
        for row in _rows(who.group)
    ]


def undecided(person_uid: str) -> bool:
    """Whether a hospital gave the person several numbers and nobody has said which is in use."""
    try:
        group = persons.group_of(persons.by_uid(person_uid).id)
    except NotFound:
        return False
    several = (
        sa.select(HospitalIdentifier.site_code)
        .where(HospitalIdentifier.person_id.in_(group))
        .group_by(HospitalIdentifier.site_code)
        .having(
            sa.func.count() > 1,
            sa.func.count(HospitalIdentifier.chosen_at) < sa.func.count(),
        )
    )
    return vault_session.scalars(several.limit(1)).first() is not None


def leave_one_in_use(group: Collection[int]) -> None:
    """Where only earlier numbers are left at a site, the oldest is in use again."""
    numbers = HospitalIdentifier
    rows = vault_session.execute(
        sa.select(sa.func.min(numbers.id).label("oldest"))
        .where(numbers.person_id.in_(group))
        .group_by(numbers.site_code)
        .having(sa.func.sum(sa.case((numbers.is_alias, 0), else_=1)) == 0)
    ).all()
    set_alias([row.oldest for row in rows], is_alias=False)


def set_alias(number_ids: Collection[int], *, is_alias: bool) -> None:
    """Make these hospital numbers earlier numbers, or the ones in use."""
    vault_session.execute(
        sa.update(HospitalIdentifier)
        .where(HospitalIdentifier.id.in_(number_ids))
        .values(is_alias=is_alias)
        .execution_options(synchronize_session=False)
    )


def _rows(group: frozenset[int]) -> Sequence[HospitalIdentifier]:
    return vault_session.scalars(
        sa.select(HospitalIdentifier)
        .where(HospitalIdentifier.person_id.in_(group))
        .order_by(HospitalIdentifier.site_code, HospitalIdentifier.is_alias, HospitalIdentifier.id)
    ).all()
