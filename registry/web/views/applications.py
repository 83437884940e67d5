"""Asking for an extract, following the request, deciding on it, producing and taking it."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response as Streamed, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.applications import policies, queries, service
from registry.applications.models import Application
from registry.applications.service import Content
from registry.extracts import catalogue, queries as extracts, service as production
from registry.extracts.report import Report
from registry.kernel.actor import Actor
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.applications import Act, State
from registry.web import criteria
from registry.web.forms import applications as forms
from registry.web.forms.base import SchemaForm, render_form
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("applications", __name__, url_prefix="/applications")

Page = Response | tuple[str, int]


@bp.app_template_global()
def own_requests() -> Sequence[Application]:
    """What the first page shows an investigator: where their requests stand."""
    actor = current_actor()
    return queries.own_newest(actor) if allows(actor, Permission.APPLICATION_MAKE) else ()


@bp.app_template_global()
def waiting_requests() -> Sequence[Application]:
    """What the first page shows a data manager: what waits for them."""
    actor = current_actor()
    return queries.waiting_for(actor) if allows(actor, Permission.APPLICATION_EXAMINE) else ()


@bp.get("")
@requires(Permission.APPLICATION_READ)
def index() -> str:
    """One's own requests; for those who decide or oversee, everybody's."""
    actor = current_actor()
    state = next((one for one in State if one.value == request.args.get("state")), None)
    found = queries.page(actor, state=state, before=request.args.get("before", type=int))
    return render_template(
        "applications/index.html",
        found=found,
        state=state,
        numbers=queries.numbers_by_state(actor),
        next_before=found[-1].id if len(found) == limits.PAGE_ROWS else None,
        sees_others=queries.sees_others(actor),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.APPLICATION_MAKE)
def new() -> Page:
    """Write a request, with the criteria of a count if one led here."""
    form = _form(count_id=request.args.get("count", type=int))
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _written(form))
    return render_form("applications/edit.html", form=form, draft=None, **_conditions())


@bp.route("/<number>/edit", methods=["GET", "POST"])
@requires(Permission.APPLICATION_MAKE)
def edit(number: str) -> Page:
    """Change a draft."""
    draft = queries.get(current_actor(), number)
    policies.check_can(draft, Act.SUBMIT)
    form = _form(draft=draft)
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _revised(form, number))
    return render_form("applications/edit.html", form=form, draft=draft, **_conditions())


def _conditions() -> dict[str, Any]:
    return {"conditions": queries.conditions()}


def _form(*, draft: Application | None = None, count_id: int | None = None) -> Any:
    asked = None
    if count_id is not None:
        asked = catalogue.question_of(catalogue.get(current_actor(), count_id))
    return forms.ApplicationForm(
        cohorts=catalogue.cohorts(),
        sample_types=catalogue.sample_types(),
        draft=draft,
        **({"asked": asked} if asked else {}),
    )


def _content(form: forms.ApplicationForm) -> Content:
    given, question = form.cleaned, form.question
    return Content(
        title=given["title"],
        purpose=question.purpose,
        justification=given["justification"],
        recipient=given["recipient"],
        recipient_kind=question.recipient_kind,
        country=question.country,
        category=given["category"],
        diseases=re.split(r"[,;\s]+", given["diseases"]) if given["diseases"] else (),
        links_data=given["links_data"],
        ends_on=given["ends_on"],
        ethics_reference=given["ethics_reference"],
        variables=given["variables"],
        criteria=question.criteria,
    )


def _written(form: forms.ApplicationForm) -> str:
    _check_accepts(form)
    return _sent_or_kept(form, service.write(current_actor(), _content(form)).number)


def _revised(form: forms.ApplicationForm, number: str) -> str:
    _check_accepts(form)
    version = form.cleaned["version"] or 0
    service.revise(current_actor(), number, _content(form), version=version)
    return _sent_or_kept(form, number)


def _is_kept() -> bool:
    return request.form.get("then") == "keep"


def _check_accepts(form: forms.ApplicationForm) -> None:
    """Before anything is written: what is to be sent is sent whole."""
    if not _is_kept():
        policies.check_accepts(queries.conditions(), accepts=form.cleaned["accepts"])


def _sent_or_kept(form: forms.ApplicationForm, number: str) -> str:
    """Send the request, unless it is to stay a draft for now."""
    if _is_kept():
        notify(T("The draft {number} has been kept. Nobody else sees it.", number=number))
    else:
        service.submit(current_actor(), number, accepts=form.cleaned["accepts"])
        notify(T("The request {number} has been sent to the data managers.", number=number))
    return url_for(".show", number=number)


@bp.get("/<number>")
@requires(Permission.APPLICATION_READ)
def show(number: str) -> Page:
    """One request: what is asked, where it stands, what was found, what can be done."""
    return _page(number)


def _page(number: str, refused: SchemaForm | None = None) -> tuple[str, int]:
    actor = current_actor()
    application = queries.get(actor, number)
    made = extracts.of(actor, application)
    return render_form(
        "applications/show.html",
        form=refused or forms.ActForm(formdata=None),
        act_form=forms.ActForm(formdata=None),
        application=application,
        criteria=criteria.in_words(application.criteria, catalogue.cohorts()),
        can={act.value: _can(actor, application, act) for act in Act},
        can_take=_can_take(actor, application),
        is_own=application.requester_id == actor.id,
        extracts=[(one, Report.from_json(one.report)) for one in made],
        examined=_examined(actor, application),
        uses=policies.study(application).uses,
        conditions=queries.conditions(),
        send_form=refused if isinstance(refused, forms.SendForm) else forms.SendForm(formdata=None),
    )


def _can(actor: Actor, application: Application, act: Act) -> bool:
    """Whether a button for `act` would not be refused."""
    return policies.can(application, act) and allows(actor, policies.PERMISSIONS[act], application)


def _can_take(actor: Actor, application: Application) -> bool:
    is_there = application.state in (State.PRODUCED, State.DELIVERED)
    return is_there and allows(actor, Permission.EXTRACT_DOWNLOAD, application)


def _examined(actor: Actor, application: Application) -> Report | None:
    """What the request would reach today, for who decides or produces."""
    is_open = application.state in (State.SUBMITTED, State.APPROVED)
    if not is_open or not allows(actor, Permission.APPLICATION_EXAMINE, application):
        return None
    return extracts.examine(actor, application.number)


@bp.post("/<number>/submit")
@requires(Permission.APPLICATION_MAKE)
def submit(number: str) -> Page:
    """Send one's draft."""
    form = forms.SendForm()
    if form.validate_on_submit():

        def send() -> str:
            service.submit(current_actor(), number, accepts=form.cleaned["accepts"])
            notify(T("The request {number} has been sent to the data managers.", number=number))
            return url_for(".show", number=number)

        with form.refusals():
            return redirect_once(form, send)
    return _page(number, form)


@bp.post("/<number>/produce")
@requires(Permission.EXTRACT_PRODUCE)
def produce(number: str) -> Page:
    """Make the extract."""
    return _act(
        number,
        production.produce,
        T("The extract of {number} is ready. The requester alone can download it.", number=number),
    )


def _act(number: str, act: Callable[[Actor, str], object], done: Message) -> Page:
    """Do one thing to the request and come back to its page."""
    form = forms.ActForm()

    def once() -> str:
        act(current_actor(), number)
        notify(done)
        return url_for(".show", number=number)

    with form.refusals():
        return redirect_once(form, once)
    return _page(number, form)


@bp.route("/<number>/withdraw", methods=["GET", "POST"])
@requires(Permission.APPLICATION_MAKE)
def withdraw(number: str) -> Page:
    """Take one's own request back."""
    form = forms.TakeBackForm()
    if form.validate_on_submit():

        def take_back() -> str:
            service.withdraw(current_actor(), number, **form.cleaned)
            notify(T("The request {number} has been withdrawn.", number=number))
            return url_for(".show", number=number)

        with form.refusals():
            return redirect_once(form, take_back)
    application = queries.get(current_actor(), number)
    policies.check_can(application, Act.WITHDRAW)
    return render_form("applications/withdraw.html", form=form, application=application)


@bp.route("/<number>/decide", methods=["GET", "POST"])
@requires(Permission.APPLICATION_DECIDE)
def decide(number: str) -> Page:
    """Approve or refuse, with what the registry found in view."""
    actor = current_actor()
    form = forms.DecisionForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _decided(number, **form.cleaned))
    application = queries.get(actor, number)
    policies.check_can(application, Act.APPROVE)
    return render_form(
        "applications/decide.html",
        form=form,
        application=application,
        criteria=criteria.in_words(application.criteria, catalogue.cohorts()),
        examined=extracts.examine(actor, number),
        uses=policies.study(application).uses,
    )


def _decided(number: str, decision: Act, reason: str | None) -> str:
    if decision is Act.REFUSE:
        service.refuse(current_actor(), number, reason=reason or "")
        notify(T("The request {number} has been refused.", number=number))
    else:
        service.approve(current_actor(), number, reason=reason)
        notify(T("The request {number} has been approved.", number=number))
    return url_for(".show", number=number)


@bp.post("/<number>/extract")
@requires(Permission.EXTRACT_DOWNLOAD)
def extract(number: str) -> Page:
    """Hand the extract over, after asking about everybody in it once more."""
    form = forms.ActForm()
    with form.refusals():
        handed = production.take(current_actor(), number)
        taken = handed.extract
        response = Streamed(handed.content, mimetype=production.MEDIA_TYPE)
        response.headers["Content-Disposition"] = f'attachment; filename="{taken.file_name}"'
        response.headers["Content-Length"] = str(taken.document.size)
        return response
    return _page(number, form)
