"""What may not be done with a sample that waits for a decision: it was exposed, and nobody judged.

It may be put in its place, moved to a colder one and come back from whoever
has it; what would use it, or send it away, waits for the decision.
"""

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from registry.custody.exposures.models import Exposure
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.samples.quantities import written
from registry.storage.temperatures.models import KnownExcursion


def check_is_decided(sample_id: int, code: str) -> None:
    """Refuse to use a sample, whose holding is locked, of which nobody has decided yet.

    :raises RuleBroken: the sentence says how warm or cold it was, and when.
    """
    why = why_waiting(sample_id, code)
    if why is not None:
        raise RuleBroken(why, field="code")


def why_waiting(sample_id: int, code: str) -> Message | None:
    """Why what uses the sample cannot be done; None when nothing waits."""
    first = registry_session.execute(
        sa.select(KnownExcursion.peak, Exposure.since)
        .join(KnownExcursion, KnownExcursion.id == Exposure.excursion_id)
        .where(Exposure.sample_id == sample_id, Exposure.decision.is_(None))
        .order_by(Exposure.since)
        .limit(1)
    ).one_or_none()
    return None if first is None else _refusal(code, *first)


def _refusal(code: str, peak: Decimal, since: datetime) -> Message:
    return T(
        "{code} was exposed to {peak} °C on {day} and waits for a decision: it may be put in its "
        "place, but not used.",
        code=code,
        peak=written(peak),
        day=clock.to_paris(since).strftime("%d/%m/%Y"),
    )
