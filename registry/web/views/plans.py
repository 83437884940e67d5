"""What is to be made of a tube of a kit: the coordinator adds to it and withdraws from it."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries
from registry.participants.models import KitTube
from registry.samples.plans import queries as plans, service
from registry.vocab.labels import label
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.plans import PlannedLineForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("plans", __name__, url_prefix="/cohorts")

Page = Response | tuple[str, int]

_TUBE = "<int(max=2147483647):cohort_id>/kits/<code>/tubes/<int(max=2147483647):position>"


@bp.route(f"/{_TUBE}", methods=["GET", "POST"])
@requires(Permission.PROTOCOL_EDIT)
def show(cohort_id: int, code: str, position: int) -> Page:
    """The plan of a tube, and a line to add to it."""
    tube = _tube(cohort_id, code, position)
    [tree] = plans.trees([tube])
    form = PlannedLineForm(tree)
    if form.validate_on_submit():

        def add() -> str:
            line = service.add(
                current_actor(), tube.id, form.plan, parent_id=form.cleaned["parent"]
            )
            notify(T("{kind} is planned.", kind=label(line.sample_type)))
            return _url(tube)

        with form.refusals():
            return redirect_once(form, add)
    return render_form("protocols/plan.html", form=form, tree=tree, tube=tube, bare=SchemaForm())


@bp.post(f"/{_TUBE}/<int(max=2147483647):planned_id>/withdraw")
@requires(Permission.PROTOCOL_EDIT)
def withdraw(cohort_id: int, code: str, position: int, planned_id: int) -> Response:
    """Take a line out of the plan with all that is planned of it."""
    tube = _tube(cohort_id, code, position)

    def take_out() -> str:
        line = service.withdraw(current_actor(), planned_id)
        notify(T("{kind} is no longer planned.", kind=label(line.sample_type)))
        return _url(tube)

    return redirect_once(SchemaForm(), take_out)


def _url(tube: KitTube) -> str:
    kit = tube.kit
    return url_for(".show", cohort_id=kit.cohort_id, code=kit.code, position=tube.position)


def _tube(cohort_id: int, code: str, position: int) -> KitTube:
    for kit in queries.cohort(cohort_id).kits:
        for tube in kit.tubes:
            if (kit.code, tube.position) == (code, position):
                return tube
    raise NotFound(T("The cohort has no such kit."))
