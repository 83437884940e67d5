"""An act in words: who held the sample, and what is worth saying about it.

The same words on the screen and on the custody form.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry.custody.defined import values
from registry.custody.defined.definition import Definition
from registry.custody.policies import TIME_UNKNOWN
from registry.custody.queries import ChainLine
from registry.kernel import clock
from registry.kernel.messages import Message, T
from registry.participants.terms import kinds, queries as terms
from registry.samples import tissue
from registry.samples.tissue import Handling
from registry.vocab.custody import ActKind, CheckoutReason, DisposalReason, HolderKind
from registry.vocab.labels import label
from registry.vocab.samples import SampleCondition, SampleType, Unit
from registry.vocab.sprec import Ambient, Brake, Vessel

_HELD: dict[HolderKind, Message] = {
    HolderKind.COLLECTION_SITE: T("{place}, where it was collected"),
    HolderKind.BENCH: T("{place}, on the bench"),
    HolderKind.POSITION: T("{place}"),
    HolderKind.PERSON: T("{place}, in person"),
    HolderKind.SHIPMENT: T("On its way: {place}"),
    HolderKind.PARTNER: T("{place}, a partner"),
    HolderKind.DESTROYED: T("Destroyed, {place}"),
}


#: How the cause of a quarantine begins that an incident opened.
INCIDENT = "incident:"

#: What the reason of an act is one of.
_REASONS: dict[ActKind, type[CheckoutReason | DisposalReason]] = {
    ActKind.CHECKED_OUT: CheckoutReason,
    ActKind.CONSUMED: CheckoutReason,
    ActKind.DISPOSED: DisposalReason,
}


def held_by(kind: HolderKind, place: str) -> Message:
    """Who or what holds, or held, the sample."""
    return Message(_HELD[kind].msgid, {"place": place})


def act_name(kind: ActKind, definition: Definition | None) -> Message:
    """What the act is called."""
    return label(kind) if definition is None else definition.name


def remarks(line: ChainLine) -> Sequence[Message | str]:
    """The reason for an act, what only acts of its kind have, and the comment."""
    said: list[Message | str] = []
    if line.kind in _REASONS and line.reason:
        said.append(terms.in_words(_REASONS[line.kind](line.reason), line.fields))
    said += _facts(line.fields)
    if line.definition is not None:
        said += values.in_words(line.definition.fields, line.fields["values"])
    if line.comment:
        said.append(line.comment)
    return said


def _facts(fields: Mapping[str, Any]) -> list[Message]:
    facts = _arrival(fields)
    if str(fields.get("cause", "")).startswith(INCIDENT):
        facts.append(T("Incident {code}", code=fields["cause"].removeprefix(INCIDENT)))
    if "damaged" in fields:
        facts.append(T("Damaged on the way"))
    facts += _handling(fields)
    if "carried_with" in fields:
        facts.append(T("Moved with {place}", place=fields["carried_with"]))
    facts += _amounts(fields)
    if TIME_UNKNOWN in fields:
        facts.append(T("Told by an import: when it was done is not known"))
    return facts


def _arrival(fields: Mapping[str, Any]) -> list[Message]:
    """How a tube came, and where it waited until its participant was known."""
    facts: list[Message] = []
    if "condition" in fields:
        condition = terms.in_words(SampleCondition(fields["condition"]), fields)
        facts.append(T("Condition: {condition}", condition=condition))
    if "tray" in fields:
        facts.append(T("Waited in the tray {place}", place=fields["tray"]))
    if "received_by" in fields:
        facts.append(T("Taken in by {person}", person=fields["received_by"]))
    return facts


def _handling(fields: Mapping[str, Any]) -> list[Message]:
    """How a tube was kept, centrifuged or frozen."""
    facts: list[Message] = []
    if "minutes" in fields:
        facts.append(T("{minutes} min", minutes=fields["minutes"]))
    if "g" in fields:
        facts.append(T("{force} × g", force=fields["g"]))
    if "brake" in fields:
        facts.append(label(Brake.ON if fields["brake"] else Brake.OFF))
    if "ambient" in fields:
        facts.append(label(Ambient(fields["ambient"])))
    if "vessel" in fields:
        facts.append(T("In: {vessel}", vessel=label(Vessel(fields["vessel"]))))
    if "programmed" in fields:
        facts.append(T("Frozen by a programme"))
    return facts + _taking(tissue.read(fields))


def _taking(handling: Handling) -> list[Message]:
    """How tissue was taken and fixed."""
    chosen = [label(one) for one in (handling.collection, handling.fixation) if one is not None]
    times = (
        (T("Blood supply stopped {moment}"), handling.clamped_at),
        (T("Fixed {moment}"), handling.fixed_at),
        (T("Fixed until {moment}"), handling.fixed_until),
    )
    return chosen + [
        Message(said.msgid, {"moment": clock.to_paris(moment).strftime("%d/%m/%Y %H:%M")})
        for said, moment in times
        if moment is not None
    ]


def _amounts(fields: Mapping[str, Any]) -> list[Message]:
    """What a tube was filled from, what was taken from it, and how much that was."""
    facts: list[Message] = []
    if "parent" in fields:
        facts.append(T("Taken from {parent}", parent=fields["parent"]))
    if "parents" in fields:
        facts.append(T("Pooled from {parents}", parents=", ".join(fields["parents"])))
    if "volume" in fields:
        facts.append(_quantity(T("{volume} {unit}"), fields["volume"], fields))
    if "used" in fields:
        facts.append(_quantity(T("Used: {volume} {unit}"), fields["used"], fields))
    if "children" in fields:
        facts += _division(fields)
    if fields.get("loss", "0") not in ("", "0"):
        facts.append(_quantity(T("Lost: {volume} {unit}"), fields["loss"], fields))
    return facts


def _division(fields: Mapping[str, Any]) -> list[Message]:
    volumes: Sequence[str] = fields["volumes"]
    counted: dict[str, int] = {}
    for volume in volumes:
        counted[volume] = counted.get(volume, 0) + 1
    made = kinds.name(SampleType(fields["type"]), fields.get(kinds.TYPE_TERM))
    facts = [T("Made: {type}", type=made)]
    facts += [
        _quantity(T("{count} × {volume} {unit}"), volume, fields, count=count)
        for volume, count in counted.items()
    ]
    return facts


def _quantity(sentence: Message, volume: str, fields: Mapping[str, Any], **more: Any) -> Message:
    places = {"volume": Decimal(volume), "unit": label(Unit(fields["unit"])), **more}
    return Message(sentence.msgid, places)
