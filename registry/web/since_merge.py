"""What was recorded while two persons were taken for one: for a person to look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.access import Permission, allows
from registry.consents.signing import queries as consents
from registry.consents.withdrawals import queries as withdrawals
from registry.custody import queries as custody
from registry.identity.service import Merged
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.web import participant_story


@dataclass(frozen=True)
class Recorded:
    """Something recorded meanwhile, and the participant whose it is."""

    participant: Participant
    recorded_at: datetime
    text: Message


def recorded(actor: Actor, merge: Merged) -> Sequence[Recorded]:
    """Everything recorded from the merge until it was undone, the latest first."""
    until = merge.undone_at or clock.now()
    found = [
        one
        for participant in participants.of_persons(
            actor, [merge.kept_uid, merge.merged_uid], with_merged=True
        )
        for one in _of(actor, participant)
        if merge.made_at < one.recorded_at <= until
    ]
    return sorted(found, key=lambda one: one.recorded_at, reverse=True)


def _of(actor: Actor, participant: Participant) -> Iterator[Recorded]:
    sees_consents = allows(actor, Permission.CONSENT_READ, participant)
    sees_samples = allows(actor, Permission.SAMPLE_READ, participant)
    samples = custody.of_participant(actor, participant.id) if sees_samples else ()
    story = participant_story.Story(
        participant=participant,
        planned=(),
        standing={},
        consents=consents.of_participant(actor, participant.id) if sees_consents else (),
        withdrawals=withdrawals.of_participant(actor, participant.id) if sees_consents else (),
        informed=consents.informed(actor, participant.id) if sees_consents else (),
        samples=samples,
    )
    for event in participant_story.timeline(story):
        yield Recorded(participant, event.recorded_at, event.text)
    for sample in samples:
        yield Recorded(participant, sample.collected_at, T("Tube {code}", code=sample.code))
