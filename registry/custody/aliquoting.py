"""Dividing a sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.kernel.actor import Actor
from registry.persistence import transactional
from registry.samples.models import Sample
from registry.vocab.samples import ContainerType, SampleType, Unit


@dataclass(frozen=True)
class Child:
    """A container filled from a parent; without a code it gets one of ours."""

    volume: Decimal
    code: str | None = None


@transactional
def aliquot(  # noqa: PLR0913 - each is one fact about the act
    actor: Actor,
    parent_code: str,
    *,
    children: Sequence[Child],
    sample_type: SampleType,
    container_type: ContainerType,
    at: datetime,
    client_key: str | None = None,
    loss: Decimal = Decimal(0),
    unit: Unit | None = None,
    comment: str | None = None,
) -> Sequence[Sample]:
    """Fill `children` from a sample, which gives exactly their sum and the declared `loss`.

    The parent stays where it is; the children are on the bench of its site.
    With the parent's own type they are aliquots, with another derivatives.
    Asked again with the same `client_key`, it gives the same children and does
    nothing.

    :raises NotFound: there is no such sample at the actor's sites.
    :raises RuleBroken: less is left than asked for, the sample was not
        received, or the participant's consent does not allow it.
    :raises InvalidInput: a volume is not above 0, `unit` is not the parent's, a
        code is taken or given twice, or `at` cannot be.
    """
    raise NotImplementedError
