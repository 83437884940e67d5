"""The statements that read what is known about consents, built once for each engine.

Every act on a sample asks for these facts, and building a statement takes
several times as long as running it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from registry.consents.signing.models import (
    Consent,
    ConsentAnswer,
    ConsentCheck,
    ConsentInformation,
    ConsentProof,
    ConsentSignatory,
)
from registry.consents.templates.models import (
    ConsentItem,
    ConsentItemTerm,
    ConsentItemUse,
    ConsentTemplate,
)
from registry.consents.withdrawals.models import (
    Withdrawal,
    WithdrawalItem,
    WithdrawalProject,
    WithdrawalUse,
)
from registry.documents.models import Document
from registry.participants.models import Participant, ParticipantHistory, ParticipantMajority
from registry.persistence import UtcDateTime
from registry.vocab.consent import ChangeRule, TemplateStatus

#: The values that the statements take: whom they are about, and until when it was known.
IDS, KNOWN_AT = "ids", "known_at"
#: Later than anything will ever be recorded.
EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Statements:
    """The statements for one engine; all but `forms` leave out what was learnt later."""

    merges: sa.Executable
    states: sa.Executable
    #: When somebody comes of age, as known at the moment; asked about the past alone.
    majorities: sa.Executable
    #: What each form asks: a version in use does not change.
    forms: sa.Executable
    changes: sa.Executable
    consents: sa.Executable
    signatories: sa.Executable
    stops: sa.Executable
    informed: sa.Executable


@cache
def statements(dialect: str) -> Statements:
    """The statements as the engine understands them."""
    history = ParticipantHistory
    standing = _standing(dialect)
    return Statements(
        merges=_merges(dialect),
        states=sa.select(
            history.participant_id,
            history.status,
            history.recorded_at,
            Participant.adult_from,
        )
        .join(Participant, Participant.id == history.participant_id)
        .where(_member(dialect, history.participant_id), _known(history.recorded_at))
        .order_by(history.id),
        majorities=sa.select(ParticipantMajority.participant_id, ParticipantMajority.adult_from)
        .where(
            _member(dialect, ParticipantMajority.participant_id),
            _known(ParticipantMajority.recorded_at),
        )
        .order_by(ParticipantMajority.id),
        forms=_forms(),
        changes=_changes(),
        consents=_consents().where(standing).order_by(Consent.signed_on, Consent.id),
        signatories=sa.select(
            ConsentSignatory.consent_id,
            ConsentSignatory.role,
            ConsentSignatory.stance,
            ConsentSignatory.authority_document_id,
            ConsentSignatory.authority_from,
            ConsentSignatory.authority_to,
        )
        .join(Consent)
        .where(standing),
        stops=_stops(dialect),
        informed=_informed(dialect),
    )


def _merges(dialect: str) -> sa.Select[*tuple[object, ...]]:
    """Into whom the participants were merged, and who was merged into them."""
    history = ParticipantHistory
    into_another = sa.select(history.participant_id).where(
        history.merged_into_id.is_not(None), _member(dialect, history.participant_id)
    )
    into_them = sa.select(history.participant_id).where(_member(dialect, history.merged_into_id))
    return (
        sa.select(history.participant_id, history.merged_into_id)
        .where(
            history.participant_id.in_(sa.union(into_another, into_them)),
            _known(history.recorded_at),
        )
        .order_by(history.id)
    )


def _stops(dialect: str) -> sa.Select[*tuple[object, ...]]:
    return (
        sa.select(
            Withdrawal.id,
            Withdrawal.participant_id,
            Withdrawal.scope,
            Withdrawal.effective_on,
            WithdrawalUse.use,
            WithdrawalItem.item_code,
            WithdrawalProject.project,
        )
        .outerjoin(WithdrawalUse)
        .outerjoin(WithdrawalItem)
        .outerjoin(WithdrawalProject)
        .where(_member(dialect, Withdrawal.participant_id), _known(Withdrawal.recorded_at))
        .order_by(Withdrawal.effective_on, Withdrawal.id)
    )


def _informed(dialect: str) -> sa.Select[*tuple[object, ...]]:
    return (
        sa.select(
            ConsentInformation.id,
            ConsentInformation.participant_id,
            ConsentInformation.informed_on,
            ConsentTemplate.code,
            ConsentTemplate.number.label("number"),
        )
        .join(ConsentTemplate, ConsentTemplate.id == ConsentInformation.template_id)
        .where(
            _member(dialect, ConsentInformation.participant_id),
            _known(ConsentInformation.recorded_at),
        )
        .order_by(ConsentInformation.informed_on, ConsentInformation.id)
    )


def _forms() -> sa.Select[*tuple[object, ...]]:
    return (
        sa.select(
            ConsentItem.id,
            ConsentItem.template_id,
            ConsentItem.code,
            ConsentItem.mandatory,
            ConsentItem.valid_months,
            ConsentItemUse.use,
            ConsentItemTerm.term,
            ConsentItemTerm.parameter,
            ConsentTemplate.code.label("template_code"),
            ConsentTemplate.number.label("number"),
            ConsentTemplate.regime,
            ConsentTemplate.audience,
            ConsentTemplate.proof_within_days,
        )
        .join(ConsentTemplate, ConsentTemplate.id == ConsentItem.template_id)
        .outerjoin(ConsentItemUse, ConsentItemUse.item_id == ConsentItem.id)
        .outerjoin(ConsentItemTerm, ConsentItemTerm.item_id == ConsentItem.id)
        .order_by(ConsentItem.position)
    )


def _changes() -> sa.Select[*tuple[object, ...]]:
    """A version asks something from the day on which it became final: its PDF was kept then."""
    return (
        sa.select(
            ConsentTemplate.code,
            ConsentTemplate.number.label("number"),
            ConsentTemplate.language,
            ConsentTemplate.change_rule,
            ConsentTemplate.change_by,
            ConsentTemplate.valid_from,
        )
        .outerjoin(Document, Document.id == ConsentTemplate.document_id)
        .where(
            ConsentTemplate.status != TemplateStatus.DRAFT,
            ConsentTemplate.change_rule != ChangeRule.NOTHING,
            _known(sa.func.coalesce(Document.kept_at, ConsentTemplate.recorded_at)),
        )
        .order_by(ConsentTemplate.number, ConsentTemplate.id)
    )


def _consents() -> sa.Select[*tuple[object, ...]]:
    """Each consent with its answers in one text, its first proof and its last check."""
    answer = sa.type_coerce(ConsentAnswer.answer, sa.String)
    said = sa.cast(ConsentAnswer.item_id, sa.String).concat("=").concat(answer)
    answers = sa.select(sa.func.aggregate_strings(said, ",")).where(
        ConsentAnswer.consent_id == Consent.id
    )
    proof = sa.select(sa.func.min(ConsentProof.id)).where(
        ConsentProof.consent_id == Consent.id, _known(ConsentProof.recorded_at)
    )
    last = orm.aliased(ConsentCheck)
    check = sa.select(sa.func.max(last.id)).where(
        last.consent_id == Consent.id, _known(last.recorded_at)
    )
    return sa.select(
        Consent.id,
        Consent.participant_id,
        Consent.template_id,
        Consent.signed_on,
        Consent.information_given_on,
        Consent.recorded_at,
        answers.scalar_subquery().label("answers"),
        proof.scalar_subquery().label("proof_id"),
        ConsentCheck.id.label("check_id"),
        ConsentCheck.outcome,
    ).outerjoin(ConsentCheck, ConsentCheck.id == check.scalar_subquery())


def _standing(dialect: str) -> sa.ColumnElement[bool]:
    """The consents that no later record corrects."""
    correction = orm.aliased(Consent)
    return sa.and_(
        _member(dialect, Consent.participant_id),
        _known(Consent.recorded_at),
        ~sa.exists().where(correction.supersedes_id == Consent.id, _known(correction.recorded_at)),
    )


def _member(dialect: str, participant_id: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    """One bound value however many ids: engines limit the number of values."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam(IDS, type_=sa.String())).table_valued("value")
        return participant_id.in_(sa.select(each.c.value))
    return participant_id == sa.any_(sa.bindparam(IDS, type_=postgresql.ARRAY(sa.BigInteger)))


def _known(recorded_at: sa.SQLColumnExpression[datetime]) -> sa.ColumnElement[bool]:
    return recorded_at <= sa.bindparam(KNOWN_AT, type_=UtcDateTime())
