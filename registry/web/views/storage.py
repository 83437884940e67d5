"""Rooms, freezers, racks and boxes: how full they are, what is in each cell, setting them up."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.accounts.models import Site
from registry.custody import queries as custody
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.storage import policies, queries, service
from registry.storage.models import StorageUnit
from registry.storage.temperatures import queries as temperatures
from registry.storage.temperatures.policies import WATCHED
from registry.vocab.people import Role
from registry.vocab.storage import CellStatus, UnitKind
from registry.web.forms import storage as forms
from registry.web.forms.base import render_form
from registry.web.forms.labels import PlaceLabelsForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("storage", __name__, url_prefix="/storage")

Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Branch:
    """A place of the tree, how deep it lies, and how full it is."""

    unit: StorageUnit
    depth: int
    full: custody.Occupancy


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the box that bears `code`, for the scan field."""
    if not allows(actor, Permission.STORAGE_READ):
        return None
    try:
        return url_for("storage.box", box_id=queries.box_by_code(actor, code).id)
    except NotFound:
        return None


@bp.get("")
@requires(Permission.STORAGE_READ)
def index() -> str:
    """Every place but the boxes, as a tree, with how full it is."""
    actor = current_actor()
    return render_template(
        "storage/index.html",
        branches=_branches(actor, queries.places(actor)),
        sites={site.id: site.name for site in accounts.sites()},
    )


def _branches(actor: Actor, places: Sequence[StorageUnit]) -> list[Branch]:
    """The places, each followed by those inside it."""
    full = custody.occupancy(actor, [place.id for place in places])
    known = {place.id for place in places}
    found: list[Branch] = []

    def add(outer_id: int | None, depth: int) -> None:
        for place in places:
            parent_id = place.parent_id if place.parent_id in known else None
            if parent_id == outer_id:
                found.append(Branch(place, depth, full[place.id]))
                add(place.id, depth + 1)

    add(None, 0)
    return found


@bp.get("/<int(max=2147483647):unit_id>")
@requires(Permission.STORAGE_READ)
def unit(unit_id: int) -> str | Response:
    """What is directly inside one place, with how full each part is; a box has its own page."""
    actor = current_actor()
    place = queries.unit(actor, unit_id)
    if place.kind is UnitKind.BOX:
        return redirect(url_for(".box", box_id=unit_id))
    parts = queries.inside(actor, unit_id)
    full = custody.occupancy(actor, [unit_id, *(part.id for part in parts)])
    way = queries.way_to(unit_id)
    return render_template(
        "storage/unit.html",
        place=place,
        way=way[:-1],
        rules=queries.rules(way),
        full=full[unit_id],
        branches=[Branch(part, 0, full[part.id]) for part in parts],
        probes=temperatures.watching([one.id for one in way]),
        can_watch=place.kind in WATCHED,
        label_form=PlaceLabelsForm(formdata=None),
        takes_boxes=UnitKind.BOX in policies.HOLDS[place.kind],
        takes_places=bool(policies.HOLDS[place.kind] - {UnitKind.BOX}),
    )


@bp.get("/boxes/<int(max=2147483647):box_id>")
@requires(Permission.STORAGE_READ)
def box(box_id: int) -> str:
    """The map of a box; samples named in the address are shown as found."""
    actor = current_actor()
    found = custody.box_map(actor, box_id)
    return render_template(
        "storage/box.html",
        box=found,
        place=queries.unit(actor, box_id),
        way=queries.way_to(box_id)[:-1],
        label_form=PlaceLabelsForm(formdata=None),
        shown=frozenset(request.args.getlist("placed")),
        CellStatus=CellStatus,
    )


def _id(text: str) -> int:
    """The number of a place in an address.

    :raises ValueError: it is none; the address then names no place.
    """
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(number)
    return number


def _own_sites(actor: Actor) -> Sequence[Site]:
    return accounts.sites_of(actor, Role.TECHNICIAN)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.STORAGE_MANAGE)
def new_unit() -> Page:
    """Set up a place, inside the one named in the address or at the top of a site."""
    actor = current_actor()
    outer_id = request.args.get("inside", type=_id)
    outer = queries.unit(actor, outer_id) if outer_id is not None else None
    form = forms.UnitForm() if outer else forms.TopUnitForm(_own_sites(actor))
    if form.validate_on_submit():
        given = form.cleaned

        def set_up() -> str:
            made = service.create_unit(
                actor,
                site_id=outer.site_id if outer else given["site_id"],
                parent_id=outer_id,
                kind=given["kind"],
                code=given["code"],
                name=given["name"],
                storage_class=given["storage_class"],
                accepts=given["accepts"] or None,
                capacity=given["capacity"],
            )
            notify(T("{name} is set up.", name=made.name))
            return url_for(".unit", unit_id=made.id)

        with form.refusals():
            return redirect_once(form, set_up)
    return render_form("storage/new_unit.html", form=form, outer=outer)


@bp.route("/<int(max=2147483647):unit_id>/boxes/new", methods=["GET", "POST"])
@requires(Permission.STORAGE_MANAGE)
def new_box(unit_id: int) -> Page:
    """Set up an empty box inside a place."""
    actor = current_actor()
    outer = queries.unit(actor, unit_id)
    form = forms.BoxForm()
    if form.validate_on_submit():
        given = form.cleaned

        def set_up() -> str:
            accepts = given["accepts"] or None
            made = service.create_box(actor, parent_id=unit_id, **{**given, "accepts": accepts})
            notify(T("The box {name} is set up.", name=made.unit.name))
            return url_for(".box", box_id=made.id)

        with form.refusals():
            return redirect_once(form, set_up)
    return render_form("storage/new_box.html", form=form, outer=outer)
