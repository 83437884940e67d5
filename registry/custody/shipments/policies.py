"""The states of a shipment, and what may be put into one.

``docs/states/shipments.md`` is drawn from the table below.
"""

from registry.accounts.models import Site
from registry.custody.models import Holding
from registry.custody.shipments.models import Partner, Shipment, ShipmentLine
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.people import SiteKind
from registry.vocab.shipping import LineStatus, ShipmentAct, ShipmentState

#: Every transition there is; what is not here cannot happen.
TRANSITIONS: dict[ShipmentState, dict[ShipmentAct, ShipmentState]] = {
    ShipmentState.DRAFT: {
        ShipmentAct.SEAL: ShipmentState.SEALED,
        ShipmentAct.CANCEL: ShipmentState.CANCELLED,
    },
    ShipmentState.SEALED: {
        ShipmentAct.REOPEN: ShipmentState.DRAFT,
        ShipmentAct.SEND: ShipmentState.SENT,
        ShipmentAct.CANCEL: ShipmentState.CANCELLED,
    },
    ShipmentState.SENT: {
        ShipmentAct.ARRIVE: ShipmentState.ARRIVED,
        ShipmentAct.COME_BACK: ShipmentState.RETURNED,
        ShipmentAct.SETTLE: ShipmentState.SETTLED,
    },
    ShipmentState.ARRIVED: {
        ShipmentAct.ARRIVE: ShipmentState.ARRIVED,
        ShipmentAct.SETTLE: ShipmentState.SETTLED,
        ShipmentAct.COME_BACK: ShipmentState.RETURNED,
    },
    # What a partner received may come back long after.
    ShipmentState.SETTLED: {ShipmentAct.COME_BACK: ShipmentState.RETURNED},
    ShipmentState.RETURNED: {},
    ShipmentState.CANCELLED: {},
}

#: The states in which tubes are out of the house.
UNDER_WAY = (ShipmentState.SENT, ShipmentState.ARRIVED, ShipmentState.SETTLED)

_INSTEAD: dict[ShipmentState, Message] = {
    ShipmentState.DRAFT: T("{code} is still being packed: seal it first."),
    ShipmentState.SEALED: T("{code} is sealed: open it again first."),
    ShipmentState.SENT: T("{code} is on its way."),
    ShipmentState.ARRIVED: T("{code} has arrived."),
    ShipmentState.SETTLED: T("{code} is settled."),
    ShipmentState.RETURNED: T("Everything of {code} came back already."),
    ShipmentState.CANCELLED: T("{code} was cancelled."),
}


def can(shipment: Shipment, act: ShipmentAct) -> bool:
    """Whether `act` leads on from where the shipment stands."""
    return act in TRANSITIONS[shipment.state]


def check_can(shipment: Shipment, act: ShipmentAct) -> ShipmentState:
    """Where `act` leads from where the shipment stands.

    :raises RuleBroken: nowhere.
    """
    state = TRANSITIONS[shipment.state].get(act)
    if state is None:
        raise RuleBroken(refusal(shipment))
    return state


def move(shipment: Shipment, act: ShipmentAct) -> None:
    """Bring the shipment, whose row is locked, to where `act` leads.

    :raises RuleBroken: it leads nowhere from where it stands.
    """
    shipment.state = check_can(shipment, act)


def refusal(shipment: Shipment) -> Message:
    """Why something cannot be done to the shipment: how far it has come."""
    return Message(_INSTEAD[shipment.state].msgid, {"code": shipment.code})


def check_is_being_packed(shipment: Shipment) -> None:
    """Refuse to put anything into a closed bag, or take it out.

    :raises RuleBroken: it is closed.
    """
    if shipment.state is not ShipmentState.DRAFT:
        raise RuleBroken(refusal(shipment))


def check_is_under_way(shipment: Shipment) -> None:
    """Refuse what can only be done to tubes that have left.

    :raises RuleBroken: they have not.
    """
    if shipment.state not in UNDER_WAY:
        raise RuleBroken(refusal(shipment))


def check_goes_to_site(shipment: Shipment) -> None:
    """Refuse to take in at a site what goes to a partner.

    :raises RuleBroken: it does.
    """
    if shipment.to_site_id is None:
        raise RuleBroken(
            T("{code} goes to a partner, who records the arrival.", code=shipment.code)
        )


def check_is_here(shipment: Shipment, holding: Holding) -> None:
    """Refuse a tube that is at another site than the bag.

    :raises RuleBroken: it is.
    """
    if holding.site_id != shipment.site_id:
        raise RuleBroken(
            T(
                "{code} is not at {site}, where the bag leaves from: {place}.",
                code=holding.sample.code,
                site=shipment.site.name,
                place=holding.place,
            )
        )


def check_room(shipment: Shipment, count: int) -> None:
    """Refuse more tubes than a shipment may hold.

    :raises RuleBroken: there would be more.
    """
    if count > limits.SCANS_AT_ONCE_MAX:
        raise RuleBroken(
            T("A shipment holds at most {most} tubes.", most=limits.SCANS_AT_ONCE_MAX),
            field="codes",
        )


def check_can_leave(shipment: Shipment, lines: list[ShipmentLine]) -> None:
    """Refuse to close or send a bag that is empty, or holds what may not leave.

    :raises RuleBroken: the sentence names what to take out.
    """
    stopped = [line.sample.code for line in lines if line.status is LineStatus.STOPPED]
    if stopped:
        raise RuleBroken(
            T(
                "These tubes may no longer leave; take them out of the bag first: {codes}.",
                codes=", ".join(stopped),
            ),
            field="codes",
        )
    if not lines:
        raise RuleBroken(
            T("There is no tube in {code}: scan some first.", code=shipment.code), field="codes"
        )


def check_is_ours(site: Site | None) -> None:
    """Refuse to send to a partner's site as if it were one of ours: no request would be asked for.

    :raises RuleBroken: it is a partner's.
    """
    if site is not None and site.kind is SiteKind.PARTNER:
        raise RuleBroken(
            T(
                "{site} is a partner: choose it among the partners, with the approved request "
                "under which the tubes go.",
                site=site.name,
            ),
            field="destination",
        )


def check_is_served(partner: Partner) -> None:
    """Refuse a partner to whom nothing is sent any more.

    :raises RuleBroken: it was retired.
    """
    if partner.retired_at is not None:
        raise RuleBroken(
            T("Nothing is sent to {partner} any more.", partner=partner.name), field="destination"
        )
