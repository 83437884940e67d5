"""What a person recorded lately, and undoing the last of it at once."""

from flask import Blueprint, render_template, request, url_for

from registry.access import Permission
from registry.custody import own, service
from registry.kernel.actor import Actor
from registry.kernel.messages import T
from registry.vocab.scanning import ScanCommand
from registry.web.guards import current_actor, requires
from registry.web.notices import notify

bp = Blueprint("own_acts", __name__, url_prefix="/custody/mine")


@bp.get("")
@requires(Permission.CUSTODY_CORRECT)
def index() -> str:
    """The acts that the person recorded, newest first."""
    before = request.args.get("before", type=int)
    rows, following = own.acts(current_actor(), before=before)
    return render_template(
        "samples/mine.html", rows=rows, following=following, command=ScanCommand.UNDO.value
    )


def undo_latest(actor: Actor) -> str:
    """Undo what was done last, less than a minute ago; where to see that it is."""
    codes = service.undo_latest(actor)
    if len(codes) == 1:
        notify(T("Undone: {code} is held again as it was before.", code=codes[0]))
        return url_for("samples.show", code=codes[0])
    notify(T("Undone: {count} tubes are held again as they were before.", count=len(codes)))
    return url_for("own_acts.index")
