"""Signing on the screen: the exact text shown, answered and signed by both sides at once.

What is recorded is what stood on the screen: its digest comes back with the
signatures and must be that of the text of today.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry import audit, documents
from registry.access import Permission, require
from registry.accounts import queries as accounts
from registry.consents.signing import drawing, printing, proofs, service
from registry.consents.signing.drawing import Drawing
from registry.consents.signing.events import ConsentRecorded
from registry.consents.signing.models import Consent
from registry.consents.signing.service import SignedForm
from registry.consents.templates import queries as templates
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Answer, Channel, ProofKind, SignatoryRole, Stance

#: On the screen everything is asked and answered.
_CLEAR = frozenset({Answer.ACCEPTED, Answer.REFUSED})


@dataclass(frozen=True)
class Ceremony:
    """What came back from the screen; the drawings are strokes, as `drawing.read` takes them."""

    form: SignedForm
    text_sha256: str
    drawings: Mapping[SignatoryRole, str]
    professional: str


def field_of(role: SignatoryRole) -> str:
    """Where a refusal about somebody’s signature is shown."""
    return f"drawn_{role.value}"


@transactional
def sign(
    actor: Actor, participant_id: int, given: Ceremony, *, supersedes_id: int | None = None
) -> Consent:
    """Record what was answered and signed on the screen, and keep it as a sealed PDF.

    Signing anew what was signed on the screen before supersedes that record.

    :raises RuleBroken: the text is no longer the one that was shown, the
        participant is merged or erased, or the record was superseded before.
    :raises InvalidInput: an answer or a signature is missing.
    """
    superseded = lock_row(Consent, supersedes_id) if supersedes_id is not None else None
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    check_is_not_merged(participant)
    form = replace(given.form, channel=Channel.SCREEN, signed_on=clock.today())
    _check(form, given, participant, superseded)
    drawings = _drawings(form, given)
    professional = drawing.read(given.professional, field="drawn_professional")
    consent = service.take(actor, participant, form, supersedes=superseded)
    proof = _keep(actor, consent, form, drawings, professional)
    audit.record(
        actor,
        AuditTag.CONSENT_SIGNED,
        participant,
        consent=consent.id,
        template=consent.template.audit_ref,
        answers=dict(form.answers),
        signatories=service.said_by(form),
        sha256=proof,
        text_sha256=given.text_sha256,
        corrects=superseded and superseded.id,
    )
    events.publish(ConsentRecorded(actor, participant.id, consent.id))
    return consent


def _check(
    form: SignedForm, given: Ceremony, participant: Participant, superseded: Consent | None
) -> None:
    if participant.identity_erased_on is not None:
        raise RuleBroken(T("The identity was erased: nobody can sign for this participant."))
    if superseded is not None and (
        superseded.channel is not Channel.SCREEN or superseded.participant_id != participant.id
    ):
        raise RuleBroken(T("This was not signed on the screen. Correct its record instead."))
    if printing.text_digest(templates.get(form.template_id)) != given.text_sha256:
        raise RuleBroken(
            T(
                "The text is no longer the one that was on the screen. Nothing was recorded: open "
                "the page again and have the present text read and signed."
            )
        )
    unclear = {
        code: [T("Choose an answer.")]
        for code, answer in form.answers.items()
        if answer not in _CLEAR
    }
    if unclear:
        raise InvalidInput(T("An answer is missing."), errors=unclear)


def _drawings(form: SignedForm, given: Ceremony) -> dict[SignatoryRole, Drawing]:
    """The signatures: of everybody who agrees, and of who signed an opposition too."""
    signing = {one.role for one in form.signatories if one.stance is Stance.AGREES}
    if not form.signatories:
        signing = {SignatoryRole.SELF}
    said = signing | {one.role for one in form.signatories}
    return {
        role: drawing.read(given.drawings.get(role), field=field_of(role))
        for role in sorted(said)
        if role in signing or given.drawings.get(role)
    }


def _keep(
    actor: Actor,
    consent: Consent,
    form: SignedForm,
    drawings: Mapping[SignatoryRole, Drawing],
    professional: Drawing,
) -> str:
    """Keep the PDF as the proof; its digest."""
    content = printing.pdf(
        printing.Ceremony(
            template=consent.template,
            form=form,
            code=consent.participant.shown_code,
            site=consent.participant.site.name,
            professional=accounts.names({actor.id}).get(actor.id, actor.login)
            if actor.id is not None
            else actor.login,
            drawings=drawings,
            professional_drawing=professional,
            signed_at=consent.recorded_at,
        )
    )
    document = documents.keep(
        documents.put(content),
        name=f"consent-{consent.id}-signed.pdf",
        media_type="application/pdf",
    )
    digest = hashlib.sha256(content).hexdigest()
    text_sha256 = printing.text_digest(consent.template)
    proofs.add(actor, consent, ProofKind.SCREEN, document, digest, text_sha256)
    return digest
