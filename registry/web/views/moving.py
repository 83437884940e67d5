"""Boxes and freezers as wholes: moving them, finding room in them, printing their maps."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.custody import queries as custody, service
from registry.custody.forms import Printing
from registry.custody.maps import box_sheet, place_sheet
from registry.custody.room import class_outlooks, free_boxes, outlooks
from registry.kernel.messages import T
from registry.storage import queries
from registry.vocab import limits
from registry.web import language
from registry.web.forms.base import render_form
from registry.web.forms.storage import MoveUnitForm, RoomForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("moving", __name__, url_prefix="/storage")

Page = Response | tuple[str, int]


@bp.get("/room")
@requires(Permission.STORAGE_READ)
def room() -> tuple[str, int]:
    """How full freezers are, when they will be, and the boxes that have room."""
    actor = current_actor()
    form = RoomForm()
    asked = form.cleaned.get("free")
    found = asked and free_boxes(actor, at_least=asked, sample_type=form.cleaned["sample_type"])
    return render_form(
        "storage/room.html",
        form=form,
        outlooks=outlooks(actor),
        classes=class_outlooks(actor),
        sites={site.id: site.name for site in accounts.sites()},
        found=found,
        asked=asked,
        days=limits.FORECAST_DAYS,
        years=limits.FORECAST_DAYS_MAX // 365,
    )


@bp.get("/boxes/<int(max=2147483647):box_id>/map.pdf")
@requires(Permission.STORAGE_READ)
def box_map(box_id: int) -> Response:
    """The map of a box to print."""
    actor = current_actor()
    box = custody.box_map(actor, box_id)
    printing = Printing(language.translate, language.current(), actor.name)
    return pdf_response(box_sheet(box, printing), pdf_file_name("box", box.code))


@bp.get("/<int(max=2147483647):unit_id>/list.pdf")
@requires(Permission.STORAGE_READ)
def place_list(unit_id: int) -> Response:
    """What is inside a place, to print for its door."""
    actor = current_actor()
    place = queries.unit(actor, unit_id)
    parts = queries.inside(actor, unit_id)
    full = custody.occupancy(actor, [part.id for part in parts])
    printing = Printing(language.translate, language.current(), actor.name)
    made = place_sheet(queries.way_to(unit_id), [(part, full[part.id]) for part in parts], printing)
    return pdf_response(made, pdf_file_name("place", place.code))


@bp.route("/<int(max=2147483647):unit_id>/move", methods=["GET", "POST"])
@requires(Permission.STORAGE_MANAGE)
def unit(unit_id: int) -> Page:
    """Put a place inside another: every tube in it says so in its chain."""
    actor = current_actor()
    place = queries.unit(actor, unit_id)
    form = MoveUnitForm()
    if form.validate_on_submit():
        given = form.cleaned

        def move() -> str:
            outer = queries.unit_by_code(actor, given["to"])
            tubes = service.carry(actor, unit_id, to_id=outer.id, reason=given["reason"])
            notify(
                T("{name} is now in {outer}, with its tubes: {count}.",
                  name=place.name, outer=outer.name, count=tubes)
            )  # fmt: skip
            return url_for("storage.unit", unit_id=unit_id)

        with form.refusals():
            return redirect_once(form, move)
    return render_form(
        "storage/move.html",
        form=form,
        place=place,
        way=queries.way_to(unit_id),
        full=custody.occupancy(actor, [unit_id])[unit_id],
    )
