"""Unusual activity: each rule speaks when it should, and not before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from registry import audit
from registry.audit import watch
from registry.audit.models import ExaminedActivity
from registry.audit.rules import RULES, Finding
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted
from registry.persistence import registry_session, unit_of_work
from registry.vocab import limits
from registry.vocab.audit import AuditTag, Unusual
from tests.factories.accounts import People, Sites

#: A Thursday in March, 10 in the morning in Paris.
TEN = datetime(2026, 3, 12, 9, tzinfo=UTC)
WORK = AuditTag.VISIT_RECORDED
LOOK = AuditTag.IDENTITY_REVEALED


@pytest.fixture(autouse=True)
def by_and_by(app):
    """The officer looks a day later."""
    with clock.frozen(TEN + timedelta(days=1)):
        yield


def did(
    actor: Actor,
    tag: AuditTag,
    *,
    at: datetime = TEN,
    about: str = "person:abc",
    times: int = 1,
    every: timedelta = timedelta(minutes=1),
    **details: Any,
) -> None:
    """Record that somebody did this, so many times."""
    for number in range(times):
        with clock.frozen(at + number * every), unit_of_work():
            audit.record(actor, tag, about, **details)


def found(actors: People, unusual: Unusual) -> list[Finding]:
    registry_session.rollback()
    return [one.finding for one in watch.unusual(actors.dpo) if one.finding.unusual is unusual]


def test_each_kind_has_one_rule():
    assert [rule.unusual for rule in RULES] == list(Unusual)


def test_with_nothing_recorded_nothing_is_found(actors: People):
    assert watch.unusual(actors.dpo) == []


class TestManyLooks:
    def test_within_an_hour_they_are_one_finding(self, actors: People):
        did(actors.nurse, LOOK, times=limits.WATCH_LOOKS_PER_HOUR + 2)

        (finding,) = found(actors, Unusual.MANY_LOOKS)
        assert finding.count == limits.WATCH_LOOKS_PER_HOUR + 2
        assert finding.people == [actors.nurse.id]
        assert finding.since == TEN

    def test_across_the_full_hour_they_count_together(self, actors: People):
        did(actors.nurse, LOOK, at=TEN - timedelta(minutes=6), times=limits.WATCH_LOOKS_PER_HOUR)

        assert found(actors, Unusual.MANY_LOOKS)

    def test_two_bursts_are_two_findings(self, actors: People):
        for start in (TEN, TEN + timedelta(hours=4)):
            did(actors.nurse, LOOK, at=start, times=limits.WATCH_LOOKS_PER_HOUR)

        counts = [finding.count for finding in found(actors, Unusual.MANY_LOOKS)]
        assert counts == [limits.WATCH_LOOKS_PER_HOUR] * 2

    def test_spread_over_the_day_or_over_people_they_are_none(self, actors: People):
        did(actors.nurse, LOOK, times=limits.WATCH_LOOKS_PER_HOUR, every=timedelta(minutes=10))
        for nurse in (actors.other_site_nurse, actors.identity_officer):
            did(nurse, LOOK, times=limits.WATCH_LOOKS_PER_HOUR - 1)

        assert not found(actors, Unusual.MANY_LOOKS)

    def test_the_command_line_is_not_watched(self, actors: People):
        did(Actor.system("import"), LOOK, times=limits.WATCH_LOOKS_PER_HOUR)

        assert not found(actors, Unusual.MANY_LOOKS)


class TestOddHours:
    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 3, 12, 20, 0, tzinfo=UTC),  # 21:00 in winter
            datetime(2026, 3, 12, 4, 59, tzinfo=UTC),  # 05:59
            datetime(2026, 3, 8, 11, tzinfo=UTC),  # a Sunday
            datetime(2026, 3, 6, 23, 30, tzinfo=UTC),  # Saturday has begun in Paris
        ],
    )
    def test_nights_and_weekends_in_paris(self, actors: People, moment: datetime):
        did(actors.nurse, LOOK, at=moment)

        assert [one.count for one in found(actors, Unusual.ODD_HOURS)] == [1]

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2026, 3, 12, 19, 59, tzinfo=UTC),
            datetime(2026, 3, 12, 5, 0, tzinfo=UTC),
            datetime(2026, 3, 8, 23, 30, tzinfo=UTC) + timedelta(hours=6),  # Monday morning
        ],
    )
    def test_working_hours_are_usual(self, actors: People, moment: datetime):
        did(actors.nurse, LOOK, at=moment)

        assert not found(actors, Unusual.ODD_HOURS)


class TestTheSameParticipant:
    def test_seen_by_several_on_one_day(self, actors: People):
        for number, nurse in enumerate((actors.nurse, actors.other_site_nurse)):
            did(nurse, LOOK, at=TEN + timedelta(hours=number))
        did(
            actors.identity_officer,
            AuditTag.IDENTITY_COMPARED,
            about="match_review:1",
            persons=["abc", "def"],
        )

        (finding,) = found(actors, Unusual.SAME_PARTICIPANT)
        assert finding.key == "same_participant/abc/2026-03-12"
        assert len(finding.people) == limits.WATCH_PEOPLE_PER_PARTICIPANT

    def test_seen_often_by_one_or_on_several_days_is_usual(self, actors: People):
        did(actors.nurse, LOOK, times=5)
        for days, nurse in enumerate((actors.other_site_nurse, actors.identity_officer)):
            did(nurse, LOOK, at=TEN - timedelta(days=days + 1))

        assert not found(actors, Unusual.SAME_PARTICIPANT)


class TestNoOtherWork:
    MANY = limits.WATCH_LOOKS_WITHOUT_WORK

    def test_looking_at_a_site_without_recording_anything_there(self, actors: People, sites: Sites):
        did(actors.nurse, LOOK, times=self.MANY, site_id=sites.paris)
        did(actors.nurse, WORK, site_id=sites.lyon)
        did(actors.nurse, WORK, site_id=sites.paris, at=TEN - timedelta(days=1))

        (finding,) = found(actors, Unusual.NO_OTHER_WORK)
        assert finding.people == [actors.nurse.id]

    def test_whoever_works_there_that_day_is_usual(self, actors: People, sites: Sites):
        did(actors.nurse, LOOK, times=self.MANY, site_id=sites.paris)
        did(actors.nurse, WORK, site_id=sites.paris, at=TEN + timedelta(hours=5))

        assert not found(actors, Unusual.NO_OTHER_WORK)

    def test_the_identity_officer_works_for_all_sites(self, actors: People, sites: Sites):
        did(actors.identity_officer, LOOK, times=self.MANY, site_id=sites.paris, officer=True)

        assert not found(actors, Unusual.NO_OTHER_WORK)

    def test_a_single_call_is_usual(self, actors: People, sites: Sites):
        did(actors.nurse, LOOK, times=self.MANY - 1, site_id=sites.paris)

        assert not found(actors, Unusual.NO_OTHER_WORK)


class TestSearchesAlone:
    def test_many_without_an_inclusion(self, actors: People):
        did(actors.nurse, AuditTag.IDENTITY_SEARCHED, times=limits.WATCH_SEARCHES_ALONE)

        assert [one.count for one in found(actors, Unusual.SEARCHES_ALONE)] == [
            limits.WATCH_SEARCHES_ALONE
        ]

    def test_fewer_or_with_an_inclusion_are_usual(self, actors: People):
        did(actors.nurse, AuditTag.IDENTITY_SEARCHED, times=limits.WATCH_SEARCHES_ALONE - 1)
        did(actors.other_site_nurse, AuditTag.IDENTITY_SEARCHED, times=limits.WATCH_SEARCHES_ALONE)
        did(actors.other_site_nurse, AuditTag.IDENTITY_ENROLLED)

        assert not found(actors, Unusual.SEARCHES_ALONE)


class TestRefusals:
    def test_many_on_a_day(self, actors: People):
        did(actors.technician, AuditTag.ACCESS_REFUSED, times=limits.WATCH_REFUSALS - 1)
        did(actors.technician, AuditTag.IDENTITY_REFUSED)

        assert [one.count for one in found(actors, Unusual.REFUSALS)] == [limits.WATCH_REFUSALS]

    def test_few_or_spread_over_days_are_usual(self, actors: People):
        few = limits.WATCH_REFUSALS - 1
        for start in (TEN, TEN - timedelta(days=1)):
            did(actors.technician, AuditTag.ACCESS_REFUSED, at=start, times=few)

        assert not found(actors, Unusual.REFUSALS)


class TestWrongPasswords:
    def test_several_on_a_day(self, actors: People):
        did(actors.nurse, AuditTag.CONFIRMATION_REFUSED, times=limits.WATCH_WRONG_PASSWORDS)

        assert found(actors, Unusual.WRONG_PASSWORDS)

    def test_a_slip_is_usual(self, actors: People):
        did(actors.nurse, AuditTag.CONFIRMATION_REFUSED, times=limits.WATCH_WRONG_PASSWORDS - 1)
        did(actors.nurse, AuditTag.CONFIRMED)

        assert not found(actors, Unusual.WRONG_PASSWORDS)


class TestAfterARole:
    def given_at(self, actors: People, moment: datetime) -> None:
        did(actors.admin, AuditTag.ROLE_GRANTED, at=moment, about=f"account:{actors.nurse.id}")

    def test_a_look_within_the_hour(self, actors: People):
        self.given_at(actors, TEN - timedelta(minutes=59))
        did(actors.nurse, LOOK)

        (finding,) = found(actors, Unusual.AFTER_ROLE)
        assert finding.people == [actors.nurse.id]

    def test_before_it_later_or_by_somebody_else_is_usual(self, actors: People):
        self.given_at(actors, TEN - timedelta(hours=1))
        did(actors.nurse, LOOK)
        did(actors.other_site_nurse, LOOK, at=TEN - timedelta(minutes=30))
        did(actors.nurse, LOOK, at=TEN - timedelta(hours=2))

        assert not found(actors, Unusual.AFTER_ROLE)


class TestExamining:
    @pytest.fixture
    def key(self, actors: People) -> str:
        did(actors.nurse, LOOK, at=TEN - timedelta(hours=12))
        return found(actors, Unusual.ODD_HOURS)[0].key

    def watched(self, actors: People, key: str) -> watch.Watched:
        registry_session.rollback()
        return next(one for one in watch.unusual(actors.dpo) if one.finding.key == key)

    def test_a_remark_is_kept_and_recorded(self, actors: People, key: str, audit_tags):
        watch.examine(actors.dpo, key=key, count=1, remark="On call that night.")

        watched = self.watched(actors, key)
        assert watched.is_examined
        assert [note.remark for note in watched.notes] == ["On call that night."]
        assert "unusual:examined" in audit_tags()

    def test_when_more_comes_it_is_to_be_examined_again(self, actors: People, key: str):
        watch.examine(actors.dpo, key=key, count=1, remark="On call that night.")
        did(actors.nurse, LOOK, at=TEN - timedelta(hours=11))

        assert not self.watched(actors, key).is_examined

    def test_nobody_examines_more_than_there_is(self, actors: People, key: str):
        watch.examine(actors.dpo, key=key, count=99, remark="On call that night.")
        did(actors.nurse, LOOK, at=TEN - timedelta(hours=11))

        assert not self.watched(actors, key).is_examined

    def test_without_a_remark_or_a_finding_nothing_is_kept(self, actors: People, key: str):
        with pytest.raises(InvalidInput):
            watch.examine(actors.dpo, key=key, count=1, remark=" x ")
        with pytest.raises(NotFound):
            watch.examine(actors.dpo, key="odd_hours/0/2026-01-01", count=1, remark="whatever")

        assert registry_session.query(ExaminedActivity).count() == 0

    @pytest.mark.parametrize("role", ["nurse", "identity_officer", "admin"])
    def test_others_neither_read_nor_examine(self, actors: People, role: str):
        with pytest.raises(NotPermitted):
            watch.unusual(getattr(actors, role))
        with pytest.raises(NotPermitted):
            watch.examine(getattr(actors, role), key="x", count=1, remark="whatever")
