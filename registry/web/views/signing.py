"""Signing on the screen: both sides read, answer and sign on one page, and keep the same PDF."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.consents.signing import printing as signed, queries, screen
from registry.consents.signing.models import Consent
from registry.consents.signing.parties import RULES
from registry.consents.signing.service import SignedForm
from registry.consents.templates import printing
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Audience, Channel, SignatoryRole
from registry.web import consent_choice
from registry.web.forms.base import render_form
from registry.web.forms.consents import SigningForm, signing_form
from registry.web.forms.consents_parties import roles_of, signatories
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once
from registry.web.views.proofs import COPY_OF

bp = Blueprint("signing", __name__, url_prefix="/participants/<code>/consents")

Page = Response | tuple[str, int]


@bp.route("/sign", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def sign(code: str) -> Page:
    """Let the participant read, answer and sign a form."""
    participant = _participant(code)
    choice, template = consent_choice.ask(consent_choice.in_use(), minor=_is_minor(participant))
    return _page(participant, template, choice=choice)


@bp.route("/<int:consent_id>/sign-again", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def again(code: str, consent_id: int) -> Page:
    """Have a form signed anew that was signed on the screen and is not in order."""
    participant = _participant(code)
    wrong = queries.get(current_actor(), participant.id, consent_id)
    if wrong.channel is not Channel.SCREEN:
        raise RuleBroken(T("This was not signed on the screen. Correct its record instead."))
    return _page(participant, wrong.template, corrects=wrong)


@bp.get("/<int:consent_id>/signed")
@requires(Permission.CONSENT_RECORD)
def done(code: str, consent_id: int) -> Page:
    """Say that it is signed, and offer the copy."""
    participant = _participant(code)
    consent = queries.get(current_actor(), participant.id, consent_id)
    return render_form(
        "consents/signed.html",
        form=signing_form(consent.template, formdata=None),
        participant=participant,
        consent=consent,
        takes_copy=session.get(COPY_OF) == consent.id,
    )


def _participant(code: str) -> Participant:
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.CONSENT_RECORD, participant)
    return participant


def _is_minor(participant: Participant) -> bool:
    return participant.adult_from is not None and clock.today() < participant.adult_from


def _page(
    participant: Participant,
    template: ConsentTemplate,
    *,
    choice: object = None,
    corrects: Consent | None = None,
) -> Page:
    digest = signed.text_digest(template)
    form = signing_form(template, data={"text_sha256": digest})

    def save() -> str:
        consent = screen.sign(
            current_actor(),
            participant.id,
            _held(form, template),
            supersedes_id=corrects.id if corrects else None,
        )
        session[COPY_OF] = consent.id
        notify(T("The form is signed and kept, sealed."), Notice.SUCCESS)
        return url_for(".done", code=participant.code, consent_id=consent.id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form(
        "consents/sign.html",
        form=form,
        choice=choice,
        participant=participant,
        signed=template,
        said=printing.said(template),
        sides=_sides(template),
        width=limits.SIGNATURE_WIDTH,
        height=limits.SIGNATURE_HEIGHT,
    )


#: Who does not sign most forms: asked about in a part of the page that is folded.
_RARE = frozenset({SignatoryRole.TRUSTED_PERSON, SignatoryRole.WITNESS})


@dataclass(frozen=True)
class Side:
    """Somebody who may sign, as the form calls them."""

    role: SignatoryRole
    name: str
    #: Whether it is asked what they think; an adult’s answers say it.
    is_asked: bool
    is_rare: bool


def _sides(template: ConsentTemplate) -> list[Side]:
    asked, spoken = roles_of(template.audience), template.language
    is_minor = template.audience is Audience.MINOR
    return [
        Side(
            role,
            signed.role_name(role, spoken),
            role in asked,
            role in _RARE or (is_minor and role is SignatoryRole.GUARDIAN),
        )
        for role in RULES[template.audience].allowed
    ]


def _held(form: SigningForm, template: ConsentTemplate) -> screen.Ceremony:
    """What came back from the screen."""
    given = form.cleaned
    drawings: Mapping[SignatoryRole, str] = {
        role: given[f"drawn_{role.value}"]
        for role in RULES[template.audience].allowed
        if given[f"drawn_{role.value}"]
    }
    return screen.Ceremony(
        form=SignedForm(
            template_id=template.id,
            answers=given["answers"],
            signed_on=clock.today(),
            channel=Channel.SCREEN,
            information_given_on=given["information_given_on"],
            language=template.language,
            signatories=signatories(form, template),
        ),
        text_sha256=given["text_sha256"],
        drawings=drawings,
        professional=given["drawn_professional"] or "",
    )
