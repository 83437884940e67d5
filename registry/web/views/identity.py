"""Finding out whether a person is known, including them, and seeing who somebody is.

Identifying values come in posts and go out in the one page that answers: never
in an address, a session or a notice.
"""

from typing import Any

from flask import Blueprint, render_template, request, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.accounts.models import Site
from registry.identity import service as identity
from registry.identity.traits import HospitalId, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.vocab.identity import Agreement, Compared
from registry.vocab.people import Role
from registry.web import inclusion
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.participants import InclusionForm, RevealForm, SearchForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.once import answered_before, redirect_once, shown_once
from schemas.participants import SearchIn

bp = Blueprint("identity", __name__, url_prefix="/participants")

Page = Response | tuple[str, int]

_SEARCHERS = (Role.NURSE, Role.IDENTITY_OFFICER)


@bp.route("/search", methods=["GET", "POST"])
@requires(Permission.IDENTITY_SEARCH)
def search() -> Page:
    """Ask whether somebody is known; the answer holds codes and how far each trait agrees."""
    actor = current_actor()
    form = SearchForm(accounts.sites_of(actor, *_SEARCHERS))
    found = None
    if form.validate_on_submit():
        with form.refusals():
            traits, identifier = _identity(form)
            found = identity.search(actor, traits=traits, hospital_identifier=identifier)
    uids = [one.person_uid for one in found or ()]
    known: dict[str, list[Any]] = {uid: [] for uid in uids}
    for participant in participants.of_persons(actor, uids):
        known[participant.person_uid].append(participant)
    return render_form(
        "identity/search.html",
        form=form,
        found=found,
        known=known,
        compared=list(Compared),
        missing=Agreement.MISSING,
    )


@bp.post("/begin")
@requires(Permission.PARTICIPANT_ENROL)
def begin() -> Page:
    """Open the inclusion of whoever was looked for, with what was typed."""
    return _page(_inclusion(data=_carried()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PARTICIPANT_ENROL)
def new() -> Page:
    """Include a person: the vault says who it is, the cohort gets a participant.

    When somebody known may be the same person, that is asked on this page
    before anything is stored; nothing of it is asked twice.
    """
    form = _inclusion()
    if form.validate_on_submit():
        with form.refusals():
            newcomer = inclusion.Newcomer.of(form, _site(form.cleaned["site_id"]))
            return _answered(form, newcomer)
    return _page(form)


def _answered(form: InclusionForm, newcomer: inclusion.Newcomer) -> Page:
    """Include the person, or ask about those who resemble."""
    answer = answered_before(form)
    if answer is not None:
        return answer
    decided = inclusion.answers(newcomer)
    if decided is None:
        asked = inclusion.question(newcomer)
        if asked is not None:
            return _page(form, asked)
    return redirect_once(form, lambda: inclusion.include(newcomer, decided or {}))


def _page(form: InclusionForm, asked: inclusion.Question | None = None) -> Page:
    return render_form(
        "identity/new.html",
        form=form,
        asked=asked,
        compared=list(Compared),
        missing=Agreement.MISSING,
    )


def _inclusion(data: dict[str, str] | None = None) -> InclusionForm:
    sites, cohorts = _own_sites(current_actor()), participants.cohorts()
    last = {"cohort_id": session.get(inclusion.LAST_COHORT)}
    if data is None:
        return InclusionForm(sites, cohorts, data=last)
    return InclusionForm(sites, cohorts, formdata=None, data={**last, **data})


def _carried() -> dict[str, str]:
    """What was typed into the search, and nothing else that was sent with it."""
    return {name: request.form.get(name, "") for name in SearchIn().fields}


def _own_sites(actor: Actor) -> list[Site]:
    return list(accounts.sites_of(actor, Role.NURSE))


def _identity(form: SchemaForm) -> tuple[Traits, HospitalId | None]:
    """What was typed, as the vault takes it."""
    return inclusion.identity_of(form, _site(form.cleaned["site_id"]))


def _site(site_id: int) -> Site:
    for site in accounts.sites_of(current_actor(), *_SEARCHERS):
        if site.id == site_id:
            return site
    raise NotFound(T("Choose one of your hospitals."), field="site_id")


@bp.route("/<code>/identity", methods=["GET", "POST"])
@requires(Permission.IDENTITY_REVEAL)
@fresh
def reveal(code: str) -> Page:
    """Ask why the identity is needed, record it, and show the identity once."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = RevealForm()
    if form.validate_on_submit():
        with form.refusals():
            return shown_once(
                form,
                lambda: identity.reveal(actor, participant.person_uid, **form.cleaned),
                lambda shown: render_template(
                    "identity/shown.html", participant=participant, shown=shown
                ),
                after=url_for("participants.show", code=participant.code),
            )
    return render_form("identity/reveal.html", form=form, participant=participant)
