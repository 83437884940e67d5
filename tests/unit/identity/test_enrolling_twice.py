"""The same identity again: read from a file twice, in one go, or at the same moment."""

import threading
from datetime import date

import pytest

from registry.identity import service
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    IndexEntry,
    MatchReview,
    Person,
    SourceRow,
)
from registry.identity.traits import HospitalId, SourceRef, Traits
from registry.kernel.actor import Actor
from registry.persistence import unit_of_work
from registry.persistence.unit_of_work import savepoint
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome
from tests.factories.identity import make_person, make_traits

SAME, REVIEW = EnrolmentOutcome.SAME, EnrolmentOutcome.REVIEW
NEW, ALREADY = EnrolmentOutcome.NEW, EnrolmentOutcome.ALREADY


class TestRowsOfASource:
    ROW = SourceRef("febrl", "rec-1-org")

    def enrol(self, actor, **changes):
        return service.enrol(
            actor,
            traits=make_traits(**changes),
            hospital_identifier=HospitalId("PAR", "12"),
            source=self.ROW,
        )

    def test_the_same_row_read_again_changes_nothing(self, app, actors, rows_of, audit_tags):
        first = self.enrol(actors.nurse)
        tables = (Person, IdentityRecord, HospitalIdentifier, IndexEntry, SourceRow)
        before = [rows_of(table) for table in tables], audit_tags()
        again = self.enrol(actors.nurse)

        assert again.outcome is ALREADY
        assert again.person_uid == first.person_uid
        assert ([rows_of(table) for table in tables], audit_tags()) == before

    def test_it_leads_to_whom_the_person_was_merged_into(self, app, actors):
        known = make_person(actors.nurse, number="77", given_names="Charlotte")
        doubt = self.enrol(actors.nurse)
        service.decide_review(actors.nurse, doubt.reviews[0], ReviewOutcome.SAME)

        again = self.enrol(actors.nurse)
        assert again.outcome is ALREADY
        assert again.person_uid == known.person_uid

    def test_a_row_corrected_at_its_source_is_read_anew(self, app, actors, rows_of):
        first = self.enrol(actors.nurse)
        corrected = self.enrol(actors.nurse, birth_date=date(1962, 4, 11))

        assert corrected.outcome is SAME
        assert corrected.person_uid == first.person_uid
        assert len(rows_of(SourceRow)) == 1
        assert self.enrol(actors.nurse, birth_date=date(1962, 4, 11)).outcome is ALREADY

    def test_the_row_number_is_not_stored(self, app, actors, rows_of):
        self.enrol(actors.nurse)
        (row,) = rows_of(SourceRow)
        assert b"rec-1" not in row.row_digest + row.content_digest
        assert len(row.row_digest) == 16


class TestWithinOneUnitOfWork:
    def test_rows_see_those_before_them(self, app, sites, actors):
        with unit_of_work():
            first = make_person(actors.nurse)
            second = make_person(actors.nurse, birth_name="Petit")
        assert second.person_uid == first.person_uid

    def test_a_refused_row_leaves_the_others(self, app, actors, rows_of):
        def refused() -> None:
            with savepoint():
                make_person(actors.nurse, number="77", given_names="Charlotte")
                raise ZeroDivisionError

        with unit_of_work():
            make_person(actors.nurse)
            with pytest.raises(ZeroDivisionError):
                refused()
            make_person(actors.nurse, number="99", given_names="Zoé", birth_name="Nguyen")

        assert len(rows_of(Person)) == 2
        assert rows_of(MatchReview) == []

    def test_nothing_stays_when_it_fails(self, app, actors, rows_of, audit_tags):
        def fail() -> None:
            with unit_of_work():
                make_person(actors.nurse)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        assert rows_of(Person) == rows_of(IndexEntry) == []
        assert audit_tags() == []


@pytest.mark.concurrency
class TestAtTheSameMoment:
    def together(self, application, acts):
        barrier = threading.Barrier(len(acts))
        done, failed = [], []

        def run(act):
            with application.app_context():
                barrier.wait()
                try:
                    done.append(act())
                except Exception as error:  # noqa: BLE001 - reported by the test
                    failed.append(error)

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        return done

    def test_eight_registrations_of_one_number_give_one_person(self, application, actors):
        done = self.together(application, [lambda: make_person(actors.nurse)] * 8)

        assert len({enrolment.person_uid for enrolment in done}) == 1
        assert sorted(enrolment.outcome for enrolment in done) == [NEW] + [SAME] * 7

    def test_eight_registrations_without_a_number_give_one_person(self, application, actors):
        done = self.together(application, [lambda: make_person(actors.nurse, number=None)] * 8)

        assert len({enrolment.person_uid for enrolment in done}) == 1

    def test_eight_strangers_are_eight_persons(self, application, sites):
        operator = Actor.system("import")

        def stranger(number):
            return lambda: service.enrol(
                operator,
                traits=Traits(birth_date=date(1920 + 9 * number, number + 1, 20 - number)),
                hospital_identifier=HospitalId("PAR", f"90{number}77"),
            )

        done = self.together(application, [stranger(number) for number in range(8)])
        assert len({enrolment.person_uid for enrolment in done}) == 8
