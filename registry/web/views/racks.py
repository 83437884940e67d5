"""Files of rack scanners on the screen: a box filled at once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody import filling, queries, service
from registry.custody.filling import Judged
from registry.imports import racks
from registry.imports.racks import RackScan, Well
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.storage.grid import Cell
from registry.storage.models import Box
from registry.vocab.storage import Fit
from registry.web.forms.base import render_form
from registry.web.forms.racks import RackFileForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("racks", __name__, url_prefix="/storage")

Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Laid:
    """A scan laid over its box, with what comes of each tube."""

    box: Box
    scan: RackScan
    judged: Sequence[Judged]
    #: The wells in which there may be a tube that was not read.
    unread: Sequence[Well]
    is_turned: bool
    seems_turned: bool
    #: What is in the box now.
    there: queries.BoxMap

    @property
    def tubes(self) -> dict[Cell, str]:
        """The code in each cell."""
        return {one.cell: one.code for one in self.judged}

    @property
    def by_cell(self) -> dict[Cell, Judged]:
        """What comes of the tube in each cell."""
        return {one.cell: one for one in self.judged}

    @property
    def unread_cells(self) -> frozenset[Cell]:
        """Where the wells that were not read lie in the box."""
        cells = {well.cell: well.name for well in self.unread}
        return frozenset(filling.turned(cells, self.box.grid) if self.is_turned else cells)

    @property
    def refused(self) -> Sequence[Judged]:
        """The tubes that cannot be where they were scanned."""
        return [one for one in self.judged if not one.state.is_possible]

    @property
    def counts(self) -> Sequence[tuple[Fit, int]]:
        """How many tubes there are of each kind."""
        found = Counter(one.state for one in self.judged)
        return [(fit, found[fit]) for fit in Fit if found[fit]]

    @property
    def is_possible(self) -> bool:
        """Whether every tube can be taken for being where it was scanned."""
        return not self.refused


@bp.route("/from-file", methods=["GET", "POST"])
@requires(Permission.SAMPLE_PLACE)
def fill() -> Page:
    """Show what a rack-scanner file would put where; then, accepted, record it all at once."""
    actor = current_actor()
    form = RackFileForm(box=request.args.get("box"))
    laid: Laid | None = None
    if form.validate_on_submit():
        with form.refusals():
            laid = _laid(actor, form)
            if form.cleaned["accept"]:
                return _filled(actor, form, laid)
    return render_form("storage/from_file.html", form=form, laid=laid)


def _filled(actor: Actor, form: RackFileForm, laid: Laid) -> Response:
    def record() -> str:
        racks.check_readable(laid.scan, seen_empty=form.seen_empty_wells)
        filled = service.fill(
            actor, box_id=laid.box.id, tubes=laid.tubes, comment=form.cleaned["comment"]
        )
        notify(
            T("{box}: {placed} tubes placed, {moved} moved, {there} were there already.",
              box=laid.box.unit.code, placed=filled.placed, moved=filled.moved,
              there=filled.there)
        )  # fmt: skip
        return url_for("storage.box", box_id=laid.box.id)

    return redirect_once(form, record)


def _laid(actor: Actor, form: RackFileForm) -> Laid:
    """The scan that was sent, over its box.

    :raises InvalidInput: the file or its box is not to be understood.
    :raises NotFound: there is no such box.
    """
    scan = racks.read(form.content())
    box = box_of(actor, scan, form.cleaned["box"])
    form.box.data = box.unit.code
    racks.check_within(scan, box.grid)
    tubes = dict(scan.tubes)
    if not tubes:
        raise InvalidInput(T("The file shows no tube at all."), field="file")
    is_turned = form.cleaned["turned"] != form.cleaned["turn"]
    form.turned.data = "1" if is_turned else ""
    if is_turned:
        tubes = filling.turned(tubes, box.grid)
    return Laid(
        box=box,
        scan=scan,
        judged=filling.judge(actor, box.id, tubes),
        unread=scan.unread,
        is_turned=is_turned,
        seems_turned=filling.seems_turned(actor, box.id, tubes),
        there=queries.box_map(actor, box.id),
    )


def box_of(actor: Actor, scan: RackScan, scanned: str | None) -> Box:
    """The box whose label was scanned, or else the one that the file names.

    :raises InvalidInput: neither names a box, or they name two.
    :raises NotFound: there is no box with the code that was scanned.
    """
    try:
        named = storage.box_by_code(actor, scan.rack_code) if scan.rack_code else None
    except NotFound:
        named = None
    if scanned is None:
        if named is None:
            raise InvalidInput(
                T("The file names no box that is known. Scan the label of the box."), field="box"
            )
        return named
    box = storage.box_by_code(actor, scanned)
    if named is not None and named.id != box.id:
        raise InvalidInput(
            T("The file is of the box {named}, and you scanned {scanned}.",
              named=named.unit.code, scanned=box.unit.code),
            field="box",
        )  # fmt: skip
    return box
