"""The technician's work: what waits; receive, process, divide, place, undo."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.custody import queries, service
from registry.custody.defined import queries as defined
from registry.custody.quarantine import queries as quarantine
from registry.custody.service import Child
from registry.kernel import clock
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.samples import queries as samples
from registry.samples.plans.queries import open_lines
from registry.storage import queries as storage
from registry.vocab import derivation
from registry.vocab.custody import ActKind, WorkList
from registry.vocab.people import Role, SiteKind
from registry.vocab.samples import powers
from registry.web import label_desk, placing, queued
from registry.web.carting import scanned
from registry.web.forms import samples as forms
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("custody", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]
Listing = Callable[..., queries.Page]

#: The lists of what waits.
WORK: dict[WorkList, Listing] = {
    WorkList.TO_RECEIVE: queries.to_receive,
    WorkList.TO_PLACE: queries.to_place,
    WorkList.ON_LOAN: queries.loans_out,
    WorkList.QUARANTINE: quarantine.page,
    WorkList.TO_DESTROY: quarantine.to_destroy,
}


@bp.get("/work")
@requires(Permission.SAMPLE_RECEIVE)
def work() -> str:
    """What waits: tubes to receive, to place, to destroy; loans out; what must not be used."""
    actor = current_actor()
    held = {WorkList(kind.value): count for kind, count in queries.counts(actor).items()}
    counts = {**held, **quarantine.counts(actor)}
    asked = request.args.get("list", "")
    waiting = [kind for kind in WORK if counts.get(kind)] or [WorkList.TO_RECEIVE]
    shown = next((kind for kind in WORK if kind.value == asked), waiting[0])
    return render_template(
        "samples/work.html",
        kinds=list(WORK),
        counts=counts,
        shown=shown,
        found=WORK[shown](actor, after=request.args.get("after")),
        WorkList=WorkList,
        defined=defined.newest(),
    )


@bp.route("/receive", methods=["GET", "POST"])
@requires(Permission.SAMPLE_RECEIVE)
def receive() -> Page:
    """Take tubes in; the page opens again for the next ones."""
    own_sites = accounts.sites_of(current_actor(), Role.TECHNICIAN)
    sites = sorted(own_sites, key=lambda site: site.kind is not SiteKind.BIOBANK)
    form = forms.ReceiveForm(sites, site_id=session.get("bench"), codes=scanned())
    if form.validate_on_submit():
        given = form.cleaned

        def take_in() -> str:
            tubes = service.receive(
                current_actor(),
                given["codes"],
                site_id=given["site_id"],
                condition=given["condition"],
                term=given["term"],
                received_at=given["received_at"] or queued.moment(),
                ambient=given["ambient"],
                handling=form.handling,
                comment=given["comment"],
            )
            session["bench"] = str(given["site_id"])
            notify(T("Tubes received: {count}. Scan the next ones.", count=len(tubes)))
            return url_for(".receive")

        with form.refusals():
            return redirect_once(form, take_in)
    return render_form("samples/receive.html", form=form)


@bp.route("/process", methods=["GET", "POST"])
@requires(Permission.SAMPLE_RECEIVE)
def process() -> Page:
    """Record that tubes were centrifuged or frozen."""
    kind = request.args.get("kind")
    usual = session.get("spin", {}) if kind == ActKind.CENTRIFUGED.value else {}
    form = forms.ProcessForm(kind=kind, codes=scanned(), **usual)
    if form.validate_on_submit():
        given = form.cleaned

        def record() -> str:
            tubes = service.process(
                current_actor(),
                given["codes"],
                kind=given["kind"],
                happened_at=given["happened_at"] or queued.moment(),
                comment=given["comment"],
                **form.how,
            )
            if "spin" in form.how:
                session["spin"] = form.usual
            notify(T("Recorded for {count} tubes. Scan the next ones.", count=len(tubes)))
            return url_for(".process", kind=given["kind"].value)

        with form.refusals():
            return redirect_once(form, record)
    return render_form("samples/process.html", form=form)


@bp.route("/aliquots/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_ALIQUOT)
def choose_parent() -> Page:
    """Scan the tube that will be divided."""
    form = forms.ParentForm(code=request.args.get("code"))
    if form.validate_on_submit():
        with form.refusals():
            found = samples.by_scan(current_actor(), form.cleaned["code"])
            return redirect(url_for(".new_aliquots", code=found.code), code=303)
    return render_form("samples/choose_parent.html", form=form)


@bp.route("/<path:code>/aliquots/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_ALIQUOT)
def new_aliquots(code: str) -> Page:
    """Divide a sample, freely unless its plan comes first; what it gives is taken from it."""
    actor = current_actor()
    found = queries.sample_page(actor, code)
    parent = found.sample
    if request.method == "GET" and "free" not in request.args and open_lines(actor, parent.id):
        return redirect(url_for("planned.make", code=parent.code), code=303)
    units = powers(parent.unit)
    volume, unit = session.get("aliquoted", (None, None))
    form = forms.AliquotForm(
        parent,
        derivation.possible(parent.sample_type, parent.container_type),
        units,
        sample_type=parent.sample_type.value,
        container_type=parent.container_type.value,
        volume=volume if unit in units else None,
        unit=unit if unit in units else parent.unit.value,
    )
    if form.validate_on_submit():
        given = form.cleaned

        def divide() -> str:
            made = service.aliquot(
                actor,
                parent.code,
                children=_children(given),
                sample_type=given["sample_type"],
                container_type=given["container_type"],
                type_term=given["type_term"],
                container_term=given["container_term"],
                at=given["at"] or clock.now(),
                client_key=form.request_key.data,
                loss=given["loss"] or Decimal(0),
                unit=given["unit"],
                comment=given["comment"],
            )
            session["aliquoted"] = (form.volume.data, (given["unit"] or parent.unit).value)
            issued = [] if given["children"] else [child.code for child in made]
            label_desk.print_aliquots(actor, issued, made=len(made))
            return url_for("samples.show", code=parent.code, made=len(made))

        with form.refusals():
            return redirect_once(form, divide)
    return render_form("samples/aliquots.html", form=form, tube=found, parent=parent)


def _children(given: dict[str, Any]) -> Sequence[Child]:
    """A child for each scanned label, or for each code to issue."""
    codes: list[str | None] = given["children"] or [None] * given["count"]
    volumes = [given["volume"]] * len(codes)
    if given["last_volume"] is not None:
        volumes[-1] = given["last_volume"]
    return [Child(volume, code) for volume, code in zip(volumes, codes, strict=True)]


@bp.route("/place", methods=["GET", "POST"])
@requires(Permission.SAMPLE_PLACE)
def place() -> Page:
    """Put tubes into a box, or move them there; then see the box with them in it."""
    actor = current_actor()
    asked = request.args
    form = forms.PlaceForm(box=asked.get("box"), cell=asked.get("cell"), placements=scanned())
    if form.validate_on_submit():

        def put() -> str:
            given = form.cleaned
            box = storage.box_by_code(actor, given["box"])
            placing.put(box, given)
            count = len(given["placements"])
            notify(T("Tubes placed in {box}: {count}.", box=box.unit.code, count=count))
            return url_for("storage.box", box_id=box.id, placed=given["placements"][:40])

        with form.refusals():
            return redirect_once(form, put)
    return render_form("samples/place.html", form=form, proposal=placing.proposal(form.box.data))


@bp.route("/<path:code>/acts/<int:act_id>/undo", methods=["GET", "POST"])
@requires(Permission.CUSTODY_CORRECT)
def undo(code: str, act_id: int) -> Page:
    """Undo the last act on a sample, with a reason; the act stays in the chain."""
    actor = current_actor()
    found = queries.sample_page(actor, code)
    line = next((one for one in queries.chain(actor, code) if one.act_id == act_id), None)
    if line is None:
        raise NotFound(T("There is no such act on this sample."))
    form = forms.CorrectForm()
    if form.validate_on_submit():

        def put_right() -> str:
            service.correct(actor, act_id, reason=form.cleaned["reason"])
            notify(T("The act is undone. Both stay in the chain of custody."))
            return url_for("samples.show", code=found.sample.code)

        with form.refusals():
            return redirect_once(form, put_right)
    return render_form("samples/undo.html", form=form, line=line, sample=found.sample)
