"""A serum library that is older than the registry: taken over from its list, then put away."""

import random
from datetime import timedelta
from decimal import Decimal

from registry.cli.demo import agenda as calendar
from registry.cli.demo.samples import Bench, Frozen
from registry.custody import service as custody
from registry.custody.service import Existing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab.samples import ContainerType, SampleType

_YEARS = 4
_VOLUMES = ("0.5", "0.75", "1")


def take_over(rng: random.Random, participants: list[tuple[str, int]], bench: Bench) -> None:
    """Register what the library holds of these participants, who were told and did not object.

    `participants` are the hospital site and the id of each.
    """
    rows: list[Existing] = []
    sites: list[str] = []
    for site, participant_id in participants:
        drawn = calendar.working(clock.today() - timedelta(days=rng.randrange(200, _YEARS * 365)))
        for _ in range(rng.randrange(4, 9)):
            sites.append(site)
            rows.append(
                Existing(
                    code=f"SEROTH-{drawn.year}-{len(rows) + 1:04d}",
                    participant_id=participant_id,
                    sample_type=SampleType.SERUM,
                    container_type=ContainerType.SERUM_CLOT,
                    volume=Decimal(rng.choice(_VOLUMES)),
                    collected_at=calendar.at(drawn, 9, rng.randrange(60)),
                    received_at=calendar.at(drawn, 11),
                    frozen_at=calendar.at(drawn, 12, 30),
                )
            )
    for outcome in custody.register_existing(Actor.system("import"), rows):
        if outcome.refusal is not None:
            raise outcome.refusal
    for site, row in zip(sites, rows, strict=True):
        bench.take_over(site, Frozen(row.code, row.sample_type, may_be_lent=False))
