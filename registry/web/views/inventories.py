"""The inventory of a box: from a rack-scanner file or from scans one by one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody import filling, queries
from registry.custody.inventory import service
from registry.custody.inventory.comparing import Comparison, Found, compare
from registry.imports import racks
from registry.imports.racks import RackScan, Well
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box
from registry.vocab.storage import Finding
from registry.web.forms.base import render_form
from registry.web.forms.racks import InventoryForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.views.racks import box_of

bp = Blueprint("inventories", __name__, url_prefix="/storage")

Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Seen:
    """What was scanned in a box, beside what is recorded of it."""

    box: Box
    #: None when the tubes were scanned one by one.
    scan: RackScan | None
    tubes: dict[Cell, str]
    loose: Sequence[str]
    unread: Sequence[Well]
    comparison: Comparison
    there: queries.BoxMap
    is_turned: bool
    seems_turned: bool

    @property
    def by_cell(self) -> dict[Cell, Found]:
        """What was found in each cell; what was seen there counts more than what was not."""
        found = sorted(self.comparison.found, key=lambda one: one.state is not Finding.MISSING)
        return {one.cell: one for one in found if one.cell is not None}

    @property
    def unread_cells(self) -> frozenset[Cell]:
        """Where the wells that were not read lie in the box."""
        cells = {well.cell: well.name for well in self.unread}
        return frozenset(filling.turned(cells, self.box.grid) if self.is_turned else cells)

    @property
    def differences(self) -> Sequence[Found]:
        """Everything that is not as it is recorded."""
        return [one for one in self.comparison.found if one.state is not Finding.PRESENT]

    @property
    def counts(self) -> Sequence[tuple[Finding, int]]:
        """How many tubes there are of each kind."""
        found = Counter(one.state for one in self.comparison.found)
        return [(finding, found[finding]) for finding in Finding if found[finding]]


@bp.route("/inventory", methods=["GET", "POST"])
@requires(Permission.SAMPLE_PLACE)
def take() -> Page:
    """Show how a box differs from what is recorded of it; then, accepted, record what was found."""
    actor = current_actor()
    form = InventoryForm(box=request.args.get("box"))
    seen: Seen | None = None
    if form.validate_on_submit():
        with form.refusals():
            seen = _seen(actor, form)
            if form.cleaned["accept"]:
                return _accepted(actor, form, seen)
    return render_form("storage/inventory.html", form=form, seen=seen)


def _accepted(actor: Actor, form: InventoryForm, seen: Seen) -> Response:
    def record() -> str:
        if seen.scan is not None:
            racks.check_readable(seen.scan, seen_empty=form.seen_empty_wells)
        service.accept(
            actor,
            seen.box.id,
            tubes=seen.tubes,
            loose=seen.loose,
            shown=form.cleaned["shown"] or "",
            reason=form.cleaned["reason"] or "",
        )
        notify(T("The inventory of {box} is recorded.", box=seen.box.unit.code))
        return url_for("storage.box", box_id=seen.box.id)

    return redirect_once(form, record)


def _seen(actor: Actor, form: InventoryForm) -> Seen:
    """What was sent, over its box.

    :raises InvalidInput: the file or its box is not to be understood, or nothing was sent.
    :raises NotFound: there is no such box.
    """
    loose = form.cleaned["codes"] or []
    scan = None if loose else racks.read(form.content())
    if scan is None:
        if form.cleaned["box"] is None:
            raise InvalidInput(T("Scan the label of the box."), field="box")
        box = storage.box_by_code(actor, form.cleaned["box"])
    else:
        box = box_of(actor, scan, form.cleaned["box"])
        racks.check_within(scan, box.grid)
    form.box.data = box.unit.code
    tubes = dict(scan.tubes) if scan else {}
    is_turned = form.cleaned["turned"] != form.cleaned["turn"]
    form.turned.data = "1" if is_turned else ""
    if is_turned:
        tubes = filling.turned(tubes, box.grid)
    return Seen(
        box=box,
        scan=scan,
        tubes=tubes,
        loose=loose,
        unread=scan.unread if scan else [],
        comparison=compare(actor, box.id, tubes, loose),
        there=queries.box_map(actor, box.id),
        is_turned=is_turned,
        seems_turned=filling.seems_turned(actor, box.id, tubes),
    )
