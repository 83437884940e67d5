"""The first page: scan or search, then the person's main jobs; and the language switch."""

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.web import scan_router
from registry.web.forms.base import render_form
from registry.web.forms.home import ScanForm
from registry.web.guards import current_actor, open_to_all, requires
from registry.web.language import LANGUAGES
from registry.web.paths import own_path

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.HOME_OPEN)
def show() -> tuple[str, int]:
    """The scan field, with the focus, and the cards."""
    return render_form("home/show.html", form=ScanForm())


@bp.post("/scan")
@requires(Permission.HOME_OPEN)
def scan() -> Response | tuple[str, int]:
    """Go to the page of what was scanned, or do what it says with what the page was about.

    The code is not left in an address that failed.
    """
    form = ScanForm()
    if form.validate_on_submit():
        with form.refusals():
            found = scan_router.answer_to(current_actor(), **form.cleaned)
            return redirect(found, code=303) if isinstance(found, str) else found
    return render_form("home/show.html", form=form)


@bp.post("/language")
@open_to_all
def language() -> Response:
    """Speak another language from now on."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(own_path(request.form.get("next")), code=303)
