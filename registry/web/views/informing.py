"""Recording that participants were informed, and going through a pile of signed forms."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.consents.signing import information
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.queries import Wanted
from registry.vocab import limits
from registry.web import consent_choice
from registry.web.forms.base import render_form
from registry.web.forms.consents import InformForm
from registry.web.forms.home import ScanForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("informing", __name__, url_prefix="/participants")

Page = Response | tuple[str, int]


@bp.route("/consents", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def pile() -> Page:
    """Scan the participant of the next paper on the pile, and record it."""
    form = ScanForm()
    if form.validate_on_submit():
        with form.refusals():
            participant = participants.get(current_actor(), form.cleaned["code"])
            return redirect(url_for("consents.new", code=participant.code), code=303)
    return render_form("consents/pile.html", form=form)


@bp.route("/informed", methods=["GET", "POST"])
@requires(Permission.CONSENT_INFORM)
def inform() -> Page:
    """Record who was informed of a version of a form: one person, or those of a letter."""
    form = InformForm(consent_choice.choices(), data={"codes": request.args.get("participant", "")})

    def save() -> str:
        given = form.cleaned
        count = information.inform(
            current_actor(),
            _ids(given["codes"]),
            template_id=given["template_id"],
            informed_on=given["informed_on"],
            channel=given["channel"],
        )
        notify(T("Recorded as informed: {count}.", count=count), Notice.SUCCESS)
        if len(given["codes"]) == 1:
            return url_for("participants.show", code=given["codes"][0])
        return url_for("participants.index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("consents/inform.html", form=form, most=limits.INFORMED_AT_ONCE_MAX)


def _ids(codes: list[str]) -> list[int]:
    """The participants with these codes.

    :raises InvalidInput: one of them is at none of the actor's sites.
    """
    found = participants.followed(
        current_actor(), Wanted(), codes=codes, most=limits.INFORMED_AT_ONCE_MAX
    )
    unknown = set(codes) - {one.code for one in found}
    if unknown:
        raise InvalidInput(
            T("These are not at your sites: {codes}.", codes=", ".join(sorted(unknown))),
            field="codes",
        )
    return [one.id for one in found]
