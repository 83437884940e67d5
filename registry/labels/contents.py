"""What the labels of samples and places say: read as the actor, in the actor's words."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.accounts.models import Site
from registry.custody import queries as custody
from registry.custody.carts.models import Cart
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.labels.layout import Content
from registry.participants.models import Cohort, Participant
from registry.participants.terms import kinds
from registry.persistence import registry_session
from registry.samples.descent import DESCENT, is_pool
from registry.samples.models import QuantityEntry, Sample
from registry.samples.plans import queries as plans
from registry.storage import queries as storage
from registry.storage.models import Box, StorageUnit
from registry.vocab.labels import label
from registry.vocab.printing import LabelPurpose, Token
from registry.vocab.samples import ContainerType, SampleType, Unit
from registry.vocab.storage import StorageClass, UnitKind


@dataclass(frozen=True)
class Speech:
    """How words, days and numbers are written for whoever prints."""

    language: str
    translate: Callable[[Message], str]
    day: Callable[[date], str]
    number: Callable[[Decimal], str]

    def quantity(self, amount: Decimal, unit: Unit) -> str:
        """An amount with its unit."""
        return f"{self.number(amount)} {self.translate(label(unit))}"


def of_samples(actor: Actor, codes: Sequence[str], speech: Speech) -> Sequence[Content]:
    """What the labels of these samples say, in that order.

    :raises InvalidInput: some codes are not known at the actor's sites; each is named.
    """
    known = custody.listed(actor, codes)
    if unknown := [code for code in codes if code not in known]:
        raise InvalidInput(
            T("Some tubes are not known."),
            errors={
                "codes": [
                    T("There is no sample with the code {code} at your sites.", code=code)
                    for code in unknown
                ]
            },
        )
    ids = [one.id for one in known.values()]
    parts, origins = _parts(ids), _origins(ids)
    planned = plans.label_purposes(ids)
    ready = []
    for one in (known[code] for code in codes):
        content = _of_sample(one, origins[one.id], parts.get(one.id, ""), speech)
        ready.append(replace(content, purpose=planned.get(one.id, content.purpose)))
    return ready


def _of_sample(sample: custody.Listed, origin: "_Origin", part: str, speech: Speech) -> Content:
    at = clock.to_paris(sample.collected_at)
    purpose = LabelPurpose.PRIMARY
    if sample.parent_code is not None:
        alike = origin.parent_type is sample.sample_type
        purpose = LabelPurpose.ALIQUOT if alike else LabelPurpose.DERIVATIVE
    values = {
        Token.PARTICIPANT: participant.show(sample.participant_code),
        Token.COHORT: origin.cohort_code,
        Token.SITE: origin.site_code,
        Token.TYPE: sample.sample_type.value,
        Token.TYPE_NAME: speech.translate(kinds.name(sample.sample_type, sample.type_term)),
        Token.CONTAINER: sample.container_type.value,
        Token.VOLUME: speech.quantity(sample.remaining, sample.unit),
        Token.DATE: speech.day(at.date()),
        Token.TIME: at.strftime("%H:%M"),
        Token.YEAR: str(at.year),
        Token.SEQUENCE: part,
        Token.PARENT: _parent_of(sample),
    }
    return Content(purpose, sample.code, values)


def _parent_of(sample: custody.Listed) -> str:
    """What it was taken from; of a pool the first, and that there are more."""
    return f"{sample.parent_code or ''}{' +' if sample.is_pool else ''}"


@dataclass(frozen=True)
class _Origin:
    cohort_code: str
    site_code: str
    parent_type: SampleType | None


def _origins(sample_ids: Collection[int]) -> Mapping[int, _Origin]:
    """Where samples that the actor may see come from."""
    first, parent = orm.aliased(QuantityEntry), orm.aliased(Sample)
    rows = registry_session.execute(
        sa.select(Sample.id, Cohort.code, Site.code, parent.sample_type)
        .join(Participant, Participant.id == Sample.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Site, Site.id == Sample.site_id)
        .outerjoin(first, (first.sample_id == Sample.id) & (first.seq == 1))
        .outerjoin(parent, parent.id == first.other_id)
        .where(Sample.id.in_(sample_ids))
    )
    return {row[0]: _Origin(*row[1:]) for row in rows}


def _parts(sample_ids: Collection[int]) -> Mapping[int, str]:
    """Which of its parent's children of the same type each sample is: ``3/8``.

    A sample without a parent is absent, and so is a pool.  The ids come from a
    reading that was scoped by an actor.
    """
    parents = sa.select(DESCENT.c.parent_id).where(DESCENT.c.child_id.in_(sample_ids))
    kin = (DESCENT.c.parent_id, Sample.sample_type)
    family = (
        sa.select(
            Sample.id,
            sa.func.row_number().over(partition_by=kin, order_by=Sample.id).label("number"),
            sa.func.count().over(partition_by=kin).label("total"),
        )
        .join(DESCENT, DESCENT.c.child_id == Sample.id)
        .where(DESCENT.c.parent_id.in_(parents), ~is_pool())
        .subquery()
    )
    rows = registry_session.execute(sa.select(family).where(family.c.id.in_(sample_ids)))
    return {row.id: f"{row.number}/{row.total}" for row in rows}


def of_places(actor: Actor, unit_ids: Sequence[int], speech: Speech) -> Sequence[Content]:
    """What the labels of these places say, in that order.

    :raises NotFound: there is no such place at the actor's sites.
    """
    units = [storage.unit(actor, unit_id) for unit_id in unit_ids]
    ways = storage.ways_to(unit_ids)
    boxes = {
        box.id: box for box in registry_session.scalars(sa.select(Box).where(Box.id.in_(unit_ids)))
    }
    rows = registry_session.execute(sa.select(Site.id, Site.code))
    sites = {row.id: row.code for row in rows}
    contents = []
    for unit in units:
        way = ways[unit.id]
        temperature = storage.rules(way).storage_class
        box = boxes.get(unit.id)
        values = {
            Token.NAME: unit.name,
            Token.KIND: speech.translate(label(unit.kind)),
            Token.TEMPERATURE: "" if temperature is None else speech.translate(label(temperature)),
            Token.INSIDE: storage.in_words(way[:-1]),
            Token.CELLS: "" if box is None else f"{box.rows} × {box.columns}",
            Token.SITE: sites[unit.site_id],
        }
        contents.append(Content(LabelPurpose.PLACE, unit.code, values))
    return contents


def of_cart(cart: Cart, speech: Speech) -> Content:
    """What the label of a cart says, laid out as that of a place; the caller has asked as the
    actor."""
    values = {
        Token.NAME: cart.name,
        Token.KIND: speech.translate(T("Cart")),
        Token.TEMPERATURE: "",
        Token.INSIDE: "",
        Token.CELLS: "",
        Token.SITE: cart.site.code,
    }
    return Content(LabelPurpose.PLACE, cart.code, values)


def of_participant(found: Participant, speech: Speech) -> Content:
    """What the label for a participant's file says; the caller has asked as the actor."""
    site_codes = sa.select(Site.code).where(Site.id == found.site_id)
    values = {
        Token.PARTICIPANT: found.shown_code,
        Token.COHORT: found.cohort.code,
        Token.SITE: registry_session.scalars(site_codes).one(),
        Token.DATE: speech.day(found.included_on),
        Token.YEAR: str(found.included_on.year),
    }
    return Content(LabelPurpose.PARTICIPANT, found.code, values)


def example(purpose: LabelPurpose, speech: Speech) -> Content:
    """A label that could be, for looking at a template."""
    drawn = date(2026, 3, 10)
    kind = SampleType.PLASMA_DOUBLE_SPUN
    values: dict[Token, Any] = {
        Token.PARTICIPANT: participant.show(participant.make("0123AC")),
        Token.COHORT: "LUPUS",
        Token.SITE: "PAR",
        Token.TYPE: kind.value,
        Token.TYPE_NAME: speech.translate(label(kind)),
        Token.CONTAINER: ContainerType.POLYPROPYLENE.value,
        Token.VOLUME: speech.quantity(Decimal("0.5"), Unit.MILLILITRE),
        Token.DATE: speech.day(drawn),
        Token.TIME: "08:30",
        Token.YEAR: str(drawn.year),
        Token.SEQUENCE: "3/8",
        Token.PARENT: "B00000041C",
        Token.NAME: "LUPUS 12",
        Token.KIND: speech.translate(label(UnitKind.BOX)),
        Token.TEMPERATURE: speech.translate(label(StorageClass.ULTRA_LOW)),
        Token.INSIDE: f"CONG-02{storage.WITHIN}R4",
        Token.CELLS: "9 × 9",
    }
    codes = {LabelPurpose.PLACE: "BX-0042", LabelPurpose.PARTICIPANT: participant.make("0123AC")}
    return Content(purpose, codes.get(purpose, "B000001238"), values)


def place_ids(codes: Sequence[str]) -> Sequence[int]:
    """The places that bear these codes, in their order; whether one may see them, others ask."""
    rows = registry_session.execute(
        sa.select(StorageUnit.code, StorageUnit.id).where(StorageUnit.code.in_(codes))
    )
    known = {row.code: row.id for row in rows}
    return [known[code] for code in codes if code in known]
