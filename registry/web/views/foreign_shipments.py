"""Shipments of partners' installations: their signed manifest taken in, our signed receipt given.

And the other way round: a partner's signed receipt for a shipment of ours.
"""

from base64 import urlsafe_b64encode

from flask import Blueprint, Response as FileResponse, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.custody.exchange import answers, arriving, taking_in
from registry.custody.exchange.guests import queries as guests
from registry.custody.exchange.recalls import queries as recalls
from registry.custody.shipments import queries
from registry.custody.shipments.receiving import Receipt
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.vocab.people import Role
from registry.web.forms.base import render_form
from registry.web.forms.exchange import ManifestFileForm, ReceiptFileForm, TakeInForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("foreign_shipments", __name__, url_prefix="/foreign-shipments")

Page = Response | tuple[str, int]


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the shipment with which a partner's tube came, for the scan field."""
    if not allows(actor, Permission.SHIPMENT_READ):
        return None
    found = taking_in.with_tube(actor, code)
    return None if found is None else url_for("foreign_shipments.show", shipment_id=found.id)


@bp.get("")
@requires(Permission.SHIPMENT_READ)
def index() -> str:
    """What was taken in of partners."""
    rows = taking_in.every(current_actor())
    return render_template("shipments/foreign.html", rows=rows)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def new() -> Page:
    """Send a partner's manifest, and see what it says before anything is kept."""
    form = ManifestFileForm()
    if form.validate_on_submit():
        with form.refusals():
            content = form.content()
            announced = arriving.check(current_actor(), content)
            taking_in.check_new(announced)
            given = urlsafe_b64encode(content).decode()
            return _preview(announced, _empty(given))
    return render_form("shipments/foreign_new.html", form=form)


@bp.post("/take-in")
@requires(Permission.SHIPMENT_RECEIVE)
def take_in() -> Page:
    """Keep what was found; the manifest is checked anew."""
    actor = current_actor()
    form = TakeInForm(accounts.sites_of(actor, Role.TECHNICIAN))

    def keep() -> str:
        given = form.cleaned
        found = Receipt(
            given["codes"],
            damaged=given["damaged"] or (),
            temperature=given["temperature"],
            note=given["note"],
        )
        kept = taking_in.take_in(actor, int(given["site_id"]), form.file(), found)
        notify(T("The shipment is taken in. Send the partner the receipt."), Notice.SUCCESS)
        return url_for(".show", shipment_id=kept.id)

    if form.validate():
        with form.refusals():
            return redirect_once(form, keep)
    try:
        announced = arriving.check(actor, form.file())
    except (InvalidInput, RuleBroken) as refusal:
        again = ManifestFileForm(formdata=None)
        again.attach(refusal)
        return render_form("shipments/foreign_new.html", form=again)
    return _preview(announced, form)


@bp.get("/<int:shipment_id>")
@requires(Permission.SHIPMENT_READ)
def show(shipment_id: int) -> str:
    """What was announced, and what was found of it."""
    actor = current_actor()
    shipment = taking_in.get(actor, shipment_id)
    contents = taking_in.contents(shipment)
    tubes = {*contents.announced, *contents.arrived}
    return render_template(
        "shipments/foreign_show.html",
        shipment=shipment,
        contents=contents,
        receives=allows(actor, Permission.SHIPMENT_RECEIVE, shipment),
        acts=(acts := guests.acts_on(shipment)),
        names=accounts.names({one.recorded_by_id for one in acts if one.recorded_by_id}),
        gone=guests.ends_in(shipment),
        places={one.code: one.place for one in acts if one.place},
        recalled=recalls.stopping(shipment.partner_id, tubes, sent_at=contents.sent_at),
    )


@bp.get("/<int:shipment_id>/receipt.json")
@requires(Permission.SHIPMENT_READ)
def receipt(shipment_id: int) -> FileResponse:
    """The signed receipt, for the partner's installation."""
    shipment = taking_in.get(current_actor(), shipment_id)
    response = FileResponse(taking_in.signed(shipment), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{shipment.id}.json"'
    return response


@bp.route("/receipt-of/<code>", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_PREPARE)
def receipt_of(code: str) -> Page:
    """Take in what the partner's installation found of a shipment of ours."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)
    form = ReceiptFileForm()

    def keep() -> str:
        answers.take_in(actor, shipment.id, form.content())
        notify(T("The receipt is taken in."), Notice.SUCCESS)
        return url_for("shipments.show", code=shipment.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, keep)
    return render_form("shipments/receipt_file.html", form=form, shipment=shipment)


def _empty(given: str) -> TakeInForm:
    sites = accounts.sites_of(current_actor(), Role.TECHNICIAN)
    return TakeInForm(sites, formdata=None, manifest=given)


def _preview(announced: arriving.Arriving, form: TakeInForm) -> tuple[str, int]:
    return render_form(
        "shipments/foreign_take_in.html",
        form=form,
        announced=announced,
        clashing=arriving.clashing(announced),
        recalled=recalls.stopping(
            announced.signer.partner_id,
            [one.code for one in announced.tubes],
            sent_at=announced.sent_at,
        ),
    )
