"""An identity that may be somebody known waits for a decision."""

from datetime import date

from registry.identity import service
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Standing
from tests.factories.identity import make_person

SAME, REVIEW = EnrolmentOutcome.SAME, EnrolmentOutcome.REVIEW


class TestADoubt:
    def test_she_is_tentative_until_somebody_has_decided(self, app, actors, rows_of, audit_tags):
        known = make_person(actors.nurse)
        twin = make_person(actors.nurse, number="0042138", given_names="Charlotte")

        (review,) = rows_of(MatchReview)
        standing = {row.uid: row.standing for row in rows_of(Person)}
        assert twin.outcome is REVIEW
        assert twin.reviews == (review.id,)
        assert standing[known.person_uid] is Standing.ESTABLISHED
        assert standing[twin.person_uid] is Standing.TENTATIVE
        assert audit_tags()[-1] == "identity:doubted"

    def test_a_number_that_is_somebody_elses_stays_theirs(self, app, actors, rows_of):
        known = make_person(actors.nurse)
        stranger = make_person(
            actors.nurse, birth_name="Nguyen", given_names="Paul", birth_date=date(1990, 1, 2)
        )

        (number,) = rows_of(HospitalIdentifier)
        owner = next(row for row in rows_of(Person) if row.id == number.person_id)
        assert stranger.outcome is REVIEW
        assert owner.uid == known.person_uid

    def test_certain_of_one_but_the_number_is_anothers_asks_about_both(self, app, actors, rows_of):
        make_person(actors.nurse, number="12")
        make_person(
            actors.nurse,
            number="99",
            birth_name="Nguyen",
            given_names="Paul",
            birth_date=date(1990, 1, 2),
        )
        torn = make_person(actors.nurse, number="99")

        assert torn.outcome is REVIEW
        assert len(torn.reviews) == 2
        assert len(rows_of(HospitalIdentifier)) == 2

    def test_certain_of_two_without_a_number_asks_about_both(self, app, actors):
        make_person(actors.nurse, number="12")
        namesake = make_person(actors.nurse, number="99", given_names="Charlotte")
        service.decide_review(actors.nurse, namesake.reviews[0], ReviewOutcome.DIFFERENT)
        make_person(actors.nurse, number="99", given_names="Charlotte Amélie Rose")
        make_person(actors.nurse, number="12", given_names="Amélie")
        torn = make_person(actors.nurse, number=None, given_names="Charlotte")

        assert torn.outcome is SAME
        assert torn.person_uid == namesake.person_uid
