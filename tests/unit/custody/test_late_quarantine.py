"""Tubes that come to a person after a withdrawal are in quarantine as soon as they are here."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.destruction.models import DestructionOrder
from registry.custody.existing import register_existing
from registry.custody.known import Existing
from registry.custody.quarantine.models import Quarantine
from registry.identity.events import PersonsMerged
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.participants import handlers
from registry.participants.models import Participant
from registry.persistence import registry_session, unit_of_work
from registry.samples.models import Sample
from registry.vocab.consent import Use, WithdrawalEffect
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import check_out, make_stored
from tests.factories.participants import OPERATOR
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def withdrawn(actors: People) -> Participant:
    """Somebody who withdrew from everything, before there was any tube."""
    made = make_consenting_participant(actors)
    make_withdrawal(actors, made)
    return made


def in_quarantine() -> list[str]:
    return list(
        registry_session.scalars(
            sa.select(Sample.code)
            .join(Quarantine, Quarantine.sample_id == Sample.id)
            .where(Quarantine.closed_at.is_(None))
            .order_by(Sample.id)
        )
    )


def take_in(participant: Participant, *codes: str) -> None:
    rows = [
        Existing(
            code=code,
            participant_id=participant.id,
            sample_type=SampleType.SERUM,
            container_type=ContainerType.SERUM_CLOT,
            volume=Decimal("0.5"),
            collected_at=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        )
        for code in codes
    ]
    assert all(one.refusal is None for one in register_existing(OPERATOR, rows))


def merge(kept: Participant, merged: Participant) -> None:
    with unit_of_work():
        require(OPERATOR, Permission.PARTICIPANT_ENROL)
        handlers.on_persons_merged(
            PersonsMerged(actor=OPERATOR, kept_uid=kept.person_uid, merged_uid=merged.person_uid)
        )


class TestTakenIn:
    def test_a_tube_of_somebody_who_withdrew_is_barred(self, withdrawn: Participant):
        take_in(withdrawn, "OLD-1", "OLD-2")

        assert in_quarantine() == ["OLD-1", "OLD-2"]

    def test_it_is_ordered_to_be_destroyed_if_that_was_asked(self, actors: People):
        participant = make_consenting_participant(actors)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])

        take_in(participant, "OLD-1")

        assert (
            registry_session.scalars(sa.select(DestructionOrder))
            .one()
            .cause.startswith("withdrawal:")
        )

    def test_a_tube_of_anybody_else_is_not(self, actors: People, withdrawn: Participant):
        take_in(make_consenting_participant(actors), "OLD-1")

        assert in_quarantine() == []

    def test_a_consent_signed_since_keeps_it_out(self, actors: People, withdrawn: Participant):
        later = clock.today() + timedelta(days=1)
        with pytest.MonkeyPatch.context() as time:
            time.setattr(clock, "today", lambda: later)
            make_consent(actors, withdrawn, signed_on=later)
            take_in(withdrawn, "OLD-1")

            assert in_quarantine() == []

    def test_a_withdrawal_from_one_use_bars_nothing(self, actors: People):
        participant = make_consenting_participant(actors)
        make_withdrawal(actors, participant, Use.COMMERCIAL_RESEARCH)

        take_in(participant, "OLD-1")

        assert in_quarantine() == []


class TestMerged:
    def test_the_survivors_tubes_follow_the_withdrawal_of_the_merged_one(
        self, actors: People, withdrawn: Participant
    ):
        tube = make_stored(actors)

        merge(tube.participant, withdrawn)

        assert tube.code in in_quarantine()
        with pytest.raises(RuleBroken):
            check_out(actors, tube.code)

    def test_the_merged_ones_tubes_follow_the_withdrawal_of_the_survivor(
        self, actors: People, withdrawn: Participant
    ):
        tube = make_stored(actors)

        merge(withdrawn, tube.participant)

        assert tube.code in in_quarantine()

    def test_nobody_elses_do(self, actors: People, withdrawn: Participant):
        tube, other = make_stored(actors), make_consenting_participant(actors)

        merge(tube.participant, other)

        assert in_quarantine() == []
