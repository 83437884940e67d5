"""The keys by which this installation and those of partners know each other's signatures."""

from collections.abc import Callable

from flask import Blueprint, Response as FileResponse, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.custody.exchange import keys, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import partners
from registry.kernel.messages import T
from registry.vocab.exchange import KeyState
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.exchange import CompareForm, KeyFileForm, RetireKeyForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("partner_keys", __name__, url_prefix="/partners")

Page = Response | tuple[str, int]


@bp.get("/own-key.json")
@requires(Permission.SHIPMENT_READ)
def ours() -> FileResponse:
    """The key of this installation, for partners."""
    response = FileResponse(own.key(current_actor()).file, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="installation-key.json"'
    return response


@bp.get("/<int:partner_id>/keys")
@requires(Permission.SHIPMENT_READ)
def index(partner_id: int) -> str:
    """The keys of one partner, and our own beside them."""
    actor = current_actor()
    partner = partners.get(actor, partner_id)
    found = keys.every(actor, partner.id)
    people = {one for key in found for one in (key.recorded_by_id, key.compared_by_id)} - {None}
    return render_template(
        "shipments/keys.html",
        partner=partner,
        keys=found,
        names=accounts.names({one for one in people if one is not None}),
        ours=own.key(actor),
        states=KeyState,
    )


@bp.route("/<int:partner_id>/keys/new", methods=["GET", "POST"])
@requires(Permission.PARTNER_MANAGE)
def new(partner_id: int) -> Page:
    """Record the key that a partner gave."""
    partner = partners.get(current_actor(), partner_id)
    form = KeyFileForm()

    def save() -> str:
        keys.record(current_actor(), partner.id, form.content())
        notify(T("The key is recorded. It counts once a colleague has compared it."))
        return url_for(".index", partner_id=partner.id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("shipments/key.html", form=form, partner=partner)


@bp.route("/keys/<int:key_id>/compare", methods=["GET", "POST"])
@requires(Permission.PARTNER_MANAGE)
def compare(key_id: int) -> Page:
    """Compare the fingerprint with what the partner reads out; it is not shown beside."""
    key = keys.get(current_actor(), key_id)
    form = CompareForm()

    def save() -> str:
        if keys.compare(current_actor(), key.id, **form.cleaned):
            notify(
                T("The key of {partner} counts from now on.", partner=key.partner.name),
                Notice.SUCCESS,
            )
        else:
            notify(
                T(
                    "The fingerprint differs: the key does not count. Let it be read out once "
                    "more; if it differs again, retire the key and ask the partner for theirs."
                ),
                Notice.WARNING,
            )
        return url_for(".index", partner_id=key.partner_id)

    return _answered(form, save, "shipments/key_compare.html", key)


@bp.route("/keys/<int:key_id>/retire", methods=["GET", "POST"])
@requires(Permission.PARTNER_MANAGE)
def retire(key_id: int) -> Page:
    """Believe a key no longer."""
    key = keys.get(current_actor(), key_id)
    form = RetireKeyForm()

    def save() -> str:
        keys.retire(current_actor(), key.id, **form.cleaned)
        notify(T("The key is retired. Nothing signed with it is taken in any more."))
        return url_for(".index", partner_id=key.partner_id)

    return _answered(form, save, "shipments/key_retire.html", key)


def _answered(form: SchemaForm, save: Callable[[], str], template: str, key: PartnerKey) -> Page:
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form(template, form=form, key=key, partner=key.partner)
