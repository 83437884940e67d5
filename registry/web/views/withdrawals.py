"""Recording a withdrawal after seeing what it does, and following what came of it."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.consents.decision import queries as decisions
from registry.consents.withdrawals import policies, reach, service
from registry.consents.withdrawals.followup import queries as followup, service as following
from registry.consents.withdrawals.policies import Asked
from registry.custody.exchange.recalls import answers, calling
from registry.custody.forms import Printing
from registry.extracts.recall import letters, queries
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.vocab.consent import Language, WithdrawalEffect, WithdrawalScope
from registry.vocab.withdrawals import NoticeStatus
from registry.web import language
from registry.web.forms.base import render_form
from registry.web.forms.shipments import ButtonForm
from registry.web.forms.withdrawals import (
    LetterSentForm,
    NoticeAnswerForm,
    NoticeSentForm,
    WithdrawalForm,
)
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("withdrawals", __name__)

Page = Response | tuple[str, int]

#: What of the form decides what will happen.
_DECIDES = ("uses", "items", "projects", "effects")


@bp.route("/participants/<code>/withdrawals/new", methods=["GET", "POST"])
@requires(Permission.CONSENT_WITHDRAW)
def new(code: str) -> Page:
    """What will happen is shown first; then it is recorded, and holds at once."""
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.CONSENT_WITHDRAW, participant)
    form = WithdrawalForm(reach.questions(participant.id))
    asked = Asked(scope=WithdrawalScope.ALL)
    seen, agreed_after = None, None

    def save() -> str:
        given: dict[str, Any] = {
            name: (value or ()) if name in _DECIDES else value
            for name, value in form.cleaned.items()
        }
        recorded = service.withdraw(actor, participant.id, **given)
        notify(T("The withdrawal is recorded. It holds from now on."))
        return url_for(".show", withdrawal_id=recorded.id)

    if form.validate_on_submit():
        with form.refusals():
            given = form.cleaned
            policies.check(_asked(given), given["said_by"], given["effective_on"])
            if given["scope"] is WithdrawalScope.PROJECTS:
                queries.check_known(given["projects"])
            asked = _asked(given)
            seen = _digest(asked, given["effective_on"])
            agreed_after = reach.agreed_after(participant.id, given["effective_on"])
            if request.form.get("record") == seen:
                return redirect_once(form, save)
    return render_form(
        "withdrawals/new.html",
        form=form,
        participant=participant,
        standing=decisions.standing(actor, participant.id),
        foreseen=queries.foresee(actor, participant.id, asked),
        agreed_after=agreed_after,
        seen=seen,
    )


def _asked(given: dict[str, Any]) -> Asked:
    named = {name: frozenset(given[name] or ()) for name in _DECIDES}
    return Asked(scope=given["scope"], **named)


def _digest(asked: Asked, effective_on: date) -> str:
    """What was shown is what is recorded: a change in between is shown first."""
    said = [asked.scope, effective_on, *(sorted(getattr(asked, name)) for name in _DECIDES)]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@bp.get("/withdrawals/<int:withdrawal_id>")
@requires(Permission.CONSENT_READ)
def show(withdrawal_id: int) -> str:
    """What came of a withdrawal, and what is left to do."""
    followed = queries.followed(current_actor(), withdrawal_id)
    return render_template(
        "withdrawals/show.html",
        followed=followed,
        withdrawal=followed.withdrawal,
        participant=followed.withdrawal.participant,
        NoticeStatus=NoticeStatus,
        WithdrawalEffect=WithdrawalEffect,
    )


@bp.route("/withdrawals/<int:withdrawal_id>/letter", methods=["GET", "POST"])
@requires(Permission.WITHDRAWAL_FOLLOW)
def letter(withdrawal_id: int) -> Page:
    """Print the letter to the participant, and note when it went out."""
    actor = current_actor()
    followed = queries.followed(actor, withdrawal_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, followed.withdrawal)
    form = LetterSentForm(data={"language": language.current()})

    def save() -> str:
        following.send_letter(actor, withdrawal_id, **form.cleaned)
        notify(T("It is noted that the participant has the letter."))
        return url_for(".show", withdrawal_id=withdrawal_id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form(
        "withdrawals/letter.html",
        form=form,
        followed=followed,
        participant=followed.withdrawal.participant,
        tongues=list(Language),
    )


@bp.get("/withdrawals/<int:withdrawal_id>/letter-<tongue>.pdf")
@requires(Permission.WITHDRAWAL_FOLLOW)
def letter_pdf(withdrawal_id: int, tongue: str) -> Response:
    """The letter in the participant's language."""
    actor = current_actor()
    followed = queries.followed(actor, withdrawal_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, followed.withdrawal)
    content = _in(tongue, lambda printing: letters.to_participant(followed, printing))
    return pdf_response(content, pdf_file_name("withdrawal", f"W-{withdrawal_id}"))


@bp.route("/withdrawals/notices/<int:notice_id>", methods=["GET", "POST"])
@requires(Permission.WITHDRAWAL_FOLLOW)
def notice(notice_id: int) -> Page:
    """Print a recall notice, note when it was sent, then what was answered."""
    actor = current_actor()
    found = followup.notice(actor, notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, found)
    is_sent = found.status is not NoticeStatus.TO_SEND
    form = NoticeAnswerForm() if is_sent else NoticeSentForm()

    def save() -> str:
        if isinstance(form, NoticeAnswerForm):
            following.acknowledge(actor, notice_id, **form.cleaned)
            notify(T("The answer to notice {number} is on record.", number=found.number))
        else:
            following.send(actor, notice_id, **form.cleaned)
            notify(T("It is noted that notice {number} was sent.", number=found.number))
        return url_for(".show", withdrawal_id=found.withdrawal_id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    called = calling.called(found)
    return render_form(
        "withdrawals/notice.html",
        form=form,
        notice=found,
        called=called,
        told=answers.tubes_of(called.answers[0]) if called.answers else None,
        button=ButtonForm(formdata=None),
        participant=found.withdrawal.participant,
        tongues=list(Language),
        NoticeStatus=NoticeStatus,
    )


@bp.get("/withdrawals/notices/<int:notice_id>-<tongue>.pdf")
@requires(Permission.WITHDRAWAL_FOLLOW)
def notice_pdf(notice_id: int, tongue: str) -> Response:
    """The notice in the recipient's language."""
    actor = current_actor()
    found = followup.notice(actor, notice_id)
    require(actor, Permission.WITHDRAWAL_FOLLOW, found)
    content = _in(tongue, lambda printing: letters.to_recipient(found, printing))
    return pdf_response(content, pdf_file_name("recall", found.number))


def _in(tongue: str, written: Callable[[Printing], bytes]) -> bytes:
    """What is written in another language than the reader's, French when it is none of ours."""
    spoken = tongue if tongue in set(Language) else Language.FRENCH.value
    with force_locale(spoken):
        return written(
            Printing(translate=language.translate, language=spoken, printed_by=current_actor().name)
        )
