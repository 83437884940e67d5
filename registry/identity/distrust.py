"""What of a person's records was found not to be the person's: kept, found, and never decisive.

A record is distrusted from the moment somebody corrects it, and trusted again
when that is taken back.
"""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from registry.identity import records
from registry.identity.likeness import Likeness
from registry.identity.models import DistrustedRecord, IdentityRecord, Person
from registry.identity.records import Holder
from registry.identity.subject import Subject
from registry.identity.traits import HospitalId, Traits
from registry.kernel import clock
from registry.persistence import vault_session
from registry.vocab.identity import Distrust
from registry.vocab.national import STRICT_TRAITS


def supersede(who: Subject, before: Traits, after: Traits) -> None:
    """Distrust every record that holds a strict trait that was corrected away.

    A trait that was only missing, or is written otherwise, was not wrong.  The record
    that is the reference from now on is trusted, whatever was said of it earlier.
    """
    was, now = Likeness.of(before, None), Likeness.of(after, None)
    corrected = {
        trait.value: value
        for trait in STRICT_TRAITS
        if (value := getattr(was, trait.value)) and value != getattr(now, trait.value)
    }
    wrong = [
        record.id
        for holder, record in _records(who)
        for likeness in [records.open_likeness(holder, record.number, record.likeness)]
        if any(getattr(likeness, name) == value for name, value in corrected.items())
    ]
    reference = who.reference.id
    distrust([one for one in wrong if one != reference], Distrust.TRAITS)
    trust([reference], Distrust.TRAITS)


def with_number(who: Subject, identifier: HospitalId) -> list[int]:
    """The records of the person that came with this hospital number."""
    wanted = Likeness.of(Traits(), identifier).identifier
    return [
        record.id
        for holder, record in _records(who)
        if records.open_likeness(holder, record.number, record.likeness).identifier == wanted
    ]


def is_distrusted(record_id: int, what: Distrust) -> bool:
    """Whether `what` of the record was found not to be the person's."""
    return bool(_rows([record_id], what))


def distrust(record_ids: Collection[int], what: Distrust) -> None:
    """Let these records decide nothing by `what` of them any more."""
    known = {row.record_id for row in _rows(record_ids, what)}
    vault_session.add_all(
        DistrustedRecord(record_id=one, distrusted=what, since=clock.now())
        for one in record_ids
        if one not in known
    )
    vault_session.flush()


def trust(record_ids: Collection[int], what: Distrust) -> None:
    """Take back that `what` of these records was wrong."""
    for row in _rows(record_ids, what):
        vault_session.delete(row)
    vault_session.flush()


def _rows(record_ids: Collection[int], what: Distrust) -> Sequence[DistrustedRecord]:
    return vault_session.scalars(
        sa.select(DistrustedRecord).where(
            DistrustedRecord.record_id.in_(record_ids), DistrustedRecord.distrusted == what
        )
    ).all()


def _records(who: Subject) -> Iterator[tuple[Holder, IdentityRecord]]:
    """Every record of the person and of everybody merged into it, with who opens it."""
    members = vault_session.scalars(sa.select(Person).where(Person.id.in_(who.group)))
    for person in members.all():
        holder = records.holder(who.opened, person.id, person.uid, person.wrapped_key)
        rows = sa.select(IdentityRecord).where(IdentityRecord.person_id == person.id)
        for record in vault_session.scalars(rows).all():
            yield holder, record
