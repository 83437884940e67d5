"""The file of tombstones, and a restored vault that finds it.

Security requirement 13, after yesterday's backup was restored.
"""

import json
import stat

import pytest
import sqlalchemy as sa

from registry.access import Permission, require
from registry.audit import queries as audit
from registry.audit.models import AuditEntry
from registry.identity import service
from registry.identity.erasure import replay, tombstones
from registry.identity.erasure.models import Erasure
from registry.identity.models import IndexEntry, Person
from registry.identity.opening import open_to_read
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted, RuleBroken, Unavailable
from registry.participants.models import Participant
from registry.persistence import db, registry_session, unit_of_work, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import ReviewOutcome, Standing
from tests.factories.identity import erase_person, make_person, make_traits
from tests.factories.participants import make_participant
from tests.unit.identity.restoring import copied, restored

OPERATOR = Actor.system("test")


@pytest.fixture
def known(app, actors):
    uid = make_person(actors.nurse).person_uid
    make_participant(actors, person_uid=uid)
    return uid


@pytest.fixture
def file(settings):
    return settings.erasures_file


def test_one_line_for_each_erasure_readable_by_its_owner_alone(known, actors, file):
    other = make_person(actors.nurse, number="5", birth_name="Vasseur", given_names="Odile")
    first, second = erase_person(actors, known), erase_person(actors, other.person_uid)

    assert tombstones.read(file) == [first, second]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["previous"] == tombstones.BEGINNING
    assert lines[1]["previous"] == lines[0]["digest"]


@pytest.mark.parametrize("harm", ["changed", "removed", "doubled", "no_json"])
def test_a_harmed_file_closes_the_vault(harm, known, actors, file):
    for number in ("5", "6"):
        other = make_person(actors.nurse, number=number, birth_name="Vasseur" + "x" * int(number))
        erase_person(actors, other.person_uid)
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(
        {
            "changed": first.replace(b"consent_withdrawn", b"unlawful") + second,
            "removed": second,
            "doubled": first + first + second,
            "no_json": first + b"{}\n" + second,
        }[harm]
    )

    with pytest.raises(Unavailable):
        service.reveal(actors.nurse, known, reason="appel du patient")
    with pytest.raises(Unavailable):
        erase_person(actors, known)


def test_a_line_cut_short_by_a_crash_was_never_written(known, actors, file):
    erased = erase_person(actors, known)
    with file.open("ab") as lines:
        lines.write(b'{"certificate":"E-HALF')

    other = make_person(actors.nurse, number="5", birth_name="Vasseur", given_names="Odile")
    second = erase_person(actors, other.person_uid)

    assert tombstones.read(file) == [erased, second]


def test_an_erasure_whose_commit_failed_is_carried_out_at_the_next_opening(
    known, actors, file, monkeypatch
):
    def disk_is_full():
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(type(vault_session()), "commit", lambda _: disk_is_full())
        with pytest.raises(OSError, match="No space"):
            erase_person(actors, known)
    (written,) = tombstones.read(file)
    assert vault_session.scalar(sa.select(Person.standing)) is Standing.ESTABLISHED
    vault_session.rollback()

    assert service.search(actors.nurse, traits=make_traits()) == []
    assert vault_session.scalar(sa.select(Person.standing)) is Standing.ERASED
    assert erase_person(actors, known) == written


def test_yesterdays_backup_brings_nobody_back(known, actors, settings):
    copy = copied(settings)
    erased = erase_person(actors, known)

    with restored(copy, settings):
        with pytest.raises(RuleBroken, match="erased"):
            service.reveal(actors.nurse, known, reason="appel du patient")
        assert service.search(actors.nurse, traits=make_traits()) == []
        person = vault_session.scalars(sa.select(Person)).one()
        assert (person.standing, person.wrapped_key) == (Standing.ERASED, b"")
        assert vault_session.scalar(sa.select(sa.func.count()).select_from(IndexEntry)) == 0
        assert replay.as_tombstone(vault_session.scalars(sa.select(Erasure)).one()) == erased
        participant = registry_session.scalars(sa.select(Participant)).one()
        assert participant.identity_erased_on == clock.to_paris(erased.erased_at).date()
        assert audit.verify(actors.dpo).broken is None


def test_whoever_happens_to_read_first_is_still_on_whose_behalf_it_is_done(known, actors, settings):
    copy = copied(settings)
    erase_person(actors, known)

    with restored(copy, settings), unit_of_work() as work:
        require(actors.nurse, Permission.IDENTITY_SEARCH)
        open_to_read()
        assert "person:erased" in [one["tag"] for one in work.audit_entries]
        assert work.asked_by is actors.nurse


def test_a_registry_restored_alone_hears_of_the_erasure_again(known, actors, settings):
    copy = copied(settings)
    erase_person(actors, known)

    with restored(copy, settings, only="registry"):
        assert replay.replay(OPERATOR) == 0
        participant = registry_session.scalars(sa.select(Participant)).one()
        assert participant.identity_erased_on is not None


def test_a_copy_of_the_file_is_carried_out_on_another_machine(
    known, actors, settings, file, tmp_path
):
    backup, elsewhere = copied(settings), tmp_path / "copy.jsonl"
    erased = erase_person(actors, known)
    file.rename(elsewhere)

    with restored(backup, settings):
        assert service.search(actors.nurse, traits=make_traits()) != []
        assert replay.replay(OPERATOR, elsewhere) == 1
        assert replay.replay(OPERATOR, elsewhere) == 0
        assert service.search(actors.nurse, traits=make_traits()) == []
        assert tombstones.read(file) == [erased]


def test_a_lost_file_is_written_again_from_the_vault(known, actors, file):
    erased = erase_person(actors, known)
    file.unlink()

    replay.replay(OPERATOR)

    assert tombstones.read(file) == [erased]


def test_who_was_found_to_be_another_person_since_the_backup_stays(known, actors, settings):
    double = make_person(actors.nurse, number="8", given_names="Charlotte")
    service.decide_review(actors.nurse, double.reviews[0], ReviewOutcome.SAME, reason="compared")
    copy = copied(settings)
    with db.engines["identity"].begin() as connection:
        connection.execute(
            sa.update(Person)
            .where(Person.uid == double.person_uid)
            .values(standing=Standing.ESTABLISHED, merged_into_id=None)
        )
    erased = erase_person(actors, known)
    assert erased.uids == (known,)

    with restored(copy, settings):
        replay.replay(OPERATOR)
        shown = service.reveal(actors.nurse, double.person_uid, reason="appel du patient")
        assert shown.standing is Standing.TENTATIVE


def test_only_who_may_erase_replays(known, actors):
    with pytest.raises(NotPermitted):
        replay.replay(actors.nurse)


def test_what_was_carried_out_is_looked_up_once(known, actors, vault_queries):
    erase_person(actors, known)
    service.search(actors.nurse, traits=make_traits())
    vault_queries.clear()

    service.search(actors.nurse, traits=make_traits())

    assert not [query for query, _ in vault_queries if "erasure" in query]


def test_a_lost_file_and_an_older_vault_stay_closed_for_whom_the_journal_knows(
    known, actors, settings, file
):
    copy = copied(settings)
    erase_person(actors, known)
    file.unlink()

    with restored(copy, settings, only="identity"), pytest.raises(Unavailable):
        service.reveal(actors.nurse, known, reason="appel du patient")


def test_an_erasure_interrupted_between_the_two_commits_is_recorded_at_the_next_opening(
    known, actors, monkeypatch
):
    class Crash(Exception):
        """The machine stops."""

    def stop():
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(registry_session, "commit", stop)
        with pytest.raises(Crash):
            erase_person(actors, known)
    for number in ("5", "6"):
        make_person(actors.nurse, number=number, birth_name="Vasseur", given_names="Odile")

    (entry,) = registry_session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == AuditTag.PERSON_ERASED)
    ).all()
    assert entry.object_ref == f"person:{known}"
    assert entry.details["replayed"] is True


def test_an_erasure_is_recorded_once(known, actors):
    erase_person(actors, known)
    make_person(actors.nurse, number="5", birth_name="Vasseur", given_names="Odile")

    tags = registry_session.scalars(sa.select(AuditEntry.tag)).all()
    assert tags.count(AuditTag.PERSON_ERASED) == 1
