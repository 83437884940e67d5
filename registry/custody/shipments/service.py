"""Packing shipments: opened, filled tube by tube, sealed, opened again, cancelled.

The shipment is locked first, then participants, then their samples: the order
of everybody who does anything to tubes.
"""

from collections.abc import Sequence

from registry import audit
from registry.access import Permission, require
from registry.accounts import queries as accounts
from registry.custody import policies as custody, recording
from registry.custody.shipments import grounds, partners, policies, queries
from registry.custody.shipments.allowing import Allowed
from registry.custody.shipments.models import Partner, Shipment, ShipmentLine
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import numbering, queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind
from registry.vocab.shipping import (
    IN_THE_BAG,
    LETTER,
    LineStatus,
    Packing,
    ShipmentAct,
    ShipmentState,
)


@transactional
def open_(
    actor: Actor,
    *,
    site_id: int,
    packing: Packing,
    to_site_id: int | None = None,
    partner_id: int | None = None,
    request: str | None = None,
) -> Shipment:
    """Begin a shipment from a site of the actor's to another site, or to a partner.

    :raises InvalidInput: no destination or two, the same site, or a request
        that does not name the partner.
    :raises RuleBroken: the site is a partner's, the partner was retired, or
        the request does not hold.
    """
    if (to_site_id is None) == (partner_id is None) or to_site_id == site_id:
        raise InvalidInput(T("Choose another site, or a partner."), field="destination")
    shipment = Shipment(
        state=ShipmentState.DRAFT,
        site_id=site_id,
        to_site_id=to_site_id,
        packing=packing,
        opened_at=clock.now(),
        opened_by_id=actor.id,
    )
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    _check_sites(site_id, to_site_id)
    if partner_id is not None:
        partner = partners.get(actor, partner_id)
        shipment.request = _request_of(partner, request)
        shipment.partner_id = partner.id
    [shipment.code] = numbering.next_codes(1, letter=LETTER)
    registry_session.add(shipment)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.SHIPMENT_OPENED,
        shipment,
        partner=partner_id,
        to_site=to_site_id,
        request=shipment.request,
    )
    return shipment


def _check_sites(site_id: int, to_site_id: int | None) -> None:
    known = {site.id: site for site in accounts.sites()}
    if not {site_id, to_site_id} - {None} <= known.keys():
        raise InvalidInput(T("Choose a site from the list."), field="destination")
    policies.check_is_ours(None if to_site_id is None else known[to_site_id])


def _request_of(partner: Partner, request: str | None) -> str:
    policies.check_is_served(partner)
    if not request:
        raise InvalidInput(
            T("Name the approved request under which the tubes go."), field="request"
        )
    return grounds.check_serves(request.strip().upper(), partner).number


@transactional
def add(actor: Actor, shipment_id: int, codes: Sequence[str]) -> Sequence[ShipmentLine]:
    """Put scanned tubes into the bag, all or none; nothing that the consents do not allow.

    :raises InvalidInput: some were refused; each is named under ``codes``.
    :raises RuleBroken: the bag is closed or full, or the request no longer holds.
    """
    shipment = _locked(actor, shipment_id)
    policies.check_is_being_packed(shipment)
    scanned = recording.read_codes(codes, field="codes")
    policies.check_room(shipment, len(lines_in(shipment)) + len(scanned))
    refusals = Refusals("codes")
    found: dict[str, Sample] = {}
    for code in scanned:
        with refusals.gathered(code):
            found[code] = samples.get(actor, code)
    allowed = Allowed(grounds.asked_now(shipment), found.values())
    holdings = recording.lock_holdings(actor, scanned)
    packed = queries.open_lines([holding.sample_id for holding in holdings.values()])
    made: list[ShipmentLine] = []
    for code in (one for one in scanned if one in found):
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SHIPMENT_PREPARE)
            other = packed.get(holding.sample_id)
            if other is not None:
                raise RuleBroken(
                    T("{code} is in shipment {shipment} already.", code=code, shipment=other)
                )
            recording.check_possible(ActKind.SHIPPED, holding)
            policies.check_is_here(shipment, holding)
            allowed.check(found[code])
            made.append(
                ShipmentLine(
                    shipment_id=shipment.id,
                    sample_id=holding.sample_id,
                    status=LineStatus.PACKED,
                    taken_from=holding.place,
                    packed_at=clock.now(),
                )
            )
    refusals.raise_if_any()
    registry_session.add_all(made)
    registry_session.flush()
    audit.record(actor, AuditTag.SHIPMENT_PACKED, shipment, tubes=scanned)
    return made


@transactional
def take_out(actor: Actor, shipment_id: int, code: str) -> ShipmentLine:
    """Take one tube out of an open bag; it is where it was before.

    :raises RuleBroken: the bag is closed, or the tube is not in it.
    """
    shipment = _locked(actor, shipment_id)
    policies.check_is_being_packed(shipment)
    [scanned] = recording.read_codes([code], field="codes")
    line = next((one for one in lines_in(shipment) if one.sample.code == scanned), None)
    if line is None:
        raise RuleBroken(
            T("{code} is not in shipment {shipment}.", code=scanned, shipment=shipment.code),
            field="codes",
        )
    line.status = LineStatus.TAKEN_OUT
    line.closed_at = clock.now()
    audit.record(actor, AuditTag.SHIPMENT_UNPACKED, shipment, tube=scanned)
    return line


@transactional
def seal(actor: Actor, shipment_id: int) -> Shipment:
    """Close the bag.

    :raises RuleBroken: it is empty, closed already, or holds what may not leave.
    """
    shipment = _locked(actor, shipment_id)
    policies.move(shipment, ShipmentAct.SEAL)
    inside = lines_in(shipment)
    policies.check_can_leave(shipment, inside)
    shipment.sealed_at = clock.now()
    audit.record(actor, AuditTag.SHIPMENT_SEALED, shipment, tubes=len(inside))
    return shipment


@transactional
def reopen(actor: Actor, shipment_id: int) -> Shipment:
    """Open a sealed bag again.

    :raises RuleBroken: it is not sealed, or has left.
    """
    shipment = _locked(actor, shipment_id)
    policies.move(shipment, ShipmentAct.REOPEN)
    shipment.sealed_at = None
    audit.record(actor, AuditTag.SHIPMENT_REOPENED, shipment)
    return shipment


@transactional
def cancel(actor: Actor, shipment_id: int, *, reason: str) -> Shipment:
    """Send nothing: every tube is taken out of the bag.

    :raises RuleBroken: it has left.
    :raises InvalidInput: the reason says nothing.
    """
    shipment = _locked(actor, shipment_id)
    custody.check_reason(reason)
    policies.move(shipment, ShipmentAct.CANCEL)
    now = clock.now()
    for line in lines_in(shipment):
        line.status = LineStatus.TAKEN_OUT
        line.closed_at = now
    shipment.closed_at = now
    audit.record(actor, AuditTag.SHIPMENT_CANCELLED, shipment, reason=reason.strip())
    return shipment


def _locked(actor: Actor, shipment_id: int) -> Shipment:
    """The shipment, kept from other writers, for a person who packs at its site."""
    shipment = lock_row(Shipment, shipment_id)
    require(actor, Permission.SHIPMENT_PREPARE, shipment)
    return shipment


def lines_in(shipment: Shipment) -> list[ShipmentLine]:
    """The tubes in the bag, as others have left them."""
    return queries.lines_of(shipment, *IN_THE_BAG)
