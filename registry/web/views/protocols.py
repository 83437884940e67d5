"""Cohorts and what each foresees: visits, and the kits drawn at them."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import protocol, queries
from registry.participants.models import Cohort, KitDefinition, VisitPlan
from registry.participants.protocol import TubeSpec
from registry.samples.plans import queries as plans
from registry.vocab import limits
from registry.web.forms import protocols as forms
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from schemas.protocols import is_begun

bp = Blueprint("protocols", __name__, url_prefix="/cohorts")

Page = Response | tuple[str, int]

_ID = "<int(max=2147483647):cohort_id>"


@bp.get("")
@requires(Permission.PARTICIPANT_READ)
def index() -> str:
    """Every cohort, and how much its protocol foresees."""
    return render_template("protocols/index.html", cohorts=queries.cohorts())


@bp.get(f"/{_ID}")
@requires(Permission.PARTICIPANT_READ)
def show(cohort_id: int) -> str:
    """A cohort's visits and kits, and what is made of their tubes."""
    cohort = queries.cohort(cohort_id)
    trees = plans.trees([tube for kit in cohort.kits for tube in kit.tubes])
    planned = {tree.tube.id: tree for tree in trees}
    return render_template("protocols/show.html", cohort=cohort, planned=planned)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def new() -> Page:
    """Open a cohort."""
    form = forms.CohortForm()
    if form.validate_on_submit():

        def open_it() -> str:
            made = protocol.open_cohort(current_actor(), **form.cleaned)
            notify(T("{name} is open. Plan its visits, then define its kits.", name=made.name))
            return url_for(".show", cohort_id=made.id)

        with form.refusals():
            return redirect_once(form, open_it)
    return render_form("protocols/cohort.html", form=form)


@bp.route(f"/{_ID}/visits/new", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def new_visit(cohort_id: int) -> Page:
    """Plan a visit."""
    cohort = queries.cohort(cohort_id)
    form = forms.VisitForm()
    if form.validate_on_submit():

        def plan_it() -> str:
            made = protocol.plan_visit(current_actor(), cohort_id, **form.cleaned)
            notify(T("The visit {name} is planned.", name=made.name))
            return url_for(".show", cohort_id=cohort_id)

        with form.refusals():
            return redirect_once(form, plan_it)
    return render_form("protocols/visit.html", form=form, cohort=cohort, plan=None)


@bp.route(f"/{_ID}/visits/<code>", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def change_visit(cohort_id: int, code: str) -> Page:
    """Change when a visit is due; those that took place keep their days."""
    cohort = queries.cohort(cohort_id)
    plan = _visit(cohort, code)
    form = forms.VisitChangeForm.of(plan)
    if form.validate_on_submit():

        def change_it() -> str:
            protocol.change_visit(current_actor(), plan.id, **form.cleaned)
            notify(T("The visit {name} is changed.", name=form.cleaned["name"]))
            return url_for(".show", cohort_id=cohort_id)

        with form.refusals():
            return redirect_once(form, change_it)
    return render_form("protocols/visit.html", form=form, cohort=cohort, plan=plan)


@bp.route(f"/{_ID}/kits/new", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def new_kit(cohort_id: int) -> Page:
    """Define a kit: its tubes, and the visits at which it is drawn."""
    cohort = queries.cohort(cohort_id)
    lines = min(request.args.get("lines", limits.KIT_LINES, type=int), limits.KIT_TUBES_MAX)
    form = forms.KitPlanForm(cohort.visit_plans, lines=max(lines, 1))
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _define(cohort_id, form))
    return render_form("protocols/kit.html", form=form, cohort=cohort, lines=lines)


@bp.route(f"/{_ID}/kits/<code>", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def change_kit(cohort_id: int, code: str) -> Page:
    """Change what a kit is called and when it is drawn; its tubes stay what they are."""
    cohort = queries.cohort(cohort_id)
    kit = _kit(cohort, code)
    form = forms.KitChangeForm.of(kit)
    if form.validate_on_submit():
        given = form.cleaned

        def change_it() -> str:
            protocol.change_kit(
                current_actor(), kit.id, name=given["name"], visit_plan_ids=given["visits"]
            )
            notify(T("The kit {name} is changed.", name=given["name"]))
            return url_for(".show", cohort_id=cohort_id)

        with form.refusals():
            return redirect_once(form, change_it)
    return render_form("protocols/kit_change.html", form=form, cohort=cohort, kit=kit)


def _define(cohort_id: int, form: forms.KitPlanForm) -> str:
    given = form.cleaned
    tubes = [
        TubeSpec(
            line["sample_type"],
            line["container_type"],
            line["volume"],
            line["unit"],
            line["type_term"],
            line["container_term"],
        )
        for line in given["tubes"]
        if is_begun(line)
        for _one in range(line["count"] or 1)
    ]
    made = protocol.define_kit(
        current_actor(),
        cohort_id,
        code=given["code"],
        name=given["name"],
        tubes=tubes,
        visit_plan_ids=given["visits"],
    )
    notify(T("The kit {name} is defined.", name=made.name))
    return url_for(".show", cohort_id=cohort_id)


def _visit(cohort: Cohort, code: str) -> VisitPlan:
    for plan in cohort.visit_plans:
        if plan.code == code:
            return plan
    raise NotFound(T("The cohort has no such visit."))


def _kit(cohort: Cohort, code: str) -> KitDefinition:
    for kit in cohort.kits:
        if kit.code == code:
            return kit
    raise NotFound(T("The cohort has no such kit."))
