"""Tubes drawn from participants who have agreed to it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from registry.custody import service as custody
from registry.custody.service import TubeIn
from registry.participants.models import Participant
from registry.samples.models import Sample
from registry.vocab.samples import ContainerType, SampleType
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.participants import make_participant

COLLECTED = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


def make_consenting_participant(actors: People, **facts: Any) -> Participant:
    """A participant who has accepted everything."""
    participant = make_participant(actors, **facts)
    make_consent(actors, participant)
    return participant


def tube_in(volume: str = "5", *, code: str | None = None, **facts: Any) -> TubeIn:
    """A blood tube as a kit brings it."""
    facts.setdefault("sample_type", SampleType.BLOOD)
    facts.setdefault("container_type", ContainerType.EDTA_K)
    return TubeIn(volume=Decimal(volume), code=code, **facts)


def make_tubes(
    actors: People,
    *tubes: TubeIn,
    participant: Participant | None = None,
    collected_at: datetime = COLLECTED,
    visit_id: int | None = None,
) -> list[Sample]:
    """Tubes registered by the nurse of the participant's site."""
    participant = participant or make_consenting_participant(actors)
    nurse = next(
        one for one in (actors.nurse, actors.other_site_nurse) if participant.site_id in one.sites()
    )
    return list(
        custody.register_tubes(
            nurse,
            participant_id=participant.id,
            visit_id=visit_id,
            collected_at=collected_at,
            tubes=tubes,
        )
    )


def make_tube(actors: People, volume: str = "5", **facts: Any) -> Sample:
    """One tube registered and not yet received."""
    participant = facts.pop("participant", None)
    collected_at = facts.pop("collected_at", COLLECTED)
    [sample] = make_tubes(
        actors, tube_in(volume, **facts), participant=participant, collected_at=collected_at
    )
    return sample
