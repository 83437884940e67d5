"""What participants opposed from home: a list for the staff, who confirms or answers."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.dossiers import oppositions, queries
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.dossiers import OppositionState
from registry.web.forms.base import render_form
from registry.web.forms.dossiers import HandlingForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("oppositions", __name__, url_prefix="/oppositions")

Page = Response | tuple[str, int]


@bp.get("")
@requires(Permission.OPPOSITION_HANDLE)
def index() -> str:
    """Every opposition of the actor's sites: what waits first."""
    before = request.args.get("before", "")
    found = queries.oppositions(current_actor(), before=int(before) if before.isdecimal() else None)
    is_full = len(found) == limits.PAGE_ROWS
    return render_template(
        "oppositions/index.html",
        found=found,
        older=url_for(".index", before=found[-1].id) if is_full else None,
    )


@bp.route("/<int:opposition_id>", methods=["GET", "POST"])
@requires(Permission.OPPOSITION_HANDLE)
def show(opposition_id: int) -> Page:
    """One opposition, what was stopped, and what is left to confirm."""
    opposition = queries.opposition(current_actor(), opposition_id)
    form = HandlingForm()

    def save() -> str:
        oppositions.handle(current_actor(), opposition.id, **form.cleaned)
        notify(T("The participant reads your answer in the dossier."))
        return url_for(".index")

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form(
        "oppositions/show.html",
        form=form,
        opposition=opposition,
        is_waiting=opposition.state is OppositionState.WAITING,
    )
