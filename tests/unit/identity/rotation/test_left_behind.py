"""Changing keys where a key was lost, or on a machine that is behind the others."""

import pytest
import sqlalchemy as sa

from registry.identity import opening, vault
from registry.identity.models import KeyCheck
from registry.identity.opening import open_to_read, open_to_write
from registry.identity.rotation import counting
from registry.identity.rotation.service import promote, reindex, retire, rewrap, rotate
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.persistence import vault_session
from registry.persistence.unit_of_work import current, savepoint, unit_of_work
from tests.unit.identity.rotation.conftest import OPERATOR, enrol

WORK = {"encryption": rewrap, "index": reindex}


@pytest.fixture(autouse=True)
def opened(app, source):
    vault.follow(source)


def _kept() -> int:
    return vault_session.scalar(sa.select(sa.func.count()).select_from(KeyCheck)) or 0


def _open_and_fail() -> None:
    with savepoint():
        open_to_write()
        raise LookupError


def test_what_the_keys_answer_is_kept_again_after_a_savepoint_is_undone(app):
    with unit_of_work():
        open_to_read()
        with pytest.raises(LookupError):
            _open_and_fail()
        assert _kept() == 0
        open_to_write()
        assert _kept() > 0


def test_an_index_key_is_not_retired_while_an_older_one_left_is_lost(
    people, where, source, actors, tomorrow
):
    before = source.read()
    rotate(OPERATOR, where, "index", staged=True)
    source.write(before)
    rotate(OPERATOR, where, "index")
    reindex(OPERATOR)
    with pytest.raises(RuleBroken, match="number 2 is not held here"):
        retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)
    retire(OPERATOR, where, "index", 2, oldest_backup=tomorrow)
    retire(OPERATOR, where, "index", 1, oldest_backup=tomorrow)
    assert enrol(actors.nurse, "ZZZ9999").person_uid


def test_a_machine_that_has_not_promoted_yet_moves_no_data_key_back(
    people, where, source, numbers_in_use
):
    rotate(OPERATOR, where, "encryption", staged=True)
    staged = source.read()
    promote(OPERATOR, where, "encryption")
    rewrap(OPERATOR)
    source.write(staged)
    assert rewrap(OPERATOR) == 0
    assert numbers_in_use()["keys"] == {2}


def _emptied_at(purpose: str):
    vault_session.rollback()
    return vault_session.scalar(
        sa.select(KeyCheck.emptied_at).where(KeyCheck.purpose == purpose, KeyCheck.number == 1)
    )


@pytest.mark.parametrize("purpose", ["encryption", "index"])
def test_a_key_that_a_slower_machine_wrote_under_again_is_empty_since_later(
    purpose, people, where, source, actors
):
    rotate(OPERATOR, where, purpose, staged=True)
    staged = source.read()
    promote(OPERATOR, where, purpose)
    promoted = source.read()
    WORK[purpose](OPERATOR)
    first = _emptied_at(purpose)
    source.write(staged)
    enrol(actors.nurse, "ZZZ9999")
    source.write(promoted)

    WORK[purpose](OPERATOR)

    assert _emptied_at(purpose) > first


def test_whether_a_key_is_empty_is_looked_at_while_nobody_writes(people, where, monkeypatch):
    rotate(OPERATOR, where, "encryption")
    waited, counted = [], []
    monkeypatch.setattr(opening, "wait_for_turn", lambda: waited.append(current()))
    monkeypatch.setattr(counting, "note_emptied", lambda *_: counted.append(current()) or [])

    rewrap(OPERATOR, purposes=["encryption"])

    assert counted == waited[-1:]


def test_a_key_that_never_had_rows_is_empty_since_it_was_first_asked_about(
    app, where, source, tomorrow
):
    rotate(OPERATOR, where, "national")
    with pytest.raises(RuleBroken, match="may need this key"):
        retire(OPERATOR, where, "national", 1, oldest_backup=clock.today())
    first = _emptied_at("national")
    with pytest.raises(RuleBroken, match="may need this key"):
        retire(OPERATOR, where, "national", 1, oldest_backup=clock.today())

    assert first
    assert _emptied_at("national") == first
    retire(OPERATOR, where, "national", 1, oldest_backup=tomorrow)
