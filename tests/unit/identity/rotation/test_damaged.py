"""A damaged row is told, holds no other row back, and keeps its old key from being retired."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.crypto.keyring import VaultKeys
from registry.identity import vault
from registry.identity.models import IdentityRecord, Person, SourceRow, table_of
from registry.identity.rotation import queries
from registry.identity.rotation.queries import Next
from registry.identity.rotation.service import reindex, retire, rewrap, rotate
from registry.kernel.errors import RuleBroken, Unavailable
from registry.persistence import db, registry_session, vault_session
from registry.vocab import limits
from tests.unit.identity.rotation.conftest import OPERATOR

#: Bytes of a wrapped key: the last one, and one of the number of its key.
LAST, NUMBER = -1, 4


@pytest.fixture(autouse=True)
def opened(app, source):
    vault.follow(source)


@pytest.fixture
def damage() -> Callable:
    """Change one bit of a column in the rows of a condition."""

    def change(column: sa.orm.InstrumentedAttribute, condition, at: int = LAST) -> None:
        table = column.class_.__table__
        with db.engines["identity"].begin() as connection:
            key = list(table.primary_key)
            for row in connection.execute(sa.select(column, *key).where(condition)).all():
                bent = bytearray(row[0])
                bent[at] ^= 1 << 3
                same = sa.and_(*(one == row[n + 1] for n, one in enumerate(key)))
                connection.execute(sa.update(table).where(same).values({column.key: bytes(bent)}))
        vault_session.rollback()

    return change


@pytest.fixture
def told(app) -> Callable[[], list[str]]:
    """Which rows the journal says were tampered with."""

    def refs() -> list[str]:
        registry_session.rollback()
        query = sa.select(AuditEntry.object_ref).where(AuditEntry.tag == "vault:tampered")
        return list(registry_session.scalars(query.order_by(AuditEntry.seq)))

    return refs


def state(source, purpose):
    found = queries.status(OPERATOR, VaultKeys.read(source))
    return next(one for one in found if one.purpose == purpose)


def left_under(model, column, number: int) -> int:
    vault_session.rollback()
    return vault_session.scalar(
        sa.select(sa.func.count()).select_from(model).where(column == number)
    )


class TestDataKeys:
    @pytest.mark.parametrize("at", [LAST, NUMBER])
    def test_every_other_one_is_brought_under_the_new_key(
        self, people, where, damage, told, at, monkeypatch
    ):
        monkeypatch.setattr(limits, "KEYS_REWRAPPED_AT_ONCE", 5)
        rotate(OPERATOR, where, "encryption")
        damage(Person.wrapped_key, Person.uid == people[0].uid, at)

        assert rewrap(OPERATOR) == len(people) - 1

        assert left_under(Person, Person.key_number, 1) == 1
        assert told() == [f"person:{people[0].uid}"]

    def test_it_is_counted_and_keeps_the_old_key(self, people, where, source, damage, tomorrow):
        rotate(OPERATOR, where, "encryption")
        damage(Person.wrapped_key, Person.uid == people[0].uid)
        rewrap(OPERATOR)

        found = state(source, "encryption")
        assert (found.damaged, found.next) == (1, Next.REPAIR)
        with pytest.raises(RuleBroken, match="1 do not open"):
            retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)

    def test_once_it_is_repaired_the_change_goes_on(self, people, where, source, damage, tomorrow):
        rotate(OPERATOR, where, "encryption")
        whose = Person.uid == people[0].uid
        damage(Person.wrapped_key, whose)
        rewrap(OPERATOR)
        damage(Person.wrapped_key, whose)

        assert rewrap(OPERATOR) == 1
        assert state(source, "encryption").damaged == 0
        retire(OPERATOR, where, "encryption", 1, oldest_backup=tomorrow)

    def test_a_key_that_is_not_held_is_no_damage(self, people, where, source, told):
        before = source.read()
        rotate(OPERATOR, where, "encryption")
        rewrap(OPERATOR)
        source.write(before)
        rotate(OPERATOR, where, "encryption")
        vault.follow(source)

        with pytest.raises(Unavailable):
            rewrap(OPERATOR)
        assert told() == []


class TestIndexes:
    def test_every_row_that_opens_is_written_anew(
        self, people, where, source, damage, told, tomorrow, monkeypatch
    ):
        monkeypatch.setattr(limits, "KEYS_REINDEXED_AT_ONCE", 5)
        rotate(OPERATOR, where, "index")
        first = sa.select(Person.id).where(Person.uid == people[0].uid).scalar_subquery()
        damage(IdentityRecord.birth_name, IdentityRecord.person_id == first)

        reindex(OPERATOR)

        assert left_under(IdentityRecord, IdentityRecord.index_number, 1) == 1
        # The number of the other system's row is digested with the record's content.
        assert left_under(SourceRow, SourceRow.index_number, 1) == 1
        assert told() == [f"identity_record:{people[0].uid}:1"]
        found = state(source, "index")
        assert (found.damaged, found.next) == (2, Next.REPAIR)
        with pytest.raises(RuleBroken, match="2 do not open"):
            retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)

    def test_a_person_whose_key_is_damaged_is_passed_over(
        self, people, where, damage, told, numbers_in_use
    ):
        rotate(OPERATOR, where, "index")
        damage(Person.wrapped_key, Person.uid == people[-1].uid, NUMBER)

        assert reindex(OPERATOR) == 3 * (len(people) - 1)
        assert told() == [f"person:{people[-1].uid}"]

    def test_many_damaged_rows_of_one_record_end_the_run_all_the_same(
        self, people, where, damage, monkeypatch
    ):
        monkeypatch.setattr(limits, "KEYS_REINDEXED_AT_ONCE", 2)
        with db.engines["identity"].begin() as connection:
            record = connection.scalar(sa.select(sa.func.min(IdentityRecord.id)))
            connection.execute(sa.update(table_of(SourceRow)).values(record_id=record))
        rotate(OPERATOR, where, "index")

        # Every row but the first person's own is sealed for another place by now.
        assert reindex(OPERATOR) == 2 * len(people) + 1
