"""Reading consents, always within the actor's sites."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.consents.signing.models import Consent, ConsentAnswer, ConsentInformation
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants import queries as participants
from registry.persistence import registry_session


def of_participant(actor: Actor, participant_id: int) -> Sequence[Consent]:
    """The participant's consents with those of whoever was merged into it, latest signed first.

    Corrected records are among them.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return registry_session.scalars(
        sa.select(Consent)
        .where(Consent.participant_id.in_(participants.with_aliases(participant_id)))
        .options(
            orm.selectinload(Consent.answers).joinedload(ConsentAnswer.item),
            orm.selectinload(Consent.signatories),
            orm.selectinload(Consent.proofs),
            orm.selectinload(Consent.checks),
            orm.joinedload(Consent.template),
            orm.joinedload(Consent.participant),
        )
        .order_by(Consent.signed_on.desc(), Consent.id.desc())
    ).all()


def informed(actor: Actor, participant_id: int) -> Sequence[ConsentInformation]:
    """Of which versions the participant was informed without signing, the latest first.

    :raises NotFound: the participant is at no site of the actor's.
    """
    participant = participants.get_by_id(actor, participant_id)
    require(actor, Permission.CONSENT_READ, participant)
    return registry_session.scalars(
        sa.select(ConsentInformation)
        .where(ConsentInformation.participant_id.in_(participants.with_aliases(participant_id)))
        .options(orm.joinedload(ConsentInformation.template))
        .order_by(ConsentInformation.informed_on.desc(), ConsentInformation.id.desc())
    ).all()


def get(actor: Actor, participant_id: int, consent_id: int) -> Consent:
    """One consent of the participant.

    :raises NotFound: there is none, or the participant is at no site of the actor's.
    """
    found = {consent.id: consent for consent in of_participant(actor, participant_id)}
    if consent_id not in found:
        raise NotFound(T("The participant has no such consent."))
    return found[consent_id]


def count_of_template(template_id: int) -> int:
    """How many times a form was signed, corrected records left out."""
    correction = orm.aliased(Consent)
    return (
        registry_session.scalar(
            sa.select(sa.func.count())
            .select_from(Consent)
            .where(
                Consent.template_id == template_id,
                ~sa.exists().where(correction.supersedes_id == Consent.id),
            )
        )
        or 0
    )
