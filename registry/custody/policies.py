"""Which act is allowed when: the table of transitions, and what time and people an act may name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from registry.custody.models import CustodyAct, Holding
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.custody import ActKind, CheckoutReason, DisposalReason, HolderKind
from registry.vocab.labels import label

_HELD = frozenset(HolderKind) - {HolderKind.DESTROYED}
_NOT_STORED = frozenset({HolderKind.COLLECTION_SITE, HolderKind.BENCH})
#: Out of the house, by a shipment.
AWAY = frozenset({HolderKind.SHIPMENT, HolderKind.PARTNER})
_RECEIVED = _HELD - AWAY - {HolderKind.COLLECTION_SITE}
_IN_HAND = frozenset({HolderKind.BENCH, HolderKind.PERSON})

#: From which holder each act is possible; None: it is the first act on the sample.
ALLOWED_FROM: dict[ActKind, frozenset[HolderKind | None]] = {
    ActKind.COLLECTED: frozenset({None}),
    ActKind.RECEIVED: frozenset({HolderKind.COLLECTION_SITE}),
    ActKind.CENTRIFUGED: _NOT_STORED,
    ActKind.FROZEN: _NOT_STORED | {HolderKind.PERSON},
    ActKind.THAWED: _IN_HAND,
    ActKind.ALIQUOTED: _RECEIVED | {None},
    ActKind.DERIVED: _RECEIVED | {None},
    ActKind.POOLED: _RECEIVED | {None},
    ActKind.PLACED: frozenset({HolderKind.BENCH}),
    ActKind.MOVED: frozenset({HolderKind.POSITION}),
    ActKind.CHECKED_OUT: frozenset({HolderKind.BENCH, HolderKind.POSITION}),
    ActKind.RETURNED: AWAY | {HolderKind.PERSON},
    ActKind.CONSUMED: _IN_HAND,
    ActKind.SHIPPED: frozenset({HolderKind.BENCH, HolderKind.POSITION}),
    ActKind.ARRIVED: frozenset({HolderKind.SHIPMENT}),
    ActKind.DISTRIBUTED: frozenset({HolderKind.SHIPMENT}),
    ActKind.CORRECTED: _HELD,
    ActKind.QUARANTINED: _HELD,
    ActKind.RELEASED: _HELD,
    ActKind.DISPOSED: frozenset({HolderKind.BENCH, HolderKind.POSITION}),
    ActKind.DESTROYED: _HELD,
    # Each definition names those of them from which its act may be done.
    ActKind.DEFINED: _HELD - AWAY,
}

#: To which holders an act hands the sample; an act that is absent leaves it where it is.
LEADS_TO: dict[ActKind, frozenset[HolderKind]] = {
    ActKind.COLLECTED: frozenset({HolderKind.COLLECTION_SITE}),
    ActKind.RECEIVED: frozenset({HolderKind.BENCH}),
    ActKind.PLACED: frozenset({HolderKind.POSITION}),
    ActKind.MOVED: frozenset({HolderKind.POSITION}),
    ActKind.CHECKED_OUT: frozenset({HolderKind.PERSON}),
    ActKind.RETURNED: frozenset({HolderKind.POSITION, HolderKind.BENCH}),
    ActKind.SHIPPED: frozenset({HolderKind.SHIPMENT}),
    ActKind.ARRIVED: frozenset({HolderKind.BENCH}),
    ActKind.DISTRIBUTED: frozenset({HolderKind.PARTNER}),
    ActKind.DISPOSED: frozenset({HolderKind.DESTROYED}),
    ActKind.DESTROYED: frozenset({HolderKind.DESTROYED}),
}

#: The acts that can be undone: nothing else depends on them.
CORRECTABLE = frozenset(
    {
        ActKind.RECEIVED,
        ActKind.CENTRIFUGED,
        ActKind.FROZEN,
        ActKind.THAWED,
        ActKind.PLACED,
        ActKind.MOVED,
        ActKind.CHECKED_OUT,
        ActKind.RETURNED,
        ActKind.DEFINED,
    }
)

#: The field of an act that says with which place the sample was moved.
CARRIED_WITH = "carried_with"
#: The field of a return that says how much was used of the sample.
USED = "used"
#: The field of an act that an import tells of: when it was done is not known, and the moment
#: that the act bears is that of the import.
TIME_UNKNOWN = "time_unknown"

_REFUSALS: dict[HolderKind, Message] = {
    HolderKind.COLLECTION_SITE: T("{code} has not been received yet: receive it first."),
    HolderKind.BENCH: T("{code} is on the bench, in no box and with nobody."),
    HolderKind.POSITION: T("{code} is in its place: {place}."),
    HolderKind.PERSON: T("{code} is checked out to {place} and was not returned."),
    HolderKind.SHIPMENT: T("{code} is on its way: {place}."),
    HolderKind.PARTNER: T("{code} is with a partner: {place}."),
    HolderKind.DESTROYED: T("{code} was destroyed."),
}


def transitions() -> Iterator[tuple[HolderKind | None, ActKind, HolderKind | None]]:
    """Every (holder before, act, holder after); None before: there was no sample yet.

    A first act that hands the sample to nobody named here leaves it on the
    bench: the child of a division.  A correction leads back, so it is left out.
    """
    for kind, befores in ALLOWED_FROM.items():
        if kind is ActKind.CORRECTED:
            continue
        for before in befores:
            for after in LEADS_TO.get(kind, {before or HolderKind.BENCH}):
                yield before, kind, after


def allowed_acts(holder: HolderKind) -> frozenset[ActKind]:
    """The acts that are possible while this is the holder."""
    return frozenset(kind for kind, befores in ALLOWED_FROM.items() if holder in befores)


def check_allowed(kind: ActKind, holding: Holding) -> None:
    """Refuse an act that the present holder does not allow.

    :raises RuleBroken: the sentence says where the sample is.
    """
    if holding.kind not in ALLOWED_FROM[kind]:
        raise RuleBroken(
            refusal(holding.kind, code=holding.sample.code, place=holding.place), field="code"
        )


def check_is_lent(holding: Holding) -> None:
    """Refuse to take back from a person what is on its way or with a partner: a shipment is.

    :raises RuleBroken: the sentence says where the sample is.
    """
    if holding.kind is not HolderKind.PERSON:
        raise RuleBroken(
            refusal(holding.kind, code=holding.sample.code, place=holding.place), field="code"
        )


def refusal(holder: HolderKind, *, code: str, place: str) -> Message:
    """Why what this holder does not allow cannot be done: where the sample is."""
    return Message(_REFUSALS[holder].msgid, {"code": code, "place": place})


def time_is_known() -> sa.ColumnElement[bool]:
    """Which acts happened when they say, and not at some time before their import."""
    is_unknown: sa.ColumnElement[bool] = CustodyAct.fields[TIME_UNKNOWN].as_boolean()
    return is_unknown.is_not(sa.true())


def check_past(moment: datetime, *, field: str) -> None:
    """Refuse what is still to come.

    :raises InvalidInput: it is after now.
    """
    if moment > clock.now():
        raise InvalidInput(T("This is still to come: the time cannot be after now."), field=field)


def moment_of(given: datetime | None, holding: Holding, *, field: str) -> datetime:
    """The moment of an act on a sample that is where `holding` says; now when none is given.

    People give minutes: one that began before the sample came there and had
    not ended by then stands for the moment at which it came.

    :raises InvalidInput: it is in the future, or before the sample came there.
    """
    happened_at = given or clock.now()
    check_past(happened_at, field=field)
    if happened_at < holding.since.replace(second=0, microsecond=0):
        raise InvalidInput(
            T(
                "The time cannot be before {since}, when the sample came to where it is.",
                since=clock.to_paris(holding.since).strftime("%d/%m/%Y %H:%M"),
            ),
            field=field,
        )
    return max(happened_at, holding.since)


def is_correctable(act: CustodyAct) -> bool:
    """Whether nothing else depends on the act, so that it can be undone while it is the last."""
    return act.kind in CORRECTABLE and not {CARRIED_WITH, USED, TIME_UNKNOWN} & act.fields.keys()


def check_correctable(wrong: CustodyAct, standing: Sequence[CustodyAct]) -> None:
    """Refuse to undo anything but the last of the acts that stand.

    :raises RuleBroken: it is another act, one corrected already, or of a kind
        that cannot be undone.
    """
    if all(act.id != wrong.id for act in standing):
        raise RuleBroken(T("This act was corrected already, or is itself a correction."))
    if standing[-1].id != wrong.id:
        raise RuleBroken(T("Other acts followed: undo the last one first."))
    if CARRIED_WITH in wrong.fields:
        raise RuleBroken(
            T("It came here with {place}: move that back.", place=wrong.fields[CARRIED_WITH])
        )
    if USED in wrong.fields:
        raise RuleBroken(T("With this return a quantity was recorded as used: it is not undone."))
    if TIME_UNKNOWN in wrong.fields:
        raise RuleBroken(T("An import told of this. Record what was done since instead."))
    if not is_correctable(wrong):
        raise RuleBroken(T("An act of this kind cannot be undone: {act}.", act=label(wrong.kind)))


def check_is_explained(
    reason: CheckoutReason | DisposalReason, said: Mapping[str, Any], comment: str | None
) -> None:
    """Refuse another reason that neither a term of the place, `said`, nor a comment says.

    :raises InvalidInput: see above.
    """
    is_said = bool(said) or bool((comment or "").strip())
    if reason.value == CheckoutReason.OTHER.value and not is_said:
        raise InvalidInput(T("Say in the comment what for."), field="comment")


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing.

    :raises InvalidInput: it is too short or too long.
    """
    if not limits.REASON_MIN <= len(reason.strip()) <= limits.REASON_MAX:
        raise InvalidInput(
            T(
                "Give a reason of {least} to {most} characters.",
                least=limits.REASON_MIN,
                most=limits.REASON_MAX,
            ),
            field="reason",
        )
