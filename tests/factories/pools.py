"""Pools, and the tubes that are poured into them."""

from collections.abc import Sequence
from typing import Any

from registry.custody import service as custody
from registry.custody.service import Poured
from registry.samples.models import Sample
from registry.vocab.samples import ContainerType
from tests.factories.accounts import People
from tests.factories.custody import divide, make_received
from tests.factories.samples import make_consenting_participant


def make_alike(actors: People, *volumes: str, **facts: Any) -> Sequence[Sample]:
    """Plasma of one participant, each aliquot of a blood tube of its own, on the bench."""
    participant = facts.pop("participant", None) or make_consenting_participant(actors)
    found = []
    for volume in volumes:
        drawn = make_received(actors, participant=participant, **facts)
        found += divide(actors, drawn.code, volume)
    return found


def pour(actors: People, *tubes: Sample, **facts: Any) -> Sample:
    """These poured together, all that is in them by default, into one of our own tubes."""
    how = {name: facts.pop(name) for name in ("volume", "unit", "loss") if name in facts}
    container = facts.pop("container_type", ContainerType.POLYPROPYLENE)
    codes = [tube.code for tube in tubes]
    return custody.pool(actors.technician, codes, Poured(container, **how), **facts)


def make_pool(actors: People, *volumes: str, **facts: Any) -> Sample:
    """A pool of new tubes that held so much."""
    return pour(actors, *make_alike(actors, *(volumes or ("0.5", "1")), **facts))
