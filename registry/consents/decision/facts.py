"""What is known about participants' consents, read for any number of them in few statements.

Facts have two dates: the legal one (signed, effective) and the one on which
the registry learnt of them.  What was learnt after `known_at` is left out, so
that a past decision can be taken again exactly as it was.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa

from registry.consents.decision.forms import Change, Form, ItemAnswer, changes_of, forms_of
from registry.consents.decision.statements import EVER, IDS, KNOWN_AT, Statements, statements
from registry.persistence import db, registry_session
from registry.vocab.consent import (
    Answer,
    Audience,
    CheckOutcome,
    Regime,
    SignatoryRole,
    Stance,
    Use,
    WithdrawalScope,
)
from registry.vocab.people import ParticipantStatus


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signed, as whom and on what authority."""

    role: SignatoryRole
    stance: Stance = Stance.AGREES
    #: Whether the judgment or the mandate is on record.
    has_authority: bool = False
    authority_from: date | None = None
    authority_to: date | None = None


@dataclass(frozen=True, slots=True)
class SignedConsent:
    """A form that was signed."""

    ref: str
    participant_id: int
    regime: Regime
    signed_on: date
    information_given_on: date | None
    recorded_at: datetime
    items: tuple[ItemAnswer, ...]
    #: The form, by the code that its versions share, and which version it was.
    code: str = ""
    number: int = 1
    audience: Audience = Audience.ADULT
    proof_within_days: int | None = None
    #: Nobody: the participant alone.
    signatories: tuple[Signatory, ...] = ()
    #: The first scan on record.
    proof: str | None = None
    #: The last check, and what was found.
    check: str | None = None
    outcome: CheckOutcome | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A withdrawal or an opposition: of uses, of items by their codes, or of projects."""

    ref: str
    uses: frozenset[Use]
    effective_on: date
    items: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Information:
    """The participant was informed of a version of a form without signing it."""

    ref: str
    code: str
    number: int
    informed_on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one participant, whoever was merged into it included."""

    #: What the participant and each of its aliases is.
    statuses: tuple[ParticipantStatus, ...] = ()
    #: When the last of them was merged.
    merged_at: datetime | None = None
    consents: tuple[SignedConsent, ...] = ()
    stops: tuple[Stop, ...] = ()
    informed: tuple[Information, ...] = ()
    #: The first day of the month of coming of age, of somebody who was included as a minor.
    adult_from: date | None = None
    #: What newer versions of forms ask; the same for everybody.
    changes: tuple[Change, ...] = ()


def load(participant_ids: Collection[int], known_at: datetime | None = None) -> dict[int, Facts]:
    """The facts about each participant, as known at a moment (None: as known now)."""
    asked = set(participant_ids)
    groups = _groups(asked, known_at)
    members = asked.union(*(groups[one] for one in asked if one in groups))
    among = _Among(members, known_at)
    states, consents, stops = _states(among), _consents(among), _stops(among)
    majority = _majorities(among, states)
    informed, changes = _informed(among), changes_of(among.rows(among.reads.changes))

    found = {}
    for participant_id in asked:
        group = sorted(groups.get(participant_id, (participant_id,)))
        known = [states[member] for member in group if member in states]
        merges = [row.recorded_at for row in known if row.status is ParticipantStatus.MERGED]
        majorities = (majority.get(member) for member in group)
        found[participant_id] = Facts(
            statuses=tuple(row.status for row in known),
            merged_at=max(merges, default=None),
            consents=tuple(consent for member in group for consent in consents[member]),
            stops=tuple(stop for member in group for stop in stops[member]),
            informed=tuple(one for member in group for one in informed[member]),
            adult_from=max(filter(None, majorities), default=None),
            changes=changes,
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

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the statements take."""
        ids = sorted(self.ids)
        return {
            IDS: json.dumps(ids) if _dialect() == "sqlite" else ids,
            KNOWN_AT: self.known_at or EVER,
        }

    def rows(self, statement: sa.Executable) -> Sequence[Any]:
        """What one of the statements finds."""
        # Past the session's loading of rows: it would take as long as reading them.
        registry_session.flush()
        bind = {"bind": db.engines["registry"]}
        return (
            registry_session.connection(bind_arguments=bind).execute(statement, self.values).all()
        )


def _dialect() -> str:
    return db.engines["registry"].dialect.name


def _groups(asked: Collection[int], known_at: datetime | None) -> dict[int, set[int]]:
    """For each participant with an alias, everyone who is the same person in the cohort.

    Who was merged into whom is followed from those who are asked about until nobody is new.
    """
    members: set[int] = set()
    reached = set(asked)
    merged_into: dict[int, int | None] = {}
    while reached != members:
        members = reached
        among = _Among(members, known_at)
        merged_into = {
            row.participant_id: row.merged_into_id for row in among.rows(among.reads.merges)
        }
        others = (one for one in merged_into.values() if one is not None)
        reached = members.union(merged_into, others)
    groups: dict[int, set[int]] = {}
    for one, other in merged_into.items():
        if other is None:
            continue
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(joined, joined))
    return groups


def _states(among: _Among) -> dict[int, Any]:
    """The last row of each participant's history."""
    return {row.participant_id: row for row in among.rows(among.reads.states)}


def _majorities(among: _Among, states: dict[int, Any]) -> dict[int, date | None]:
    """When each comes of age; None for who was no minor on inclusion."""
    if among.known_at is None:
        return {participant_id: row.adult_from for participant_id, row in states.items()}
    return {row.participant_id: row.adult_from for row in among.rows(among.reads.majorities)}


def _consents(among: _Among) -> dict[int, list[SignedConsent]]:
    """The consents that no later record corrects, by participant."""
    forms = forms_of(among.rows(among.reads.forms))
    signed_by = _signatories(among)
    answered = _reader_of_answers(forms)
    found: dict[int, list[SignedConsent]] = defaultdict(list)
    for row in among.rows(among.reads.consents):
        form = forms[row.template_id]
        found[row.participant_id].append(
            SignedConsent(
                ref=f"consent:{row.id}",
                participant_id=row.participant_id,
                regime=form.regime,
                signed_on=row.signed_on,
                information_given_on=row.information_given_on,
                recorded_at=row.recorded_at,
                items=answered(row.template_id, row.answers),
                code=form.code,
                number=form.number,
                audience=form.audience,
                proof_within_days=form.proof_within_days,
                signatories=signed_by.get(row.id, ()),
                proof=None if row.proof_id is None else f"consent_proof:{row.proof_id}",
                check=None if row.check_id is None else f"consent_check:{row.check_id}",
                outcome=row.outcome,
            )
        )
    return found


def _signatories(among: _Among) -> dict[int, tuple[Signatory, ...]]:
    """Who signed each form; those of whom the same is known are kept once."""
    one_of_each = cache(Signatory)
    found: dict[int, tuple[Signatory, ...]] = {}
    for consent_id, role, stance, document_id, since, until in among.rows(among.reads.signatories):
        one = one_of_each(role, stance, document_id is not None, since, until)
        found[consent_id] = (*found.get(consent_id, ()), one)
    return found


def _reader_of_answers(
    forms: dict[int, Form],
) -> Callable[[int, str | None], tuple[ItemAnswer, ...]]:
    """Reads the answers to a form from one text; equal answers are read, and kept, once."""

    @cache
    def answered(template_id: int, text: str | None) -> tuple[ItemAnswer, ...]:
        pairs = (one.split("=") for one in text.split(",")) if text else ()
        return forms[template_id].answered({int(item): Answer(said) for item, said in pairs})

    return answered


def _stops(among: _Among) -> dict[int, list[Stop]]:
    rows = among.rows(among.reads.stops)
    uses: dict[int, set[Use]] = defaultdict(set)
    items: dict[int, set[str]] = defaultdict(set)
    projects: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        uses[row.id] |= set(Use) if row.scope is WithdrawalScope.ALL else {row.use} - {None}
        items[row.id] |= {row.item_code} - {None}
        projects[row.id] |= {row.project} - {None}
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in {row.id: row for row in rows}.values():
        found[row.participant_id].append(
            Stop(
                ref=f"withdrawal:{row.id}",
                uses=frozenset(uses[row.id]),
                effective_on=row.effective_on,
                items=frozenset(items[row.id]),
                projects=frozenset(projects[row.id]),
            )
        )
    return found


def _informed(among: _Among) -> dict[int, list[Information]]:
    found: dict[int, list[Information]] = defaultdict(list)
    for row in among.rows(among.reads.informed):
        found[row.participant_id].append(
            Information(
                ref=f"consent_information:{row.id}",
                code=row.code,
                number=row.number,
                informed_on=row.informed_on,
            )
        )
    return found
