"""Recording consents and corrections of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.consents.signing import policies
from registry.consents.signing.models import Consent, ConsentAnswer
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
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


@transactional
def record(actor: Actor, participant_id: int, form: SignedForm) -> Consent:
    """Record a form that the participant has answered.

    :raises RuleBroken: the participant is merged into another.
    :raises InvalidInput: the form was not in use on that day, an answer is
        missing, or the dates contradict each other.
    """
    participant = lock_row(Participant, participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    check_is_not_merged(participant)
    consent = _taken(actor, participant, form)
    audit.record(
        actor,
        AuditTag.CONSENT_RECORDED,
        participant,
        consent=consent.id,
        template=consent.template.audit_ref,
        answers=dict(form.answers),
    )
    return consent


@transactional
def correct(actor: Actor, consent_id: int, form: SignedForm, *, reason: str) -> Consent:
    """Record a form anew because the record of it was wrong; both records stay.

    :raises RuleBroken: the record has been corrected already.
    :raises InvalidInput: as for `record`.
    """
    wrong = lock_row(Consent, consent_id)
    participant = lock_row(Participant, wrong.participant_id)
    require(actor, Permission.CONSENT_RECORD, participant)
    if registry_session.scalar(sa.select(Consent.id).where(Consent.supersedes_id == wrong.id)):
        raise RuleBroken(T("This record has been corrected already. Correct the newer one."))
    consent = _taken(actor, participant, form, supersedes=wrong)
    audit.record(
        actor,
        AuditTag.CONSENT_CORRECTED,
        participant,
        reason=reason,
        consent=consent.id,
        corrects=wrong.id,
        answers=dict(form.answers),
    )
    return consent


def _taken(
    actor: Actor, participant: Participant, form: SignedForm, supersedes: Consent | None = None
) -> Consent:
    template = registry_session.get(ConsentTemplate, form.template_id)
    if template is None:
        raise InvalidInput(T("There is no such form."), field="template_id")
    policies.check_can_be_signed(template, form.signed_on)
    policies.check_information(form.information_given_on, form.signed_on)
    policies.check_channel(template, form.channel)
    policies.check_answers(template, form.answers)
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
    )
    registry_session.add(consent)
    registry_session.flush()
    return consent
