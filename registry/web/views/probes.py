"""Temperature probes: setting them up, taking in their files, deciding of samples exposed."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.custody.exposures import present, queries as exposures, service
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.storage.temperatures import queries, service as temperatures
from registry.storage.temperatures.models import KnownExcursion, Probe
from registry.vocab import limits
from registry.vocab.storage import ExposureDecision
from registry.web.forms import probes as forms
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once
from registry.web.temperature_chart import Chart, chart

bp = Blueprint("probes", __name__, url_prefix="/probes")

Page = Response | tuple[str, int]

_AROUND = timedelta(hours=6)


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the probe that bears `code`, for the scan field."""
    if not allows(actor, Permission.STORAGE_READ):
        return None
    try:
        return url_for("probes.show", code=queries.probe(actor, code).code)
    except NotFound:
        return None


@bp.get("")
@requires(Permission.STORAGE_READ)
def index() -> str:
    """The excursions that wait for a decision, and every probe."""
    actor = current_actor()
    found, waiting = queries.probes(actor), exposures.waiting(actor)
    return render_template(
        "probes/index.html",
        probes=found,
        last=queries.last_read([one.id for one in found]),
        ways=storage.ways_to([one.unit_id for one in found]),
        in_words=storage.in_words,
        waiting=waiting,
        undecided=exposures.undecided([one.id for one in waiting]),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.STORAGE_MANAGE)
def new() -> Page:
    """Have a probe watch a place."""
    form = forms.ProbeForm(unit=request.args.get("unit"))
    if form.validate_on_submit():

        def set_up() -> str:
            made = temperatures.set_up(current_actor(), **form.cleaned)
            notify(T("The probe {name} is set up.", name=made.name))
            return url_for(".show", code=made.code)

        with form.refusals():
            return redirect_once(form, set_up)
    return render_form("probes/new.html", form=form)


@bp.get("/<code>")
@requires(Permission.STORAGE_READ)
def show(code: str) -> str:
    """What a probe watches, what it last read, and its excursions."""
    probe = queries.probe(current_actor(), code)
    first, last, count = queries.span(probe.id)
    found = queries.excursions_of(probe.id, limits.PAGE_ROWS)
    readings = queries.shown(probe, last, limits.PROBE_CHART_DAYS) if last else []
    return render_template(
        "probes/show.html",
        probe=probe,
        way=storage.way_to(probe.unit_id),
        span=(first, last, count),
        chart=chart(readings, probe.bounds, limits.PROBE_CHART_POINTS),
        excursions=found,
        undecided=exposures.undecided([one.id for one in found]),
        retiring=forms.RetiringForm(),
    )


@bp.route("/<code>/file", methods=["GET", "POST"])
@requires(Permission.PROBE_READ)
def take(code: str) -> Page:
    """Show what a logger's file holds; then, accepted, record it."""
    actor = current_actor()
    probe = queries.probe(actor, code)
    form, taken = forms.ReadingsForm(), None
    if form.validate_on_submit():
        with form.refusals():
            content, day_first = form.content(), form.day_first
            taken = temperatures.look(actor, probe, content, day_first=day_first)
            if form.cleaned["accept"]:
                return redirect_once(
                    form, lambda: _recorded(actor, probe, content, day_first=day_first)
                )
    return render_form("probes/file.html", form=form, probe=probe, taken=taken)


def _recorded(actor: Actor, probe: Probe, content: bytes, *, day_first: bool | None) -> str:
    done = service.record(actor, probe.id, content, day_first=day_first)
    notify(done.news)
    if done.warning is not None:
        notify(done.warning, Notice.WARNING)
    return url_for(".show", code=probe.code)


@bp.post("/<code>/retire")
@requires(Permission.STORAGE_MANAGE)
def retire(code: str) -> Response:
    """Take a probe out of use."""
    actor = current_actor()
    probe = queries.probe(actor, code)

    def end() -> str:
        temperatures.retire(actor, probe.id)
        notify(T("The probe {code} is out of use.", code=probe.code))
        return url_for(".show", code=probe.code)

    return redirect_once(forms.RetiringForm(), end)


@bp.route("/excursions/<int(max=2147483647):excursion_id>", methods=["GET", "POST"])
@requires(Permission.STORAGE_READ)
def excursion(excursion_id: int) -> Page:
    """One excursion: the tubes that it exposed, and what is decided of each."""
    actor = current_actor()
    found = queries.excursion(actor, excursion_id)
    skip = max(request.args.get("after", 0, type=int), 0)
    exposed, following = exposures.exposures(actor, found, skip=skip)
    form = forms.ExposureForm()

    def decide() -> str:
        done = service.decide(actor, excursion_id, **_given(form))
        notify(T("Decided: {count} tubes.", count=done.samples))
        for incident in done.incidents:
            notify(T("Incident {code} is reported. Its tubes are in quarantine.",
                     code=incident.code))  # fmt: skip
        return url_for(".excursion", excursion_id=excursion_id)

    may_decide = allows(actor, Permission.EXCURSION_DECIDE, found)
    if request.method == "POST" and may_decide and form.validate():
        with form.refusals():
            return redirect_once(form, decide)
    return render_form(
        "probes/excursion.html",
        form=form,
        excursion=found,
        probe=found.probe,
        way=storage.way_to(found.probe.unit_id),
        chart=_chart_of(found),
        exposed=exposed,
        following=following,
        elsewhere=exposures.elsewhere(actor, found),
        waits=exposures.waits_for(actor, found),
        may_decide=may_decide,
        assumed=present.count_assumed(found),
        Decision=ExposureDecision,
    )


def _given(form: forms.ExposureForm) -> dict[str, Any]:
    return {**form.cleaned, "codes": form.cleaned["codes"] or []}


def _chart_of(found: KnownExcursion) -> Chart | None:
    readings = queries.readings(found.probe_id, found.start - _AROUND, found.end + _AROUND)
    return chart(readings, found.probe.bounds, limits.PROBE_CHART_POINTS)
