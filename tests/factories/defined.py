"""Acts that the administrator defined, and samples on which they were done."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from registry.custody.defined import doing, queries, service
from registry.custody.defined.definition import Definition
from registry.custody.defined.queries import Version
from registry.kernel.messages import Bilingual
from registry.samples.models import Sample
from registry.vocab.defined import FieldKind, Option, TypedField
from tests.factories.accounts import People

SECONDS = TypedField(
    Bilingual("Duration", fr="Durée"),
    FieldKind.NUMBER,
    is_required=True,
    unit="s",
    least=Decimal(1),
    most=Decimal(600),
)
LOOK = TypedField(
    Bilingual("Look", fr="Aspect"),
    FieldKind.CHOICE,
    options=(
        Option(Bilingual("Clear", fr="Limpide")),
        Option(Bilingual("Cloudy", fr="Trouble")),
    ),
)
ON_ICE = TypedField(Bilingual("On ice", fr="Sur glace"), FieldKind.YES_NO)
CHECKED_ON = TypedField(Bilingual("Device checked on", fr="Appareil vérifié le"), FieldKind.DATE)
DEVICE = TypedField(Bilingual("Device", fr="Appareil"), FieldKind.TEXT)

FIELDS = (SECONDS, LOOK, ON_ICE, CHECKED_ON, DEVICE)


def sonication(**changes: Any) -> Definition:
    """What a sonication is: it asks how long, and may ask how it looked and with what."""
    facts = {"name": Bilingual("Sonicated", fr="Passé aux ultrasons"), "fields": FIELDS}
    return Definition(**{**facts, **changes})


def make_act(actors: People, code: str = "SONIC", **changes: Any) -> Version:
    """An act that technicians can record."""
    service.define(actors.admin, code, sonication(**changes))
    return queries.versions(code)[0]


def do_act(actors: People, *codes: str, act: str = "SONIC", **facts: Any) -> Sequence[Sample]:
    """Record the act on these samples, by its newest version."""
    facts.setdefault("version", queries.versions(act)[0].number)
    facts.setdefault("given", {"duration": Decimal(30)})
    return doing.record(actors.technician, act, codes, **facts)
