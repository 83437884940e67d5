"""Where tubes on the bench should go: proposed and reserved, then taken to their boxes."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.custody.proposing import queries, service
from registry.kernel.messages import T
from registry.vocab import limits
from registry.web.carting import scanned
from registry.web.forms.base import render_form
from registry.web.forms.samples import PlaceForm, ProposeForm
from registry.web.forms.shipments import ButtonForm
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once

bp = Blueprint("proposals", __name__, url_prefix="/samples/proposed")

Page = Response | tuple[str, int]


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.SAMPLE_PLACE)
def new() -> Page:
    """Scan tubes; a cell is reserved for each."""
    form = ProposeForm(codes=scanned())
    if form.validate_on_submit():

        def propose() -> str:
            codes = form.cleaned["codes"]
            service.propose(current_actor(), codes)
            notify(
                T("Cells reserved for {count} tubes, for {minutes} minutes.",
                  count=len(codes), minutes=limits.CELL_RESERVED_MINUTES)
            )  # fmt: skip
            return url_for(".index")

        with form.refusals():
            return redirect_once(form, propose)
    return render_form("samples/propose.html", form=form, minutes=limits.CELL_RESERVED_MINUTES)


@bp.get("")
@requires(Permission.SAMPLE_PLACE)
def index() -> str:
    """What goes where, box by box; scanning a box opens it for placing."""
    return render_template(
        "samples/proposed.html",
        destinations=queries.own(current_actor()),
        box_form=PlaceForm(formdata=None),
        button=ButtonForm(formdata=None),
    )


@bp.post("/let-go")
@requires(Permission.SAMPLE_PLACE)
def let_go() -> Page:
    """Free the cells again."""
    form = ButtonForm()
    form.validate()

    def free() -> str:
        count = service.let_go(current_actor())
        notify(T("Cells free again: {count}.", count=count))
        return url_for(".index")

    return redirect_once(form, free)
