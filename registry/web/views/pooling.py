"""Pouring several tubes of a participant into one."""

from decimal import Decimal

from flask import Blueprint, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody import service
from registry.custody.service import Poured
from registry.kernel.messages import T
from registry.vocab.samples import ContainerType
from registry.web import label_desk
from registry.web.carting import scanned
from registry.web.forms.base import render_form
from registry.web.forms.pooling import PoolForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("pooling", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]


@bp.route("/pools/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_ALIQUOT)
def new() -> Page:
    """Pool the tubes that were scanned; then see the pool."""
    usual = session.get("pooled", ContainerType.POLYPROPYLENE.value)
    form = PoolForm(codes=scanned(), container_type=usual)
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _pool(form))
    return render_form("samples/pool.html", form=form)


def _pool(form: PoolForm) -> str:
    actor, given = current_actor(), form.cleaned
    made = service.pool(
        actor,
        given["codes"],
        Poured(
            given["container_type"],
            given["volume"],
            given["unit"],
            given["loss"] or Decimal(0),
            given["container_term"],
        ),
        at=given["at"],
        code=given["pool"],
        comment=given["comment"],
    )
    session["pooled"] = form.container_type.data
    count = len(given["codes"])
    is_printed = given["pool"] is None and label_desk.print_new(actor, [made.code])
    if given["pool"] is not None or is_printed:
        notify(T("{count} tubes are pooled into {code}. Place it.", count=count, code=made.code))
    else:
        notify(
            T(
                "{count} tubes are pooled into {code}: print its label, then place it.",
                count=count,
                code=made.code,
            )
        )
    return url_for("samples.show", code=made.code)
