"""Recording what a participant signed, correcting the record, and recording a withdrawal."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.consents.decision import queries as decisions
from registry.consents.signing import proofs, queries, service
from registry.consents.signing.models import Consent
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as forms
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab.consent import Use
from registry.web import consent_choice
from registry.web.forms.base import render_form
from registry.web.forms.consents import (
    ConsentForm,
    consent_form,
)
from registry.web.forms.consents_parties import as_typed, signatories, stances
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("consents", __name__, url_prefix="/participants")

Page = Response | tuple[str, int]

bp.add_app_template_global(stances)


@bp.route("/<code>/consents/new", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def new(code: str) -> Page:
    """Record a signed form, or show beforehand what it would allow."""
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.CONSENT_RECORD, participant)
    minor = participant.adult_from is not None and clock.today() < participant.adult_from
    choice, template = consent_choice.ask(forms.signable(), minor=minor)
    form = consent_form(template, data={"language": template.language.value})

    def save() -> str:
        consent = service.record(actor, participant.id, _signed(template, form))
        _attach(actor, consent, form)
        return _told(actor, participant)

    return _answer(form, participant, template, save, choice=choice)


@bp.route("/<code>/consents/<int:consent_id>/correct", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def correct(code: str, consent_id: int) -> Page:
    """Record the same form anew because the record of it was wrong."""
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.CONSENT_RECORD, participant)
    wrong = queries.get(actor, participant.id, consent_id)
    template = wrong.template
    form = consent_form(template, corrects=True, data=_as_typed(wrong))

    def save() -> str:
        consent = service.correct(
            actor,
            wrong.id,
            _signed(template, form, corrects=wrong),
            reason=form.cleaned["reason"],
            keeps_proofs=form.cleaned["keeps_proofs"],
        )
        _attach(actor, consent, form)
        return _told(actor, participant)

    return _answer(form, participant, template, save, corrects=wrong)


def _answer(
    form: ConsentForm,
    participant: Participant,
    template: ConsentTemplate,
    save: Callable[[], str],
    **context: Any,
) -> Page:
    """Save and go on, or show the form: with what it would allow, when that was asked."""
    preview = None
    if form.validate_on_submit():
        with form.refusals():
            if "preview" not in request.form:
                return redirect_once(form, save)
            filled = _signed(template, form, corrects=context.get("corrects"))
            preview = decisions.preview(current_actor(), participant.id, filled)
    return render_form(
        "consents/new.html",
        form=form,
        participant=participant,
        signed=template,
        preview=preview,
        standing=decisions.standing(current_actor(), participant.id),
        **{"choice": None, "corrects": None, **context},
    )


def _attach(actor: Actor, consent: Consent, form: ConsentForm) -> None:
    """Keep the scans that came with the record, in the same unit of work."""
    files = [file.read() for file in form.scans.data or () if file]
    if files:
        proofs.attach(actor, consent.id, files)


def _signed(
    template: ConsentTemplate, form: ConsentForm, corrects: Consent | None = None
) -> SignedForm:
    given = form.cleaned
    return SignedForm(
        template_id=template.id,
        answers=given["answers"],
        signed_on=given["signed_on"],
        channel=given["channel"],
        information_given_on=given["information_given_on"],
        language=given["language"],
        signatories=signatories(form, template, corrects),
    )


def _as_typed(consent: Consent) -> dict[str, Any]:
    """The record as somebody would have typed it."""
    return {
        "signed_on": consent.signed_on.strftime("%d/%m/%Y"),
        "information_given_on": (
            consent.information_given_on.strftime("%d/%m/%Y")
            if consent.information_given_on
            else ""
        ),
        "channel": consent.channel.value,
        "language": consent.language.value,
        "answers": {answer.item.code: answer.answer.value for answer in consent.answers},
        "keeps_proofs": True,
        **as_typed(consent),
    }


def _told(actor: Actor, participant: Participant) -> str:
    """Say what is allowed from now on, and go back to the participant."""
    standing = decisions.standing(actor, participant.id)
    allowed = [use for use, decision in standing.items() if decision.is_allowed]
    if Use.COLLECT in allowed:
        notify(T("The consent is recorded. Samples may be collected."))
    elif allowed:
        notify(T("The consent is recorded."))
    else:
        notify(T("The form is recorded. It allows nothing today."), Notice.WARNING)
    return url_for("participants.show", code=participant.code)
