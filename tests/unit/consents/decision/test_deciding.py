"""The decision on what is on record: as known then, for many at once, and failing closed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.access import Permission, require
from registry.consents import decision
from registry.consents.decision import (
    decide,
    decide_many,
    decide_uses,
    facts,
    require_allowed,
    rules,
)
from registry.consents.decision.case import Case
from registry.consents.signing import service
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.participants import handlers
from registry.participants.models import Participant
from registry.persistence import db, transactional
from registry.vocab.consent import Answer, Use, Verdict
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, make_withdrawal, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.unit.participants.test_handlers import Merged

pytestmark = pytest.mark.usefixtures("app")

RESEARCH = Use.ACADEMIC_RESEARCH
MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 4, 2), date(2026, 5, 2)
REFUSES = {"research": Answer.REFUSED}


class TestDecide:
    def test_an_accepted_item_allows_its_uses_and_no_others(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant, answers=REFUSES)

        verdicts = {
            use: found.verdict for use, found in decide_uses(participant.id, Use, MAY).items()
        }

        assert verdicts == {
            Use.COLLECT: Verdict.ALLOW,
            Use.STORE: Verdict.ALLOW,
            Use.ACADEMIC_RESEARCH: Verdict.DENY,
            Use.COMMERCIAL_RESEARCH: Verdict.ALLOW,
            Use.GENETICS: Verdict.ALLOW,
            Use.OUTSIDE_EU: Verdict.DENY,
            Use.RECONTACT: Verdict.DENY,
            Use.SHARE: Verdict.DENY,
            Use.LINKAGE: Verdict.DENY,
            Use.INCIDENTAL_FINDINGS: Verdict.DENY,
        }

    def test_a_participant_that_does_not_exist_is_denied(self):
        assert decide(999, RESEARCH, MAY).verdict is Verdict.DENY

    def test_a_withdrawal_from_everything_stops_every_use(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant)
        make_withdrawal(actors, participant, effective_on=APRIL)

        rules_used = {found.rule for found in decide_uses(participant.id, Use, MAY).values()}

        assert rules_used == {2}

    def test_a_withdrawal_from_one_use_leaves_the_others(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant)
        make_withdrawal(actors, participant, Use.GENETICS, effective_on=APRIL)

        assert decide(participant.id, Use.GENETICS, MAY).rule == 2
        assert decide(participant.id, RESEARCH, MAY).is_allowed

    def test_a_tentative_participant_is_on_hold(self, actors: People):
        participant = make_participant(actors, status=ParticipantStatus.TENTATIVE)
        make_consent(actors, participant)

        assert decide(participant.id, RESEARCH, MAY).verdict is Verdict.HOLD


class TestAsKnownAt:
    def test_a_late_letter_does_not_change_what_was_known_before_it_came(self, actors: People):
        with clock.frozen(datetime(2026, 3, 3, tzinfo=UTC)):
            participant = make_participant(actors)
            make_consent(actors, participant, signed_on=MARCH)
        with clock.frozen(datetime(2026, 6, 1, tzinfo=UTC)):
            make_withdrawal(actors, participant, effective_on=APRIL)

        then = decide(participant.id, RESEARCH, MAY, known_at=datetime(2026, 5, 1, tzinfo=UTC))

        assert then.is_allowed
        assert decide(participant.id, RESEARCH, MAY).rule == 2

    def test_before_the_participant_was_on_record_there_is_no_record(self, actors: People):
        participant = make_participant(actors)
        with clock.frozen(datetime(2026, 3, 3, tzinfo=UTC)):
            make_consent(actors, participant)

        then = decide(participant.id, RESEARCH, MAY, known_at=datetime(2026, 5, 1, tzinfo=UTC))

        assert then.rule == 3

    def test_a_corrected_record_decides_until_its_correction(self, actors: People):
        with clock.frozen(datetime(2026, 3, 3, tzinfo=UTC)):
            participant = make_participant(actors)
            wrong = make_consent(actors, participant)
        with clock.frozen(datetime(2026, 3, 9, tzinfo=UTC)):
            form = signed_form(make_template(), REFUSES)
            service.correct(OPERATOR, wrong.id, form, reason="read wrongly")

        assert decide(participant.id, RESEARCH, MAY).rule == 8
        assert decide(
            participant.id, RESEARCH, MAY, known_at=datetime(2026, 3, 5, tzinfo=UTC)
        ).is_allowed


class TestMergedParticipants:
    def merged(self, actors: People, *, at: datetime, **answers: Any) -> tuple[int, int]:
        with clock.frozen(datetime(2026, 3, 3, tzinfo=UTC)):
            kept = make_participant(actors, person_uid="a" * 32)
            merged = make_participant(actors, person_uid="b" * 32)
            make_consent(actors, kept)
            make_consent(actors, merged, **answers)
        with clock.frozen(at):
            tell_merged()
        return kept.id, merged.id

    def test_either_gives_the_same_answer(self, actors: People):
        kept, merged = self.merged(actors, at=datetime(2026, 4, 1, tzinfo=UTC))
        make_withdrawal(actors, registered(kept), effective_on=APRIL)

        assert decide(kept, RESEARCH, MAY) == decide(merged, RESEARCH, MAY)
        assert decide(merged, RESEARCH, MAY).rule == 2

    def test_contradicting_answers_hold_until_somebody_asks(self, actors: People):
        kept, _ = self.merged(actors, at=datetime(2026, 4, 1, tzinfo=UTC), answers=REFUSES)
        assert decide(kept, RESEARCH, MAY).verdict is Verdict.HOLD

        with clock.frozen(datetime(2026, 4, 9, tzinfo=UTC)):
            make_consent(actors, registered(kept), signed_on=APRIL)
        assert decide(kept, RESEARCH, MAY).is_allowed

    def test_as_known_before_the_merge_each_stands_alone(self, actors: People):
        kept, merged = self.merged(actors, at=datetime(2026, 4, 1, tzinfo=UTC), answers=REFUSES)
        before = datetime(2026, 3, 20, tzinfo=UTC)

        assert decide(kept, RESEARCH, MAY, known_at=before).rule == 13
        assert decide(merged, RESEARCH, MAY, known_at=before).rule == 8


def registered(participant_id: int) -> Participant:
    found = db.session.get(Participant, participant_id)
    assert found is not None
    return found


@transactional
def tell_merged() -> None:
    require(OPERATOR, Permission.PARTICIPANT_ENROL)
    handlers.on_persons_merged(Merged(OPERATOR, "a" * 32, "b" * 32))


class TestFailingClosed:
    def test_a_rule_that_crashes_denies(self, actors: People, monkeypatch: pytest.MonkeyPatch):
        participant = make_participant(actors)
        make_consent(actors, participant)
        monkeypatch.setattr(Case, "standing_stops", property(lambda _case: 1 / 0))

        found = decide(participant.id, RESEARCH, MAY)

        assert (found.verdict, found.rule) == (Verdict.DENY, 0)

    def test_one_that_crashes_for_one_participant_spares_the_others(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        broken, sound = make_participant(actors).id, make_participant(actors).id
        for one in (broken, sound):
            service.record(OPERATOR, one, signed_form(make_template()))
        load = facts.load
        monkeypatch.setattr(
            facts, "load", lambda ids, at: {**load(ids, at), broken: "not facts at all"}
        )

        found = decide_many([broken, sound], RESEARCH, MAY)

        assert (found[broken].rule, found[sound].rule) == (0, 13)

    def test_facts_that_cannot_be_read_deny_everybody(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        participant = make_participant(actors)
        make_consent(actors, participant)

        def unreadable(*_: Any) -> None:
            raise OSError("the disk is gone")

        monkeypatch.setattr(facts, "load", unreadable)

        assert decide(participant.id, RESEARCH, MAY).rule == 0
        assert not any(found.is_allowed for found in decide_uses(participant.id, Use, MAY).values())
        with pytest.raises(RuleBroken, match="could not be checked"):
            ask_leave(participant.id, RESEARCH)

    def test_a_verdict_that_is_not_allow_stops_the_use(self):
        for verdict in Verdict:
            found = decision.Decision(verdict, 1, rules.RULES[0].reason)
            assert found.is_allowed == (verdict is Verdict.ALLOW)


@transactional
def ask_leave(participant_id: int, *uses: Use) -> None:
    require_allowed(participant_id, *uses, on=MAY)


class TestRequireAllowed:
    def test_it_lets_pass_what_is_allowed_until_it_is_withdrawn(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant)
        ask_leave(participant.id, Use.COLLECT, Use.STORE)

        make_withdrawal(actors, participant, effective_on=APRIL)

        with pytest.raises(RuleBroken, match="has withdrawn"):
            ask_leave(participant.id, Use.COLLECT, Use.STORE)

    def test_it_names_the_use_and_the_reason(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant, answers=REFUSES)

        with pytest.raises(RuleBroken, match="Academic research: The participant refused"):
            ask_leave(participant.id, Use.STORE, RESEARCH)

    def test_hold_stops_as_well(self, actors: People):
        participant = make_participant(actors, status=ParticipantStatus.TENTATIVE)
        make_consent(actors, participant)

        with pytest.raises(RuleBroken, match="not settled"):
            ask_leave(participant.id, RESEARCH)
