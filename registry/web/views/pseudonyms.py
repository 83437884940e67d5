"""Who bears a code: a partner's, or a project's; and the partners' codes of a participant.

Codes come in posts and are answered in the page itself: none is ever in an
address, a session or a notice.
"""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.extracts import reversal
from registry.identity.pseudonyms import service
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.web.forms.base import render_form
from registry.web.forms.pseudonyms import PartnerCodeForm, RetireForm, ReversalForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("pseudonyms", __name__, url_prefix="/pseudonyms")

Page = Response | str | tuple[str, int]


@bp.route("", methods=["GET", "POST"])
@requires(Permission.FOREIGN_PSEUDONYM_READ)
def find() -> Page:
    """Ask which participant a partner knows under a code."""
    actor = current_actor()
    form = PartnerCodeForm(service.partners())
    found = None
    if form.validate_on_submit():
        with form.refusals():
            uid = service.find(actor, **form.cleaned)
            found = [] if uid is None else participants.of_persons(actor, [uid])
    return render_form("pseudonyms/find.html", form=form, found=found)


@bp.route("/reverse", methods=["GET", "POST"])
@requires(Permission.PSEUDONYM_REVERSE)
@fresh
def reverse() -> Page:
    """Ask which participant bears a code of an extract; the answer is a code again."""
    form = ReversalForm()
    found = None
    if form.validate_on_submit():
        with form.refusals():
            found = reversal.reverse(current_actor(), **form.cleaned)
    return render_form("pseudonyms/reverse.html", form=form, found=found)


@bp.route("/participants/<code>", methods=["GET", "POST"])
@requires(Permission.FOREIGN_PSEUDONYM_READ)
def of_participant(code: str) -> Page:
    """Under which codes partners know a participant; record another one."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = PartnerCodeForm(service.partners())

    def add() -> str:
        if service.add(actor, participant.person_uid, **form.cleaned):
            notify(T("The partner’s code was recorded."))
        else:
            notify(T("This code was recorded before. Nothing was doubled."), Notice.INFO)
        return url_for(".of_participant", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, add)
    return render_form(
        "pseudonyms/participant.html",
        form=form,
        participant=participant,
        codes=service.of_person(actor, participant.person_uid),
    )


@bp.route("/participants/<code>/<uid>/retire", methods=["GET", "POST"])
@requires(Permission.FOREIGN_PSEUDONYM_EDIT)
def retire(code: str, uid: str) -> Page:
    """Let a partner's code no longer be the participant's, and say why."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = RetireForm()

    def end() -> str:
        service.retire(actor, participant.person_uid, uid, **form.cleaned)
        notify(T("The partner’s code was retired."))
        return url_for(".of_participant", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, end)
    return render_form("pseudonyms/retire.html", form=form, participant=participant)
