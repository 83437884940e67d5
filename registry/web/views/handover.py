"""Handing samples to people, and taking them back."""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.custody import queries, service
from registry.kernel.messages import T
from registry.storage import queries as storage
from registry.web import queued
from registry.web.carting import scanned
from registry.web.forms import samples as forms
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.views.samples import home_of

bp = Blueprint("handover", __name__, url_prefix="/samples")

Page = Response | tuple[str, int]


@bp.route("/<path:code>/check-out", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def check_out(code: str) -> Page:
    """Hand a sample to a person; its cell is kept for it."""
    actor = current_actor()
    sample = queries.line(actor, code)
    form = forms.CheckOutForm(accounts.people_at(actor, sample.site_id))
    if form.validate_on_submit():

        def hand_over() -> str:
            service.check_out(actor, sample.code, **form.cleaned)
            notify(T("{code} is checked out.", code=sample.code))
            return url_for("samples.show", code=sample.code)

        with form.refusals():
            return redirect_once(form, hand_over)
    return render_form("samples/check_out.html", form=form, sample=sample)


@bp.route("/<path:code>/return", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def take_back(code: str) -> Page:
    """Take a sample back: to its own cell, or to another box."""
    actor = current_actor()
    sample = queries.line(actor, code)
    form = forms.ReturnForm()
    if form.validate_on_submit():
        given = form.cleaned

        def put_back() -> str:
            row, col, box = None, None, None
            if given["box"]:
                box = storage.box_by_code(actor, given["box"])
                row, col = box.grid.read(given["cell"]) if given["cell"] else (None, None)
            service.return_(
                actor,
                sample.code,
                condition=given["condition"],
                term=given["term"],
                remaining=given["remaining"],
                comment=given["comment"],
                box_id=box.id if box else None,
                row=row,
                col=col,
                at=given["at"],
            )
            notify(T("{code} is back.", code=sample.code))
            return url_for("samples.show", code=sample.code)

        with form.refusals():
            return redirect_once(form, put_back)
    home = home_of(queries.sample_page(actor, sample.code))
    return render_form("samples/return.html", form=form, sample=sample, home=home)


@bp.route("/take-back", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def take_back_several() -> Page:
    """Take samples back by scans alone; the page opens again for the next ones."""
    form = forms.TakeBackForm(codes=scanned())
    if form.validate_on_submit():

        def put_back() -> str:
            given = {**form.cleaned, "at": form.cleaned["at"] or queued.moment()}
            tubes = service.take_back(current_actor(), **given)
            notify(T("Tubes taken back: {count}. Scan the next ones.", count=len(tubes)))
            return url_for(".take_back_several")

        with form.refusals():
            return redirect_once(form, put_back)
    return render_form("samples/take_back.html", form=form)


@bp.route("/<path:code>/consume", methods=["GET", "POST"])
@requires(Permission.SAMPLE_CHECK_OUT)
def consume(code: str) -> Page:
    """Record that so much of a sample in hand was used."""
    actor = current_actor()
    sample = queries.line(actor, code)
    form = forms.ConsumeForm()
    if form.validate_on_submit():

        def use() -> str:
            service.consume(actor, sample.code, **form.cleaned)
            notify(T("What was used of {code} is recorded.", code=sample.code))
            return url_for("samples.show", code=sample.code)

        with form.refusals():
            return redirect_once(form, use)
    return render_form("samples/consume.html", form=form, sample=sample)


@bp.route("/dispose", methods=["GET", "POST"])
@requires(Permission.SAMPLE_DISPOSE)
def dispose() -> Page:
    """Throw tubes away: scanned, with one reason for all."""
    form = forms.DisposeForm(codes=scanned())
    if form.validate_on_submit():

        def throw_away() -> str:
            given = dict(form.cleaned)
            given["happened_at"] = given["happened_at"] or queued.moment()
            gone = service.dispose(current_actor(), **given)
            notify(T("Thrown away: {count} tubes.", count=len(gone)))
            return url_for("custody.work")

        with form.refusals():
            return redirect_once(form, throw_away)
    return render_form("samples/dispose.html", form=form)
