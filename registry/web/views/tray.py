"""Tubes without a known participant: received into a tray, attached to somebody or given up."""

from flask import Blueprint, render_template, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows, require
from registry.accounts import queries as accounts
from registry.custody import service
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.samples.tray import queries
from registry.samples.tray.models import TrayTube
from registry.vocab.labels import label
from registry.vocab.people import Role
from registry.web.forms.base import render_form
from registry.web.forms.tray import AttachForm, LayForm, RejectForm, WhoseForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("tray", __name__, url_prefix="/tray")

Page = Response | tuple[str, int]

_ID = "<int(max=2147483647):tube_id>"


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the tube in a tray that bears `code`, for the scan field."""
    if not allows(actor, Permission.SAMPLE_READ):
        return None
    found = queries.by_code(actor, code)
    return None if found is None else url_for("tray.show", tube_id=found.id)


@bp.get("")
@requires(Permission.SAMPLE_READ)
def index() -> str:
    """The tubes that wait, the longest first."""
    return render_template("tray/index.html", waiting=queries.waiting(current_actor()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_RECEIVE)
def lay() -> Page:
    """Receive tubes into a tray; the page opens again for the next ones."""
    actor = current_actor()
    own = accounts.sites_of(actor, Role.TECHNICIAN)
    usual = session.get("tray", {})
    form = LayForm(own, accounts.sites(), site_id=session.get("bench"), **usual)
    if form.validate_on_submit():
        given = form.cleaned

        def take_in() -> str:
            tubes = service.lay(
                actor,
                given["codes"],
                form.arrived,
                site_id=given["site_id"],
                sender_id=given["sender_id"],
                place=given["place"],
                received_at=given["received_at"] or clock.now(),
            )
            notify(T("Tubes that wait in the tray {place}: {count}.",
                     place=given["place"], count=len(tubes)))  # fmt: skip
            session["tray"] = form.usual
            return url_for(".lay")

        with form.refusals():
            return redirect_once(form, take_in)
    return render_form("tray/new.html", form=form)


@bp.get(f"/{_ID}")
@requires(Permission.SAMPLE_READ)
def show(tube_id: int) -> str:
    """One tube that waits, and what can become of it."""
    return render_template("tray/show.html", tube=queries.get(current_actor(), tube_id))


@bp.route(f"/{_ID}/attach", methods=["GET", "POST"])
@requires(Permission.SAMPLE_REGISTER)
def attach(tube_id: int) -> Page:
    """Say whose tube it is, then when and at which visit it was drawn."""
    actor = current_actor()
    tube, whose = queries.get(actor, tube_id), WhoseForm()
    participant = _participant(actor, whose)
    if participant is None:
        return render_form("tray/whose.html", form=whose, tube=tube)
    form = AttachForm(participant.cohort.visit_plans)
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _attach(actor, tube, participant, form))
    return render_form("tray/attach.html", form=form, tube=tube, participant=participant)


def _participant(actor: Actor, whose: WhoseForm) -> Participant | None:
    code = whose.cleaned.get("participant")
    if code is None:
        return None
    try:
        found = participants.get(actor, code)
    except NotFound as refusal:
        refusal.field = "participant"
        whose.attach(refusal)
        return None
    require(actor, Permission.SAMPLE_REGISTER, found)
    return found


def _attach(actor: Actor, tube: TrayTube, participant: Participant, form: AttachForm) -> str:
    sample = service.attach(
        actor,
        tube.id,
        participant_code=participant.code,
        plan_id=form.cleaned["visit"] or None,
        collected_at=form.cleaned["collected_at"],
    )
    notify(T("{code} belongs to {participant} now.",
             code=sample.code, participant=participant.shown_code))  # fmt: skip
    return url_for("samples.show", code=sample.code)


@bp.route(f"/{_ID}/reject", methods=["GET", "POST"])
@requires(Permission.SAMPLE_DISPOSE)
def reject(tube_id: int) -> Page:
    """Send a tube back, or throw it away."""
    actor = current_actor()
    tube = queries.get(actor, tube_id)
    require(actor, Permission.SAMPLE_DISPOSE, tube)
    form = RejectForm()
    if form.validate_on_submit():

        def give_up() -> str:
            outcome = form.cleaned["outcome"]
            service.reject(actor, tube.id, outcome, reason=form.cleaned["reason"])
            notify(T("{code}: {outcome}.", code=tube.code, outcome=label(outcome)))
            return url_for(".index")

        with form.refusals():
            return redirect_once(form, give_up)
    return render_form("tray/reject.html", form=form, tube=tube)
