"""The dossier of a participant for the staff: who asked, the dossier itself, and links to it."""

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response

from registry.access import Permission, require
from registry.accounts.links import state_of
from registry.dossiers import links, policies, printing, queries, service
from registry.dossiers.links import Made
from registry.dossiers.telling import tell
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Language
from registry.web import at_home_paths, language
from registry.web.forms.base import render_form
from registry.web.forms.dossiers import (
    DossierAnswerForm,
    DossierRequestForm,
    LetterForm,
    LinkForm,
    RevokeForm,
)
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once, shown_once
from registry.web.pdf import pdf_file_name, pdf_response

bp = Blueprint("dossiers", __name__, url_prefix="/participants/<code>/dossier")

Page = Response | tuple[str, int]


def _participant(code: str, permission: Permission) -> Participant:
    actor = current_actor()
    participant = participants.get(actor, code)
    require(actor, permission, participant)
    return participant


@bp.get("")
@requires(Permission.DOSSIER_ANSWER)
def show(code: str) -> str:
    """Who asked and when it is due, the links, and what to do next; nothing of the dossier."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    actor = current_actor()
    return render_template(
        "dossiers/show.html",
        participant=participant,
        requests=queries.requests_of(actor, participant),
        links=queries.links_of(actor, participant),
        due_on=policies.due_on,
        state_of=state_of,
        letters_in=Language,
        link_form=LinkForm(),
        letter_form=LetterForm(data={"language": language.current()}),
        revoke_form=RevokeForm(),
    )


@bp.get("/read")
@requires(Permission.DOSSIER_READ)
def read(code: str) -> str:
    """The dossier on the screen; recorded."""
    participant = _participant(code, Permission.DOSSIER_READ)
    dossier = service.read(current_actor(), participant.id, form="page")
    told = tell(dossier, translate=language.translate, language=language.current())
    return render_template("dossiers/read.html", participant=participant, told=told)


@bp.get("/<any(fr, en):spoken>.pdf")
@requires(Permission.DOSSIER_READ)
def pdf(code: str, spoken: str) -> Response:
    """The dossier as a file, in the participant's language; recorded."""
    participant = _participant(code, Permission.DOSSIER_READ)
    dossier = service.read(current_actor(), participant.id, form="pdf")
    with force_locale(spoken):
        content = printing.pdf(dossier, translate=language.translate, language=spoken)
    return pdf_response(content, pdf_file_name("dossier", f"{participant.code}-{spoken}"))


@bp.route("/requests/new", methods=["GET", "POST"])
@requires(Permission.DOSSIER_ANSWER)
def ask(code: str) -> Page:
    """Record that the participant asked for the dossier."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    form = DossierRequestForm()

    def save() -> str:
        service.ask(current_actor(), participant.id, **form.cleaned)
        notify(T("The request is recorded. A month runs from the day on which it was made."))
        return url_for(".show", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("dossiers/ask.html", form=form, participant=participant, asked=None)


@bp.route("/requests/<int:request_id>/answer", methods=["GET", "POST"])
@requires(Permission.DOSSIER_ANSWER)
def answer(code: str, request_id: int) -> Page:
    """Record that the participant got the dossier."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    asked = queries.request(current_actor(), participant, request_id)
    form = DossierAnswerForm()

    def save() -> str:
        service.answer(current_actor(), asked.id, **form.cleaned)
        notify(T("It is recorded that the participant got the dossier."))
        return url_for(".show", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("dossiers/ask.html", form=form, participant=participant, asked=asked)


@bp.post("/links")
@requires(Permission.DOSSIER_ANSWER)
def make_link(code: str) -> Page:
    """Make a link and show its address, once."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    form = LinkForm()
    after = url_for(".show", code=participant.code)
    if not form.validate():
        return render_form("dossiers/link.html", form=form, participant=participant)

    def show_address(made: Made) -> str:
        letter = LetterForm(
            formdata=None, data={"token": made.token, "language": language.current()}
        )
        return render_template(
            "dossiers/made.html",
            participant=participant,
            link=made.link,
            address=_address(made.token),
            form=letter,
            after=after,
        )

    return shown_once(
        form,
        lambda: links.make(current_actor(), participant.id, days=form.cleaned["days"]),
        show_address,
        after=after,
        seconds=limits.LINK_SHOWN_SECONDS,
    )


@bp.post("/links/<int:link_id>/letter")
@requires(Permission.DOSSIER_ANSWER)
def letter(code: str, link_id: int) -> Response:
    """The letter with the address, for who has just made it."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    link = queries.link(current_actor(), participant, link_id)
    form = LetterForm()
    if not form.validate() or not links.is_of(link, form.cleaned["token"] or ""):
        raise NotFound(T("The participant has no such link."))
    spoken = form.cleaned["language"].value
    with force_locale(spoken):
        content = printing.address_letter(
            link,
            _address(form.cleaned["token"]),
            translate=language.translate,
            language=spoken,
        )
    return pdf_response(content, f"link-{link.id}.pdf")


@bp.post("/links/<int:link_id>/code")
@requires(Permission.DOSSIER_ANSWER)
def code_letter(code: str, link_id: int) -> Page:
    """The letter with the code: made and shown this once."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    link = queries.link(current_actor(), participant, link_id)
    form = LetterForm()
    if not form.validate():
        raise NotFound(T("The participant has no such link."))
    spoken = form.cleaned["language"].value

    def print_code(digits: str) -> Response:
        with force_locale(spoken):
            content = printing.code_letter(
                link, digits, translate=language.translate, language=spoken
            )
        return pdf_response(content, f"code-{link.id}.pdf")

    return shown_once(
        form,
        lambda: links.make_code(current_actor(), link.id),
        print_code,
        after=url_for(".show", code=participant.code),
        seconds=limits.LINK_SHOWN_SECONDS,
    )


@bp.post("/links/<int:link_id>/revoke")
@requires(Permission.DOSSIER_ANSWER)
def revoke(code: str, link_id: int) -> Page:
    """End a link."""
    participant = _participant(code, Permission.DOSSIER_ANSWER)
    link = queries.link(current_actor(), participant, link_id)
    form = RevokeForm()

    def end() -> str:
        links.revoke(current_actor(), link.id)
        notify(T("The link is revoked. Nobody reads by it any more."))
        return url_for(".show", code=participant.code)

    form.validate()
    return redirect_once(form, end)


def _address(token: str) -> str:
    """The address as it is sent: under the name by which people reach the registry."""
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}{at_home_paths.path_of(token)}"
