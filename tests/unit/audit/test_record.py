"""What is recorded is chained, survives untouched and is read by few."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from registry import audit
from registry.access import Permission, require
from registry.audit import queries
from registry.audit.models import AuditEntry
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.persistence import GuardError, db, registry_session, unit_of_work
from registry.vocab.audit import AuditTag

OPERATOR = Actor.system("test")


def _record(count: int = 1, **details) -> None:
    with unit_of_work():
        require(OPERATOR, Permission.AUDIT_READ)
        for number in range(count):
            audit.record(OPERATOR, AuditTag.AUDIT_READ, f"test:{number}", **details)


def test_entries_are_numbered_and_chained_across_units_of_work(app):
    _record(3)
    _record(2)
    found = queries.verify(OPERATOR)
    assert (found.entries, found.broken) == (5, None)


def test_details_keep_decimals_exactly(app):
    _record(volume=Decimal("0.100000"), codes=("A", "B"))
    assert registry_session.scalar(sa.select(AuditEntry.details)) == {
        "volume": "0.100000",
        "codes": ["A", "B"],
    }


def test_something_that_has_no_plain_form_is_refused(app):
    with pytest.raises(TypeError):
        _record(thing=object())


def test_recording_outside_a_unit_of_work_is_refused(app):
    with pytest.raises(GuardError):
        audit.record(OPERATOR, AuditTag.AUDIT_READ, "test:1")


@pytest.mark.parametrize("statement", [sa.update(AuditEntry).values(reason="x"),
                                       sa.delete(AuditEntry)])  # fmt: skip
def test_the_database_itself_refuses_to_change_an_entry(app, statement):
    _record()
    with pytest.raises(DatabaseError), db.engines["registry"].begin() as connection:
        connection.execute(statement)
    assert queries.verify(OPERATOR).broken is None


def test_the_journal_is_read_by_the_data_protection_officer_and_not_by_a_nurse(app, actors):
    _record(2)
    assert len(queries.page(actors.dpo)) == 2
    with pytest.raises(NotPermitted):
        queries.page(actors.nurse)
