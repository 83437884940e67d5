"""Who may speak for the participant: minors growing up, mandates ending, nobody asked yet."""

from datetime import date, timedelta

import pytest

from registry.consents.duties import queries
from registry.consents.duties.queries import Duty
from registry.consents.signing import information
from registry.consents.signing.parties import Signatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab.consent import Audience, Channel, Regime, SignatoryRole
from registry.vocab.duties import DutyKind, Horizon
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, make_consent, make_template, make_withdrawal
from tests.factories.participants import OPERATOR, make_participant

pytestmark = pytest.mark.usefixtures("app")

LONG_AGO = date(2020, 6, 1)
PARENTS = (Signatory(SignatoryRole.PARENT), Signatory(SignatoryRole.SECOND_PARENT))


def listed(actor: Actor, kind: DutyKind, horizon: Horizon = Horizon.WEEK) -> list[Duty]:
    """The duties of one kind, with what is counted checked against what is listed."""
    found = queries.page(actor, kind, horizon).rows
    assert queries.counts(actor, horizon)[kind] == len(found)
    return list(found)


def month(ahead: int) -> date:
    """The first day of a month."""
    return months_later(clock.today().replace(day=1), ahead)


def minor_form(regime: Regime = Regime.EXPRESS) -> ConsentTemplate:
    """The form that parents sign."""
    return make_template(
        code=f"MINOR-{regime.value}", audience=Audience.MINOR, regime=regime, items=ITEMS[:3]
    )


def make_minor(actors: People, adult_from: date, regime: Regime = Regime.EXPRESS) -> Participant:
    """A minor for whom both parents signed long ago."""
    minor = make_participant(actors, adult_from=adult_from, included_on=LONG_AGO)
    make_consent(
        actors, minor, template=minor_form(regime), signed_on=LONG_AGO, signatories=PARENTS
    )
    return minor


def tell(participant: Participant, template: ConsentTemplate) -> None:
    """Record that the participant was informed today."""
    information.inform(
        OPERATOR,
        [participant.id],
        template_id=template.id,
        informed_on=clock.today(),
        channel=Channel.IN_PERSON,
    )


def test_coming_of_age_is_listed_until_they_sign_themselves(actors: People):
    minor = make_minor(actors, month(0))

    [duty] = listed(actors.nurse, DutyKind.MAJORITY)
    assert (duty.code, duty.due_on) == (minor.code, month(0))

    make_consent(actors, minor, signed_on=clock.today())
    assert listed(actors.nurse, DutyKind.MAJORITY) == []


def test_what_parents_sign_afterwards_settles_nothing(actors: People):
    minor = make_minor(actors, month(0))
    make_consent(actors, minor, template=minor_form(), signed_on=clock.today(), signatories=PARENTS)

    assert len(listed(actors.nurse, DutyKind.MAJORITY)) == 1


@pytest.mark.parametrize(("regime", "left"), [(Regime.NON_OPPOSITION, 0), (Regime.EXPRESS, 1)])
def test_information_is_enough_where_nobody_needs_to_agree(
    actors: People, regime: Regime, left: int
):
    tell(make_minor(actors, month(0), regime), minor_form(regime))

    assert len(listed(actors.nurse, DutyKind.MAJORITY)) == left


def test_a_month_that_lies_ahead_waits_for_its_horizon(actors: People):
    make_minor(actors, month(2))

    assert listed(actors.nurse, DutyKind.MAJORITY, Horizon.WEEK) == []
    assert len(listed(actors.nurse, DutyKind.MAJORITY, Horizon.QUARTER)) == 1


def test_reaching_15_is_listed_until_they_were_informed(actors: People):
    minor = make_minor(actors, month(36))

    [duty] = listed(actors.nurse, DutyKind.FIFTEEN)
    assert duty.due_on == month(0)
    assert listed(actors.nurse, DutyKind.MAJORITY, Horizon.QUARTER) == []

    tell(minor, minor_form())
    assert listed(actors.nurse, DutyKind.FIFTEEN) == []


def test_who_is_of_age_no_longer_reaches_15(actors: People):
    make_minor(actors, month(0))

    assert listed(actors.nurse, DutyKind.FIFTEEN) == []


def test_a_mandate_ends_on_its_last_day(actors: People):
    ends = clock.today() + timedelta(days=3)
    guardian = Signatory(
        SignatoryRole.GUARDIAN,
        paper=b"%PDF-1.7\njudgment\n%%EOF\n",
        authority_from=LONG_AGO,
        authority_to=ends,
    )
    protected = make_template(code="PROTECTED", audience=Audience.PROTECTED_ADULT)
    participant = make_participant(actors, included_on=LONG_AGO)
    make_consent(
        actors, participant, template=protected, signed_on=LONG_AGO, signatories=[guardian]
    )

    [duty] = listed(actors.nurse, DutyKind.AUTHORITY)
    assert duty.due_on == ends

    make_consent(actors, participant, signed_on=clock.today())
    assert listed(actors.nurse, DutyKind.AUTHORITY) == []


def test_who_was_included_without_a_form_is_listed_until_one_is_on_record(actors: People):
    participant = make_participant(actors)
    [duty] = listed(actors.nurse, DutyKind.NO_CONSENT)
    assert (duty.code, duty.due_on) == (participant.code, participant.included_on)

    make_consent(actors, participant)
    assert listed(actors.nurse, DutyKind.NO_CONSENT) == []


def test_who_opposed_everything_is_not_asked_for_a_form(actors: People):
    make_withdrawal(actors, make_participant(actors))

    assert listed(actors.nurse, DutyKind.NO_CONSENT) == []
