"""The pages of a participant at home: a code, the dossier, opposition.

Always true here: nobody of the staff is signed in on these pages, whatever
cookies the browser has; no script runs; no address holds more than random
signs; a link that is over ends the visit at the next click.
"""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.wrappers import Response as FlaskResponse
from flask_babel import force_locale
from werkzeug.wrappers import Response

from registry.dossiers import links, oppositions, printing, queries, service
from registry.dossiers.telling import tell
from registry.kernel.actor import Actor
from registry.kernel.errors import TooManyAttempts, Unauthenticated
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.web import language
from registry.web.at_home_paths import PREFIX
from registry.web.forms.base import render_form
from registry.web.forms.dossiers import CodeForm, OppositionForm, RevokeForm
from registry.web.guards import browser_session, open_to_all
from registry.web.notices import notify
from registry.web.once import redirect_once
from registry.web.paths import own_path
from registry.web.pdf import pdf_response

bp = Blueprint("at_home", __name__, url_prefix=PREFIX)

Page = Response | str | tuple[str, int]

_LINK = "dossier_link"
#: What pages without any script may load.
NO_SCRIPTS = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)


@bp.after_request
def keep_apart(response: FlaskResponse) -> FlaskResponse:
    """No script at all, and nothing for search engines."""
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = NO_SCRIPTS
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    return response


@bp.app_template_global()
def is_reading_at_home() -> bool:
    """Whether a code was given in this browser."""
    return _LINK in session


@bp.route("/<token>", methods=["GET", "POST"])
@open_to_all
def enter(token: str) -> Page:
    """Ask for the code; the page is the same whether or not the address leads anywhere."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            link_id = links.unlock(token, form.cleaned["code"], address=request.remote_addr or "")
        except (Unauthenticated, TooManyAttempts) as refusal:
            form.attach(refusal)
        else:
            chosen = language.current()
            browser_session().begin_again(None, language=chosen, **{_LINK: link_id})
            return redirect(url_for(".read"), code=303)
    return render_form("at_home/enter.html", form=form)


def _reading(view: Callable[[Actor, Participant, int], Page]) -> Page:
    """What the view shows to who has given a code; a page that says what to do to others."""
    link_id = session.get(_LINK)
    if link_id is not None:
        found = links.holder(link_id)
        if found is not None:
            return view(*found, link_id)
        browser_session().begin_again(None, language=language.current())
    return render_template("at_home/closed.html"), 401


@bp.get("/")
@open_to_all
def read() -> Page:
    """The dossier; recorded."""

    def show(actor: Actor, participant: Participant, _link_id: int) -> Page:
        dossier = service.read(actor, participant.id, form="page")
        told = tell(dossier, translate=language.translate, language=language.current())
        return render_template("at_home/read.html", told=told, leave_form=RevokeForm())

    return _reading(show)


@bp.get("/dossier-<any(fr, en):spoken>.pdf")
@open_to_all
def pdf(spoken: str) -> Page:
    """The dossier as a file, named after nobody; recorded."""

    def make(actor: Actor, participant: Participant, _link_id: int) -> Page:
        dossier = service.read(actor, participant.id, form="pdf")
        with force_locale(spoken):
            content = printing.pdf(dossier, translate=language.translate, language=spoken)
        return pdf_response(content, f"dossier-{spoken}.pdf")

    return _reading(make)


@bp.route("/oppose", methods=["GET", "POST"])
@open_to_all
def oppose() -> Page:
    """Oppose everything or something of it; it holds at once."""

    def ask(actor: Actor, participant: Participant, link_id: int) -> Page:
        known = queries.opposable(actor, participant)
        form = OppositionForm(known)

        def send() -> str:
            oppositions.oppose(actor, link_id, **form.asked)
            notify(T("It is done: what you opposed is stopped. Our staff has been told, and "
                     "answers here."))  # fmt: skip
            return url_for(".read")

        if form.validate_on_submit():
            with form.refusals():
                return redirect_once(form, send, by=actor.login)
        return render_form("at_home/oppose.html", form=form, known=known)

    return _reading(ask)


@bp.post("/leave")
@open_to_all
def leave() -> Response:
    """End the visit on this browser; the link stays."""
    browser_session().begin_again(None, language=language.current())
    notify(T("You have left. Close this window if others use this device."))
    return redirect(url_for(".read"), code=303)


@bp.post("/language")
@open_to_all
def speak() -> Response:
    """Speak another language from now on, on the same page."""
    chosen = request.form.get("language", "")
    if chosen in language.LANGUAGES:
        session["language"] = chosen
    target = request.form.get("next", "")
    return redirect(target if _is_own(target) else url_for(".read"), code=303)


def _is_own(target: str) -> bool:
    """Whether it is the path of a page here."""
    return own_path(target) == target and target.startswith(f"{PREFIX}/")
