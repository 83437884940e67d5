"""Proposing cells for tubes on the bench and reserving them; letting go of them again.

People who propose at the same site do so one after the other, and lock the
boxes they choose, in order, against whoever fills them.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.custody import recording
from registry.custody.models import Holding
from registry.custody.proposing import rooms
from registry.custody.proposing.choosing import Choice, Tube, choose
from registry.custody.proposing.models import CellReservation
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.samples.refusals import Refusals
from registry.storage.models import Box
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.custody import ActKind


@transactional
def propose(actor: Actor, codes: Sequence[str]) -> int:
    """Choose a cell for each tube on the bench and reserve it for the actor; how many boxes.

    What was reserved for these tubes before is let go of.

    :raises InvalidInput: the tubes are at two sites, or some are not on the
        bench or find no room; each is named under ``codes``.
    """
    require(actor, Permission.SAMPLE_PLACE)
    scanned = recording.read_codes(codes, field="codes")
    held = _on_the_bench(actor, scanned)
    sites = {one.site_id for one in held.values()}
    if len(sites) > 1:
        raise InvalidInput(T("The tubes are at several sites: propose for each."), field="codes")
    ids = {code: one.sample_id for code, one in held.items()}
    [site_id] = sites
    _take_turns(site_id)
    _let_go(list(ids.values()))
    known = rooms.tubes(actor, list(ids.values()))
    chosen = _chosen(actor, [known[code] for code in scanned], site_id)
    _check_all_found(scanned, chosen)
    _reserve(actor, chosen, ids)
    return len({one.box_id for one in chosen.values()})


def _on_the_bench(actor: Actor, codes: Sequence[str]) -> Mapping[str, Holding]:
    holdings = recording.look_at_holdings(actor, codes)
    refusals = Refusals("codes")
    for code in codes:
        with refusals.gathered(code):
            holding = recording.found_among(actor, holdings, code, Permission.SAMPLE_PLACE)
            recording.check_possible(ActKind.PLACED, holding)
    refusals.raise_if_any()
    return holdings


def _take_turns(site_id: int) -> None:
    registry_session.execute(
        # Not against rows that only refer to the site.
        sa.select(Site.id).where(Site.id == site_id).with_for_update(key_share=True)
    )


def _let_go(sample_ids: Sequence[int]) -> None:
    """Forget what was reserved for these tubes, and all that has expired."""
    registry_session.execute(
        sa.delete(CellReservation).where(
            CellReservation.sample_id.in_(sample_ids) | (CellReservation.until <= clock.now())
        )
    )


def _chosen(actor: Actor, wanting: Sequence[Tube], site_id: int) -> Mapping[str, Choice]:
    """What is chosen among boxes that were locked before they were looked at last."""
    possible = rooms.candidates(site_id, wanting)
    locked: set[int] = set()
    while True:
        chosen = choose(wanting, rooms.fresh(actor, possible))
        wanted = {one.box_id for one in chosen.values()} - locked
        if not wanted:
            return chosen
        registry_session.execute(
            sa.select(Box.id).where(Box.id.in_(wanted)).order_by(Box.id).with_for_update(of=Box)
        )
        locked |= wanted


def _check_all_found(codes: Sequence[str], chosen: Mapping[str, Choice]) -> None:
    refusals = Refusals("codes")
    for code in codes:
        with refusals.gathered(code):
            if code not in chosen:
                raise RuleBroken(
                    T(
                        "No box of the site that accepts {code} and keeps it as cold as planned "
                        "has a free cell.",
                        code=code,
                    )
                )
    refusals.raise_if_any()


def _reserve(actor: Actor, chosen: Mapping[str, Choice], ids: Mapping[str, int]) -> None:
    until = clock.now() + timedelta(minutes=limits.CELL_RESERVED_MINUTES)
    tubes: dict[int, list[str]] = {}
    for code, one in chosen.items():
        tubes.setdefault(one.box_id, []).append(code)
        registry_session.add(
            CellReservation(
                box_id=one.box_id,
                row=one.cell[0],
                col=one.cell[1],
                sample_id=ids[code],
                user_id=actor.id,
                ground=one.ground,
                near=one.near,
                until=until,
            )
        )
    for box_id, codes in sorted(tubes.items()):
        box = registry_session.get_one(Box, box_id)
        require(actor, Permission.SAMPLE_PLACE, box)
        audit.record(actor, AuditTag.CELLS_RESERVED, box.unit, tubes=codes)
    registry_session.flush()


@transactional
def let_go(actor: Actor) -> int:
    """Free every cell that is reserved for the actor; how many there were."""
    require(actor, Permission.SAMPLE_PLACE)
    own = registry_session.scalars(
        sa.select(CellReservation).where(CellReservation.user_id == actor.id).with_for_update()
    ).all()
    for box_id in sorted({one.box_id for one in own}):
        box = registry_session.get_one(Box, box_id)
        count = sum(one.box_id == box_id for one in own)
        audit.record(actor, AuditTag.CELLS_FREED, box.unit, cells=count)
    for one in own:
        registry_session.delete(one)
    registry_session.flush()
    return len(own)
