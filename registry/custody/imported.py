"""What an import says that nobody recorded at the time: the cells tubes lie in, and divisions.

Nobody knows when either was done.  Their acts stand in the chain at the moment
of the import and say so: nothing is derived from that moment.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from registry.access import Permission
from registry.custody import recording
from registry.custody.cells import OpenBox
from registry.custody.known import Existing, Known
from registry.custody.models import CustodyAct, Holding
from registry.custody.policies import TIME_UNKNOWN
from registry.custody.recording import Act, Holder
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.quantities import written
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box
from registry.vocab.custody import ActKind
from registry.vocab.samples import SampleType


class Boxes:
    """The boxes that the rows name, kept from others; made before any sample is locked."""

    def __init__(self, actor: Actor, rows: Sequence[Existing]) -> None:
        named = {row.box_code for row in rows if row.box_code is not None}
        self._boxes = {box.unit.code: box for box in storage.boxes_by_codes(actor, named)}
        ids = sorted(box.id for box in self._boxes.values())
        self._open = {one: OpenBox(actor, one, Permission.SAMPLE_IMPORT) for one in ids}
        #: Where each accepted row lies.
        self.holders: dict[str, Holder] = {}

    def was_there(self, row: Existing, cells: frozenset[tuple[int, Cell]]) -> bool:
        """Whether a known tube ever was where the row says that it is."""
        place = self._place(row)
        return place is None or (place[0].id, place[1]) in cells

    def take(self, row: Existing) -> None:
        """Give the row its cell; the tube is at the site of its box from then on.

        :raises InvalidInput: the row says nothing of a receipt: a tube in a box was received.
        :raises RuleBroken: the cell is taken, or the box does not accept the type.
        """
        place = self._place(row)
        if place is None:
            return
        if row.received_at is None:
            raise InvalidInput(
                T("A tube that is in a box was received: give the time, or leave the box empty."),
                field="received_at",
            )
        box, cell = place
        self.holders[row.code] = self._open[box.id].take_new(
            row.code, row.sample_type, box.site_id, *cell
        )

    def check_given(self, row: Existing) -> None:
        """Refuse a place that cannot be.

        :raises InvalidInput: there is no such box or cell, or one is named without the other.
        """
        self._place(row)

    def _place(self, row: Existing) -> tuple[Box, Cell] | None:
        if row.box_code is None and row.cell is None:
            return None
        if row.box_code is None:
            raise InvalidInput(T("Say in which box this cell is."), field="box_code")
        box = self._boxes.get(row.box_code)
        if box is None:
            raise InvalidInput(T("There is no box {code}.", code=row.box_code), field="box_code")
        if row.cell is None:
            raise InvalidInput(T("Say in which cell of the box it is."), field="cell")
        return box, box.grid.read(row.cell)


def record_divisions(actor: Actor, rows: Sequence[Existing], known: Known) -> None:
    """Say in each parent's chain that these were made of it, once for each type."""
    made: dict[tuple[str, SampleType], list[Existing]] = defaultdict(list)
    for row in rows:
        if row.parent_code is not None:
            made[row.parent_code, row.sample_type].append(row)
    if not made:
        return
    holdings = known.lock_holdings({parent for parent, _ in made})
    told: Counter[str] = Counter()
    acts = []
    for (parent, sample_type), children in made.items():
        holding = holdings[parent]
        told[parent] += 1
        act = Act(_kind(holding, sample_type), clock.now(), fields=_fields(sample_type, children))
        written_down = recording.act_row(actor, holding, act, recording.holder_of(holding))
        acts.append({**written_down, "seq": holding.acts + told[parent]})
        recording.journal(actor, holding.sample, act)
    registry_session.execute(sa.insert(CustodyAct).execution_options(render_nulls=True), acts)
    for count in set(told.values()):
        some = [holdings[parent] for parent in told if told[parent] == count]
        registry_session.execute(
            sa.update(Holding)
            .where(Holding.sample_id.in_([one.sample_id for one in some]))
            .values(acts=Holding.acts + count, version=Holding.version + 1)
            .execution_options(synchronize_session=False)
        )
    for holding in holdings.values():
        registry_session.expire(holding)


def _kind(parent: Holding, sample_type: SampleType) -> ActKind:
    is_same = parent.sample.sample_type == sample_type.value
    return ActKind.ALIQUOTED if is_same else ActKind.DERIVED


def _fields(sample_type: SampleType, children: Sequence[Existing]) -> dict[str, object]:
    return {
        "type": sample_type.value,
        "volumes": [written(child.volume) for child in children],
        "unit": children[0].unit.value,
        "loss": written(Decimal(0)),
        "children": [child.code for child in children],
        TIME_UNKNOWN: True,
    }
