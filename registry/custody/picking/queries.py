"""Reading pick lists, and their tubes in the order in which one walks past the freezers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from registry.access import Permission, require
from registry.custody.listing import lines, read
from registry.custody.models import Holding
from registry.custody.picking.models import PickLine, PickList
from registry.custody.views import Listed
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.storage import queries as storage
from registry.storage.models import StorageUnit
from registry.vocab import limits
from registry.vocab.people import Role
from registry.vocab.picking import PickStatus


@dataclass(frozen=True)
class Stop:
    """One tube of a list: where it is now, and what became of it."""

    sample: Listed
    status: PickStatus
    note: str | None
    #: From the outermost place inwards, then the cell: what the list is ordered by.
    way: tuple[Any, ...]


def _visible(actor: Actor) -> sa.Select[PickList]:
    require(actor, Permission.SAMPLE_CHECK_OUT)
    scope = actor.sites(Role.TECHNICIAN)
    query = sa.select(PickList)
    return query if scope.everywhere else query.where(PickList.site_id.in_(scope.ids))


def by_code(actor: Actor, code: str) -> PickList:
    """The list whose print bears this code.

    :raises NotFound: there is none at the actor's sites.
    """
    found = registry_session.scalar(_visible(actor).where(PickList.code == code))
    if found is None:
        raise NotFound(T("There is no pick list {code} at your sites.", code=code), field="code")
    return found


def page(
    actor: Actor, *, closed: bool = False, before: int | None = None
) -> tuple[Sequence[PickList], int | None]:
    """Some lists, open or closed, newest first, from below the number `before`; and the next."""
    ended = PickList.closed_at.is_not(None) if closed else PickList.closed_at.is_(None)
    query = _visible(actor).where(ended)
    if before is not None:
        query = query.where(PickList.id < before)
    found = registry_session.scalars(
        query.order_by(PickList.id.desc()).limit(limits.PAGE_ROWS + 1)
    ).all()
    rows = found[: limits.PAGE_ROWS]
    return rows, rows[-1].id if len(found) > len(rows) else None


def count_open(actor: Actor) -> int:
    """How many lists wait to be fetched at the actor's sites."""
    query = _visible(actor).where(PickList.closed_at.is_(None))
    return registry_session.scalar(query.with_only_columns(sa.func.count())) or 0


def to_fetch(list_ids: Collection[int]) -> dict[int, int]:
    """How many tubes wait on each of these lists; absent for none."""
    rows = registry_session.execute(
        sa.select(PickLine.list_id, sa.func.count())
        .where(PickLine.list_id.in_(list_ids), PickLine.closed_at.is_(None))
        .group_by(PickLine.list_id)
    )
    return dict(rows.all())


def waiting_on(picked: PickList) -> list[PickLine]:
    """The tubes that wait on a list, as others have left them."""
    return _waiting(PickLine.list_id == picked.id)


def waiting_among(sample_ids: Collection[int]) -> list[PickLine]:
    """The lines on which these samples wait, whether their reservation runs or has ended."""
    return _waiting(PickLine.sample_id.in_(sample_ids))


def _waiting(which: sa.ColumnElement[bool]) -> list[PickLine]:
    query = sa.select(PickLine).where(which, PickLine.closed_at.is_(None)).order_by(PickLine.id)
    return list(registry_session.scalars(query.execution_options(populate_existing=True)))


def of_sample(actor: Actor, sample_id: int) -> PickList | None:
    """The list on which the sample waits, if its reservation runs and the actor may see it."""
    return registry_session.scalar(
        _visible(actor)
        .join(PickLine, PickLine.list_id == PickList.id)
        .where(
            PickLine.sample_id == sample_id,
            PickLine.closed_at.is_(None),
            PickList.reserved_until > clock.now(),
        )
    )


def sites_of(sample_ids: Collection[int]) -> Sequence[int]:
    """The sites at which these samples are now."""
    query = sa.select(Holding.site_id).where(Holding.sample_id.in_(sample_ids)).distinct()
    return registry_session.scalars(query).all()


def stops(picked: PickList) -> Sequence[Stop]:
    """The tubes of a list in the order of the freezers: those to fetch first, then the others."""
    found = registry_session.execute(
        sa.select(PickLine.sample_id, PickLine.status, PickLine.note, Holding)
        .join(Holding, Holding.sample_id == PickLine.sample_id)
        .where(PickLine.list_id == picked.id)
    ).all()
    ids = [row.sample_id for row in found]
    shown = {one.id: one for one in read(lines().where(Sample.id.in_(ids)))}
    ways = storage.ways_to({row.Holding.box_id for row in found} - {None})
    stopped = [
        Stop(shown[row.sample_id], row.status, row.note, _way(row.Holding, ways)) for row in found
    ]
    return sorted(stopped, key=lambda one: (one.status is not PickStatus.WAITING, *one.way))


def _way(held: Holding, ways: Mapping[int, Sequence[StorageUnit]]) -> tuple[Any, ...]:
    """What is in no box comes last."""
    if held.box_id is None:
        return (True, (), 0, 0, held.sample_id)
    names = tuple(storage.natural(place.name) for place in ways[held.box_id])
    return (False, names, held.row or 0, held.col or 0, held.sample_id)
