"""Acts on partners' tubes: putting them away, using them as the partner allows, their end.

The partner is locked first, as a recall does: no act slips in beside one.
"""

from collections.abc import Callable, Sequence
from typing import Any

from registry import audit
from registry.access import Permission, require
from registry.custody import recording
from registry.custody.exchange import taking_in
from registry.custody.exchange.guests import queries
from registry.custody.exchange.guests.models import GuestAct
from registry.custody.exchange.limiting import Conditions
from registry.custody.exchange.models import ForeignShipment
from registry.custody.exchange.recalls import queries as recalls
from registry.custody.shipments.models import Partner
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Use
from registry.vocab.exchange import RECALL_ENDS, GuestActKind, RecalledState
from registry.vocab.labels import label

Check = Callable[[str], None]


@transactional
def put_away(
    actor: Actor, shipment_id: int, codes: Sequence[str], *, place: str, note: str | None = None
) -> Sequence[GuestAct]:
    """Say where tubes lie, recalled ones too: all or none.

    :raises InvalidInput: some did not arrive or are here no more; each is named under ``codes``.
    """
    shipment = _locked(actor, shipment_id)
    return _record(
        actor, shipment, codes, lambda _code: None, kind=GuestActKind.PUT_AWAY, place=place,
        note=note,
    )  # fmt: skip


@transactional
def use(
    actor: Actor, shipment_id: int, codes: Sequence[str], *, use: Use, note: str | None = None
) -> Sequence[GuestAct]:
    """Use tubes for the partner's project, in a way that the partner allows today: all or none.

    :raises RuleBroken: the manifest allows no such use, or its project has ended.
    :raises InvalidInput: some are recalled, did not arrive or are here no more; each is
        named under ``codes``.
    """
    shipment = _locked(actor, shipment_id)
    contents = taking_in.contents(shipment)
    check_allows(contents.conditions, use)
    recalled = recalls.stopping(shipment.partner_id, contents.arrived, sent_at=contents.sent_at)

    def check(code: str) -> None:
        if code in recalled:
            raise RuleBroken(
                T(
                    "{code} was recalled by {number}: it is not used any more.",
                    code=code,
                    number=recalled[code].number,
                )
            )

    return _record(actor, shipment, codes, check, kind=GuestActKind.USED, use=use, note=note)


@transactional
def end(
    actor: Actor,
    shipment_id: int,
    codes: Sequence[str],
    *,
    outcome: RecalledState,
    note: str | None = None,
) -> Sequence[GuestAct]:
    """Say that tubes are here no more: used up, destroyed or sent back.  All or none.

    :raises InvalidInput: some are recalled (the recall is answered instead), did not arrive
        or are here no more; each is named under ``codes``.
    """
    shipment = _locked(actor, shipment_id)
    if outcome not in RECALL_ENDS:
        raise InvalidInput(T("Say what became of the tubes."), field="outcome")
    recalled = recalls.awaiting(shipment.partner_id, taking_in.contents(shipment).arrived)

    def check(code: str) -> None:
        if code in recalled:
            raise RuleBroken(
                T(
                    "{code} was recalled by {number}: say there what became of it.",
                    code=code,
                    number=recalled[code].number,
                )
            )

    return _record(
        actor, shipment, codes, check, kind=GuestActKind.GONE, outcome=outcome, note=note
    )


def check_allows(conditions: Conditions | None, use: Use) -> None:
    """Refuse a use that the partner does not allow today.

    :raises RuleBroken: the sentence says which, or since when.
    """
    if conditions is None:
        raise RuleBroken(
            T("The manifest does not say what may be done with these tubes. Ask the partner.")
        )
    if conditions.have_ended:
        raise RuleBroken(
            T("The project {project} has ended: its tubes are not used any more.",
              project=conditions.project)
        )  # fmt: skip
    if use not in conditions.uses:
        raise RuleBroken(
            T("The partner does not allow this use: {use}.", use=label(use)), field="use"
        )


def _locked(actor: Actor, shipment_id: int) -> ForeignShipment:
    """The shipment, its partner kept from other writers, for who receives at its site."""
    shipment = taking_in.get(actor, shipment_id)
    require(actor, Permission.SHIPMENT_RECEIVE, shipment)
    lock_row(Partner, shipment.partner_id)
    return shipment


def _record(
    actor: Actor,
    shipment: ForeignShipment,
    codes: Sequence[str],
    check: Check,
    *,
    kind: GuestActKind,
    **facts: Any,
) -> Sequence[GuestAct]:
    scanned = recording.read_codes(codes, field="codes")
    arrived = set(taking_in.contents(shipment).arrived)
    outcomes = queries.ends_in(shipment)
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            if code not in arrived:
                raise RuleBroken(T("{code} did not arrive with this shipment.", code=code))
            if code in outcomes:
                raise RuleBroken(
                    T("{code} is here no more: {how}.", code=code, how=label(outcomes[code]))
                )
            check(code)
    refusals.raise_if_any()
    acts = [
        GuestAct(
            shipment_id=shipment.id,
            code=code,
            kind=kind,
            recorded_at=clock.now(),
            recorded_by_id=actor.id,
            **facts,
        )
        for code in scanned
    ]
    registry_session.add_all(acts)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.FOREIGN_TUBES_ACTED_ON,
        shipment,
        reason=facts.get("note"),
        act=kind,
        use=facts.get("use"),
        outcome=facts.get("outcome"),
        tubes=scanned,
    )
    return acts
