"""The list of participants and the page of one, pseudonymous."""

from flask import (
    Blueprint,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.accounts import queries as accounts
from registry.consents import decision
from registry.consents.decision import queries as decisions
from registry.consents.signing import policies as consent_policies, queries as consents
from registry.consents.withdrawals import queries as withdrawals
from registry.custody import queries as custody
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries
from registry.participants.models import Participant
from registry.vocab.consent import ANSWER_LABELS, Answer, Regime, Use
from registry.vocab.people import ParticipantStatus
from registry.web import consenting, inclusion, language, participant_story
from registry.web.forms.base import render_form
from registry.web.forms.participants import ParticipantFilterForm
from registry.web.guards import current_actor, requires
from registry.web.notices import Notice, notify

bp = Blueprint("participants", __name__, url_prefix="/participants")
bp.add_app_template_global(consent_policies.proof_standing)


@bp.app_template_global()
def answer_label(regime: Regime, answer: Answer) -> str:
    """What an answer is called on a form of this regime."""
    return language.translate(ANSWER_LABELS[regime][answer])


def page_of(actor: Actor, code: str) -> str | None:
    """The address of the participant who bears `code`, for the scan field."""
    if not allows(actor, Permission.PARTICIPANT_READ):
        return None
    try:
        participant = queries.get(actor, code)
    except NotFound:
        return None
    _say_if_put_right(code, participant)
    return url_for("participants.show", code=participant.code)


def _say_if_put_right(typed: str, participant: Participant) -> bool:
    """Tell the person that another code was typed than the one that was taken; whether it was."""
    was_corrected = participant_code.read_noting(typed).was_corrected
    if was_corrected:
        notify(
            T(
                "There is no participant {typed}: {code} was meant, one slip away. Check that it "
                "is the right one.",
                typed=participant_code.show(participant_code.plain(typed)),
                code=participant.shown_code,
            ),
            Notice.WARNING,
        )
    return was_corrected


@bp.get("")
@requires(Permission.PARTICIPANT_READ)
def index() -> tuple[str, int]:
    """The participants of the actor's sites, filtered, and whether their samples may be kept."""
    actor = current_actor()
    form = ParticipantFilterForm(accounts.sites_of(actor, *queries.READERS), queries.cohorts())
    chosen = {name: value for name, value in form.cleaned.items() if value}
    wanted = queries.Wanted(
        cohort_id=chosen.get("cohort_id"),
        site_id=chosen.get("site_id"),
        status=chosen.get("standing"),
        is_incomplete=chosen.get("is_incomplete"),
    )
    found = consenting.page_of(
        lambda after, most: queries.page(actor, wanted, after=after, most=most),
        lambda row: row.id,
        chosen,
        request.args.get("after"),
    )
    return render_form(
        "participants/index.html",
        form=form,
        found=found,
        kept=decision.decide_many([row.id for row in found.rows], Use.STORE, clock.today()),
        chosen=chosen,
    )


@bp.get("/<code>")
@requires(Permission.PARTICIPANT_READ)
def show(code: str) -> Response:
    """What is known of one participant, and what comes next."""
    actor = current_actor()
    participant = queries.get(actor, code)
    if _say_if_put_right(code, participant):
        return redirect(url_for(".show", code=participant.code))
    sees_consents = allows(actor, Permission.CONSENT_READ, participant)
    sees_samples = allows(actor, Permission.SAMPLE_READ, participant)
    story = participant_story.Story(
        participant=participant,
        planned=queries.planned_visits(participant),
        standing=decisions.standing(actor, participant.id),
        consents=consents.of_participant(actor, participant.id) if sees_consents else (),
        withdrawals=withdrawals.of_participant(actor, participant.id) if sees_consents else (),
        informed=consents.informed(actor, participant.id) if sees_consents else (),
        samples=custody.of_participant(actor, participant.id) if sees_samples else (),
    )
    page = make_response(
        render_template(
            "participants/show.html",
            participant=participant,
            story=story,
            step=participant_story.next_step(actor, story),
            timeline=participant_story.timeline(story),
            ParticipantStatus=ParticipantStatus,
            today=clock.today(),
        )
    )
    if session.pop(inclusion.LABEL_FOR, None) == participant.code:
        # Just included: the label is handed over as a file, and the page stays.
        label = url_for("labels.of_participant", code=participant.code, file=1)
        page.headers["Refresh"] = f"0; url={label}"
    return page
