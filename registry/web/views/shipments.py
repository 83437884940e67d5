"""Shipments: what waits, packing by scans, sending, the manifest, arrival and return."""

from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.custody.exchange.recalls import queries as recalls
from registry.custody.shipments import (
    grounds,
    partners,
    policies,
    queries,
    receiving,
    returning,
    sending,
    service,
)
from registry.custody.shipments.models import Shipment
from registry.custody.shipments.receiving import Receipt
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import Message, T
from registry.vocab.people import Role, SiteKind
from registry.vocab.shipping import IN_THE_BAG, ShipmentAct, ShipmentList, ShipmentState
from registry.web.carting import scanned
from registry.web.forms import shipments as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("shipments", __name__, url_prefix="/shipments")

Page = Response | tuple[str, int]

_CLOSED = T("The bag is closed. Hand it to the courier, or open it again.")


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the shipment whose bag bears `code`, for the scan field."""
    if not allows(actor, Permission.SHIPMENT_READ):
        return None
    try:
        return url_for("shipments.show", code=queries.by_code(actor, code).code)
    except NotFound:
        return None


def waiting(actor: Actor) -> int:
    """How many shipments wait for the actor to do something."""
    return sum(queries.counts(actor).values()) + recalls.open_count(actor)


def _receives(shipment: Shipment) -> bool:
    """Whether the signed-in person takes the shipment in, at the site it goes to."""
    site_id = shipment.to_site_id
    return site_id is not None and site_id in current_actor().sites(Role.TECHNICIAN)


@bp.get("")
@requires(Permission.SHIPMENT_READ)
def index() -> str:
    """The shipments that wait, list by list, and all of them."""
    actor = current_actor()
    counts = queries.counts(actor)
    asked = request.args.get("list", "")
    waits = [one for one in ShipmentList if counts.get(one)] or [ShipmentList.EVERY]
    shown = next((one for one in ShipmentList if one.value == asked), waits[0])
    rows, following = queries.page(actor, shown, before=request.args.get("before", type=int))
    return render_template(
        "shipments/index.html",
        lists=list(ShipmentList),
        counts=counts,
        shown=shown,
        rows=rows,
        following=following,
        recalls=recalls.open_count(actor),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_PREPARE)
def new() -> Page:
    """Begin a shipment; then scan tubes into it."""
    actor = current_actor()
    form = forms.ShipmentForm(
        accounts.sites_of(actor, Role.TECHNICIAN),
        [site for site in accounts.sites() if site.kind is not SiteKind.PARTNER],
        partners.every(actor),
        grounds.approved(),
    )

    def begin() -> str:
        given = form.cleaned
        shipment = service.open_(
            actor,
            site_id=int(given["site_id"]),
            packing=given["packing"],
            request=given["request"],
            **given["destination"],
        )
        notify(T("Shipment {code} is begun. Scan the tubes.", code=shipment.code))
        return url_for(".show", code=shipment.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, begin)
    return render_form("shipments/new.html", form=form)


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_READ)
def show(code: str) -> Page:
    """One shipment; while it is packed, its scan field: tubes, and FERMER to close the bag."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)
    form = forms.PackForm(codes=scanned())
    if request.method == "POST" and form.validate():
        with form.refusals():
            return redirect_once(form, lambda: _packed(actor, shipment, form))
    return render_form(
        "shipments/show.html",
        form=form,
        shipment=shipment,
        lines=queries.lines_of(shipment),
        in_the_bag=IN_THE_BAG,
        can=lambda act: policies.can(shipment, act),
        prepares=allows(actor, Permission.SHIPMENT_PREPARE, shipment),
        receives=_receives(shipment),
        button=forms.ButtonForm(formdata=None),
        take_out_form=forms.TakeOutForm(formdata=None),
        is_away=shipment.state in policies.UNDER_WAY,
        Act=ShipmentAct,
        State=ShipmentState,
    )


def _packed(actor: Actor, shipment: Shipment, form: SchemaForm) -> str:
    codes = form.cleaned["codes"] or []
    if codes or not form.cleaned["close"]:
        service.add(actor, shipment.id, codes)
        notify(T("Put into the bag: {count} tubes.", count=len(codes)))
    if form.cleaned["close"]:
        service.seal(actor, shipment.id)
        notify(_CLOSED)
    return url_for(".show", code=shipment.code)


@bp.post("/<code>/take-out")
@requires(Permission.SHIPMENT_PREPARE)
def take_out(code: str) -> Page:
    """Take one tube out of the bag."""
    form = forms.TakeOutForm()

    def out(actor: Actor, shipment: Shipment) -> Message:
        line = service.take_out(actor, shipment.id, form.cleaned["code"])
        return T("{code} is out of the bag.", code=line.sample.code)

    return _pressed(code, form, out)


@bp.post("/<code>/seal")
@requires(Permission.SHIPMENT_PREPARE)
def seal(code: str) -> Page:
    """Close the bag."""

    def close(actor: Actor, shipment: Shipment) -> Message:
        service.seal(actor, shipment.id)
        return _CLOSED

    return _pressed(code, forms.ButtonForm(), close)


@bp.post("/<code>/reopen")
@requires(Permission.SHIPMENT_PREPARE)
def reopen(code: str) -> Page:
    """Open a closed bag again."""

    def unseal(actor: Actor, shipment: Shipment) -> Message:
        service.reopen(actor, shipment.id)
        return T("The bag is open again.")

    return _pressed(code, forms.ButtonForm(), unseal)


@bp.post("/<code>/settle")
@requires(Permission.SHIPMENT_RECEIVE)
def settle(code: str) -> Page:
    """Wait for nothing more of a shipment."""

    def end(actor: Actor, shipment: Shipment) -> Message:
        receiving.settle(actor, shipment.id)
        return T("The shipment is settled.")

    return _pressed(code, forms.ButtonForm(), end)


def _pressed(code: str, form: SchemaForm, run: Callable[[Actor, Shipment], Message]) -> Page:
    """What a button did, once; refusals are shown on the error page."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)
    form.validate()

    def act() -> str:
        notify(run(actor, shipment))
        return url_for(".show", code=shipment.code)

    return redirect_once(form, act)


def _filled(
    code: str, template: str, form: SchemaForm, run: Callable[[Actor, Shipment, Any], Message]
) -> Page:
    """A page with a form about one shipment."""
    actor = current_actor()
    shipment = queries.by_code(actor, code)

    def act() -> str:
        notify(run(actor, shipment, form.cleaned))
        return url_for(".show", code=shipment.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, act)
    lines = queries.lines_of(shipment)
    return render_form(template, form=form, shipment=shipment, lines=lines)


@bp.route("/<code>/send", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_PREPARE)
def send(code: str) -> Page:
    """Hand the bag to the courier."""

    def leave(actor: Actor, shipment: Shipment, given: Any) -> Message:
        sending.send(actor, shipment.id, **given)
        return T("{code} is on its way.", code=shipment.code)

    return _filled(code, "shipments/send.html", forms.SendForm(), leave)


@bp.route("/<code>/cancel", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_PREPARE)
def cancel(code: str) -> Page:
    """Send nothing, with a reason."""

    def give_up(actor: Actor, shipment: Shipment, given: Any) -> Message:
        service.cancel(actor, shipment.id, **given)
        return T("{code} is cancelled. Put its tubes back where they were.", code=shipment.code)

    return _filled(code, "shipments/cancel.html", forms.CancelForm(), give_up)


@bp.route("/<code>/receive", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def receive(code: str) -> Page:
    """Scan what arrived; differences alone are typed."""

    def arrive(actor: Actor, shipment: Shipment, given: Any) -> Message:
        receipt = Receipt(
            given["codes"],
            damaged=given["damaged"] or (),
            temperature=given["temperature"],
            note=given["note"],
            at=given["at"],
        )
        receiving.receive(actor, shipment.id, receipt)
        return T("The arrival is recorded.")

    return _filled(code, "shipments/receive.html", forms.ArrivalForm(), arrive)


@bp.route("/<code>/come-back", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_PREPARE)
def come_back(code: str) -> Page:
    """Scan the tubes that came back."""

    def take_back(actor: Actor, shipment: Shipment, given: Any) -> Message:
        codes = given.pop("codes")
        returning.take_back(actor, shipment.id, codes, **given)
        return T("Back on the bench: {count} tubes. Place them.", count=len(codes))

    scanned = "".join(f"{one}\n" for one in request.args.getlist("tube"))
    return _filled(code, "shipments/come_back.html", forms.ComeBackForm(codes=scanned), take_back)
