"""The status of a participant's identity: what it stands on, and what raises it.

The national number comes in one post and goes out in none.
"""

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.identity import reviews
from registry.identity.qualification import queries, retrieval, service
from registry.identity.qualification.retrieval import Returned
from registry.identity.traits import Traits
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.vocab.labels import label
from registry.vocab.national import IdentityAttribute, IdentityStatus, NumberKind
from registry.web.forms.base import SchemaForm, render_form
from registry.web.forms.national import (
    AttributesForm,
    DocumentForm,
    RetrievalForm,
    WithdrawNumberForm,
)
from registry.web.guards import current_actor, fresh, requires
from registry.web.notices import Notice, notify
from registry.web.once import redirect_once

bp = Blueprint("qualification", __name__, url_prefix="/participants/<code>/ins")

Page = Response | tuple[str, int]


@bp.app_template_global()
def identity_status(participant: Participant) -> IdentityStatus:
    """How far the participant's identity can be trusted."""
    return queries.status_of(participant.person_uid)


@bp.app_template_global()
def identity_attributes(participant: Participant) -> list[IdentityAttribute]:
    """What the participant's identity is marked as: doubtful, fictitious, homonym."""
    return sorted(queries.attributes_of(participant.person_uid))


@bp.app_template_global()
def national_number_kind(participant: Participant) -> NumberKind | None:
    """Which kind of national number is kept of the participant; never the number."""
    return queries.kind_of(participant.person_uid)


def _show(
    participant: Participant,
    *,
    document_form: DocumentForm | None = None,
    attributes_form: AttributesForm | None = None,
) -> tuple[str, int]:
    """The page with its forms; the one that was sent shows what is wrong with it."""
    standing = queries.standing(current_actor(), participant.person_uid)
    sent = document_form or attributes_form
    held = {one.value: one in standing.attributes for one in IdentityAttribute}
    return render_form(
        "qualification/show.html",
        form=sent or DocumentForm(formdata=None, data={"version": standing.version}),
        document_form=document_form
        or DocumentForm(formdata=None, data={"version": standing.version}),
        attributes_form=attributes_form
        or AttributesForm(formdata=None, data={**held, "version": standing.version}),
        participant=participant,
        standing=standing,
        IdentityStatus=IdentityStatus,
    )


@bp.get("")
@requires(Permission.IDENTITY_QUALIFY)
def show(code: str) -> Page:
    """The status, what it stands on, and what is missing for the next one."""
    return _show(participants.get(current_actor(), code))


def _told(participant: Participant, status: IdentityStatus) -> str:
    notify(T("Saved. Status of the identity: {status}.", status=label(status)))
    return url_for(".show", code=participant.code)


@bp.post("/document")
@requires(Permission.IDENTITY_QUALIFY)
def document(code: str) -> Page:
    """Record that a document was seen."""
    participant = participants.get(current_actor(), code)
    form = DocumentForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _document(participant, form))
    return _show(participant, document_form=form)


def _document(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    status = service.check_document(
        current_actor(),
        participant.person_uid,
        document=given["document"],
        checked_on=given["checked_on"],
        expected_version=given["version"],
    )
    return _told(participant, status)


@bp.post("/attributes")
@requires(Permission.IDENTITY_QUALIFY)
def attributes(code: str) -> Page:
    """Say what is to be known of the identity besides its status."""
    participant = participants.get(current_actor(), code)
    form = AttributesForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _attributes(participant, form))
    return _show(participant, attributes_form=form)


def _attributes(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    status = service.mark(
        current_actor(),
        participant.person_uid,
        {one for one in IdentityAttribute if given[one.value]},
        reason=given["reason"],
        expected_version=given["version"],
    )
    return _told(participant, status)


@bp.route("/retrieval", methods=["GET", "POST"])
@requires(Permission.NATIONAL_IDENTITY_RECORD)
@fresh
def retrieve(code: str) -> Page:
    """Record what the national teleservice returned."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = RetrievalForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _retrieve(participant, form))
    if not form.is_submitted():
        form.version.data = queries.standing(actor, participant.person_uid).version
    form.forget_number()
    return render_form("qualification/retrieve.html", form=form, participant=participant)


def _retrieve(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    names = ("birth_name", "given_names", "birth_date", "sex", "birth_place")
    done = retrieval.record_retrieval(
        current_actor(),
        participant.person_uid,
        Returned(
            number=given["national_number"],
            kind=given["kind"],
            traits=Traits(**{name: given[name] for name in names}),
            on=given["retrieved_on"],
        ),
        if_incoherent=given["if_incoherent"],
        expected_version=given["version"],
    )
    if done.review is None:
        return _told(participant, done.status)
    notify(
        T("Another person has this number: nothing was recorded. Decide first who is who."),
        Notice.WARNING,
    )
    if reviews.may_decide(current_actor(), done.review):
        return url_for("reviews.show", review_id=done.review)
    return url_for("participants.show", code=participant.code)


@bp.route("/withdrawal", methods=["GET", "POST"])
@requires(Permission.NATIONAL_IDENTITY_RECORD)
@fresh
def withdraw(code: str) -> Page:
    """Take out a national number that is not the person's."""
    actor = current_actor()
    participant = participants.get(actor, code)
    form = WithdrawNumberForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect_once(form, lambda: _withdraw(participant, form))
    if not form.is_submitted():
        form.version.data = queries.standing(actor, participant.person_uid).version
    return render_form("qualification/withdraw.html", form=form, participant=participant)


def _withdraw(participant: Participant, form: SchemaForm) -> str:
    given = form.cleaned
    status = retrieval.withdraw_number(
        current_actor(),
        participant.person_uid,
        reason=given["reason"],
        expected_version=given["version"],
    )
    return _told(participant, status)
