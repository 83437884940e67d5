"""What follows a withdrawal or a merge: letters, orders to destroy, and whose forms count."""

import pytest

from registry.access import Permission, require
from registry.consents.duties import queries
from registry.consents.withdrawals.followup import service as followup
from registry.custody.destruction import queries as orders, service as destruction
from registry.identity.events import PersonsMerged
from registry.kernel import clock
from registry.kernel.events import publish
from registry.participants.models import Participant
from registry.persistence import unit_of_work
from registry.vocab.consent import Language, WithdrawalEffect
from registry.vocab.custody import DestructionMethod
from registry.vocab.duties import DutyKind, Horizon
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template, make_withdrawal
from tests.factories.custody import make_stored
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.usefixtures("app")


def listed(actors: People, kind: DutyKind) -> list[str]:
    """The codes of those on a list."""
    return [duty.code for duty in queries.page(actors.nurse, kind, Horizon.WEEK).rows]


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_consenting_participant(actors)


def test_a_letter_is_owed_after_a_withdrawal_until_it_is_sent(
    actors: People, participant: Participant
):
    withdrawal = make_withdrawal(actors, participant, effective_on=clock.today())
    assert listed(actors, DutyKind.LETTER) == [participant.code]

    followup.send_letter(
        actors.nurse, withdrawal.id, language=Language.FRENCH, sent_on=clock.today()
    )
    assert listed(actors, DutyKind.LETTER) == []


def test_samples_are_listed_until_they_are_destroyed(actors: People, participant: Participant):
    make_stored(actors, participant=participant)
    assert listed(actors, DutyKind.DESTRUCTION) == []

    withdrawal = make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])
    assert listed(actors, DutyKind.DESTRUCTION) == [participant.code]

    ordered = orders.of_cause(actors.technician, withdrawal.audit_ref)
    destruction.carry_out(
        actors.technician,
        [one.code for one in ordered],
        witness=actors.nurse,
        method=DestructionMethod.AUTOCLAVE,
    )
    assert listed(actors, DutyKind.DESTRUCTION) == []


def test_a_merged_participant_is_left_out_and_its_form_counts_for_who_stands_for_it(
    actors: People,
):
    kept, merged = make_participant(actors), make_participant(actors)
    make_consent(actors, merged, template=make_template(proof_within_days=1))
    assert listed(actors, DutyKind.NO_CONSENT) == [kept.code]

    with unit_of_work():
        require(OPERATOR, Permission.PARTICIPANT_ENROL, kept)
        publish(PersonsMerged(OPERATOR, kept.person_uid, merged.person_uid))

    assert listed(actors, DutyKind.NO_CONSENT) == []
    assert listed(actors, DutyKind.SCAN) == [kept.code]
