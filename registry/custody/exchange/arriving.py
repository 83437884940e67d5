"""The signed manifest of a partner: believed only whole, from a key that counts, for us, and soon.

What it says is read strictly: a word or a number that is not understood refuses the file.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from registry.access import Permission, require
from registry.custody.exchange import keys, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import manifest
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.samples import policies as samples
from registry.vocab import limits
from registry.vocab.exchange import KeyState
from registry.vocab.samples import ContainerType, SampleType, Unit

E = TypeVar("E", bound=StrEnum)

_KEY_REFUSALS: Mapping[KeyState, Message] = {
    KeyState.RECORDED: T(
        "The key of {partner} that signed this waits to be compared: let a colleague compare it."
    ),
    KeyState.RETIRED: T("The key of {partner} that signed this is retired. Ask the partner why."),
}


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


def check(actor: Actor, file: bytes) -> Arriving:
    """What a partner's manifest says, if it may be taken in here and now.

    :raises InvalidInput: it is no manifest, was changed, is signed by a key that
        nobody recorded, or says what is not understood.
    :raises RuleBroken: its key does not count, it is for another installation, or too old.
    """
    require(actor, Permission.SHIPMENT_READ)
    if len(file) > limits.MANIFEST_BYTES_MAX:
        raise _unreadable()
    try:
        read = manifest.read(file)
    except RecursionError:
        raise _unreadable() from None
    if read is None:
        raise _changed_or_unreadable(file)
    said, signature = read
    signer = _signer(signature.public_key)
    if said.get("format") != manifest.FORMAT:
        raise _unreadable()
    if said.get("recipient_key") != own.key(actor).public_key:
        raise RuleBroken(
            T(
                "This manifest of {partner} is for another installation. Ask them to record the "
                "key of this one and to send it anew.",
                partner=signer.partner.name,
            ),
            field="file",
        )
    arriving = _understood(signer, said)
    _check_age(arriving.sent_at)
    return arriving


def _signer(public_key: str) -> PartnerKey:
    known = keys.of_signer(public_key)
    if known is None:
        raise InvalidInput(
            T("Nobody recorded the key that signed this: it is of no partner."), field="file"
        )
    if known.state is not KeyState.COUNTS:
        sentence = _KEY_REFUSALS[known.state]
        raise RuleBroken(Message(sentence.msgid, {"partner": known.partner.name}), field="file")
    return known


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


def _understood(signer: PartnerKey, said: Mapping[str, Any]) -> Arriving:
    """What the manifest says, in the registry's own words.

    :raises InvalidInput: a part is missing, or is not understood.
    """
    try:
        sent_at = datetime.fromisoformat(said["sent_at"])
        shipment, listed = said["shipment"], said["tubes"]
        tubes = tuple(_tube(one) for one in listed)
        whole = isinstance(shipment, str) and 0 < len(shipment) <= limits.CODE_MAX
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise _unreadable() from None
    named = {one.code for one in tubes}
    if not whole or sent_at.tzinfo is None or not tubes or len(named) != len(tubes):
        raise _unreadable()
    return Arriving(signer, shipment, sent_at, tubes)


def _tube(said: Mapping[str, str]) -> ArrivingTube:
    code = samples.read_new_code(said["code"])
    if code != said["code"] or not isinstance(said["quantity"], str):
        raise _unreadable()
    quantity = Decimal(said["quantity"])
    if quantity != 0:
        samples.check_quantity(quantity, field="file")
    return ArrivingTube(
        code=code,
        sample_type=_word(SampleType, said["type"]),
        container_type=_word(ContainerType, said["container"]),
        quantity=quantity,
        unit=_word(Unit, said["unit"]),
    )


def _word(kind: Callable[[str], E], said: str) -> E:
    """One of the words that both installations know."""
    try:
        return kind(said)
    except ValueError:
        raise InvalidInput(
            T(
                "The manifest names something that this installation does not know: {word}.",
                word=str(said)[: limits.CODE_MAX],
            ),
            field="file",
        ) from None


def _changed_or_unreadable(file: bytes) -> InvalidInput:
    """A file with all the parts of a signed one was changed after it was signed."""
    try:
        said = json.loads(file)
        signed = isinstance(said["manifest"], str) and isinstance(said["signature"], dict)
    except (ValueError, KeyError, TypeError):
        signed = False
    if not signed:
        return _unreadable()
    return InvalidInput(
        T("This file was changed after it was signed. Ask the partner for it once more."),
        field="file",
    )


def _unreadable() -> InvalidInput:
    return InvalidInput(T("This is no signed manifest of a shipment."), field="file")
