"""Reserving tubes for a list, fetching them, leaving some out, closing.

The list is locked first, then participants, then their samples: the order of
everybody who does anything to tubes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from registry import audit
from registry.access import Permission, require
from registry.consents.decision import Asked
from registry.custody import asking, checkout, policies, recording
from registry.custody.models import Holding
from registry.custody.picking import queries, reserving
from registry.custody.picking.models import PickLine, PickList
from registry.custody.shipments import grounds, policies as shipping, service as shipments
from registry.custody.shipments.allowing import Allowed
from registry.custody.shipments.models import Shipment
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.samples import numbering, queries as samples
from registry.samples.models import Sample
from registry.samples.refusals import Refusals
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind, CheckoutReason
from registry.vocab.picking import LETTER, PickStatus


@transactional
def open_(
    actor: Actor,
    codes: Sequence[str],
    *,
    title: str,
    to_user_id: int | None = None,
    reason: CheckoutReason | None = None,
    shipment_id: int | None = None,
) -> PickList:
    """Reserve tubes of one site for a person who works there, or for a shipment being packed.

    :raises InvalidInput: no destination or two, no reason for a person, tubes
        of two sites, or some were refused; each is named under ``codes``.
    :raises RuleBroken: the shipment is closed, or its request no longer holds.
    """
    if (to_user_id is None) == (shipment_id is None):
        raise InvalidInput(T("Choose a person or a shipment."), field="destination")
    if (to_user_id is None) != (reason is None):
        raise InvalidInput(T("Say what the person takes the tubes for."), field="reason")
    scanned = recording.read_codes(codes, field="codes")
    found = {code: samples.get(actor, code) for code in scanned}
    [site_id, *others] = queries.sites_of([one.id for one in found.values()])
    if others:
        raise InvalidInput(
            T("The tubes are at several sites: make a list for each."), field="codes"
        )
    picked = PickList(
        title=title,
        site_id=site_id,
        for_user_id=to_user_id,
        reason=reason,
        shipment_id=shipment_id,
        reserved_until=_end_of_reservation(),
        opened_at=clock.now(),
        opened_by_id=actor.id,
    )
    require(actor, Permission.SAMPLE_CHECK_OUT, picked)
    _reserve(actor, picked, found)
    audit.record(
        actor,
        AuditTag.PICK_LIST_OPENED,
        picked,
        tubes=list(scanned),
        person=to_user_id,
        shipment=shipment_id,
    )
    return picked


def _end_of_reservation() -> datetime:
    return clock.now() + timedelta(days=limits.PICK_RESERVED_DAYS)


def _use_of(picked: PickList) -> Asked:
    """What the consents are asked for this list.

    :raises RuleBroken: the shipment is closed, or its request no longer holds.
    """
    if picked.reason is not None:
        return asking.USE_OF[picked.reason]
    shipment = lock_row(Shipment, picked.shipment_id)
    shipping.check_is_being_packed(shipment)
    return grounds.asked_now(shipment)


def _reserve(actor: Actor, picked: PickList, found: Mapping[str, Sample]) -> None:
    refusals = Refusals("codes")
    allowed = Allowed(_use_of(picked), found.values())
    holdings = recording.lock_holdings(actor, found)
    ids = [one.sample_id for one in holdings.values()]
    _let_go_of_expired(ids)
    for code, sample in found.items():
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_CHECK_OUT)
            _check_can_go(actor, picked, holding)
            allowed.check(sample)
    refusals.raise_if_any()
    [picked.code] = numbering.next_codes(1, letter=LETTER)
    registry_session.add(picked)
    registry_session.flush()
    registry_session.add_all(
        PickLine(list_id=picked.id, sample_id=one, status=PickStatus.WAITING) for one in ids
    )
    registry_session.flush()


def _check_can_go(actor: Actor, picked: PickList, holding: Holding) -> None:
    """Refuse what the list could not hand over.

    :raises RuleBroken: the tube is not there, or may not be used.
    :raises InvalidInput: the person does not work at the tube's site.
    """
    if picked.for_user_id is None:
        recording.check_possible(ActKind.SHIPPED, holding)
        shipping.check_is_here(lock_row(Shipment, picked.shipment_id), holding)
        return
    recording.check_possible(ActKind.CHECKED_OUT, holding)
    checkout.check_works_at(actor, picked.for_user_id, holding.sample.site_id)


def _let_go_of_expired(sample_ids: Sequence[int]) -> None:
    """End the lines of these samples, whose holdings are locked, that no longer reserve them."""
    still = reserving.reserved_among(sample_ids)
    for line in queries.waiting_among([one for one in sample_ids if one not in still]):
        _end(line, PickStatus.RELEASED)
    registry_session.flush()


def _end(line: PickLine, status: PickStatus, note: str | None = None) -> None:
    line.status = status
    line.note = note
    line.closed_at = clock.now()


@transactional
def fetch(
    actor: Actor, list_id: int, codes: Sequence[str], *, at: datetime | None = None
) -> Sequence[PickLine]:
    """Hand scanned tubes of the list to whom they are for, all or none; the last one closes it.

    :raises InvalidInput: some were refused; each is named under ``codes``: it is
        not on the list, or what is done with it was refused.
    :raises RuleBroken: the list is closed, or its reservation has ended.
    """
    picked = _open_list(actor, list_id)
    if picked.reserved_until <= clock.now():
        raise RuleBroken(T("The reservation has ended: reserve the tubes again first."))
    scanned = recording.read_codes(codes, field="codes")
    lines = {line.sample.code: line for line in queries.waiting_on(picked)}
    refusals = Refusals("codes")
    for code in scanned:
        with refusals.gathered(code):
            if code not in lines:
                raise RuleBroken(T("{code} is not to be fetched for this list.", code=code))
    refusals.raise_if_any()
    done = [lines.pop(code) for code in scanned]
    # In the order of everybody: a participant, then the tubes.
    Allowed(_use_of(picked), (line.sample for line in done))
    recording.lock_holdings(actor, scanned)
    for line in done:
        _end(line, PickStatus.PICKED)
    registry_session.flush()
    _hand_over(actor, picked, scanned, at)
    audit.record(actor, AuditTag.PICK_LIST_FETCHED, picked, tubes=list(scanned))
    if not lines:
        _close(actor, picked)
    return done


def _hand_over(actor: Actor, picked: PickList, codes: Sequence[str], at: datetime | None) -> None:
    if picked.shipment_id is not None:
        shipments.add(actor, picked.shipment_id, codes)
        return
    if picked.for_user_id is None or picked.reason is None:
        raise RuleBroken(T("This list is for nobody."))
    refusals = Refusals("codes")
    for code in codes:
        with refusals.gathered(code):
            checkout.check_out(
                actor,
                code,
                to_user_id=picked.for_user_id,
                reason=picked.reason,
                comment=f"{picked.code} {picked.title}",
                at=at,
            )
    refusals.raise_if_any()


@transactional
def leave_out(actor: Actor, list_id: int, code: str, *, reason: str) -> PickLine:
    """Take one tube off the list, such as one that is not where it should be.

    :raises RuleBroken: it does not wait on this list.
    :raises InvalidInput: the reason says nothing.
    """
    picked = _open_list(actor, list_id)
    policies.check_reason(reason)
    [scanned] = recording.read_codes([code], field="code")
    lines = queries.waiting_on(picked)
    line = next((one for one in lines if one.sample.code == scanned), None)
    if line is None:
        raise RuleBroken(
            T("{code} is not to be fetched for this list.", code=scanned), field="code"
        )
    _end(line, PickStatus.LEFT_OUT, reason.strip())
    audit.record(actor, AuditTag.PICK_LIST_LEFT_OUT, picked, tube=scanned, reason=reason.strip())
    if len(lines) == 1:
        _close(actor, picked)
    return line


@transactional
def reserve_again(actor: Actor, list_id: int) -> PickList:
    """Keep what was not fetched yet for this list, for the usual time from now."""
    picked = _open_list(actor, list_id)
    picked.reserved_until = _end_of_reservation()
    audit.record(actor, AuditTag.PICK_LIST_RESERVED, picked)
    return picked


@transactional
def close(actor: Actor, list_id: int) -> PickList:
    """Fetch nothing more: what waits may be used by others.

    :raises RuleBroken: it is closed already.
    """
    picked = _open_list(actor, list_id)
    _close(actor, picked)
    return picked


def _close(actor: Actor, picked: PickList) -> None:
    left = queries.waiting_on(picked)
    for line in left:
        _end(line, PickStatus.RELEASED)
    picked.closed_at = clock.now()
    audit.record(actor, AuditTag.PICK_LIST_CLOSED, picked, not_fetched=len(left))


def _open_list(actor: Actor, list_id: int) -> PickList:
    """The list, kept from other writers, for a person who hands out tubes at its site.

    :raises RuleBroken: it is closed.
    """
    picked = lock_row(PickList, list_id)
    require(actor, Permission.SAMPLE_CHECK_OUT, picked)
    if picked.closed_at is not None:
        raise RuleBroken(T("The list {code} is closed.", code=picked.code))
    return picked
