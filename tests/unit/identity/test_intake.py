"""The real-world intake: nobody attached wrongly, hardly anybody missed."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import pytest

from registry.identity import service
from registry.identity.arrivals import Arrival
from registry.identity.likeness import Likeness
from registry.identity.traits import SourceRef
from registry.identity.weighing import START
from registry.identity.weights import estimation, service as estimating
from registry.kernel.actor import Actor
from registry.vocab.identity import EnrolmentOutcome, EstimateOutcome
from tests.factories.identity import adopt
from tests.intake import needs_intake
from tests.statements import counted
from tests.unit.identity.counting import seen_in
from tests.unit.identity.intake import Intake, read_intake

pytestmark = needs_intake

#: Of the vault, for all rows together.
STATEMENTS_MAX = 120


@pytest.fixture(scope="module")
def intake() -> Intake:
    return read_intake()


@pytest.fixture
def enrol_all(app, sites, intake):
    operator = Actor.system("import")

    def enrol():
        arrivals = [
            Arrival(row.traits, row.identifier, SourceRef("intake", row.source))
            for row in intake.rows
        ]
        became = service.enrol_many(operator, arrivals)
        return {row.source: one for row, one in zip(intake.rows, became, strict=True)}

    return enrol


@dataclass
class Judged:
    """What became of the intake, held against its truth."""

    wrong: list[set[str]]
    found: Counter[str]
    reviews: int

    @property
    def share_found(self) -> float:
        """The pairs that were attached or are waiting for a decision."""
        return 1 - self.found["missed"] / self.found.total()


def judged(enrolments, intake) -> Judged:
    attached = defaultdict(set)
    for source, enrolment in enrolments.items():
        attached[enrolment.person_uid].add(source)
    wrong = [
        group
        for group in attached.values()
        if len(group) > 1 and frozenset(group) not in intake.pairs
    ]
    reviews = service.open_reviews(Actor.system("import"), limit=1_000)
    in_review = {frozenset((review.first_uid, review.second_uid)) for review in reviews}
    found = Counter()
    for pair in intake.pairs:
        uids = frozenset(enrolments[source].person_uid for source in pair)
        found["automatic" if len(uids) == 1 else "review" if uids in in_review else "missed"] += 1
    return Judged(wrong, found, len(reviews))


def test_the_intake_is_matched_as_its_truth_says(enrol_all, intake):
    found = judged(enrol_all(), intake)

    assert found.wrong == []
    assert found.share_found >= 0.98
    assert found.reviews <= 0.08 * len(intake.rows)
    assert found.reviews - found.found["review"] <= 2


def test_with_weights_of_its_own_population_hardly_anybody_is_asked(app, enrol_all, intake):
    people = [(row.source, Likeness.of(row.traits, row.identifier)) for row in intake.rows]
    estimate = estimation.estimate(seen_in(people), START, version="intake")
    assert estimating.judge(estimate, len(people)) is EstimateOutcome.ADOPTED
    adopt(estimate.weights)

    found = judged(enrol_all(), intake)

    assert found.wrong == []
    assert found.share_found >= 0.98
    assert found.reviews <= 0.03 * len(intake.rows)


def test_reading_it_again_changes_nothing(enrol_all, audit_tags):
    first = enrol_all()
    tags = audit_tags()
    again = enrol_all()

    assert {enrolment.outcome for enrolment in again.values()} == {EnrolmentOutcome.ALREADY}
    assert {source: one.person_uid for source, one in again.items()} == {
        source: one.person_uid for source, one in first.items()
    }
    assert audit_tags() == tags


def test_a_thousand_rows_take_about_a_hundred_statements(enrol_all, intake):
    """What makes an import quick; how quick it is, the benchmarks tell."""
    with counted("identity") as asked:
        enrol_all()

    assert 0 < len(asked) <= STATEMENTS_MAX
