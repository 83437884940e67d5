"""Why something may or may not be done with a participant's samples and data."""

from flask import Blueprint

from registry.access import Permission, require
from registry.consents.decision import explaining
from registry.kernel import clock
from registry.participants import queries as participants
from registry.web import evidence
from registry.web.forms.base import render_form
from registry.web.forms.consent_questions import WhyForm
from registry.web.guards import current_actor, requires

bp = Blueprint("why", __name__, url_prefix="/participants")


@bp.get("/<code>/consents/why")
@requires(Permission.PARTICIPANT_READ)
def ask(code: str) -> tuple[str, int]:
    """Ask about a use or a study on any day, and read rule by rule how the answer came about.

    Who may not read the participant's consents is told the verdict and its sentence.
    """
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, Permission.PARTICIPANT_READ, participant)
    form = WhyForm()
    on = form.cleaned.get("on") or clock.today()
    found, records = None, None
    if form.cleaned:
        found = explaining.explain(actor, participant.id, form.asked, on, known_at=form.known_at)
        records = evidence.of(actor, participant, found)
    return render_form(
        "consents/why.html",
        form=form,
        participant=participant,
        found=found,
        records=records,
        on=on,
        known_on=form.cleaned.get("known_on"),
    )
