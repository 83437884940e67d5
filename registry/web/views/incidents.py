"""Quality incidents: reporting, deciding for each tube, adding tubes, closing."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.custody.incidents import policies, queries, service
from registry.custody.incidents.models import Incident
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.vocab.incidents import IncidentAct
from registry.web.carting import scanned
from registry.web.forms import incidents as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("incidents", __name__, url_prefix="/incidents")

Page = Response | tuple[str, int]


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the incident with this code, for the scan field."""
    if not allows(actor, Permission.INCIDENT_READ):
        return None
    try:
        return url_for("incidents.show", code=queries.by_code(actor, code).code)
    except NotFound:
        return None


@bp.get("")
@requires(Permission.INCIDENT_READ)
def index() -> str:
    """The incidents that are open, or those that were closed."""
    closed = request.args.get("list") == "closed"
    rows, following = queries.page(
        current_actor(), closed=closed, before=request.args.get("before", type=int)
    )
    undecided = queries.undecided([one.id for one in rows])
    return render_template(
        "incidents/index.html",
        rows=rows,
        closed=closed,
        undecided=undecided,
        standing={one.id: policies.state_of(one, undecided.get(one.id, 0)) for one in rows},
        following=following,
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.INCIDENT_REPORT)
def new() -> Page:
    """Report what went wrong with tubes, which are in quarantine from then on."""
    form = forms.IncidentForm(codes=scanned())

    def report() -> str:
        given = dict(form.cleaned)
        incident = service.report(current_actor(), given.pop("codes"), **given)
        notify(T("Incident {code} is reported. Its tubes are in quarantine.", code=incident.code))
        return url_for(".show", code=incident.code)

    return _done("incidents/new.html", form, report)


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.INCIDENT_READ)
def show(code: str) -> Page:
    """One incident: its tubes, and what is decided of them."""
    actor = current_actor()
    incident = queries.by_code(actor, code)
    judged = queries.judged(incident)
    undecided = [one.sample.code for one in judged if one.verdict is None]
    handed = undecided if request.args.get("all") else []
    form = forms.VerdictForm(codes="".join(f"{one}\n" for one in handed))

    def decide() -> str:
        given = dict(form.cleaned)
        decided = service.decide(actor, incident.id, given.pop("codes"), **given)
        _tell(decided)
        return url_for(".show", code=incident.code)

    state = policies.state_of(incident, len(undecided))
    return _done(
        "incidents/show.html",
        form,
        decide,
        incident=incident,
        judged=judged,
        state=state,
        can={
            act
            for act, permission in (
                (IncidentAct.ADD, Permission.INCIDENT_REPORT),
                (IncidentAct.DECIDE, Permission.INCIDENT_DECIDE),
                (IncidentAct.CLOSE, Permission.INCIDENT_DECIDE),
            )
            if (state, act) in policies.TRANSITIONS and allows(actor, permission, incident)
        },
        is_own=actor.id == incident.opened_by_id,
        Act=IncidentAct,
    )


def _tell(decided: service.Decided) -> None:
    if decided.ended:
        notify(T("Decided: {count} tubes.", count=len(decided.ended)))
    if decided.staying:
        notify(
            T(
                "Something else keeps these tubes in quarantine: {codes}.",
                codes=", ".join(decided.staying),
            ),
            Notice.WARNING,
        )


@bp.route("/<code>/tubes", methods=["GET", "POST"])
@requires(Permission.INCIDENT_REPORT)
def add(code: str) -> Page:
    """Let the incident concern more tubes."""
    actor = current_actor()
    incident = queries.by_code(actor, code)
    form = forms.AddedForm()

    def concern() -> str:
        service.add(actor, incident.id, **form.cleaned)
        notify(T("The tubes are among those of the incident, and in quarantine."))
        return url_for(".show", code=incident.code)

    return _done("incidents/add.html", form, concern, incident=incident)


@bp.route("/<code>/close", methods=["GET", "POST"])
@requires(Permission.INCIDENT_DECIDE)
def close(code: str) -> Page:
    """Say why it happened and what is done about it."""
    actor = current_actor()
    incident: Incident = queries.by_code(actor, code)
    form = forms.ClosingForm()

    def end() -> str:
        service.close(actor, incident.id, **form.cleaned)
        notify(T("Incident {code} is closed.", code=incident.code))
        return url_for(".show", code=incident.code)

    return _done("incidents/close.html", form, end, incident=incident)


def _done(template: str, form: SchemaForm, run: Callable[[], str], **context: object) -> Page:
    """The page with its form or, once it is sent, where what it did leads."""
    if request.method == "POST" and form.validate():
        with form.refusals():
            return redirect_once(form, run)
    return render_form(template, form=form, **context)
