"""How well persons are recognised: the FEBRL sets and the intake, enrolled row by row.

Each set is taken in as it comes, with its social security number as hospital
number and without any; with the start weights; as the first import, which
learns from the first rows before any is judged; with weights estimated from
what was taken in; and FEBRL 1 and 3 also with those estimated from FEBRL 2.  A
pair is found when both rows were attached to one person, or when the review
list leads from the one to the other.  The load is the number of reviews to
the number of rows.  Without a number, rows that lack a name or the birth date
are refused and count in neither.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import sqlalchemy as sa

from benchmarks.febrl import Row, febrl, intake
from benchmarks.harness import Goal, Result, seconds
from benchmarks.registry_in import OPERATOR, fresh_registry
from registry import audit
from registry.access import Permission, require
from registry.identity import scoring, service
from registry.identity.likeness import Likeness
from registry.identity.models import MatchReview, Person
from registry.identity.traits import HospitalId
from registry.identity.weights import service as estimating
from registry.identity.weights.models import MatchWeights
from registry.persistence import unit_of_work, vault_session
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Agreement, EnrolmentOutcome, EstimateOutcome

PRECISION = Goal("figure", at_least=0.999)
FOUND = Goal("figure", at_least=0.98)
LOAD = Goal("figure", at_most=0.03)
MICROSECONDS = Goal("figure", at_most=10)
AT_ONCE = 500

_NAMES = {
    Agreement.PART: "part of a name",
    Agreement.PHONETIC: "name that sounds the same",
    Agreement.CLOSE: "name typo",
    Agreement.SIMILAR: "name typo",
    Agreement.DIFFERENT: "another name",
    Agreement.MISSING: "missing field",
}
_DATES = {
    Agreement.SWAPPED: "day and month exchanged",
    Agreement.CLOSE: "date typo",
    Agreement.PART: "date typo",
    Agreement.DIFFERENT: "another date",
    Agreement.MISSING: "missing field",
}
_RESIDENCES = {
    Agreement.CLOSE: "address typo",
    Agreement.PART: "address change",
    Agreement.DIFFERENT: "address change",
    Agreement.MISSING: "missing field",
}
_NUMBERS = {
    Agreement.SWAPPED: "number typo",
    Agreement.CLOSE: "number typo",
    Agreement.NEXT: "number typo",
    Agreement.DIFFERENT: "another number",
}

#: What is kept of a version of the weights from one registry to the next.
Kept = dict[str, object]


@dataclass
class Outcome:
    """What became of a set."""

    rows: int
    refused: int = 0
    attached: int = 0
    wrong: int = 0
    reviews: int = 0
    pairs: int = 0
    found: int = 0
    by_error: Counter[str] = field(default_factory=Counter)
    found_by_error: Counter[str] = field(default_factory=Counter)


def run() -> list[Result]:
    """Every set in every way; which goals are missed is said, not hidden."""
    sets = {"intake": intake(), **{f"FEBRL {number}": febrl(number) for number in (1, 2, 3)}}
    results = [comparing(sets["FEBRL 3"])]
    for numbered in (True, False):
        way = "with number" if numbered else "without number"
        learnt: dict[str, Kept | None] = {}
        for name, rows in sets.items():
            if rows:
                outcome, learnt[name] = take_in(rows, numbered=numbered, weights=None, learn=True)
                results += figures(f"{name} {way}, start weights", outcome, errors=False)
                outcome, _ = take_in(rows, numbered=numbered, weights=None, first=True)
                results += figures(f"{name} {way}, first import", outcome, errors=False)
        for name, source in [(name, name) for name in learnt] + [
            ("intake", "FEBRL 2"),
            ("FEBRL 1", "FEBRL 2"),
            ("FEBRL 3", "FEBRL 2"),
        ]:
            weights = learnt.get(source)
            if name in learnt and weights is not None:
                title = f"{name} {way}, weights of {'its own' if name == source else source}"
                outcome, _ = take_in(sets[name], numbered=numbered, weights=weights)
                results += figures(title, outcome, errors=name == source)
    return results


def comparing(rows: Sequence[Row]) -> Result:
    """What comparing two records that share a blind index costs, opened already."""
    known = [Likeness.of(row.traits, HospitalId("A", row.number)) for row in rows]
    by_key: dict[object, list[Likeness]] = defaultdict(list)
    for likeness in known:
        for key in likeness.blocking_keys():
            by_key[key].append(likeness)
    pairs = [
        (one, other, {other.identifier} if other.identifier else set())
        for sharing in by_key.values()
        for one, other in combinations(sharing, 2)
    ]

    def work() -> None:
        for one, other, numbers in pairs:
            scoring.compare(one, other, numbers=numbers, population=len(rows))

    middle, spread = seconds(work)
    each = 1e6 / len(pairs)
    return Result("one comparison", middle * each, "µs", goal=MICROSECONDS, spread=spread * each)


def figures(title: str, outcome: Outcome, *, errors: bool) -> list[Result]:
    """The figures of one set against their goals."""
    right = outcome.attached - outcome.wrong
    found = [
        Result(f"{title}: precision", right / max(outcome.attached, 1), "", goal=PRECISION),
        Result(f"{title}: pairs found", outcome.found / outcome.pairs, "", goal=FOUND),
        Result(f"{title}: review load", outcome.reviews / outcome.rows, "", goal=LOAD),
        Result(f"{title}: refused", outcome.refused / outcome.rows, ""),
    ]
    if errors:
        found += [
            Result(
                f"{title}: found of {count} pairs with {error}",
                outcome.found_by_error[error] / count,
                "",
                goal=FOUND,
            )
            for error, count in sorted(outcome.by_error.items())
        ]
    return found


def take_in(
    rows: Sequence[Row],
    *,
    numbered: bool,
    weights: Kept | None,
    learn: bool = False,
    first: bool = False,
) -> tuple[Outcome, Kept | None]:
    """Enrol the rows in order into an empty registry; with `learn`, estimate from them after;
    with `first`, as a first import does, from some of them before.
    """
    with fresh_registry():
        if weights is not None:
            _use(weights)
        if first:
            coming = rows[: limits.IMPORT_IDENTITIES_AT_ONCE]
            service.learn_from(OPERATOR, [_arrival(row, numbered) for row in coming])
        persons: dict[str, str] = {}
        outcome = Outcome(len(rows))
        for start in range(0, len(rows), AT_ONCE):
            _enrol(rows[start : start + AT_ONCE], numbered, persons, outcome)
        _judge(rows, persons, outcome, numbered=numbered)
        return outcome, _learnt() if learn else None


def _enrol(rows: Iterable[Row], numbered: bool, persons: dict[str, str], outcome: Outcome) -> None:
    with unit_of_work():
        enrolments = service.enrol_many(OPERATOR, [_arrival(row, numbered) for row in rows])
    for row, enrolment in zip(rows, enrolments, strict=True):
        if not isinstance(enrolment, service.Enrolment):
            outcome.refused += 1
            continue
        persons[row.source] = enrolment.person_uid
        outcome.attached += enrolment.outcome is EnrolmentOutcome.SAME


def _arrival(row: Row, numbered: bool) -> service.Arrival:
    number = HospitalId("A", row.number) if numbered else None
    return service.Arrival(row.traits, number, site="A")


def _judge(
    rows: Sequence[Row], persons: dict[str, str], outcome: Outcome, *, numbered: bool
) -> None:
    """Compare what was decided with the truth."""
    truth: dict[str, str] = {}
    of_one: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.source in persons:
            first = truth.setdefault(persons[row.source], row.person)
            outcome.wrong += first != row.person
            of_one[row.person].append(row)
    leads = _led_to_each_other(truth, outcome)
    for theirs in of_one.values():
        for one, other in combinations(theirs, 2):
            found = leads[persons[one.source]] == leads[persons[other.source]]
            outcome.pairs += 1
            outcome.found += found
            errors = _errors(one, other, numbered=numbered)
            outcome.by_error.update(errors)
            outcome.found_by_error.update(errors if found else ())


def _led_to_each_other(truth: dict[str, str], outcome: Outcome) -> dict[str, str]:
    """For each person, the one that deciding its reviews rightly would lead to."""
    first, second = sa.orm.aliased(Person), sa.orm.aliased(Person)
    reviews = vault_session.execute(
        sa.select(first.uid, second.uid)
        .select_from(MatchReview)
        .join(first, first.id == MatchReview.first_id)
        .join(second, second.id == MatchReview.second_id)
    ).all()
    outcome.reviews = len(reviews)
    leads = {uid: uid for uid in truth}
    for one, other in reviews:
        if truth[one] == truth[other]:
            before, after = leads[other], leads[one]
            leads.update({uid: after for uid, led in leads.items() if led == before})
    return leads


def _errors(one: Row, other: Row, *, numbered: bool) -> set[str]:
    """In what two rows of one person differ."""
    mine, theirs = (
        Likeness.of(row.traits, HospitalId("A", row.number) if numbered else None)
        for row in (one, other)
    )
    numbers = {theirs.identifier} if theirs.identifier else set()
    birth, given, born, _, _, home, number, reading = scoring.pattern(mine, theirs, numbers=numbers)
    names = "names exchanged" if reading is Agreement.SWAPPED else None
    found = {_NAMES.get(birth), _NAMES.get(given), _DATES.get(born), _RESIDENCES.get(home), names}
    return {error for error in found | {_NUMBERS.get(number)} if error is not None}


def _learnt() -> Kept | None:
    """Estimate the weights of the registry under way; None when it keeps the start values."""
    if estimating.estimate(OPERATOR).outcome is not EstimateOutcome.ADOPTED:
        return None
    row = vault_session.scalars(sa.select(MatchWeights)).one()
    return {column.key: getattr(row, column.key) for column in sa.inspect(MatchWeights).columns}


def _use(weights: Kept) -> None:
    with unit_of_work():
        require(OPERATOR, Permission.IDENTITY_WEIGHTS)
        row = MatchWeights(**weights)
        vault_session.add(row)
        audit.record(OPERATOR, AuditTag.WEIGHTS_ESTIMATED, row)
