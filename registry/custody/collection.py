"""From the participant's arm to the bench: registering, receiving, centrifuging, freezing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.samples.models import Sample
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleCondition, SampleType, Unit


@dataclass(frozen=True)
class TubeIn:
    """A tube that was drawn; without a code it gets one of ours."""

    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    unit: Unit = Unit.MILLILITRE
    code: str | None = None
    kit_tube_id: int | None = None


@transactional
def register_tubes(
    actor: Actor,
    *,
    participant_id: int,
    visit_id: int | None,
    collected_at: datetime,
    tubes: Sequence[TubeIn],
) -> Sequence[Sample]:
    """Register tubes drawn from a participant, all or none, in the given order.

    :raises NotFound: there is no such participant at the actor's sites, or the
        visit is not the participant's.
    :raises RuleBroken: no consent allows collecting on that day and storing today.
    :raises InvalidInput: a code is taken or scanned twice, a volume is not
        above 0, or the collection is still to come; the field is ``tubes``
        (each refused tube named under it) or ``collected_at``.
    """
    raise NotImplementedError


@transactional
def receive(
    actor: Actor,
    codes: Sequence[str],
    *,
    received_at: datetime,
    site_id: int,
    condition: SampleCondition = SampleCondition.GOOD,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Take tubes in at a site: from then on they are on its bench.  All or none.

    :raises InvalidInput: some cannot be received; each is named under ``codes``.
    :raises NotPermitted: the actor receives nothing at this site.
    """
    raise NotImplementedError


@transactional
def process(
    actor: Actor,
    codes: Sequence[str],
    *,
    kind: ActKind,
    happened_at: datetime,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Record that tubes were centrifuged or frozen; they stay where they are.  All or none.

    :raises InvalidInput: some were not in a state for it; each is named under ``codes``.
    """
    raise NotImplementedError
