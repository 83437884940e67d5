"""Reading consents, always within the actor's sites."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.consents import decision
from registry.consents.decision import Decision, decide_uses
from registry.consents.facts import ItemAnswer, SignedConsent
from registry.consents.models import Consent, ConsentAnswer, ConsentTemplate, Withdrawal
from registry.consents.service import SignedForm
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import TemplateStatus, Use


def of_participant(actor: Actor, participant_id: int) -> Sequence[Consent]:
    """The participant's consents with those of whoever was merged into it, latest signed first.

    Corrected records are among them.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return registry_session.scalars(
        sa.select(Consent)
        .where(Consent.participant_id.in_(_group(participant_id)))
        .options(orm.selectinload(Consent.answers).joinedload(ConsentAnswer.item))
        .order_by(Consent.signed_on.desc(), Consent.id.desc())
    ).all()


def withdrawals_of(actor: Actor, participant_id: int) -> Sequence[Withdrawal]:
    """The participant's withdrawals with those of whoever was merged into it, latest first.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return registry_session.scalars(
        sa.select(Withdrawal)
        .where(Withdrawal.participant_id.in_(_group(participant_id)))
        .order_by(Withdrawal.effective_on.desc(), Withdrawal.id.desc())
    ).all()


def standing(actor: Actor, participant_id: int, on: date | None = None) -> dict[Use, Decision]:
    """What the participant's consent allows for each use on a day, today when none is given.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.PARTICIPANT_READ, participant)
    return decide_uses(participant_id, Use, on or clock.today())


def preview(actor: Actor, participant_id: int, form: SignedForm) -> dict[Use, Decision]:
    """What the participant's consent would allow today if the form were recorded.

    :raises NotFound: the participant is at no site of the actor's, or there is no such form.
    """
    participants.get_by_id(actor, participant_id)
    template = get_template(form.template_id)
    signed = SignedConsent(
        ref="consent:new",
        participant_id=participant_id,
        regime=template.regime,
        signed_on=form.signed_on,
        information_given_on=form.information_given_on,
        recorded_at=clock.now(),
        items=tuple(
            ItemAnswer(
                code=item.code,
                uses=item.uses,
                mandatory=item.mandatory,
                valid_months=item.valid_months,
                answer=form.answers.get(item.code),
            )
            for item in template.items
        ),
    )
    return decision.preview(participant_id, signed, Use, clock.today())


def get(actor: Actor, participant_id: int, consent_id: int) -> Consent:
    """One consent of the participant.

    :raises NotFound: there is none, or the participant is at no site of the actor's.
    """
    found = {consent.id: consent for consent in of_participant(actor, participant_id)}
    if consent_id not in found:
        raise NotFound(T("The participant has no such consent."))
    return found[consent_id]


def signable_templates() -> Sequence[ConsentTemplate]:
    """Every form that was ever in use, newest version first: paper travels slowly."""
    return registry_session.scalars(
        sa.select(ConsentTemplate)
        .where(ConsentTemplate.status != TemplateStatus.DRAFT)
        .order_by(
            ConsentTemplate.code, ConsentTemplate.number.desc(), ConsentTemplate.language.desc()
        )
    ).all()


def get_template(template_id: int) -> ConsentTemplate:
    """The form with its items.

    :raises NotFound: there is none.
    """
    template = registry_session.get(ConsentTemplate, template_id)
    if template is None:
        raise NotFound(T("There is no such form."))
    return template


def _group(participant_id: int) -> sa.Select[int]:
    """The participant and whoever was merged into it."""
    return sa.select(Participant.id).where(
        sa.or_(Participant.id == participant_id, Participant.merged_into_id == participant_id)
    )
