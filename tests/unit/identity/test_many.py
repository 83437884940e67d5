"""Many identities at once become what they would have become one by one."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.identity import service, vault
from registry.identity.arrivals import Arrival
from registry.identity.models import HospitalIdentifier, IdentityRecord, MatchReview, Person
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput, NotPermitted, Unavailable
from registry.persistence import registry_session, unit_of_work, vault_session
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome
from tests.factories.identity import SITE, make_traits
from tests.unit.identity.population import Population

OPERATOR = Actor.system("import")


def rows_of_a_file(seed: int, count: int) -> list[Arrival]:
    """Persons of whom some come again, mistyped or not, with the same row or another."""
    population = Population(seed)
    rows: list[Arrival] = []
    for number, one in enumerate(population.persons(count)):
        again = population.again(one, keeps_number=number % 2 == 0)
        source = SourceRef("file", f"S{number}")
        rows.append(Arrival(one.traits, one.identifier, source))
        if number % 3 == 0:
            rows.append(Arrival(again.traits, again.identifier, SourceRef("file", f"A{number}")))
        if number % 5 == 0:
            rows.append(Arrival(one.traits, one.identifier, source))
        if number % 7 == 0:
            rows.append(Arrival(again.traits, again.identifier, source))
        if number % 11 == 0:
            less = replace(one.traits, birth_date=None)
            rows.insert(0, Arrival(less, one.identifier, SourceRef("file", f"L{number}")))
        if number % 4 == 0:
            rows.append(Arrival(Traits("Seul"), None, SourceRef("file", f"R{number}"), SITE))
    return rows


def told(became, names: dict[str, int]):
    """What became of a row, the person named by the order in which it first came."""
    if isinstance(became, DomainError):
        return str(became.message), None, None
    person = names.setdefault(became.person_uid, len(names))
    return person, became.outcome, became.standing, len(became.reviews), became.missing


def kept():
    """Everything of the vault that is not random, persons by the order in which they came."""
    ids = vault_session.scalars(sa.select(Person.id).order_by(Person.id)).all()
    order = {person_id: place for place, person_id in enumerate(ids)}
    records = vault_session.execute(
        sa.select(
            IdentityRecord.person_id,
            IdentityRecord.number,
            IdentityRecord.missing,
            Person.reference,
            Person.standing,
        )
        .join(Person)
        .order_by(IdentityRecord.id)
    ).all()
    numbers = vault_session.execute(
        sa.select(
            HospitalIdentifier.person_id,
            HospitalIdentifier.number,
            HospitalIdentifier.is_alias,
        ).order_by(HospitalIdentifier.person_id, HospitalIdentifier.number)
    ).all()
    reviews = vault_session.execute(
        sa.select(MatchReview.first_id, MatchReview.second_id, MatchReview.bits).order_by(
            MatchReview.first_id, MatchReview.second_id
        )
    ).all()
    return [
        [(order[row[0]], *row[1:]) for row in records],
        [(order[row[0]], *row[1:]) for row in numbers],
        [(order[row[0]], order[row[1]], *row[2:]) for row in reviews],
    ]


def undone(work):
    """What `work` answers and leaves in the vault; nothing stays."""
    names: dict[str, int] = {}
    try:
        with unit_of_work():
            answers = [told(one, names) for one in work()]
            raise _Undo(answers, kept())
    except _Undo as done:
        return done.answers, done.left


class _Undo(Exception):
    def __init__(self, answers, left) -> None:
        super().__init__()
        self.answers, self.left = answers, left


def one_by_one(rows):
    for row in rows:
        try:
            yield service.enrol(
                OPERATOR,
                traits=row.traits,
                hospital_identifier=row.hospital_identifier,
                source=row.source,
                site=row.site,
            )
        except DomainError as error:
            yield error


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 30))
def test_they_become_what_they_would_one_by_one(app, sites, seed, count, at_once):
    rows = rows_of_a_file(seed, count)

    def in_parts():
        for begin in range(0, len(rows), at_once):
            yield from service.enrol_many(OPERATOR, rows[begin : begin + at_once])

    assert undone(in_parts) == undone(lambda: one_by_one(rows))


class TestWhatIsRefused:
    def test_it_is_refused_alone(self, app, actors, rows_of):
        good = Arrival(make_traits(), HospitalId(SITE, "1"))
        bad = Arrival(make_traits(birth_name="x" * 121), HospitalId(SITE, "2"))
        elsewhere = Arrival(make_traits(given_names="Zoé"), HospitalId("LYO", "3"))
        one, two, three = service.enrol_many(actors.nurse, [good, bad, elsewhere])

        assert one.outcome is EnrolmentOutcome.NEW
        assert isinstance(two, InvalidInput)
        assert isinstance(three, NotPermitted)
        assert len(rows_of(Person)) == len(rows_of(IdentityRecord)) == 1

    def test_the_whole_where_the_vault_is_closed(self, app, actors):
        vault.open(None)
        with pytest.raises(Unavailable):
            service.enrol_many(actors.nurse, [Arrival(make_traits(), HospitalId(SITE, "1"))])


def test_a_decision_among_many_is_heard_by_those_after_it(app, actors, rows_of):
    (known,) = service.enrol_many(actors.nurse, [Arrival(make_traits(), HospitalId(SITE, "1"))])
    twin = make_traits(given_names="Émilie")
    decided = {known.person_uid: ReviewOutcome.SAME}
    first, second = service.enrol_many(
        actors.nurse,
        [
            Arrival(twin, HospitalId(SITE, "2"), decided=decided),
            Arrival(twin, HospitalId(SITE, "2")),
        ],
    )
    assert first.person_uid == second.person_uid == known.person_uid
    assert len(rows_of(IdentityRecord)) == 2


def test_questions_asked_do_not_grow_with_the_number(app, sites, vault_queries):
    def asked(count: int) -> int:
        vault_queries.clear()
        with unit_of_work():
            service.enrol_many(
                OPERATOR,
                [Arrival(one.traits, one.identifier) for one in Population(count).persons(count)],
            )
        return len(vault_queries)

    asked(5)
    assert asked(80) <= asked(10) + 10
    registry_session.rollback()
