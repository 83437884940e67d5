"""A freezer that was too warm for a while, and who waits for a decision since."""

from datetime import timedelta

import sqlalchemy as sa

from registry.custody.exposures import queries as exposures, service
from registry.kernel import clock
from registry.persistence import registry_session
from registry.storage.temperatures.models import KnownExcursion
from registry.vocab.storage import ExposureDecision
from tests.factories.custody import make_stored
from tests.factories.probes import BEGUN, after

#: Out of the limits from the second step on, back at the sixth.
WARM = (-80, -80, -50, -40, -50, -50, -80)
LONG_AGO = BEGUN - timedelta(days=9)


def stored(actors, box, at=LONG_AGO):
    with clock.frozen(at):
        return make_stored(actors, box=box)


def only():
    return registry_session.scalars(
        sa.select(KnownExcursion).where(KnownExcursion.dropped_at.is_(None))
    ).one()


def times(actors):
    """Of each tube that waits, from which step to which it was there."""
    found, _following = exposures.exposures(actors.technician, only())
    return {
        one.sample.code: ((one.since - BEGUN) / (after(1) - BEGUN),
                          (one.until - BEGUN) / (after(1) - BEGUN))
        for one in found
        if one.decision is None
    }  # fmt: skip


def decide(actors, *tubes, decision=ExposureDecision.KEPT, **facts):
    facts.setdefault("remark", "Still frozen at the core")
    return service.decide(
        actors.technician, only().id, [one.code for one in tubes], decision=decision, **facts
    )
