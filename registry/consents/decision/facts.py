"""What is known about participants' consents, read for any number of them in six statements.

Facts have two dates: the legal one (signed, effective) and the one on which
the registry learnt of them.  What was learnt after `known_at` is left out, so
that a past decision can be taken again exactly as it was.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from registry.consents.decision.statements import EVER, IDS, KNOWN_AT, Statements, statements
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
    groups = _groups(_Among(asked, known_at))
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

    @cached_property
    def reads(self) -> Statements:
        """The statements that find them."""
        return statements(_dialect())

    def rows(self, statement: sa.Executable) -> Sequence[Any]:
        """What one of the statements finds."""
        ids = sorted(self.ids)
        return registry_session.execute(
            statement,
            {
                IDS: json.dumps(ids) if _dialect() == "sqlite" else ids,
                KNOWN_AT: self.known_at or EVER,
            },
        ).all()


def _dialect() -> str:
    return db.engines["registry"].dialect.name


def _groups(among: _Among) -> dict[int, set[int]]:
    """For each participant with an alias, everyone who is the same person in the cohort."""
    rows = among.rows(among.reads.merges)
    merged_into = {row.participant_id: row.merged_into_id for row in rows}
    groups: dict[int, set[int]] = {}
    for one, other in merged_into.items():
        if other is None:
            continue
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(joined, joined))
    return groups


def _statuses(among: _Among) -> dict[int, tuple[ParticipantStatus, datetime]]:
    rows = among.rows(among.reads.statuses)
    return {row.participant_id: (row.status, row.recorded_at) for row in rows}


def _consents(among: _Among) -> dict[int, list[SignedConsent]]:
    """The consents that no later record corrects, by participant."""
    items = _items(among)
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    for row in among.rows(among.reads.answers):
        answers[row.consent_id][row.item_id] = row.answer

    found: dict[int, list[SignedConsent]] = defaultdict(list)
    for row in among.rows(among.reads.consents):
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


def _items(among: _Among) -> dict[int, dict[int, ItemAnswer]]:
    """Every template's items, not answered yet."""
    uses: dict[int, set[Use]] = defaultdict(set)
    rows: dict[int, Any] = {}
    for row in among.rows(among.reads.items):
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
    rows = among.rows(among.reads.stops)
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
