"""What is opposed from home is stopped at once; what cannot be undone waits for the staff."""

import pytest

from registry.consents import decision
from registry.consents.withdrawals.models import Withdrawal
from registry.custody.shipments import service as shipments
from registry.dossiers import links, oppositions, policies, queries
from registry.dossiers.models import Opposition
from registry.dossiers.policies import TRANSITIONS
from registry.kernel import clock
from registry.kernel.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    TooManyAttempts,
    Unauthenticated,
)
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import Channel, Use, WithdrawalEffect, WithdrawalScope
from registry.vocab.dossiers import OppositionAct, OppositionState
from tests.factories.dossiers import ADDRESS, at_home, make_link, make_opposition
from tests.factories.samples import make_consenting_participant
from tests.factories.shipments import make_sent, make_tubes_to_send


@pytest.fixture
def participant(app, actors):
    return make_consenting_participant(actors)


@pytest.fixture
def reading(actors, participant):
    """The participant, who has opened the link."""
    link, token, code = make_link(actors, participant)
    links.unlock(token, code, address=ADDRESS)
    return at_home(link, participant), link


def allowed(participant) -> set[Use]:
    found = decision.decide_uses(participant.id, Use, clock.today())
    return {use for use, one in found.items() if one.is_allowed}


def test_everything_is_stopped_before_anybody_of_the_staff_has_seen_it(
    reading, participant, actors
):
    assert allowed(participant)

    made = oppositions.oppose(*_by(reading), scope=WithdrawalScope.ALL)

    assert not allowed(participant)
    assert made.state is OppositionState.WAITING
    assert made.withdrawal.channel is Channel.ONLINE
    assert queries.waiting(actors.nurse) == 1


def _by(reading):
    actor, link = reading
    return actor, link.id


def test_some_uses_are_stopped_and_the_others_go_on(reading, participant):
    before = allowed(participant)
    oppositions.oppose(*_by(reading), scope=WithdrawalScope.USES, uses=[Use.GENETICS])

    assert allowed(participant) == before - {Use.GENETICS}


def test_a_question_of_the_form_is_taken_back(reading, participant):
    oppositions.oppose(*_by(reading), scope=WithdrawalScope.ITEMS, items=["company"])

    assert Use.COMMERCIAL_RESEARCH not in allowed(participant)


@pytest.mark.parametrize("named", [{"items": ["nobodys"]}, {"projects": ["D-2026-9999"]}])
def test_what_is_somebody_elses_cannot_be_singled_out(named, reading):
    scope = WithdrawalScope.ITEMS if "items" in named else WithdrawalScope.PROJECTS
    with pytest.raises(InvalidInput):
        oppositions.oppose(*_by(reading), scope=scope, **named)


def test_nothing_is_destroyed_before_the_staff_has_confirmed_it(reading, actors, participant):
    made = oppositions.oppose(
        *_by(reading),
        scope=WithdrawalScope.ALL,
        effects=[WithdrawalEffect.DESTROY_SAMPLES, WithdrawalEffect.ERASE_DATA],
    )
    first = {one.effect for one in made.withdrawal.asked}
    done = oppositions.handle(actors.nurse, made.id, act=OppositionAct.CONFIRM)
    completed = registry_session.get_one(Withdrawal, done.completed_by_id)

    assert not first & oppositions.IRREVOCABLE
    assert {one.effect for one in completed.asked} >= oppositions.IRREVOCABLE
    assert completed.effective_on == made.withdrawal.effective_on
    assert completed.channel is Channel.ONLINE
    assert done.state is OppositionState.CONFIRMED


def test_an_answer_otherwise_says_why_and_lifts_nothing(actors, participant):
    made = make_opposition(actors, participant, WithdrawalEffect.DESTROY_SAMPLES)
    with pytest.raises(InvalidInput):
        oppositions.handle(actors.nurse, made.id, act=OppositionAct.ANSWER)
    done = oppositions.handle(
        actors.nurse, made.id, act=OppositionAct.ANSWER, answer="Nothing is left to destroy."
    )

    assert done.completed_by_id is None
    assert done.state is OppositionState.ANSWERED
    assert not allowed(participant)


@pytest.mark.parametrize("state", OppositionState)
@pytest.mark.parametrize("act", OppositionAct)
def test_only_what_the_table_has_can_happen(state, act):
    made = Opposition(state=state)

    if act in TRANSITIONS[state]:
        assert policies.next_state(made, act) is TRANSITIONS[state][act]
    else:
        with pytest.raises(RuleBroken):
            policies.next_state(made, act)


def test_it_is_dealt_with_once(actors, participant):
    made = make_opposition(actors, participant)
    oppositions.handle(actors.nurse, made.id, act=OppositionAct.CONFIRM)

    with pytest.raises(RuleBroken):
        oppositions.handle(actors.dpo, made.id, act=OppositionAct.CONFIRM)


def test_another_site_neither_sees_nor_handles_it(actors, participant):
    made = make_opposition(actors, participant)

    assert queries.waiting(actors.other_site_nurse) == 0
    assert list(queries.oppositions(actors.other_site_nurse)) == []
    with pytest.raises(NotFound):
        queries.opposition(actors.other_site_nurse, made.id)
    with pytest.raises(NotPermitted):
        oppositions.handle(actors.other_site_nurse, made.id, act=OppositionAct.CONFIRM)


def test_the_participant_cannot_confirm_what_waits_for_the_staff(reading, actors, participant):
    made = oppositions.oppose(*_by(reading), scope=WithdrawalScope.ALL)

    with pytest.raises(NotPermitted):
        oppositions.handle(reading[0], made.id, act=OppositionAct.CONFIRM)


def test_a_link_that_is_over_stops_nothing(reading, actors, participant):
    links.revoke(actors.nurse, reading[1].id)

    with pytest.raises(Unauthenticated):
        oppositions.oppose(*_by(reading), scope=WithdrawalScope.ALL)
    assert allowed(participant)


def test_another_persons_link_stops_nothing_here(reading, actors, participant):
    stranger = make_consenting_participant(actors)
    link, _token, _code = make_link(actors, stranger)

    with pytest.raises(NotPermitted):
        oppositions.oppose(reading[0], link.id, scope=WithdrawalScope.ALL)
    assert allowed(stranger)


def test_one_link_sends_a_bounded_number(reading, monkeypatch):
    monkeypatch.setattr(limits, "LINK_OPPOSITIONS_MAX", 1)
    oppositions.oppose(*_by(reading), scope=WithdrawalScope.USES, uses=[Use.GENETICS])

    with pytest.raises(TooManyAttempts):
        oppositions.oppose(*_by(reading), scope=WithdrawalScope.ALL)


def test_a_project_that_had_samples_alone_can_be_singled_out(app, actors):
    [tube, other] = make_tubes_to_send(actors)
    shipment = make_sent(actors, tube.code)
    link, token, code = make_link(actors, tube.participant)
    links.unlock(token, code, address=ADDRESS)

    made = oppositions.oppose(
        at_home(link, tube.participant),
        link.id,
        scope=WithdrawalScope.PROJECTS,
        projects=[shipment.request],
    )

    assert [one.project for one in made.withdrawal.projects] == [shipment.request]
    with pytest.raises(InvalidInput) as refused:
        shipments.add(actors.technician, make_again(actors, shipment).id, [other.code])
    assert "has withdrawn" in str(refused.value.errors["codes"])


def make_again(actors, shipment):
    """Another bag under the same request."""
    return shipments.open_(
        actors.technician,
        site_id=shipment.site_id,
        packing=shipment.packing,
        partner_id=shipment.partner_id,
        request=shipment.request,
    )
