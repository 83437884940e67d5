"""Going down from samples to what was made of them, however often it was divided or pooled."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.samples import descent, queries as samples
from registry.samples.models import Sample


def with_descendants(actor: Actor, codes: Collection[str]) -> Sequence[str]:
    """The codes of these samples and of all that was made of them, at the actor's sites."""
    made = sa.select(descent.below(codes).c.id)
    return registry_session.scalars(
        samples.visible(actor, sa.select(Sample.code).where(Sample.id.in_(made))).order_by(
            Sample.id
        )
    ).all()
