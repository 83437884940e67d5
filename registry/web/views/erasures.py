"""Erasing an identity in two steps, the list of erasures and their certificates."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.consents.withdrawals import queries as withdrawals
from registry.identity.erasure import queries
from registry.identity.erasure.certificate import certificate as printed
from registry.identity.erasure.queries import Certified
from registry.identity.erasure.service import erase
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.erasure import ErasureGround
from registry.web import language
from registry.web.forms.base import render_form
from registry.web.forms.erasures import ErasureForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("erasures", __name__)

Page = Response | tuple[str, int]


@bp.route("/participants/<code>/erase", methods=["GET", "POST"])
@requires(Permission.IDENTITY_ERASE)
@fresh
def new(code: str) -> Page:
    """First the ground and the reason; then, with the code typed, the erasure."""
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.IDENTITY_ERASE, participant)
    form = ErasureForm(data=_asked_for(actor, participant))
    is_second_step = False

    def destroy() -> str:
        _check_typed(form.cleaned["code"], participant)
        erased = erase(
            actor,
            participant.person_uid,
            ground=form.cleaned["ground"],
            reason=form.cleaned["reason"],
        )
        notify(
            T(
                "The identity of {code} is destroyed. Its certificate is {certificate}.",
                code=participant.shown_code,
                certificate=erased.certificate,
            )
        )
        return url_for(".index")

    if form.validate_on_submit():
        is_second_step = form.code.flags.required = True
        if "erase" in request.form:
            with form.refusals():
                return redirect_once(form, destroy)
    return render_form(
        "erasures/new.html",
        form=form,
        participant=participant,
        is_second_step=is_second_step,
        known=queries.about(actor, participant.person_uid),
    )


def _asked_for(actor: Actor, participant: Participant) -> dict[str, str]:
    """The ground and the reason, when the participant asked for it with a withdrawal."""
    for withdrawal in withdrawals.of_participant(actor, participant.id):
        if any(choice.effect is WithdrawalEffect.ERASE_DATA for choice in withdrawal.asked):
            reason = T(
                "Asked for with withdrawal W-{number} of {day}.",
                number=withdrawal.id,
                day=withdrawal.effective_on.strftime("%d/%m/%Y"),
            )
            return {
                "ground": ErasureGround.CONSENT_WITHDRAWN.value,
                "reason": language.translate(reason),
            }
    return {}


def _check_typed(typed: str | None, participant: Participant) -> None:
    """Refuse unless the code of this very participant was typed: here no slip is put right.

    :raises InvalidInput: it was not.
    """
    if participant_code.plain(typed or "") != participant.code:
        raise InvalidInput(
            T("This is not the code of this participant. Look at it and type it again."),
            field="code",
        )


@bp.get("/erasures")
@requires(Permission.IDENTITY_ERASE)
def index() -> str:
    """Every erasure, the latest first."""
    actor = current_actor()
    found = queries.page(actor, before=request.args.get("before"))
    return render_template(
        "erasures/index.html",
        found=found,
        codes=_codes(found),
        older=url_for(".index", before=found[-1].erasure.certificate)
        if len(found) == limits.PAGE_ROWS
        else None,
    )


def _codes(found: Sequence[Certified]) -> dict[str, list[Participant]]:
    """The participants at the actor's sites whose identity each erasure destroyed."""
    uids = {uid: one.erasure.certificate for one in found for uid in one.erasure.uids}
    codes: dict[str, list[Participant]] = {}
    for participant in participants.of_persons(current_actor(), list(uids)):
        codes.setdefault(uids[participant.person_uid], []).append(participant)
    return codes


@bp.get("/erasures/<number>.pdf")
@requires(Permission.IDENTITY_ERASE)
def certificate(number: str) -> Response:
    """The certificate of one erasure, in the reader's language."""
    found = queries.get(current_actor(), number)
    content = printed(found, translate=language.translate, language=language.current())
    return pdf_response(content, pdf_file_name("erasure", number))
