"""Nothing is committed without leave, without a record, outside a unit of work, or by halves."""

import pytest
import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import (
    GuardError,
    after_commit,
    registry_session,
    transactional,
    unit_of_work,
)
from registry.persistence.unit_of_work import apart, savepoint
from registry.vocab.audit import AuditTag
from registry.vocab.people import SiteKind

OPERATOR = Actor.system("test")


def _site(code: str) -> Site:
    return Site(code=code, name=code, kind=SiteKind.HOSPITAL)


def _codes() -> set[str]:
    return set(registry_session.scalars(sa.select(Site.code)))


def _ask_and_record() -> None:
    require(OPERATOR, Permission.AUDIT_READ)
    audit.record(OPERATOR, AuditTag.AUDIT_READ, "test:1")


@transactional
def _open(code: str) -> None:
    _ask_and_record()
    registry_session.add(_site(code))
    registry_session.flush()


def test_a_change_with_leave_and_a_record_is_committed(app):
    _open("A")
    assert _codes() == {"A"}


def test_a_change_without_leave_is_refused(app):
    def change():
        audit.record(OPERATOR, AuditTag.AUDIT_READ, "test:1")
        registry_session.add(_site("A"))

    with pytest.raises(GuardError, match="permission"):
        transactional(change)()
    assert _codes() == set()


def test_a_change_without_a_record_is_refused(app):
    def change():
        require(OPERATOR, Permission.AUDIT_READ)
        registry_session.add(_site("A"))

    with pytest.raises(GuardError, match="recorded"):
        transactional(change)()
    assert _codes() == set()


def test_a_bulk_statement_is_guarded_too(app):
    def change():
        require(OPERATOR, Permission.AUDIT_READ)
        registry_session.execute(sa.insert(Site).values(code="A", name="A", kind=SiteKind.HOSPITAL))

    with pytest.raises(GuardError, match="recorded"):
        transactional(change)()


def test_a_change_outside_a_unit_of_work_is_refused(app):
    registry_session.add(_site("A"))
    with pytest.raises(GuardError, match="outside"):
        registry_session.flush()
    registry_session.rollback()


def test_rows_changed_before_the_unit_of_work_are_refused(app):
    registry_session.add(_site("A"))
    with pytest.raises(GuardError, match="before"):
        _open("B")
    registry_session.rollback()


def test_an_exception_undoes_nested_work_and_its_record(app, audit_tags):
    @transactional
    def outer():
        _open("A")
        raise RuleBroken(T("No."))

    with pytest.raises(RuleBroken):
        outer()
    assert _codes() == set()
    assert audit_tags() == []


def test_what_waits_for_the_commit_runs_once_and_only_after_it(app):
    seen = []

    @transactional
    def work(fail: bool):
        _open("B" if fail else "A")
        after_commit(lambda: seen.append(_codes()))
        if fail:
            raise ValueError

    work(fail=False)
    with pytest.raises(ValueError):  # noqa: PT011 - raised by the test itself
        work(fail=True)
    assert seen == [{"A"}]


def _open_and_regret(code: str) -> None:
    with savepoint():
        _open(code)
        raise RuleBroken(T("No."))


def test_a_savepoint_undoes_one_row_with_its_record(app, audit_tags):
    with unit_of_work():
        _open("A")
        with pytest.raises(RuleBroken):
            _open_and_regret("B")
        _open("C")
    assert _codes() == {"A", "C"}
    assert len(audit_tags()) == 2


def test_what_the_database_refuses_becomes_a_sentence(app):
    _open("A")
    with pytest.raises(RuleBroken):
        _open("A")
    assert _codes() == {"A"}


class TestApart:
    """The program's own work within somebody's."""

    def test_the_work_stays_that_of_who_began_it(self, app):
        somebody = Actor.system("somebody")
        with unit_of_work() as work:
            require(somebody, Permission.AUDIT_READ)
            with apart():
                _open("A")
            assert work.asked_by is somebody
            audit.record(somebody, AuditTag.AUDIT_READ, "test:2")
        assert _codes() == {"A"}

    def test_its_leave_is_nobody_elses(self, app):
        def forget() -> None:
            with apart():
                _open("A")
            registry_session.add(_site("B"))

        with pytest.raises(GuardError, match="permission"):
            transactional(forget)()
        assert _codes() == set()

    def test_it_needs_leave_of_its_own(self, app):
        def change() -> None:
            _ask_and_record()
            with apart():
                registry_session.add(_site("A"))

        with pytest.raises(GuardError, match="permission"):
            transactional(change)()
        assert _codes() == set()
