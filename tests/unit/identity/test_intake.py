"""The real-world intake: nobody attached wrongly, hardly anybody missed, soon done."""

import time
from collections import Counter, defaultdict

import pytest
import sqlalchemy as sa

from registry.identity import service
from registry.identity.models import Person
from registry.identity.traits import SourceRef
from registry.kernel.actor import Actor
from registry.persistence import unit_of_work, vault_session
from registry.vocab.identity import EnrolmentOutcome
from tests.intake import needs_intake
from tests.unit.identity.intake import Intake, read_intake

pytestmark = needs_intake

QUERIES_A_ROW_COSTS_MAX = 40


@pytest.fixture(scope="module")
def intake() -> Intake:
    return read_intake()


@pytest.fixture
def enrol_all(app, sites, intake):
    operator = Actor.system("import")

    def enrol():
        with unit_of_work():
            return {
                row.source: service.enrol(
                    operator,
                    traits=row.traits,
                    hospital_identifier=row.identifier,
                    source=SourceRef("intake", row.source),
                )
                for row in intake.rows
            }

    return enrol


def test_the_intake_is_matched_as_its_truth_says(enrol_all, intake):
    enrolments = enrol_all()

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
    needless = len(reviews) - found["review"]

    assert wrong == []
    assert found["automatic"] + found["review"] >= 0.98 * len(intake.pairs)
    assert len(reviews) <= 0.1 * len(intake.rows)
    assert needless <= 2


def test_reading_it_again_changes_nothing(enrol_all, audit_tags):
    first = enrol_all()
    tags = audit_tags()
    again = enrol_all()

    assert {enrolment.outcome for enrolment in again.values()} == {EnrolmentOutcome.ALREADY}
    assert {source: one.person_uid for source, one in again.items()} == {
        source: one.person_uid for source, one in first.items()
    }
    assert audit_tags() == tags


def test_it_is_read_quickly(enrol_all, intake, request):
    """500 rows a second on an idle core, told in the cost of one small query on this one."""
    if request.config.getoption("--engine") != "sqlite":
        pytest.skip("the floor is set for the embedded database")
    query = sa.select(Person.uid).where(Person.id == sa.bindparam("id"))

    started = time.thread_time()
    for number in range(len(intake.rows)):
        vault_session.execute(query, {"id": number}).all()
    one_query = time.thread_time() - started
    started = time.thread_time()
    enrol_all()
    taken = time.thread_time() - started

    assert taken <= QUERIES_A_ROW_COSTS_MAX * one_query
