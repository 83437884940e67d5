"""What is known about participants' consents, read for any number of them in six statements.

Facts have two dates: the legal one (signed, effective) and the one on which
the registry learnt of them.  What was learnt after `known_at` is left out, so
that a past decision can be taken again exactly as it was.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from registry.consents.models import (
    Consent,
    ConsentAnswer,
    ConsentItem,
    ConsentItemUse,
    ConsentTemplate,
    Withdrawal,
    WithdrawalUse,
)
from registry.participants.models import ParticipantHistory
from registry.persistence import db, registry_session
from registry.vocab.consent import Answer, Regime, Use, WithdrawalScope
from registry.vocab.people import ParticipantStatus


@dataclass(frozen=True)
class ItemAnswer:
    """One item of a form, and what was said to it; None if nothing is on record."""

    code: str
    uses: frozenset[Use]
    mandatory: bool
    valid_months: int | None
    answer: Answer | None


@dataclass(frozen=True)
class SignedConsent:
    """A form that was signed."""

    ref: str
    participant_id: int
    regime: Regime
    signed_on: date
    information_given_on: date | None
    recorded_at: datetime
    items: tuple[ItemAnswer, ...]


@dataclass(frozen=True)
class Stop:
    """A withdrawal or an opposition."""

    ref: str
    uses: frozenset[Use]
    effective_on: date


@dataclass(frozen=True)
class Facts:
    """What is known about one participant, whoever was merged into it included."""

    #: What the participant and each of its aliases is.
    statuses: tuple[ParticipantStatus, ...] = ()
    #: When the last of them was merged.
    merged_at: datetime | None = None
    consents: tuple[SignedConsent, ...] = ()
    stops: tuple[Stop, ...] = ()


def load(participant_ids: Collection[int], known_at: datetime | None = None) -> dict[int, Facts]:
    """The facts about each participant, as known at a moment (None: as known now)."""
    asked = set(participant_ids)
    groups = _groups(known_at)
    members = asked.union(*(groups[one] for one in asked if one in groups))
    among = _Among(members, known_at)
    statuses, consents, stops = _statuses(among), _consents(among), _stops(among)

    found = {}
    for participant_id in asked:
        group = sorted(groups.get(participant_id, {participant_id}))
        known = [statuses[member] for member in group if member in statuses]
        merges = [at for status, at in known if status is ParticipantStatus.MERGED]
        found[participant_id] = Facts(
            statuses=tuple(status for status, _at in known),
            merged_at=max(merges, default=None),
            consents=tuple(consent for member in group for consent in consents[member]),
            stops=tuple(stop for member in group for stop in stops[member]),
        )
    return found


@dataclass(frozen=True)
class _Among:
    """The rows of some participants that were on record at a moment."""

    ids: Collection[int]
    known_at: datetime | None

    def filter(
        self,
        participant_id: orm.InstrumentedAttribute[int],
        recorded_at: orm.InstrumentedAttribute[datetime],
    ) -> sa.ColumnElement[bool]:
        """One bound value however many ids: engines limit the number of values."""
        member: sa.ColumnElement[bool]
        if db.engines["registry"].dialect.name == "sqlite":
            each = sa.func.json_each(json.dumps(sorted(self.ids))).table_valued("value")
            member = participant_id.in_(sa.select(each.c.value))
        else:
            listed = sa.literal(sorted(self.ids), postgresql.ARRAY(sa.BigInteger))
            member = participant_id == sa.any_(listed)
        return sa.and_(member, _known(recorded_at, self.known_at))


def _known(
    recorded_at: orm.InstrumentedAttribute[datetime], known_at: datetime | None
) -> sa.ColumnElement[bool]:
    return sa.true() if known_at is None else recorded_at <= known_at


def _groups(known_at: datetime | None) -> dict[int, set[int]]:
    """For each participant with an alias, everyone who is the same person in the cohort."""
    history = ParticipantHistory
    ever_merged = sa.select(history.participant_id).where(history.merged_into_id.is_not(None))
    rows = registry_session.execute(
        sa.select(history.participant_id, history.merged_into_id)
        .where(history.participant_id.in_(ever_merged), _known(history.recorded_at, known_at))
        .order_by(history.id)
    )
    merged_into = {row.participant_id: row.merged_into_id for row in rows}
    groups: dict[int, set[int]] = {}
    for one, other in merged_into.items():
        if other is None:
            continue
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(joined, joined))
    return groups


def _statuses(among: _Among) -> dict[int, tuple[ParticipantStatus, datetime]]:
    history = ParticipantHistory
    rows = registry_session.execute(
        sa.select(history.participant_id, history.status, history.recorded_at)
        .where(among.filter(history.participant_id, history.recorded_at))
        .order_by(history.id)
    )
    return {row.participant_id: (row.status, row.recorded_at) for row in rows}


def _consents(among: _Among) -> dict[int, list[SignedConsent]]:
    """The consents that no later record corrects, by participant."""
    correction = orm.aliased(Consent)
    standing = sa.and_(
        among.filter(Consent.participant_id, Consent.recorded_at),
        ~sa.exists().where(
            correction.supersedes_id == Consent.id, _known(correction.recorded_at, among.known_at)
        ),
    )
    items = _items()
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    for row in registry_session.execute(
        sa.select(ConsentAnswer.consent_id, ConsentAnswer.item_id, ConsentAnswer.answer)
        .join(Consent)
        .where(standing)
    ):
        answers[row.consent_id][row.item_id] = row.answer

    found: dict[int, list[SignedConsent]] = defaultdict(list)
    for row in registry_session.execute(
        sa.select(Consent.__table__, ConsentTemplate.regime)
        .join(ConsentTemplate, ConsentTemplate.id == Consent.template_id)
        .where(standing)
        .order_by(Consent.signed_on, Consent.id)
    ):
        given = answers[row.id]
        found[row.participant_id].append(
            SignedConsent(
                ref=f"consent:{row.id}",
                participant_id=row.participant_id,
                regime=row.regime,
                signed_on=row.signed_on,
                information_given_on=row.information_given_on,
                recorded_at=row.recorded_at,
                items=tuple(
                    replace(item, answer=given.get(item_id))
                    for item_id, item in items[row.template_id].items()
                ),
            )
        )
    return found


def _items() -> dict[int, dict[int, ItemAnswer]]:
    """Every template's items, not answered yet."""
    uses: dict[int, set[Use]] = defaultdict(set)
    rows: dict[int, Any] = {}
    for row in registry_session.execute(
        sa.select(
            ConsentItem.id,
            ConsentItem.template_id,
            ConsentItem.code,
            ConsentItem.mandatory,
            ConsentItem.valid_months,
            ConsentItemUse.use,
        )
        .outerjoin(ConsentItemUse)
        .order_by(ConsentItem.position)
    ):
        rows[row.id] = row
        if row.use is not None:
            uses[row.id].add(row.use)
    items: dict[int, dict[int, ItemAnswer]] = defaultdict(dict)
    for item_id, row in rows.items():
        items[row.template_id][item_id] = ItemAnswer(
            code=row.code,
            uses=frozenset(uses[item_id]),
            mandatory=row.mandatory,
            valid_months=row.valid_months,
            answer=None,
        )
    return items


def _stops(among: _Among) -> dict[int, list[Stop]]:
    rows = registry_session.execute(
        sa.select(
            Withdrawal.id,
            Withdrawal.participant_id,
            Withdrawal.scope,
            Withdrawal.effective_on,
            WithdrawalUse.use,
        )
        .outerjoin(WithdrawalUse)
        .where(among.filter(Withdrawal.participant_id, Withdrawal.recorded_at))
        .order_by(Withdrawal.effective_on, Withdrawal.id)
    ).all()
    uses: dict[int, set[Use]] = defaultdict(set)
    for row in rows:
        uses[row.id] |= set(Use) if row.scope is WithdrawalScope.ALL else {row.use} - {None}
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in {row.id: row for row in rows}.values():
        found[row.participant_id].append(
            Stop(
                ref=f"withdrawal:{row.id}",
                uses=frozenset(uses[row.id]),
                effective_on=row.effective_on,
            )
        )
    return found
