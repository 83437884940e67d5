"""A serum library that is older than the registry: taken over from its list, in its boxes."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from registry.cli.demo import agenda as calendar
from registry.cli.demo.storage import KEEPERS, Storage
from registry.custody import service as custody
from registry.custody.service import Existing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.vocab.samples import ContainerType, SampleType

_YEARS = 4
_VOLUMES = ("0.5", "0.75", "1")


def take_over(rng: random.Random, participants: list[tuple[str, int]], storage: Storage) -> None:
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
    cells = {
        site: iter(storage.cells_for(KEEPERS[site], SampleType.SERUM, sites.count(site)))
        for site in dict.fromkeys(sites)
    }
    lying = []
    for site, row in zip(sites, rows, strict=True):
        box_code, cell = next(cells[site])
        lying.append(replace(row, box_code=box_code, cell=cell))
    for outcome in custody.register_existing(Actor.system("import"), lying):
        if outcome.refusal is not None:
            raise outcome.refusal
