"""What becomes of tubes that something went wrong with: somebody else than who reported it says."""

import pytest

from registry.custody import queries, service as custody
from registry.custody.incidents import queries as incidents, service
from registry.custody.quarantine import service as quarantine
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import HolderKind
from registry.vocab.incidents import Verdict
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import (
    check_out,
    make_checked_out,
    make_stored,
)
from tests.factories.incidents import REASON, decide, is_barred, report
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_consenting_participant(actors)


def test_what_is_fit_is_used_again(actors: People):
    tube = make_stored(actors)
    incident = report(actors, tube)

    assert decide(actors, incident, tube) == ([tube.code], [])

    check_out(actors, tube.code)


def test_a_remark_stays_with_the_tube(actors: People):
    tube = make_stored(actors)
    decide(actors, report(actors, tube), tube, verdict=Verdict.LIMITED)

    [concern] = queries.sample_page(actors.technician, tube.code).incidents
    assert concern.verdict is Verdict.LIMITED
    assert concern.reason == REASON
    assert not is_barred(actors, tube)


def test_what_is_unfit_is_thrown_away_with_what_was_in_it(actors: People):
    tube = make_stored(actors)
    decide(actors, report(actors, tube), tube, verdict=Verdict.UNFIT)

    page = queries.sample_page(actors.technician, tube.code)
    assert page.sample.status is HolderKind.DESTROYED
    assert page.sample.remaining == 0
    assert page.barred is None


def test_nobody_decides_what_they_reported(actors: People):
    tube = make_stored(actors)
    incident = report(actors, tube)

    with pytest.raises(RuleBroken, match="ask a colleague"):
        service.decide(
            actors.technician, incident.id, [tube.code], verdict=Verdict.FIT, reason="Fine"
        )


def test_a_nurse_decides_nothing(actors: People):
    tube = make_stored(actors)
    incident = report(actors, tube)

    with pytest.raises(NotPermitted):
        service.decide(actors.nurse, incident.id, [tube.code], verdict=Verdict.FIT, reason="Fine")


def test_another_incident_keeps_it_in_quarantine(actors: People):
    tube = make_stored(actors)
    first, second = report(actors, tube), report(actors, tube)

    assert decide(actors, first, tube) == ([], [tube.code])
    assert is_barred(actors, tube)

    assert decide(actors, second, tube) == ([tube.code], [])
    assert not is_barred(actors, tube)


def test_a_withdrawal_keeps_it_in_quarantine(actors: People, participant: Participant):
    tube = make_stored(actors, participant=participant)
    incident = report(actors, tube)
    make_withdrawal(actors, participant)

    assert decide(actors, incident, tube) == ([], [tube.code])
    assert is_barred(actors, tube)


def test_it_then_leaves_by_a_new_consent(actors: People, participant: Participant):
    tube = make_stored(actors, participant=participant)
    incident = report(actors, tube)
    make_withdrawal(actors, participant)
    make_consent(actors, participant, signed_on=clock.today())

    with pytest.raises(InvalidInput) as refusal:
        quarantine.release(actors.dpo, [tube.code], reason="New consent")
    assert incident.code in str(refusal.value.errors["codes"][0])

    decide(actors, incident, tube)
    assert not is_barred(actors, tube)


def test_an_order_to_destroy_is_not_passed_over(actors: People, participant: Participant):
    tube = make_stored(actors, participant=participant)
    incident = report(actors, tube)
    make_withdrawal(actors, participant, effects=(WithdrawalEffect.DESTROY_SAMPLES,))

    with pytest.raises(InvalidInput) as refusal:
        decide(actors, incident, tube, verdict=Verdict.UNFIT)
    assert "before a witness" in str(refusal.value.errors["codes"][0])
    registry_session.expire_all()
    assert decide(actors, incident, tube) == ([], [tube.code])


def test_a_lent_tube_is_thrown_away_once_it_is_back(actors: People):
    lent = make_checked_out(actors)
    incident = report(actors, lent)

    with pytest.raises(InvalidInput):
        decide(actors, incident, lent, verdict=Verdict.UNFIT)

    custody.return_(actors.technician, lent.code)
    decide(actors, incident, lent, verdict=Verdict.UNFIT)
    assert queries.line(actors.technician, lent.code).status is HolderKind.DESTROYED


def test_of_several_all_or_none_are_decided(actors: People):
    stored, lent = make_stored(actors), make_checked_out(actors)
    incident = report(actors, stored, lent)

    with pytest.raises(InvalidInput):
        decide(actors, incident, stored, lent, verdict=Verdict.UNFIT)

    registry_session.expire_all()
    assert incidents.undecided([incident.id]) == {incident.id: 2}
    assert queries.line(actors.technician, stored.code).status is HolderKind.POSITION


def test_a_tube_is_decided_once(actors: People):
    tube, other = make_stored(actors), make_stored(actors)
    incident = report(actors, tube, other)
    decide(actors, incident, tube)

    with pytest.raises(InvalidInput) as refusal:
        decide(actors, incident, tube)
    assert "not to be decided" in str(refusal.value.errors["codes"][0])
