"""How far a withdrawal reaches: the same answer before it is recorded and when it is."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.signing.models import Consent
from registry.consents.templates.models import ConsentItem, ConsentItemUse, ConsentTemplate
from registry.consents.withdrawals import policies
from registry.consents.withdrawals.events import Reach
from registry.consents.withdrawals.policies import Asked
from registry.participants import queries as participants
from registry.persistence import registry_session
from registry.vocab.consent import Regime, Use, WithdrawalScope


def reach(participant_id: int, asked: Asked) -> Reach:
    """Whom and what it would reach, with what follows from what was asked."""
    everyone = tuple(sorted(registry_session.scalars(participants.with_aliases(participant_id))))
    uses = asked.uses if asked.scope is WithdrawalScope.USES else frozenset()
    if asked.scope is WithdrawalScope.ITEMS:
        uses = _covered(everyone, asked.items)
    effects = policies.effects_of(asked.scope, uses, asked.effects)
    return Reach(
        participant_id=participant_id,
        everyone=everyone,
        stopped=policies.stopped_by(asked.scope, uses, effects),
        items=asked.items if asked.scope is WithdrawalScope.ITEMS else frozenset(),
        projects=asked.projects if asked.scope is WithdrawalScope.PROJECTS else frozenset(),
        effects=effects,
    )


def _covered(everyone: tuple[int, ...], items: frozenset[str]) -> frozenset[Use]:
    """The uses that these questions cover on the forms that the participant has signed.

    Without a mandatory question its form allows nothing: all that it asks about is covered.
    """
    taken_back = orm.aliased(ConsentItem)
    return frozenset(
        registry_session.scalars(
            sa.select(ConsentItemUse.use)
            .join(ConsentItem, ConsentItem.id == ConsentItemUse.item_id)
            .join(taken_back, taken_back.template_id == ConsentItem.template_id)
            .join(Consent, Consent.template_id == ConsentItem.template_id)
            .where(
                Consent.participant_id.in_(everyone),
                taken_back.code.in_(items),
                sa.or_(taken_back.mandatory, taken_back.id == ConsentItem.id),
            )
            .distinct()
        )
    )


def agreed_after(participant_id: int, effective_on: date) -> date | None:
    """The last day, after this one, on which a form was signed whose agreement would lift it."""
    correction = orm.aliased(Consent)
    return registry_session.scalar(
        sa.select(sa.func.max(Consent.signed_on))
        .join(ConsentTemplate, ConsentTemplate.id == Consent.template_id)
        .where(
            Consent.participant_id.in_(participants.with_aliases(participant_id)),
            Consent.signed_on > effective_on,
            ConsentTemplate.regime == Regime.EXPRESS,
            ~sa.exists().where(correction.supersedes_id == Consent.id),
        )
    )


def questions(participant_id: int) -> dict[str, str]:
    """The questions that the participant has answered, by code, in the words signed last."""
    rows = registry_session.execute(
        sa.select(ConsentItem.code, ConsentItem.text)
        .join(Consent, Consent.template_id == ConsentItem.template_id)
        .where(Consent.participant_id.in_(participants.with_aliases(participant_id)))
        .order_by(Consent.signed_on, Consent.id, ConsentItem.position)
    )
    return dict(rows.all())
