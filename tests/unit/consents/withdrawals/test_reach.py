"""How far a withdrawal reaches: to all that nothing allows any more, and to what is to come."""

from datetime import timedelta

import pytest

from registry.consents import decision
from registry.consents.templates.wording import ItemText
from registry.consents.withdrawals import reach
from registry.consents.withdrawals.models import Withdrawal
from registry.consents.withdrawals.service import withdraw
from registry.custody.quarantine.policies import is_open
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.participants import service as participants
from registry.participants.models import Participant
from registry.samples.models import Sample
from registry.vocab.consent import Channel, Use, WithdrawalScope
from tests.factories.accounts import People
from tests.factories.consents import SIGNED, make_consent, make_template, make_withdrawal
from tests.factories.custody import make_stored
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

JOINING = (
    ItemText("join", "I take part.", frozenset({Use.COLLECT}), mandatory=True),
    ItemText("keep", "Keep my samples.", frozenset({Use.STORE})),
    ItemText("research", "Public research.", frozenset({Use.ACADEMIC_RESEARCH})),
)


class TestQuestions:
    @pytest.fixture
    def tube(self, actors: People) -> Sample:
        participant = make_participant(actors)
        make_consent(actors, participant, template=make_template(code="JOINING", items=JOINING))
        return make_stored(actors, participant=participant)

    def take_back(self, actors: People, tube: Sample, question: str) -> Withdrawal:
        return withdraw(
            actors.nurse,
            tube.participant_id,
            scope=WithdrawalScope.ITEMS,
            items=[question],
            channel=Channel.LETTER,
        )

    def test_the_one_without_which_the_form_allows_nothing_stops_all_its_uses(
        self, actors: People, tube: Sample
    ):
        made = self.take_back(actors, tube, "join")

        assert made.uses >= {Use.COLLECT, Use.STORE, Use.ACADEMIC_RESEARCH}
        assert is_open(tube.id)

    def test_another_one_stops_its_own(self, actors: People, tube: Sample):
        made = self.take_back(actors, tube, "research")

        assert made.uses == {Use.ACADEMIC_RESEARCH}
        assert not is_open(tube.id)


class TestAgreedAfter:
    def test_a_form_signed_after_the_day_is_named(self, actors: People):
        participant = make_participant(actors)
        make_consent(actors, participant)

        assert reach.agreed_after(participant.id, SIGNED - timedelta(days=1)) == SIGNED
        assert reach.agreed_after(participant.id, SIGNED) is None


class TestCollection:
    @pytest.fixture
    def participant(self, actors: People) -> Participant:
        participant = make_participant(actors, included_on=SIGNED)
        make_consent(actors, participant)
        make_withdrawal(actors, participant, Use.COLLECT, effective_on=clock.today())
        return participant

    def test_no_visit_is_recorded_from_the_day_on(self, actors: People, participant: Participant):
        with pytest.raises(RuleBroken, match="has withdrawn"):
            participants.open_visit(
                actors.nurse, participant.id, plan_id=None, occurred_on=clock.today()
            )

    def test_one_that_took_place_before_is(self, actors: People, participant: Participant):
        visit = participants.open_visit(
            actors.nurse, participant.id, plan_id=None, occurred_on=SIGNED
        )

        assert visit.occurred_on == SIGNED

    def test_no_kit_is_either(self, actors: People, participant: Participant):
        visit = participants.open_visit(
            actors.nurse, participant.id, plan_id=None, occurred_on=SIGNED
        )
        [kit, *_] = participant.cohort.kits

        with pytest.raises(RuleBroken, match="has withdrawn"):
            participants.record_kit(
                actors.nurse, visit.id, kit_id=kit.id, collected_at=clock.now(), missing={}
            )

    def test_when_the_consent_cannot_be_read_nothing_is(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        someone = make_participant(actors)
        monkeypatch.setattr(decision.deciding, "facts_of", lambda *_: {})

        with pytest.raises(RuleBroken, match="could not be checked"):
            participants.open_visit(
                actors.nurse, someone.id, plan_id=None, occurred_on=clock.today()
            )

    def test_before_any_consent_the_visit_at_which_it_is_asked_is(self, actors: People):
        someone = make_participant(actors)

        assert participants.open_visit(
            actors.nurse, someone.id, plan_id=None, occurred_on=clock.today()
        )
