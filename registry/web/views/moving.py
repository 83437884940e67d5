"""Moving boxes, racks and freezers with all that is in them."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody import queries as custody, service
from registry.kernel.messages import T
from registry.storage import queries
from registry.web.forms.base import render_form
from registry.web.forms.storage import MoveUnitForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("moving", __name__, url_prefix="/storage")

Page = Response | tuple[str, int]


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
