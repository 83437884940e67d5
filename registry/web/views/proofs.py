"""Scans of signed forms: attaching them, seeing them for a recorded reason, checking them.

A scan is shown within the page that asked why, for a few minutes, and only to
who gave the reason; no address opens it by itself.
"""

from flask import Blueprint, Response as FileResponse, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows, require
from registry.accounts import queries as accounts
from registry.consents.signing import checks, policies, proofs, queries
from registry.consents.signing.models import Consent
from registry.documents.kinds import IMAGES
from registry.kernel import clock
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import CheckOutcome, ProofReason
from registry.web.forms.base import render_form
from registry.web.forms.consents import CheckForm, ProofForm, ProofOpenForm
from registry.web.guards import current_actor, fresh, requires
from registry.web.language import translate
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once, shown_once
from registry.web.pdf import pdf_file_name

bp = Blueprint("proofs", __name__, url_prefix="/participants/<code>/consents/<int:consent_id>")

Page = Response | tuple[str, int]

_OPENED = "opened_proofs"
#: The consent whose copy this browser may take, once.
COPY_OF = "copy_of_consent"
#: A scan is looked at or saved; whatever it holds is neither run nor fetched from elsewhere.
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.route("/scans", methods=["GET", "POST"])
@requires(Permission.CONSENT_RECORD)
def attach(code: str, consent_id: int) -> Page:
    """Attach scans or photos of the paper."""
    participant, consent = _named(code, consent_id)
    require(current_actor(), Permission.CONSENT_RECORD, participant)
    form = ProofForm()

    def save() -> str:
        files = [file.read() for file in form.scans.data or () if file]
        proofs.attach(current_actor(), consent.id, files)
        notify(T("The scan is kept, sealed."), Notice.SUCCESS)
        return url_for("participants.show", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form(
        "consents/attach.html",
        form=form,
        participant=participant,
        consent=consent,
        proof=policies.proof_standing(consent, clock.today()),
        megabytes=limits.SCAN_BYTES_MAX // 2**20,
    )


@bp.route("/scan", methods=["GET", "POST"])
@requires(Permission.CONSENT_PROOF_READ)
@fresh
def look(code: str, consent_id: int) -> Page:
    """Ask why the scan is needed, record it, and show it beside the record."""
    participant, consent = _named(code, consent_id)
    require(current_actor(), Permission.CONSENT_PROOF_READ, participant)
    form = ProofOpenForm(data=_presets(consent))
    if form.validate_on_submit():
        with form.refusals():
            return shown_once(
                form,
                lambda: _opened(consent, form),
                lambda _: render_template(
                    "consents/opened.html", form=CheckForm(formdata=None), **_beside(consent)
                ),
                after=url_for("participants.show", code=participant.code),
                seconds=limits.PROOF_SHOWN_SECONDS,
            )
    return render_form("consents/look.html", form=form, participant=participant, consent=consent)


def _presets(consent: Consent) -> dict[str, str]:
    """Who may check it most often opens it for that."""
    if not allows(current_actor(), Permission.CONSENT_CHECK, consent):
        return {}
    return {
        "kind": ProofReason.QUALITY_CONTROL.value,
        "reason": translate(T("quality control")),
    }


def _opened(consent: Consent, form: ProofOpenForm) -> None:
    proofs.look(current_actor(), consent.id, **form.cleaned)
    until = clock.now().timestamp() + limits.PROOF_SHOWN_SECONDS
    session[_OPENED] = {**_open_now(), str(consent.id): until}


def _open_now() -> dict[str, float]:
    now = clock.now().timestamp()
    return {key: until for key, until in session.get(_OPENED, {}).items() if until > now}


@bp.get("/scan/<int:proof_id>")
@requires(Permission.CONSENT_PROOF_READ)
@fresh
def file(code: str, consent_id: int, proof_id: int) -> Response:
    """One file of what was just opened: an image within the page, anything else as a download."""
    participant, consent = _named(code, consent_id)
    if str(consent.id) not in _open_now():
        return redirect(url_for(".look", code=participant.code, consent_id=consent.id))
    document, content = proofs.content(current_actor(), consent.id, proof_id)
    answer = FileResponse(content, mimetype=document.media_type)
    how = "inline" if document.media_type in IMAGES else "attachment"
    answer.headers["Content-Disposition"] = f'{how}; filename="{document.name}"'
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer


@bp.post("/check")
@requires(Permission.CONSENT_CHECK)
def check(code: str, consent_id: int) -> Page:
    """Record what a second person found; the scan must be open before them."""
    participant, consent = _named(code, consent_id)
    require(current_actor(), Permission.CONSENT_CHECK, consent)
    if str(consent.id) not in _open_now():
        notify(T("Open the scan first: the record is compared with it."), Notice.WARNING)
        return redirect(url_for(".look", code=participant.code, consent_id=consent.id))
    form = CheckForm()

    def save() -> str:
        found = checks.check(current_actor(), consent.id, **form.cleaned)
        if found.outcome is CheckOutcome.PASSED:
            notify(T("The record is in order."), Notice.SUCCESS)
        else:
            notify(
                T("It is noted what is wrong. Until the record is corrected, it allows nothing."),
                Notice.WARNING,
            )
        return url_for("participants.show", code=participant.code)

    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, save)
    return render_form("consents/opened.html", form=form, **_beside(consent))


@bp.post("/copy")
@requires(Permission.CONSENT_RECORD)
def copy(code: str, consent_id: int) -> Response:
    """Hand over, once, the copy of what was just signed on the screen."""
    participant, consent = _named(code, consent_id)
    if session.pop(COPY_OF, None) != consent.id:
        notify(T("The copy was handed over already. It is among the scans."), Notice.WARNING)
        return redirect(url_for("participants.show", code=participant.code), code=303)
    document, content = proofs.hand_copy(current_actor(), consent.id)
    answer = FileResponse(content, mimetype=document.media_type)
    name = pdf_file_name("consent", participant.code)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _beside(consent: Consent) -> dict[str, object]:
    """The record and the files, side by side."""
    actor = current_actor()
    people = {consent.recorded_by_id, *(one.recorded_by_id for one in consent.checks)} - {None}
    return {
        "participant": consent.participant,
        "consent": consent,
        "names": accounts.names({one for one in people if one is not None}),
        "images": IMAGES,
        "checks": allows(actor, Permission.CONSENT_CHECK, consent)
        and not proofs.is_corrected(consent),
    }


def _named(code: str, consent_id: int) -> tuple[Participant, Consent]:
    """The participant and the consent of theirs.

    :raises NotFound: there is none at the actor's sites.
    """
    actor = current_actor()
    participant = participants.get(actor, code)
    return participant, queries.get(actor, participant.id, consent_id)
