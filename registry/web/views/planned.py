"""Carrying out at the bench what the protocol plans of a tube, and what of it is due."""

from decimal import Decimal

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody import deadlines, queries, service
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.samples.plans import queries as plans
from registry.web import label_desk
from registry.web.forms.base import render_form
from registry.web.forms.plans import PlannedWorkForm, YieldForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("planned", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]


@bp.get("/deadlines")
@requires(Permission.SAMPLE_RECEIVE)
def due() -> str:
    """The tubes of which the protocol wants something made soon."""
    return render_template("samples/deadlines.html", due=deadlines.due(current_actor()))


@bp.route("/<path:code>/planned", methods=["GET", "POST"])
@requires(Permission.SAMPLE_ALIQUOT)
def make(code: str) -> Page:
    """Fill what the plan foresees; a tube of which nothing is open is divided freely."""
    actor = current_actor()
    tube = queries.sample_page(actor, code)
    parent = tube.sample
    open_lines = plans.open_lines(actor, parent.id)
    wanted = YieldForm()
    available = min(wanted.cleaned.get("volume") or parent.remaining, parent.remaining)
    form = PlannedWorkForm(open_lines, available)
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _make(actor, parent.code, form))
    elif not open_lines:
        return redirect(url_for("custody.new_aliquots", code=parent.code), code=303)
    return render_form(
        "samples/planned.html",
        form=form,
        wanted=wanted,
        parent=parent,
        open_lines=open_lines,
        available=available,
    )


def _make(actor: Actor, code: str, form: PlannedWorkForm) -> str:
    given = form.cleaned
    made = service.make(
        actor,
        code,
        form.made,
        at=given["at"] or clock.now(),
        codes=given["children"] or [],
        loss=given["loss"] or Decimal(0),
        client_key=form.request_key.data,
        comment=given["comment"],
    )
    issued = [] if given["children"] else [child.code for child in made]
    if not made:
        notify(T("Nothing was made of {code}: the reasons are recorded.", code=code))
    else:
        label_desk.print_aliquots(actor, issued, made=len(made))
    return url_for("samples.show", code=code, made=len(made))
