"""Any order of decisions, merges, undoings and crashes: nothing is lost, both databases agree."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from registry.identity import service
from registry.identity.decisions.models import HeardDecision, MatchDecision, PersonMerge
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.kernel.errors import RuleBroken
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.people import ParticipantStatus
from registry.vocab.reviews import WAITING
from tests.factories.accounts import People
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant

SAME, DIFFERENT = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT
NAMES = ("Amélie", "Charlotte", "Victoire", "Héloïse")
#: In which cohorts each of them is.
COHORTS = (("SLE",), ("SLE", "RA"), ("RA",), ("SLE",))
REASON = "Dossiers relus ensemble"
EXAMPLES, STEPS = 8, 12
_families = count()


class Crash(Exception):
    """The machine stops."""


def _stop() -> None:
    raise Crash


class Merging(RuleBasedStateMachine):
    """Four sisters whom only a person can tell apart, and somebody who often changes her mind."""

    pairs = st.integers(0, 5)
    crashes = st.booleans()

    def __init__(self, app: Flask, actors: People) -> None:
        super().__init__()
        self.actors = actors
        self.uids: list[str] = []
        self.reviews: list[int] = []
        self.first: Any = None

    @initialize()
    def come(self) -> None:
        """They are taken in, each in doubt about the others."""
        family = next(_families)
        born = date(1950, 1, 1) + timedelta(days=397 * family)
        letters = Random(family)
        name_of_all = "".join(
            letters.choice("bdfgklmnprstv") + letters.choice("aeiou") for _ in "12345"
        )
        for number, (name, cohorts) in enumerate(zip(NAMES, COHORTS, strict=True)):
            sister = make_person(
                self.actors.nurse,
                number=f"{born:%y%m%d}{number}",
                birth_name=name_of_all,
                given_names=name,
                birth_date=born,
                town=name_of_all,
                postal_code=None,
            )
            status = ParticipantStatus(
                "tentative" if sister.standing is Standing.TENTATIVE else "enrolled"
            )
            for cohort in cohorts:
                make_participant(
                    self.actors,
                    person_uid=sister.person_uid,
                    status=status,
                    cohort=make_cohort(cohort),
                )
            self.uids.append(sister.person_uid)
            self.reviews.extend(sister.reviews)
        assert len(self.reviews) == 6
        self.first = self.state()

    def state(self) -> Any:
        """Whose each number and each participant is, past every session."""
        with db.engines["identity"].connect() as vault:
            persons = {
                row.id: row
                for row in vault.execute(sa.select(Person.__table__))
                if row.uid in self.uids
            }
            of = HospitalIdentifier.__table__
            numbers = vault.execute(sa.select(of).where(of.c.person_id.in_(persons))).all()
        with db.engines["registry"].connect() as registry:
            rows = registry.execute(sa.select(Participant.__table__)).all()
        known = {row.id for row in rows if row.person_uid in self.uids}
        return (
            {row.uid: (row.standing, row.merged_into_id) for row in persons.values()},
            {row.id: (row.person_id, row.is_alias) for row in numbers},
            {
                row.id: (row.person_uid, row.status, row.merged_into_id)
                for row in rows
                if row.id in known
            },
        )

    def root(self, uid: str) -> str:
        persons = {row.id: row for row in self._rows(Person)}
        found = next(row for row in persons.values() if row.uid == uid)
        seen = set()
        while found.merged_into_id is not None:
            assert found.id not in seen, "the merges go round in a circle"
            seen.add(found.id)
            found = persons[found.merged_into_id]
        return found.uid

    def _rows(self, model: Any) -> list[Any]:
        bind = model.metadata.info["bind_key"]
        with db.engines[bind].connect() as connection:
            return list(connection.execute(sa.select(model.__table__)))

    def _do(self, act: Callable[[], None], *, crash: bool) -> bool:
        """Do it, perhaps stopped between the two commits and then finished from the list."""
        honest = registry_session.commit
        try:
            if crash:
                registry_session.commit = _stop  # type: ignore[method-assign]
            with suppress(Crash):
                act()
        except RuleBroken:
            return False
        finally:
            registry_session.commit = honest  # type: ignore[method-assign]
        for lost in service.interrupted_reviews(self.actors.identity_officer):
            service.finish(self.actors.identity_officer, lost.id)
        return True

    @rule(
        pair=pairs,
        outcome=st.sampled_from([SAME, SAME, DIFFERENT, ReviewOutcome.LATER]),
        crash=crashes,
    )
    def decide(self, pair: int, outcome: ReviewOutcome, crash: bool) -> None:
        self._do(
            lambda: service.decide_review(self.actors.nurse, self.reviews[pair], outcome),
            crash=crash,
        )

    @rule(pair=pairs, crash=crashes)
    def undo(self, pair: int, crash: bool) -> None:
        review = self.reviews[pair]
        standing = [row for row in self._rows(PersonMerge) if row.undone_at is None]
        behind = service.merge_behind(self.actors.nurse, review)
        done = self._do(lambda: service.undo_merge(self.actors.nurse, review, REASON), crash=crash)
        if behind is not None and behind.undone_at is None:
            assert done == (behind.undo_first is None)
            left = [row for row in self._rows(PersonMerge) if row.undone_at is None]
            assert len(standing) - len(left) == int(done)

    @rule(pair=pairs, crash=crashes)
    def merge_and_undo_at_once(self, pair: int, crash: bool) -> None:
        review = self.reviews[pair]
        outcome = service.get_review(self.actors.nurse, review).outcome
        if outcome not in WAITING:
            return
        before = self.state()
        if self._do(lambda: service.decide_review(self.actors.nurse, review, SAME), crash=crash):
            self._do(lambda: service.undo_merge(self.actors.nurse, review, REASON), crash=crash)
        assert self.state() == before

    @rule(pair=pairs, outcome=st.sampled_from([SAME, ReviewOutcome.LATER]))
    def revise(self, pair: int, outcome: ReviewOutcome) -> None:
        officer = self.actors.identity_officer
        self._do(
            lambda: service.revise(officer, self.reviews[pair], outcome, reason=REASON),
            crash=False,
        )

    @invariant()
    def no_number_is_lost_and_one_of_each_is_in_use(self) -> None:
        if not self.first:
            return
        numbers = self.state()[1]
        assert {one: of for one, (of, _) in numbers.items()} == {
            one: of for one, (of, _) in self.first[1].items()
        }
        uid_of = {row.id: row.uid for row in self._rows(Person)}
        in_use = Counter(self.root(uid_of[of]) for of, is_alias in numbers.values() if not is_alias)
        assert in_use == Counter({self.root(uid) for uid in self.uids})

    @invariant()
    def what_was_decided_is_so(self) -> None:
        uid_of = {row.id: row.uid for row in self._rows(Person)}
        for row in self._rows(MatchReview):
            if row.id in self.reviews:
                is_one = self.root(uid_of[row.first_id]) == self.root(uid_of[row.second_id])
                assert is_one == (row.outcome is SAME)

    @invariant()
    def participants_agree_with_the_vault(self) -> None:
        if not self.first:
            return
        persons, _, participants = self.state()
        for uid, status, into in participants.values():
            root = self.root(uid)
            if status is ParticipantStatus.MERGED:
                assert self.root(participants[into][0]) == root
                assert participants[into][1] is not ParticipantStatus.MERGED
            else:
                assert uid == root
                doubtful = persons[root][0] is Standing.TENTATIVE
                assert (status is ParticipantStatus.TENTATIVE) == doubtful

    @invariant()
    def every_decision_is_kept_and_heard_of(self) -> None:
        made = [row.id for row in self._rows(MatchDecision)]
        assert sorted(made) == sorted(row.decision_id for row in self._rows(HeardDecision))

    def teardown(self) -> None:
        """Undone to the last, every number and every participant is whose it was."""
        if not self.first:
            return
        mine = set(self.reviews)
        for made in sorted(self._rows(PersonMerge), key=lambda row: -row.id):
            if made.undone_at is None and made.review_id in mine:
                service.undo_merge(self.actors.nurse, made.review_id, REASON)
        persons, numbers, participants = self.state()
        assert all(into is None for _, into in persons.values())
        assert numbers == self.first[1]
        assert {one: (uid, into) for one, (uid, _, into) in participants.items()} == {
            one: (uid, into) for one, (uid, _, into) in self.first[2].items()
        }


@pytest.mark.usefixtures("app")
def test_a_merge_undone_long_ago_does_not_take_apart_a_later_one(app: Flask, actors: People):
    """A crash has all merges around a person told again, the undone ones too."""
    sisters = Merging(app, actors)
    sisters.come()
    sisters.merge_and_undo_at_once(pair=4, crash=False)
    sisters.decide(pair=5, outcome=SAME, crash=False)
    before = sisters.state()

    sisters.decide(pair=1, outcome=SAME, crash=True)
    sisters.undo(pair=1, crash=False)

    assert sisters.state() == before
    sisters.teardown()


@pytest.mark.usefixtures("app")
def test_any_order_of_decisions_keeps_the_promises(app: Flask, actors: People) -> None:
    run_state_machine_as_test(
        lambda: Merging(app, actors),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    with db.engines["identity"].connect() as connection:
        undone = connection.scalar(
            sa.select(sa.func.count())
            .select_from(PersonMerge)
            .where(PersonMerge.undone_at.is_not(None))
        )
    assert undone, "no merge was ever undone"
