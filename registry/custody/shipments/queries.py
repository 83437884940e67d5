"""Reading shipments: those that leave from a site of the actor's, or go there."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.custody.models import Holding
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.people import Role
from registry.vocab.shipping import LineStatus, ShipmentList, ShipmentState

READERS = (Role.TECHNICIAN, Role.DATA_MANAGER, Role.DPO)


def _visible(actor: Actor) -> sa.Select[Shipment]:
    """The shipments that the actor may see.

    :raises NotPermitted: none at all.
    """
    require(actor, Permission.SHIPMENT_READ)
    scope = actor.sites(*READERS)
    query = sa.select(Shipment)
    if scope.everywhere:
        return query
    return query.where(sa.or_(Shipment.site_id.in_(scope.ids), Shipment.to_site_id.in_(scope.ids)))


def by_code(actor: Actor, code: str) -> Shipment:
    """The shipment whose bag bears this code.

    :raises NotFound: there is none that the actor may see.
    """
    found = registry_session.scalar(_visible(actor).where(Shipment.code == code))
    if found is None:
        raise NotFound(T("There is no shipment {code} at your sites.", code=code), field="code")
    return found


def _waits(actor: Actor, asked: ShipmentList) -> sa.ColumnElement[bool]:
    scope = actor.sites(Role.TECHNICIAN)
    here = sa.true() if scope.everywhere else Shipment.site_id.in_(scope.ids)
    there = sa.true() if scope.everywhere else Shipment.to_site_id.in_(scope.ids)
    since = clock.now() - timedelta(days=limits.SHIPMENT_UNDER_WAY_DAYS)
    match asked:
        case ShipmentList.TO_PACK:
            return sa.and_(here, Shipment.state == ShipmentState.DRAFT)
        case ShipmentList.TO_SEND:
            return sa.and_(here, Shipment.state == ShipmentState.SEALED)
        case ShipmentList.TO_RECEIVE:
            return sa.and_(
                there,
                Shipment.to_site_id.is_not(None),
                Shipment.state.in_((ShipmentState.SENT, ShipmentState.ARRIVED)),
            )
        case ShipmentList.LATE:
            return sa.and_(here, Shipment.state == ShipmentState.SENT, Shipment.sent_at < since)
        case ShipmentList.TO_RETURN:
            return sa.and_(here, Shipment.partner_id.is_not(None), _is_owed())
        case _:
            return sa.true()


def _is_owed() -> sa.ColumnElement[bool]:
    """Whether a partner has a tube that the consents no longer let it keep."""
    return sa.exists().where(
        ShipmentLine.shipment_id == Shipment.id,
        ShipmentLine.stopped_for.is_not(None),
        ShipmentLine.status.in_((LineStatus.SENT, LineStatus.ARRIVED)),
    )


def page(
    actor: Actor, asked: ShipmentList, *, before: int | None = None
) -> tuple[Sequence[Shipment], int | None]:
    """Some shipments, newest first, from below the number `before`; and what to ask next with."""
    query = _visible(actor).where(_waits(actor, asked))
    if before is not None:
        query = query.where(Shipment.id < before)
    found = registry_session.scalars(
        query.order_by(Shipment.id.desc()).limit(limits.PAGE_ROWS + 1)
    ).all()
    rows = found[: limits.PAGE_ROWS]
    return rows, rows[-1].id if len(found) > len(rows) else None


def counts(actor: Actor) -> Mapping[ShipmentList, int]:
    """How many shipments wait for the actor in each list, in one statement."""
    lists = [one for one in ShipmentList if one is not ShipmentList.EVERY]
    query = _visible(actor).with_only_columns(
        *[sa.func.count().filter(_waits(actor, one)) for one in lists]
    )
    return dict(zip(lists, registry_session.execute(query).one(), strict=True))


def lines_of(shipment: Shipment, *statuses: LineStatus) -> list[ShipmentLine]:
    """The shipment's tubes in these states (any), as others have left them."""
    query = (
        sa.select(ShipmentLine)
        .where(ShipmentLine.shipment_id == shipment.id)
        .order_by(ShipmentLine.id)
        .execution_options(populate_existing=True)
    )
    if statuses:
        query = query.where(ShipmentLine.status.in_(statuses))
    return list(registry_session.scalars(query))


def open_lines(sample_ids: Collection[int]) -> Mapping[int, str]:
    """The shipments in which these samples are, by the samples."""
    rows = registry_session.execute(
        sa.select(ShipmentLine.sample_id, Shipment.code)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(ShipmentLine.sample_id.in_(sample_ids), ShipmentLine.closed_at.is_(None))
    )
    return dict(rows.all())


def of_sample(actor: Actor, sample_code: str) -> Shipment | None:
    """The shipment in which the sample is now, if the actor may see it."""
    return registry_session.scalar(
        _visible(actor)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(Sample, Sample.id == ShipmentLine.sample_id)
        .where(Sample.code == sample_code, ShipmentLine.closed_at.is_(None))
    )


def lock_holdings(lines: Collection[ShipmentLine]) -> dict[int, Holding]:
    """The holdings of these tubes, kept from other writers, by the sample.

    Whoever may see the shipment receives its tubes, wherever they were taken.
    """
    found = registry_session.scalars(
        sa.select(Holding)
        .join(Holding.sample)
        .where(Holding.sample_id.in_([line.sample_id for line in lines]))
        .options(orm.contains_eager(Holding.sample))
        .order_by(Holding.sample_id)
        .with_for_update(of=Holding)
        .execution_options(populate_existing=True)
    )
    return {holding.sample_id: holding for holding in found}
