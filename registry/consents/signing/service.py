"""Recording consents and corrections of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry import audit
from registry.access import Permission, require
from registry.consents.signing import parties, policies, proofs
from registry.consents.signing.events import ConsentRecorded
from registry.consents.signing.models import Consent, ConsentAnswer, ConsentSignatory
from registry.consents.signing.parties import Signatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock, events
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.participants.models import Participant
from registry.participants.policies import check_is_not_merged
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.consent import Answer, Channel, Language


@dataclass(frozen=True)
class SignedForm:
    """A form as it came back: what was answered, when and how."""

    template_id: int
    #: By the codes of the template's items; every item has one.
    answers: Mapping[str, Answer]
    signed_on: date
    channel: Channel
    information_given_on: date | None = None
    #: The language in which it was explained; None for that of the form.
    language: Language | None = None
    #: When it reached the registry; None for now.
    received_at: datetime | None = None
    #: Nobody is named where the participant alone has signed.
    signatories: Sequence[Signatory] = ()


@transactional
def record(actor: Actor, participant_id: int, form: SignedForm) -> Consent:
    """Record a form that the participant has answered.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: the form was not in use on that day, an answer or a
        signatory is missing, or the dates contradict each other.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    check_is_not_merged(participant)
    policies.check_is_recorded(form.channel)
    consent = take(actor, participant, form)
    audit.record(
        actor,
        AuditTag.CONSENT_RECORDED,
        participant,
        consent=consent.id,
        template=consent.template.audit_ref,
        answers=dict(form.answers),
        signatories=said_by(form),
    )
    events.publish(ConsentRecorded(actor, participant.id, consent.id))
    return consent


def said_by(form: SignedForm) -> list[str]:
    """Who signed, in the words of the record."""
    return [f"{one.role}:{one.stance}" for one in form.signatories]


@transactional
def correct(
    actor: Actor,
    consent_id: int,
    form: SignedForm,
    *,
    reason: str,
    keeps_proofs: bool = True,
) -> Consent:
    """Record a form anew because the record of it was wrong; both records stay.

    The scans prove the new record too, unless they are of another paper.

    :raises RuleBroken: the record has been corrected already, or was signed on the screen.
    :raises InvalidInput: as for `record`.
    """
    wrong = lock_row(Consent, consent_id)
    participant = lock_row(Participant, wrong.participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    policies.check_can_be_corrected(wrong)
    policies.check_is_recorded(form.channel)
    consent = take(actor, participant, form, supersedes=wrong)
    if keeps_proofs:
        proofs.carry_over(actor, wrong, consent)
    audit.record(
        actor,
        AuditTag.CONSENT_CORRECTED,
        participant,
        reason=reason,
        consent=consent.id,
        corrects=wrong.id,
        answers=dict(form.answers),
        signatories=said_by(form),
    )
    events.publish(ConsentRecorded(actor, participant.id, consent.id))
    return consent


def take(
    actor: Actor, participant: Participant, form: SignedForm, supersedes: Consent | None = None
) -> Consent:
    """The rows of a form that was signed; the caller asked leave, records and publishes.

    :raises RuleBroken: the record that it supersedes was superseded before.
    :raises InvalidInput: as for `record`.
    """
    if supersedes is not None and proofs.is_corrected(supersedes):
        raise RuleBroken(T("This record has been corrected already. Correct the newer one."))
    template = registry_session.get(ConsentTemplate, form.template_id)
    if template is None:
        raise InvalidInput(T("There is no such form."), field="template_id")
    policies.check_can_be_signed(template, form.signed_on)
    policies.check_information(form.information_given_on, form.signed_on)
    policies.check_channel(template, form.channel)
    policies.check_answers(template, form.answers)
    parties.check_audience(template, participant, form.signed_on)
    parties.check(template, form.signatories, form.answers, form.signed_on)
    consent = Consent(
        participant=participant,
        template=template,
        language=form.language or template.language,
        channel=form.channel,
        information_given_on=form.information_given_on,
        signed_on=form.signed_on,
        received_at=form.received_at or clock.now(),
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        supersedes_id=supersedes.id if supersedes else None,
        answers=[
            ConsentAnswer(item=item, answer=form.answers[item.code]) for item in template.items
        ],
        signatories=[_signatory(participant, one) for one in form.signatories],
    )
    registry_session.add(consent)
    registry_session.flush()
    return consent


def _signatory(participant: Participant, one: Signatory) -> ConsentSignatory:
    """The row of somebody who signed; what gives them the right is kept sealed."""
    document_id = one.authority_document_id
    if one.paper is not None:
        name = f"authority-{participant.code}"
        document_id = proofs.keep_paper(one.paper, name, field="authority_file").id
    return ConsentSignatory(
        role=one.role,
        stance=one.stance,
        authority_document_id=document_id,
        authority_from=one.authority_from,
        authority_to=one.authority_to,
        alone_reason=one.alone_reason,
    )
