"""Writing and finding national numbers: the only code that seals one.

Callers ask leave and record what was done.
"""

from collections.abc import Collection

import sqlalchemy as sa

from registry.crypto.sealing import DataKey, Place
from registry.identity.keys import KeyedIndex, OpenVault
from registry.identity.models import Person
from registry.identity.national.models import NationalIdentifier
from registry.identity.national.numbers import NationalNumber
from registry.kernel import clock
from registry.persistence import vault_session

TABLE = NationalIdentifier.__tablename__


def index(opened: OpenVault) -> KeyedIndex:
    """The unique index of the numbers."""
    return opened.index(TABLE, "value_index")


def place_of_key(uid: str, number: int) -> Place:
    """Where the data key of a person's number is stored."""
    return Place(TABLE, "wrapped_key", f"{uid}:{number}")


def place_of_value(uid: str, number: int) -> Place:
    """Where a person's number is stored."""
    return Place(TABLE, "value", f"{uid}:{number}")


def find(opened: OpenVault, number: NationalNumber) -> NationalIdentifier | None:
    """Whose number this is already."""
    return vault_session.scalar(
        sa.select(NationalIdentifier).where(
            NationalIdentifier.value_index.in_(index(opened).digests(number.value.encode()))
        )
    )


def current(person_ids: Collection[int]) -> NationalIdentifier | None:
    """The number that counts among those of these persons, who are one: the latest."""
    return vault_session.scalars(
        sa.select(NationalIdentifier)
        .where(NationalIdentifier.person_id.in_(person_ids), NationalIdentifier.is_current)
        .order_by(NationalIdentifier.recorded_at.desc(), NationalIdentifier.id.desc())
        .limit(1)
    ).first()


def add(opened: OpenVault, person: Person, number: NationalNumber) -> None:
    """Seal a number that nobody has as the person's, in the place of the one that counted."""
    _set_aside(person.id)
    latest = vault_session.scalar(
        sa.select(sa.func.max(NationalIdentifier.number)).where(
            NationalIdentifier.person_id == person.id
        )
    )
    count, key = (latest or 0) + 1, DataKey.new()
    vault_session.add(
        NationalIdentifier(
            person_id=person.id,
            number=count,
            kind=number.kind,
            wrapped_key=opened.national_wrapper.wrap(key, place_of_key(person.uid, count)),
            key_number=opened.national_key_number,
            value=key.seal(number.value.encode(), place_of_value(person.uid, count)),
            value_index=index(opened).digest(number.value.encode()),
            index_number=opened.index_number,
            is_current=True,
            recorded_at=clock.now(),
        )
    )
    vault_session.flush()


def put_in_force(row: NationalIdentifier) -> None:
    """Let a number that was set aside count again."""
    _set_aside(row.person_id)
    row.is_current = True
    vault_session.flush()


def _set_aside(person_id: int) -> None:
    """Let none of the person's numbers count."""
    vault_session.execute(
        sa.update(NationalIdentifier)
        .where(NationalIdentifier.person_id == person_id)
        .values(is_current=False)
    )


def remove(row: NationalIdentifier) -> None:
    """Take a number that is not the person's out of the vault, with its key."""
    vault_session.delete(row)
    vault_session.flush()
