"""What is done with partners' tubes while they are here: put away, used, gone."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.custody.exchange import taking_in
from registry.custody.exchange.guests import service
from registry.custody.exchange.guests.models import GuestAct
from registry.custody.exchange.models import ForeignShipment
from registry.kernel.messages import Message, T
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.exchange import GoneForm, PutAwayForm, UseForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("guest_tubes", __name__, url_prefix="/foreign-shipments")

Page = Response | tuple[str, int]
Act = Callable[..., Sequence[GuestAct]]


@bp.route("/<int:shipment_id>/put-away", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def put_away(shipment_id: int) -> Page:
    """Say where tubes lie."""
    shipment = _of_mine(shipment_id)
    return _answered(shipment, PutAwayForm(), service.put_away, T("Say where tubes lie"))


@bp.route("/<int:shipment_id>/use", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def use(shipment_id: int) -> Page:
    """Use tubes as the partner allows."""
    shipment = _of_mine(shipment_id)
    conditions = taking_in.contents(shipment).conditions
    form = UseForm(conditions.uses if conditions else ())
    return _answered(shipment, form, service.use, T("Use tubes"), conditions=conditions)


@bp.route("/<int:shipment_id>/gone", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def gone(shipment_id: int) -> Page:
    """Say that tubes are here no more."""
    shipment = _of_mine(shipment_id)
    return _answered(shipment, GoneForm(), service.end, T("Say that tubes are gone"))


def _of_mine(shipment_id: int) -> ForeignShipment:
    """The shipment, for who receives at the site where it was taken in."""
    actor = current_actor()
    shipment = taking_in.get(actor, shipment_id)
    require(actor, Permission.SHIPMENT_RECEIVE, shipment)
    return shipment


def _answered(
    shipment: ForeignShipment, form: SchemaForm, act: Act, title: Message, **more: Any
) -> Page:
    def keep() -> str:
        done = act(current_actor(), shipment.id, **form.cleaned)
        notify(T("Recorded for {count} tubes.", count=len(done)), Notice.SUCCESS)
        return url_for("foreign_shipments.show", shipment_id=shipment.id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, keep)
    return render_form(
        "shipments/guest_act.html", form=form, shipment=shipment, title=title, **more
    )
