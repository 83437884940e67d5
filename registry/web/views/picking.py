"""Pick lists: what is to be fetched, reserving, fetching by scans, leaving out, the print."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.custody.forms import Printing
from registry.custody.picking import printing, queries, service
from registry.custody.picking.models import PickList
from registry.custody.shipments import queries as shipments
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import Message, T
from registry.vocab.people import Role
from registry.vocab.picking import PickStatus
from registry.vocab.shipping import ShipmentList
from registry.web import language, queued
from registry.web.carting import scanned
from registry.web.forms import picking as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.shipments import ButtonForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("picking", __name__, url_prefix="/picks")

Page = Response | tuple[str, int]

_CLOSED = T("The list is closed: what was not fetched may be used by others.")


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the pick list whose print bears `code`, for the scan field."""
    if not allows(actor, Permission.SAMPLE_CHECK_OUT):
        return None
    try:
        return url_for("picking.show", code=queries.by_code(actor, code).code)
    except NotFound:
        return None


@bp.get("")
@requires(Permission.SAMPLE_CHECK_OUT)
def index() -> str:
    """The lists that are to be fetched, or those that were."""
    closed = request.args.get("list") == "closed"
    rows, following = queries.page(
        current_actor(), closed=closed, before=request.args.get("before", type=int)
    )
    return render_template(
        "picks/index.html",
        rows=rows,
        closed=closed,
        to_fetch=queries.to_fetch([one.id for one in rows]),
        following=following,
        now=clock.now(),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def new() -> Page:
    """Reserve tubes: scanned, pasted, or those that another page hands over."""
    actor = current_actor()
    sites = accounts.sites_of(actor, Role.TECHNICIAN)
    people = {one.id: one for site in sites for one in accounts.people_at(actor, site.id)}
    being_packed, _ = shipments.page(actor, ShipmentList.TO_PACK)
    form = forms.PickListForm(people.values(), being_packed, codes=scanned())

    def reserve() -> str:
        given = dict(form.cleaned)
        destination = given.pop("destination")
        picked = service.open_(actor, given.pop("codes"), **given, **destination)
        notify(T("The tubes are reserved for the list {code}.", code=picked.code))
        return url_for(".show", code=picked.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, reserve)
    return render_form("picks/new.html", form=form)


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def show(code: str) -> Page:
    """One list in the order of the freezers; its scan field while something is to be fetched."""
    actor = current_actor()
    picked = queries.by_code(actor, code)
    stops = queries.stops(picked)
    form = forms.FetchForm(one.sample.code for one in stops if one.status is PickStatus.WAITING)
    if request.method == "POST" and form.validate():
        with form.refusals():
            return redirect_once(form, lambda: _fetched(actor, picked, form))
    return render_form(
        "picks/show.html",
        form=form,
        picked=picked,
        stops=stops,
        next_stop=next((one for one in stops if one.status is PickStatus.WAITING), None),
        runs=picked.reserved_until > clock.now(),
        button=ButtonForm(formdata=None),
        Status=PickStatus,
    )


def _fetched(actor: Actor, picked: PickList, form: SchemaForm) -> str:
    codes = form.cleaned["codes"] or []
    if codes or not form.cleaned["close"]:
        at = queued.moment() if queued.is_queued() else None
        service.fetch(actor, picked.id, codes, at=at)
        notify(T("Fetched: {count} tubes.", count=len(codes)))
    if form.cleaned["close"] and picked.closed_at is None:
        service.close(actor, picked.id)
        notify(_CLOSED)
    return url_for(".show", code=picked.code)


@bp.route("/<code>/leave-out", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def leave_out(code: str) -> Page:
    """Leave one tube out, with a reason."""
    actor = current_actor()
    picked = queries.by_code(actor, code)
    form = forms.LeaveOutForm(code=request.args.get("tube", ""))

    def out() -> str:
        line = service.leave_out(actor, picked.id, **form.cleaned)
        notify(T("{code} is left out.", code=line.sample.code))
        return url_for(".show", code=picked.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, out)
    return render_form("picks/leave_out.html", form=form, picked=picked)


@bp.post("/<code>/close")
@requires(Permission.SAMPLE_CHECK_OUT)
def close(code: str) -> Page:
    """Fetch nothing more."""

    def end(actor: Actor, picked: PickList) -> Message:
        service.close(actor, picked.id)
        return _CLOSED

    return _pressed(code, end)


@bp.post("/<code>/reserve-again")
@requires(Permission.SAMPLE_CHECK_OUT)
def reserve_again(code: str) -> Page:
    """Keep the tubes for the usual time from now."""

    def keep(actor: Actor, picked: PickList) -> Message:
        service.reserve_again(actor, picked.id)
        return T("The tubes are reserved again.")

    return _pressed(code, keep)


def _pressed(code: str, run: Callable[[Actor, PickList], Message]) -> Page:
    """What a button did, once; refusals are shown on the error page."""
    actor = current_actor()
    picked = queries.by_code(actor, code)
    form = ButtonForm()
    form.validate()

    def act() -> str:
        notify(run(actor, picked))
        return url_for(".show", code=picked.code)

    return redirect_once(form, act)


@bp.get("/<code>/list-<any(fr, en):spoken>.pdf")
@requires(Permission.SAMPLE_CHECK_OUT)
def printed(code: str, spoken: str) -> Response:
    """The list on paper, for the cold room."""
    actor = current_actor()
    picked = queries.by_code(actor, code)
    with force_locale(spoken):
        how = Printing(translate=language.translate, language=spoken, printed_by=actor.name)
        content = printing.sheet(picked, queries.stops(picked), how)
    return pdf_response(content, pdf_file_name("picks", picked.code))
