"""Recall notices as signed files for partners' installations, and the answers to them."""

from flask import Blueprint, Response as FileResponse, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.exchange.recalls import answers, calling
from registry.kernel.messages import T
from registry.web.forms.base import render_form
from registry.web.forms.exchange import RecallAnswerFileForm
from registry.web.forms.shipments import ButtonForm
from registry.web.guards import current_actor, requires
from registry.web.language import translate
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("signed_recalls", __name__, url_prefix="/withdrawals/notices")

Page = Response | tuple[str, int]


@bp.get("/<int:notice_id>/recall.json")
@requires(Permission.WITHDRAWAL_FOLLOW)
def file(notice_id: int) -> FileResponse:
    """The notice as the file that the partner's installation takes in."""
    recall = calling.get(current_actor(), notice_id)
    response = FileResponse(calling.signed(recall), mimetype="application/json")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="recall-{recall.notice.number}.json"'
    )
    return response


@bp.post("/<int:notice_id>/sign")
@requires(Permission.WITHDRAWAL_FOLLOW)
def sign(notice_id: int) -> Page:
    """Sign the notice for the installation that the partner has now."""
    form = ButtonForm()
    form.validate()

    def run() -> str:
        calling.sign(current_actor(), notice_id)
        notify(T("The recall is signed. Send the partner the file."), Notice.SUCCESS)
        return url_for("withdrawals.notice", notice_id=notice_id)

    return redirect_once(form, run)


@bp.route("/answer", methods=["GET", "POST"])
@requires(Permission.WITHDRAWAL_FOLLOW)
def answer() -> Page:
    """Take in what the partner's installation answered; the file says to which notice."""
    form = RecallAnswerFileForm()

    def keep() -> str:
        kept = answers.take_in(current_actor(), form.content(), translate=translate)
        notify(T("The partner’s answer is on record."), Notice.SUCCESS)
        return url_for("withdrawals.notice", notice_id=kept.recall.notice_id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, keep)
    return render_form("withdrawals/answer_file.html", form=form)
