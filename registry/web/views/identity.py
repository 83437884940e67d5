"""Finding out whether a person is known, including them, and seeing who somebody is.

Identifying values come in posts and go out in the one page that answers: never
in an address, a session or a notice.
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.accounts.models import Site
from registry.identity import service as identity
from registry.identity.traits import HospitalId, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants, service
from registry.vocab.identity import Agreement, Compared, EnrolmentOutcome, Standing
from registry.vocab.people import ParticipantStatus, Role
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.participants import InclusionForm, RevealForm, SearchForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once, shown_once
from schemas.participants import SearchIn

bp = Blueprint("identity", __name__, url_prefix="/participants")

Page = Response | tuple[str, int]


@bp.route("/search", methods=["GET", "POST"])
@requires(Permission.IDENTITY_SEARCH)
def search() -> Page:
    """Ask whether somebody is known; the answer holds codes and how far each trait agrees."""
    actor = current_actor()
    form = SearchForm(_own_sites(actor))
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
    return render_form("identity/new.html", form=_inclusion(data=_carried()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.PARTICIPANT_ENROL)
def new() -> Page:
    """Include a person: the vault says who it is, the cohort gets a participant."""
    form = _inclusion()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _include(form))
    return render_form("identity/new.html", form=form)


def _inclusion(data: dict[str, str] | None = None) -> InclusionForm:
    sites, cohorts = _own_sites(current_actor()), participants.cohorts()
    if data is None:
        return InclusionForm(sites, cohorts)
    return InclusionForm(sites, cohorts, formdata=None, data=data)


def _carried() -> dict[str, str]:
    """What was typed into the search, and nothing else that was sent with it."""
    return {name: request.form.get(name, "") for name in SearchIn().fields}


def _own_sites(actor: Actor) -> list[Site]:
    return list(accounts.sites_of(actor, Role.NURSE))


def _identity(form: SchemaForm) -> tuple[Traits, HospitalId | None]:
    """What was typed, as the vault takes it."""
    given = form.cleaned
    names = ("birth_name", "given_names", "used_name", "birth_date", "sex", "birth_place")
    traits = Traits(**{name: given.get(name) for name in names})
    number = given["hospital_identifier"]
    return traits, HospitalId(_site(given["site_id"]).code, number) if number else None


def _site(site_id: int) -> Site:
    for site in _own_sites(current_actor()):
        if site.id == site_id:
            return site
    raise NotFound(T("Choose one of your hospitals."), field="site_id")


def _include(form: SchemaForm) -> str:
    """Take the identity in and enrol the person; where to go on."""
    actor, given = current_actor(), form.cleaned
    traits, identifier = _identity(form)
    site = _site(given["site_id"])
    taken = identity.enrol(actor, traits=traits, hospital_identifier=identifier, site=site.code)
    known = participants.in_cohort(actor, taken.person_uid, given["cohort_id"])
    is_doubtful = taken.standing is Standing.TENTATIVE
    participant = service.enrol(
        actor,
        person_uid=taken.person_uid,
        cohort_id=given["cohort_id"],
        site_id=site.id,
        birth_year=traits.birth_date.year if traits.birth_date else None,
        sex=given["sex"],
        status=ParticipantStatus.TENTATIVE if is_doubtful else ParticipantStatus.ENROLLED,
        is_incomplete=bool(taken.missing),
        included_on=given["included_on"],
    )
    if participant.status is ParticipantStatus.TENTATIVE and not is_doubtful:
        # The vault has settled who this is, and a crash kept the cohort from hearing it.
        identity.settle(actor, taken.person_uid)
    code = participant.shown_code
    if known is not None:
        notify(T("This person was already included, as {code}. Nothing was doubled.", code=code),
               Notice.INFO)  # fmt: skip
    elif is_doubtful:
        notify(
            T(
                "{code} was saved, to be confirmed: somebody known already may be the same person.",
                code=code,
            ),
            Notice.WARNING,
        )
    elif taken.outcome is EnrolmentOutcome.NEW:
        notify(T("{code} was included.", code=code))
    else:
        notify(T("{code} was included: a person known already, new in this cohort.", code=code))
    return url_for("participants.show", code=participant.code)


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
