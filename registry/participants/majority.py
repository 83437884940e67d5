"""When those who were included as minors come of age, as it was known when."""

from registry.kernel import clock
from registry.participants.models import Participant, ParticipantMajority
from registry.persistence import registry_session


def keep_majority(participant: Participant) -> None:
    """Keep when the participant comes of age from what is known from now on."""
    registry_session.add(
        ParticipantMajority(
            participant_id=participant.id,
            adult_from=participant.adult_from,
            recorded_at=clock.now(),
        )
    )
