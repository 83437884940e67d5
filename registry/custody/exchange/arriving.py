"""The manifest of a partner's shipment, read strictly.

A word or a number that is not understood refuses the file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.exchange import believing, limiting
from registry.custody.exchange.believing import Believed, Kind
from registry.custody.exchange.limiting import Conditions
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import manifest
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples import policies as samples
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.samples import ContainerType, SampleType, Unit

MANIFEST = Kind("manifest", manifest.FORMAT, T("This is no signed manifest of a shipment."))


@dataclass(frozen=True)
class ArrivingTube:
    """One tube as its manifest names it."""

    code: str
    sample_type: SampleType
    container_type: ContainerType
    quantity: Decimal
    unit: Unit


@dataclass(frozen=True)
class Arriving:
    """A manifest that is believed."""

    signer: PartnerKey
    #: The number of the shipment at the partner's.
    shipment: str
    sent_at: datetime
    tubes: tuple[ArrivingTube, ...]
    #: What may be done with them; None when the manifest does not say: nothing may.
    conditions: Conditions | None
    #: The very text that was signed.
    text: str


def check(actor: Actor, file: bytes) -> Arriving:
    """What a partner's manifest says, if it may be taken in here and now.

    :raises InvalidInput: it is no manifest, was changed, is signed by a key that
        nobody recorded, or says what is not understood.
    :raises RuleBroken: its key does not count, it is for another installation, or too old.
    """
    require(actor, Permission.SHIPMENT_READ)
    believed = believing.open_(actor, file, MANIFEST)
    arriving = _understood(believed)
    _check_age(arriving.sent_at)
    return arriving


def clashing(arriving: Arriving) -> Collection[str]:
    """The codes that a tube of this installation bears too: the arriving one needs a new label."""
    named = [one.code for one in arriving.tubes]
    return set(registry_session.scalars(sa.select(Sample.code).where(Sample.code.in_(named))))


def _check_age(sent_at: datetime) -> None:
    now = clock.now()
    if sent_at > now:
        raise RuleBroken(
            T("This manifest was sent in the future: one of the clocks is wrong."), field="file"
        )
    if now - sent_at > timedelta(days=limits.MANIFEST_DAYS_MAX):
        raise RuleBroken(
            T(
                "This manifest is older than {days} days. Ask the partner to send it anew.",
                days=limits.MANIFEST_DAYS_MAX,
            ),
            field="file",
        )


def _understood(believed: Believed) -> Arriving:
    """What the manifest says, in the registry's own words.

    :raises InvalidInput: a part is missing, or is not understood.
    """
    said = believed.said
    try:
        sent_at = datetime.fromisoformat(said["sent_at"])
        shipment, listed = said["shipment"], said["tubes"]
        tubes = tuple(_tube(one) for one in listed)
        conditions = limiting.read(said.get("conditions"), MANIFEST)
        whole = isinstance(shipment, str) and 0 < len(shipment) <= limits.CODE_MAX
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise MANIFEST.unreadable() from None
    named = {one.code for one in tubes}
    if not whole or sent_at.tzinfo is None or not tubes or len(named) != len(tubes):
        raise MANIFEST.unreadable()
    return Arriving(believed.signer, shipment, sent_at, tubes, conditions, believed.text)


def _tube(said: Mapping[str, str]) -> ArrivingTube:
    code = samples.read_new_code(said["code"])
    if code != said["code"] or not isinstance(said["quantity"], str):
        raise MANIFEST.unreadable()
    quantity = Decimal(said["quantity"])
    if quantity != 0:
        samples.check_quantity(quantity, field="file")
    return ArrivingTube(
        code=code,
        sample_type=limiting.word(SampleType, said["type"]),
        container_type=limiting.word(ContainerType, said["container"]),
        quantity=quantity,
        unit=limiting.word(Unit, said["unit"]),
    )
