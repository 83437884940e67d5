"""Scans, checks, newer versions and days of validity: listed while they wait, gone when done."""

from datetime import timedelta
from typing import Any

import pytest

from registry.consents.duties import queries
from registry.consents.duties.queries import Duty
from registry.consents.signing import information, service as signing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab.consent import Answer, ChangeRule, Channel, CheckOutcome, Use
from registry.vocab.duties import DutyKind, Horizon
from tests.factories.accounts import People
from tests.factories.consents import (
    ITEMS,
    attach_scan,
    check_consent,
    make_consent,
    make_template,
    make_withdrawal,
    signed_form,
)
from tests.factories.participants import OPERATOR, make_participant

pytestmark = pytest.mark.usefixtures("app")


def listed(actor: Actor, kind: DutyKind, horizon: Horizon = Horizon.WEEK) -> list[Duty]:
    """The duties of one kind, with what is counted checked against what is listed."""
    found = queries.page(actor, kind, horizon).rows
    assert queries.counts(actor, horizon)[kind] == len(found)
    return list(found)


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


def test_a_scan_is_due_within_the_days_of_its_form(actors: People, participant: Participant):
    consent = make_consent(actors, participant, template=make_template(proof_within_days=5))

    [duty] = listed(actors.nurse, DutyKind.SCAN)

    assert duty.due_on == clock.today() + timedelta(days=5)
    assert (duty.code, duty.consent_id, duty.is_overdue) == (participant.code, consent.id, False)
    assert listed(actors.nurse, DutyKind.SCAN, Horizon.OVERDUE) == []
    attach_scan(consent)
    assert listed(actors.nurse, DutyKind.SCAN) == []


def test_a_scan_due_later_waits_for_its_horizon(actors: People, participant: Participant):
    make_consent(actors, participant, template=make_template(proof_within_days=20))

    assert listed(actors.nurse, DutyKind.SCAN, Horizon.WEEK) == []
    assert len(listed(actors.nurse, DutyKind.SCAN, Horizon.MONTH)) == 1


@pytest.mark.parametrize(("days", "is_overdue"), [(5, False), (6, True)])
def test_a_scan_is_overdue_the_day_after(
    actors: People, participant: Participant, days: int, is_overdue: bool
):
    make_consent(actors, participant, template=make_template(proof_within_days=5))

    with clock.frozen(clock.now() + timedelta(days=days)):
        [duty] = listed(actors.nurse, DutyKind.SCAN)
        assert duty.is_overdue is is_overdue
        assert bool(listed(actors.nurse, DutyKind.SCAN, Horizon.OVERDUE)) is is_overdue


def test_a_form_that_asks_no_scan_waits_for_none(actors: People, participant: Participant):
    make_consent(actors, participant)

    assert listed(actors.nurse, DutyKind.SCAN, Horizon.QUARTER) == []


def test_a_record_with_its_scan_waits_for_a_second_person(actors: People, participant: Participant):
    consent = make_consent(actors, participant)
    assert listed(actors.nurse, DutyKind.CHECK) == []

    attach_scan(consent)
    [duty] = listed(actors.nurse, DutyKind.CHECK)
    assert duty.due_on is None
    assert listed(actors.nurse, DutyKind.CHECK, Horizon.OVERDUE) == []

    check_consent(actors, consent)
    assert listed(actors.nurse, DutyKind.CHECK) == []


def test_a_failed_check_stays_until_the_record_is_in_order(
    actors: People, participant: Participant
):
    consent = check_consent(
        actors, attach_scan(make_consent(actors, participant)), CheckOutcome.FAILED
    )
    assert len(listed(actors.nurse, DutyKind.CHECK_FAILED)) == 1

    signing.correct(OPERATOR, consent.id, signed_form(make_template()), reason="Wrong date")

    assert listed(actors.nurse, DutyKind.CHECK_FAILED) == []
    assert len(listed(actors.nurse, DutyKind.CHECK)) == 1


def test_a_newer_version_asks_those_who_signed_the_older_one(
    actors: People, participant: Participant
):
    by = clock.today() + timedelta(days=6)
    make_consent(actors, participant)
    newer = make_template(version=2, change_rule=ChangeRule.RECONSENT, change_by=by)

    [duty] = listed(actors.nurse, DutyKind.RECONSENT)
    assert (duty.due_on, duty.number) == (by, 1)
    assert listed(actors.nurse, DutyKind.INFORM) == []

    make_consent(actors, participant, template=newer, signed_on=clock.today())
    assert listed(actors.nurse, DutyKind.RECONSENT) == []


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_newer_version_that_informs_is_told_or_signed(
    actors: People, participant: Participant, is_signed: bool
):
    make_consent(actors, participant)
    newer = make_template(version=2, change_rule=ChangeRule.INFORM)
    assert len(listed(actors.nurse, DutyKind.INFORM)) == 1

    if is_signed:
        make_consent(actors, participant, template=newer, signed_on=clock.today())
    else:
        information.inform(
            OPERATOR,
            [participant.id],
            template_id=newer.id,
            informed_on=clock.today(),
            channel=Channel.LETTER,
        )
    assert listed(actors.nurse, DutyKind.INFORM) == []


def _short_lived(**answers: Answer) -> dict[str, Any]:
    items = (*ITEMS[:3], ITEMS[3].__class__("genetics", "G", frozenset({Use.GENETICS}), False, 12))
    return {"template": make_template(code="SHORT", items=items), "answers": answers}


def test_an_agreement_runs_out_on_the_day_its_months_are_over(
    actors: People, participant: Participant
):
    signed_on = months_later(clock.today(), -12) + timedelta(days=3)
    make_consent(actors, participant, signed_on=signed_on, **_short_lived())

    [duty] = listed(actors.nurse, DutyKind.VALIDITY)
    assert duty.due_on == months_later(signed_on, 12)

    make_consent(actors, participant, signed_on=clock.today(), **_short_lived())
    assert listed(actors.nurse, DutyKind.VALIDITY) == []


def test_what_was_refused_does_not_run_out(actors: People, participant: Participant):
    make_consent(
        actors,
        participant,
        signed_on=months_later(clock.today(), -13),
        **_short_lived(genetics=Answer.REFUSED),
    )

    assert listed(actors.nurse, DutyKind.VALIDITY) == []


def test_what_another_form_decides_by_now_does_not_run_out(
    actors: People, participant: Participant
):
    make_consent(actors, participant, signed_on=months_later(clock.today(), -13), **_short_lived())
    genetics = make_template(code="GEN", items=ITEMS[3:])
    make_consent(actors, participant, template=genetics, signed_on=clock.today())

    assert listed(actors.nurse, DutyKind.VALIDITY) == []


@pytest.mark.parametrize("later", [0, 1])
def test_who_withdrew_from_everything_is_asked_nothing_until_they_sign_anew(
    actors: People, participant: Participant, later: int
):
    template = make_template(proof_within_days=5)
    withdrawn_on = clock.today() - timedelta(days=1)
    make_consent(actors, participant, template=template)
    make_withdrawal(actors, participant, effective_on=withdrawn_on)
    assert listed(actors.nurse, DutyKind.SCAN) == []

    signed_on = withdrawn_on + timedelta(days=later)
    make_consent(actors, participant, template=template, signed_on=signed_on)

    assert len(listed(actors.nurse, DutyKind.SCAN)) == later


def test_an_older_form_that_decides_nothing_any_more_is_owed_no_scan(
    actors: People, participant: Participant
):
    make_consent(actors, participant, template=make_template(proof_within_days=5))
    make_consent(actors, participant, template=make_template(code="NEW"), signed_on=clock.today())

    assert listed(actors.nurse, DutyKind.SCAN) == []
