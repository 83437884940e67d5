"""The statements that read what is known about consents, built once for each engine.

Every act on a sample asks for these facts, and building a statement takes
several times as long as running it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from registry.consents.signing.models import Consent, ConsentAnswer
from registry.consents.templates.models import ConsentItem, ConsentItemUse, ConsentTemplate
from registry.consents.withdrawals.models import Withdrawal, WithdrawalUse
from registry.participants.models import ParticipantHistory
from registry.persistence import UtcDateTime

#: The values that the statements take: whom they are about, and until when it was known.
IDS, KNOWN_AT = "ids", "known_at"
#: Later than anything will ever be recorded.
EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Statements:
    """The six statements for one engine; all but `items` leave out what was learnt later."""

    merges: sa.Executable
    statuses: sa.Executable
    items: sa.Executable
    answers: sa.Executable
    consents: sa.Executable
    stops: sa.Executable


@cache
def statements(dialect: str) -> Statements:
    """The statements as the engine understands them."""
    history, correction = ParticipantHistory, orm.aliased(Consent)
    ever_merged = sa.select(history.participant_id).where(history.merged_into_id.is_not(None))
    # The consents that no later record corrects.
    standing = sa.and_(
        _member(dialect, Consent.participant_id),
        _known(Consent.recorded_at),
        ~sa.exists().where(correction.supersedes_id == Consent.id, _known(correction.recorded_at)),
    )
    return Statements(
        merges=sa.select(history.participant_id, history.merged_into_id)
        .where(history.participant_id.in_(ever_merged), _known(history.recorded_at))
        .order_by(history.id),
        statuses=sa.select(history.participant_id, history.status, history.recorded_at)
        .where(_member(dialect, history.participant_id), _known(history.recorded_at))
        .order_by(history.id),
        items=sa.select(
            ConsentItem.id,
            ConsentItem.template_id,
            ConsentItem.code,
            ConsentItem.mandatory,
            ConsentItem.valid_months,
            ConsentItemUse.use,
        )
        .outerjoin(ConsentItemUse)
        .order_by(ConsentItem.position),
        answers=sa.select(ConsentAnswer.consent_id, ConsentAnswer.item_id, ConsentAnswer.answer)
        .join(Consent)
        .where(standing),
        consents=sa.select(Consent.__table__, ConsentTemplate.regime)
        .join(ConsentTemplate, ConsentTemplate.id == Consent.template_id)
        .where(standing)
        .order_by(Consent.signed_on, Consent.id),
        stops=sa.select(
            Withdrawal.id,
            Withdrawal.participant_id,
            Withdrawal.scope,
            Withdrawal.effective_on,
            WithdrawalUse.use,
        )
        .outerjoin(WithdrawalUse)
        .where(_member(dialect, Withdrawal.participant_id), _known(Withdrawal.recorded_at))
        .order_by(Withdrawal.effective_on, Withdrawal.id),
    )


def _member(dialect: str, participant_id: orm.InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """One bound value however many ids: engines limit the number of values."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam(IDS, type_=sa.String())).table_valued("value")
        return participant_id.in_(sa.select(each.c.value))
    return participant_id == sa.any_(sa.bindparam(IDS, type_=postgresql.ARRAY(sa.BigInteger)))


def _known(recorded_at: orm.InstrumentedAttribute[datetime]) -> sa.ColumnElement[bool]:
    return recorded_at <= sa.bindparam(KNOWN_AT, type_=UtcDateTime())
