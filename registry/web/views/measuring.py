"""Recording what was measured of a tube."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.queries import sample_page
from registry.kernel.messages import T
from registry.samples.measuring import queries, service
from registry.samples.measuring.models import Measurement
from registry.web.forms.base import render_form
from registry.web.forms.measuring import MeasuredForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("measuring", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]


@bp.route("/<path:code>/measurements/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_MEASURE)
def new(code: str) -> Page:
    """Record a value; with ``corrects`` in the address, in the place of an earlier one."""
    actor = current_actor()
    tube = sample_page(actor, code)
    corrects = request.args.get("corrects", type=int)
    earlier = next((one for one in queries.content(tube.sample.id).all if one.id == corrects), None)
    form = MeasuredForm(tube.sample.sample_type, data=_same(earlier))
    if form.validate_on_submit():

        def save() -> str:
            service.record(actor, tube.sample.code, form.measured, corrects=corrects)
            notify(T("The measurement is recorded."))
            return url_for("samples.show", code=tube.sample.code)

        with form.refusals():
            return redirect_once(form, save)
    return render_form("samples/measure.html", form=form, sample=tube.sample, earlier=earlier)


def _same(earlier: Measurement | None) -> dict[str, str] | None:
    """What is likely the same in the measurement that corrects this one."""
    if earlier is None:
        return None
    return {name: getattr(earlier, name).value for name in ("measure", "unit", "method")}
