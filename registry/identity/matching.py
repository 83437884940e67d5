"""Who of the known persons a new identity may be.

One query finds the records that share a blind index with it; their likenesses
are opened in memory, compared, and forgotten.  The number of records opened
is bounded, whatever the size of the vault.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from registry.identity import persons, records, scoring
from registry.identity.keys import OpenVault
from registry.identity.likeness import BlockingKey, Likeness
from registry.identity.models import IdentityRecord, IndexEntry, Person
from registry.persistence import vault_session
from registry.vocab import limits
from registry.vocab.identity import Agreement, Compared, Verdict


@dataclass(frozen=True)
class Match:
    """A known person, and the comparison of the record that resembles the identity most."""

    person: Person
    comparison: scoring.Comparison

    @property
    def has_number(self) -> bool:
        """Whether the very hospital number is this person's."""
        return self.comparison.levels[Compared.IDENTIFIER] is Agreement.EXACT


@dataclass(frozen=True)
class Findings:
    """What the indexes gave: the matches, best first, and how many records were opened."""

    matches: Sequence[Match]
    opened: int


@dataclass
class _Known:
    person: Person
    likenesses: list[Likeness] = field(default_factory=list)


def find(opened: OpenVault, likeness: Likeness) -> Findings:
    """Everybody who shares a blind index with `likeness`, compared with it."""
    rows = _sharing_an_index(opened, likeness)
    known: dict[int, _Known] = {}
    for row in rows:
        root = row.Person if row.Person.merged_into_id is None else persons.root_of(row.Person.id)
        holder = records.holder(opened, row.Person.id, row.Person.uid, row.Person.wrapped_key)
        known.setdefault(root.id, _Known(root)).likenesses.append(
            records.open_likeness(holder, row.number, row.likeness)
        )
    population = rows[0].population if rows else 0
    matches = [_best(likeness, person, population) for person in known.values()]
    matches.sort(key=lambda match: match.comparison.bits, reverse=True)
    return Findings(matches, len(rows))


def _best(likeness: Likeness, known: _Known, population: int) -> Match:
    numbers = {one.identifier for one in known.likenesses if one.identifier}
    best = max(
        (
            scoring.compare(likeness, one, numbers=numbers, population=population)
            for one in known.likenesses
        ),
        key=lambda comparison: (comparison.verdict is Verdict.SAME, comparison.bits),
    )
    return Match(known.person, best)


def _sharing_an_index(opened: OpenVault, likeness: Likeness) -> Sequence[Any]:
    """The records with most keys in common; those with the very hospital number always."""
    tokens = opened.tokens(likeness)
    if not tokens:
        return []
    numbers = likeness.identifier and opened.tokens_for(
        BlockingKey.IDENTIFIER, "|".join(likeness.identifier)
    )
    return vault_session.execute(
        _SHARING_AN_INDEX, {"tokens": tokens, "numbers": numbers or []}
    ).all()


def _sharing() -> sa.Select[Any]:
    has_number = sa.case(
        (IndexEntry.token.in_(sa.bindparam("numbers", expanding=True)), 1), else_=0
    )
    hits = (
        sa.select(
            IndexEntry.record_id,
            sa.func.max(has_number).label("numbered"),
            sa.func.count().label("shared"),
        )
        .where(IndexEntry.token.in_(sa.bindparam("tokens", expanding=True)))
        .group_by(IndexEntry.record_id)
        .order_by(sa.desc("numbered"), sa.desc("shared"), IndexEntry.record_id)
        .limit(limits.IDENTITY_CANDIDATES_MAX)
        .subquery()
    )
    population = sa.select(sa.func.max(Person.id)).scalar_subquery().label("population")
    return (
        sa.select(Person, IdentityRecord.number, IdentityRecord.likeness, population)
        .join_from(hits, IdentityRecord, IdentityRecord.id == hits.c.record_id)
        .join(Person, Person.id == IdentityRecord.person_id)
        .order_by(IdentityRecord.id)
    )


#: Composed once: in an import, composing it for each row would cost more than running it.
_SHARING_AN_INDEX = _sharing()


@dataclass(frozen=True)
class Decision:
    """What to do with an identity: attach it, or take it as new with these doubts."""

    attach_to: Match | None
    doubts: Sequence[Match]


def decide(
    matches: Sequence[Match], *, same: Match | None = None, settled: Collection[int] = ()
) -> Decision:
    """Attach to the one person it certainly is; otherwise ask about everybody it may be.

    Certain of one person while the hospital number is another's, or certain of
    two persons without the number to tell, is not certain.  `same` is the
    person whom somebody has recognised; nobody is asked about the persons of
    these `settled` ids.
    """
    open_ones = [match for match in matches if match.person.id not in settled]
    certain = [match for match in open_ones if match.comparison.verdict is Verdict.SAME]
    perhaps = [match for match in open_ones if match.comparison.verdict is Verdict.REVIEW]
    if same is not None:
        return Decision(same, certain + [match for match in perhaps if match.has_number])
    numbered = [match for match in certain if match.has_number]
    choice = numbered or certain
    is_others_number = not numbered and any(match.has_number for match in matches)
    if len(choice) == 1 and not is_others_number:
        (chosen,) = choice
        return Decision(chosen, [match for match in certain if match is not chosen])
    doubts = sorted(certain + perhaps, key=lambda match: match.has_number, reverse=True)
    return Decision(None, doubts[: limits.IDENTITY_REVIEWS_MAX])
