"""Recalls of partners' installations: taken in, followed tube by tube, answered signed."""

from flask import Blueprint, Response as FileResponse, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.exchange.recalls import obeying, queries as recalls
from registry.kernel import clock
from registry.kernel.messages import T
from registry.vocab.exchange import RecalledState
from registry.web.forms.base import render_form
from registry.web.forms.exchange import RecallEndForm, RecallFileForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("foreign_recalls", __name__, url_prefix="/foreign-recalls")

Page = Response | tuple[str, int]

#: How a state is told by colour.
_COLOURS = {
    RecalledState.SET_APART: "stop",
    RecalledState.NOT_ARRIVED: "wait",
    RecalledState.UNKNOWN: "wait",
}


@bp.get("")
@requires(Permission.SHIPMENT_READ)
def index() -> str:
    """What partners recalled, the newest first."""
    rows = recalls.every(current_actor())
    return render_template("shipments/recalls.html", rows=rows, today=clock.today())


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_RECEIVE)
def new() -> Page:
    """Take a recall in: it holds at once, without a second look."""
    form = RecallFileForm()

    def keep() -> str:
        kept = obeying.take_in(current_actor(), form.content())
        notify(
            T(
                "The recall holds: its tubes are not used any more. Set them apart, and send "
                "the partner the answer."
            ),
            Notice.WARNING,
        )
        return url_for(".show", recall_id=kept.id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, keep)
    return render_form("shipments/recall_new.html", form=form)


@bp.route("/<int:recall_id>", methods=["GET", "POST"])
@requires(Permission.SHIPMENT_READ)
def show(recall_id: int) -> Page:
    """What is asked by when, where each tube is, and what became of it."""
    recall = recalls.get(current_actor(), recall_id)
    form = RecallEndForm()

    def keep() -> str:
        obeying.end(current_actor(), recall.id, **form.cleaned)
        notify(T("It is on record. Send the partner the new answer."), Notice.SUCCESS)
        return url_for(".show", recall_id=recall.id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, keep)
    return render_form(
        "shipments/recall.html",
        form=form,
        recall=recall,
        states=recalls.states(recall),
        colours=_COLOURS,
        is_late=recall.is_open and recall.until < clock.today(),
    )


@bp.get("/<int:recall_id>/answer.json")
@requires(Permission.SHIPMENT_READ)
def answer(recall_id: int) -> FileResponse:
    """The signed answer, for the partner's installation."""
    recall = recalls.get(current_actor(), recall_id)
    response = FileResponse(recalls.signed_answer(recall), mimetype="application/json")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="recall-answer-{recall.id}.json"'
    )
    return response
