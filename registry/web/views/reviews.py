"""Identities that may be one person's: the list, the comparison, the decision."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.accounts import queries as accounts
from registry.identity import service as identity
from registry.identity.service import Review, SideBySide
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab.identity import ReviewOutcome
from registry.vocab.people import Role
from registry.vocab.reviews import WAITING
from registry.web import pairs, side_by_side
from registry.web.forms.base import render_form
from registry.web.forms.reviews import CompareForm, FinishForm, ReviewForm, ReviewListForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once, shown_once

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

Page = Response | str | tuple[str, int]

_DONE = {
    ReviewOutcome.SAME: T(
        "Both are now one person, and one participant in each cohort. "
        "It can be undone from the decided pairs."
    ),
    ReviewOutcome.DIFFERENT: T("They are two persons. This will not be asked again."),
    ReviewOutcome.LATER: T("Put off: it stays in the list."),
}


@bp.get("")
@requires(Permission.IDENTITY_REVIEW)
def index() -> Page:
    """What waits for a decision: codes, likelihood, which fields differ, and who may decide."""
    actor = current_actor()
    form = ReviewListForm(
        accounts.sites_of(actor, Role.NURSE, Role.IDENTITY_OFFICER), participants.cohorts()
    )
    listing = pairs.waiting(actor, form, max(request.args.get("skip", 0, int), 0))
    lost = identity.interrupted_reviews(actor)
    listing.known |= pairs.participants_of(actor, lost, with_merged=True)
    return render_form(
        "identity/reviews.html",
        form=form,
        listing=listing,
        lost=lost,
        finish=FinishForm(formdata=None),
        chosen={name: request.args[name] for name in form.shape.fields if request.args.get(name)},
        site_names=pairs.site_names(),
        officers=pairs.officers(),
        ReviewOutcome=ReviewOutcome,
    )


@bp.route("/<int:review_id>", methods=["GET", "POST"])
@requires(Permission.IDENTITY_REVIEW)
@fresh
def show(review_id: int) -> Page:
    """Ask why, record the look, and show both identities side by side, once."""
    actor = current_actor()
    review = identity.get_review(actor, review_id)
    form = CompareForm()
    known = pairs.participants_of(actor, [review], with_merged=review.outcome not in WAITING)
    after = url_for("reviews.show" if review.outcome in WAITING else "decided.pair",
                    review_id=review_id)  # fmt: skip
    if form.validate_on_submit():
        with form.refusals():
            reason = form.cleaned["reason"]
            return shown_once(
                form,
                lambda: identity.compare(actor, review_id, reason=reason),
                lambda both: _compared(both, known, reason),
                after=after,
            )
    return render_form("identity/compare.html", form=form, review=review, known=known, back=after)


def _compared(both: SideBySide, known: dict[str, list[Participant]], reason: str) -> str:
    return render_template(
        "identity/compared.html",
        both=both,
        lines=list(side_by_side.lines(both)),
        score=side_by_side.score(both.review),
        form=ReviewForm(formdata=None, data={"reason": reason}),
        known=known,
        is_waiting=both.review.outcome in WAITING,
    )


@bp.post("/<int:review_id>/decide")
@requires(Permission.IDENTITY_REVIEW)
@fresh
def decide(review_id: int) -> Page:
    """Decide whether both are one person."""
    form = ReviewForm()
    if form.validate_on_submit():
        outcome = form.cleaned["outcome"]

        def settle() -> str:
            identity.decide_seen(current_actor(), review_id, **form.cleaned)
            notify(_DONE[outcome], Notice.SUCCESS)
            return url_for(".index")

        with form.refusals():
            return redirect_once(form, settle)
    review: Review = identity.get_review(current_actor(), review_id)
    if review.outcome not in WAITING and not form.problems:
        return redirect(url_for("decided.pair", review_id=review_id))
    return render_form(
        "identity/decide.html",
        form=form,
        review=review,
        known=pairs.participants_of(current_actor(), [review]),
    )


@bp.post("/<int:review_id>/finish")
@requires(Permission.IDENTITY_REVIEW)
def finish(review_id: int) -> Response:
    """Finish a decision that the registry has not heard of."""
    form = FinishForm()

    def tell() -> str:
        identity.finish(current_actor(), review_id)
        notify(T("Finished: participants now agree with what was decided."), Notice.SUCCESS)
        return url_for(".index")

    return redirect_once(form, tell)
