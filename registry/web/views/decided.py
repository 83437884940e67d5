"""Pairs of identities that were decided: their history, undoing a merge, deciding otherwise."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.identity import service as identity
from registry.identity.service import Merged
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome
from registry.vocab.reviews import WAITING
from registry.web import pairs, side_by_side, since_merge
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.reviews import DecidedListForm, ReviseForm, UndoForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("decided", __name__, url_prefix="/reviews")

Page = Response | tuple[str, int]


@bp.get("/decided")
@requires(Permission.IDENTITY_REVIEW)
def index() -> tuple[str, int]:
    """What was decided, the latest first, and what can be taken back."""
    actor, form = current_actor(), DecidedListForm()
    skip, size = max(request.args.get("skip", 0, int), 0), limits.PAGE_ROWS
    found = identity.decided_reviews(actor, skip=skip, limit=size + 1, **form.cleaned)
    return render_form(
        "identity/decided.html",
        form=form,
        reviews=found[:size],
        known=pairs.participants_of(actor, found, with_merged=True),
        next_skip=skip + size if len(found) > size else None,
        outcome=request.args.get("outcome", ""),
        site_names=pairs.site_names(),
        ReviewOutcome=ReviewOutcome,
    )


@bp.get("/<int:review_id>/history")
@requires(Permission.IDENTITY_REVIEW)
def pair(review_id: int) -> str:
    """One pair: how likely and why, every decision, and what was recorded meanwhile."""
    actor = current_actor()
    review, merge = identity.get_review(actor, review_id), identity.merge_behind(actor, review_id)
    return render_template(
        "identity/pair.html",
        review=review,
        known=pairs.participants_of(actor, [review], with_merged=True),
        score=side_by_side.score(review),
        decisions=identity.history(actor, review_id),
        merge=merge,
        recorded=since_merge.recorded(actor, merge) if merge else (),
        is_waiting=review.outcome in WAITING,
        ReviewOutcome=ReviewOutcome,
    )


@bp.route("/<int:review_id>/undo", methods=["GET", "POST"])
@requires(Permission.IDENTITY_REVIEW)
@fresh
def undo(review_id: int) -> Page:
    """Say what undoing the merge brings back and what stays, and do it for a reason."""
    actor = current_actor()
    form = UndoForm()
    answer = _done(
        form,
        review_id,
        lambda: identity.undo_merge(actor, review_id, form.cleaned["reason"]),
        T("The merge is undone: they are two persons again. The pair waits for a decision."),
    )
    if answer is not None:
        return answer
    merge = _standing(review_id)
    review = identity.get_review(actor, review_id)
    return render_form(
        "identity/undo.html",
        form=form,
        review=review,
        known=pairs.participants_of(actor, [review], with_merged=True),
        merge=merge,
        recorded=since_merge.recorded(actor, merge),
    )


def _standing(review_id: int) -> Merged:
    """The pair's merge.

    :raises RuleBroken: there is none, or it was undone.
    """
    merge = identity.merge_behind(current_actor(), review_id)
    if merge is None or merge.undone_at is not None:
        raise RuleBroken(T("This decision merged nobody: there is nothing to undo."))
    return merge


@bp.route("/<int:review_id>/revise", methods=["GET", "POST"])
@requires(Permission.IDENTITY_REVISE)
@fresh
def revise(review_id: int) -> Page:
    """Decide otherwise about two who were found to be different."""
    actor = current_actor()
    form = ReviseForm()
    answer = _done(
        form,
        review_id,
        lambda: identity.revise_seen(actor, review_id, **form.cleaned),
        T("Decided otherwise. The earlier decision stays readable."),
    )
    if answer is not None:
        return answer
    review = identity.get_review(actor, review_id)
    if review.outcome is not ReviewOutcome.DIFFERENT and not form.problems:
        raise RuleBroken(T("Only “not the same” is decided otherwise. A merge is undone."))
    return render_form(
        "identity/revise.html",
        form=form,
        review=review,
        known=pairs.participants_of(actor, [review]),
    )


def _done(
    form: SchemaForm, review_id: int, act: Callable[[], None], sentence: Message
) -> Response | None:
    """Do it once when the form was sent in order, and go to the pair; None to show the form."""

    def run() -> str:
        act()
        notify(sentence, Notice.SUCCESS)
        return url_for(".pair", review_id=review_id)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, run)
    return None
