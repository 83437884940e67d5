"""Identities that may be one person's: the list, the comparison, the decision."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.identity import service as identity
from registry.identity.service import Review
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab.identity import ReviewOutcome
from registry.web.forms.base import render_form
from registry.web.forms.participants import CompareForm, ReviewForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once, shown_once

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

Page = Response | str | tuple[str, int]

_DONE = {
    ReviewOutcome.SAME: T("Both are now one person, and one participant in each cohort."),
    ReviewOutcome.DIFFERENT: T("They are two persons. This will not be asked again."),
    ReviewOutcome.LATER: T("Put off: it stays in the list."),
}


@bp.get("")
@requires(Permission.IDENTITY_REVIEW)
def index() -> str:
    """What waits for a decision: codes, likelihood, and which fields differ."""
    reviews = identity.open_reviews(current_actor())
    return render_template(
        "identity/reviews.html",
        reviews=reviews,
        known=_participants(reviews),
        ReviewOutcome=ReviewOutcome,
    )


@bp.route("/<int:review_id>", methods=["GET", "POST"])
@requires(Permission.IDENTITY_REVIEW)
@fresh
def show(review_id: int) -> Page:
    """Ask why, record the look, and show both identities side by side, once."""
    review = _waiting(review_id)
    form = CompareForm()
    known = _participants([review])
    if form.validate_on_submit():
        with form.refusals():
            reason = form.cleaned["reason"]
            decision = ReviewForm(formdata=None, data={"reason": reason})
            return shown_once(
                form,
                lambda: identity.compare(current_actor(), review_id, reason=reason),
                lambda both: render_template(
                    "identity/compared.html", both=both, form=decision, known=known
                ),
                after=url_for(".show", review_id=review_id),
            )
    return render_form("identity/compare.html", form=form, review=review, known=known)


@bp.post("/<int:review_id>/decide")
@requires(Permission.IDENTITY_REVIEW)
def decide(review_id: int) -> Page:
    """Decide whether both are one person."""
    form = ReviewForm()
    if form.validate_on_submit():
        outcome = form.cleaned["outcome"]

        def settle() -> str:
            identity.decide_review(current_actor(), review_id, **form.cleaned)
            notify(_DONE[outcome], Notice.SUCCESS)
            return url_for(".index")

        with form.refusals():
            return redirect_once(form, settle)
    review = _waiting(review_id)
    return render_form(
        "identity/decide.html", form=form, review=review, known=_participants([review])
    )


def _waiting(review_id: int) -> Review:
    """The review, if it still waits.

    :raises NotFound: it is not at the actor's sites.
    :raises RuleBroken: it was decided before.
    """
    review = identity.get_review(current_actor(), review_id)
    if review.outcome not in (ReviewOutcome.OPEN, ReviewOutcome.LATER):
        raise RuleBroken(T("This was decided before. Look at the list again."))
    return review


def _participants(reviews: Sequence[Review]) -> dict[str, list[Participant]]:
    """The participants that the persons are, by person."""
    uids = {uid for review in reviews for uid in (review.first_uid, review.second_uid)}
    known: dict[str, list[Participant]] = {uid: [] for uid in uids}
    for participant in participants.of_persons(current_actor(), uids):
        known[participant.person_uid].append(participant)
    return known
