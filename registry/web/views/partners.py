"""The organisations to which tubes may be sent: added and retired by data managers."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.shipments import partners
from registry.kernel.messages import T
from registry.web.forms.base import render_form
from registry.web.forms.shipments import ButtonForm, PartnerForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("partners", __name__, url_prefix="/partners")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.SHIPMENT_READ)
def index() -> str:
    """Every partner."""
    return render_template(
        "shipments/partners.html",
        partners=partners.every(current_actor()),
        button=ButtonForm(formdata=None),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PARTNER_MANAGE)
def new() -> Page:
    """Add an organisation."""
    form = PartnerForm()

    def add() -> str:
        partner = partners.add(current_actor(), **form.cleaned)
        notify(T("Tubes may be sent to {partner} from now on.", partner=partner.name))
        return url_for(".index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, add)
    return render_form("shipments/partner.html", form=form)


@bp.post("/<int:partner_id>/retire")
@requires(Permission.PARTNER_MANAGE)
def retire(partner_id: int) -> Response:
    """Send nothing there any more."""
    form = ButtonForm()

    def end() -> str:
        partner = partners.retire(current_actor(), partner_id)
        notify(T("Nothing is sent to {partner} any more.", partner=partner.name))
        return url_for(".index")

    form.validate()
    return redirect_once(form, end)
