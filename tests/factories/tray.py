"""Tubes that wait for their participant at the biobank, sent by the Paris hospital."""

from decimal import Decimal
from typing import Any

from registry.custody import service as custody
from registry.custody.service import Arrived
from registry.samples.tray.models import TrayTube
from registry.vocab.samples import ContainerType, SampleCondition, SampleType
from registry.vocab.sprec import Ambient
from tests.factories.accounts import People
from tests.factories.custody import RECEIVED, biobank

BLOOD = Arrived(
    SampleType.BLOOD,
    ContainerType.EDTA_K,
    Decimal("5"),
    condition=SampleCondition.HAEMOLYSED,
    ambient=Ambient.COOL,
)


def lay(actors: People, *codes: str, arrived: Arrived = BLOOD, **facts: Any) -> list[TrayTube]:
    """Received by the technician."""
    facts.setdefault("sender_id", min(actors.nurse.sites().ids))
    facts.setdefault("site_id", biobank(actors))
    facts.setdefault("place", "Fridge 2")
    facts.setdefault("received_at", RECEIVED)
    return list(custody.lay(actors.technician, codes or ("EXT-1",), arrived, **facts))
