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
        assert twin.standing is Standing.TENTATIVE
        assert twin.reviews == (review.id,)
        assert standing[known.person_uid] is Standing.ESTABLISHED
        assert standing[twin.person_uid] is Standing.TENTATIVE
        assert audit_tags()[-1] == "identity:doubted"

    def test_what_is_attached_to_a_tentative_person_is_tentative_with_her(self, app, actors):
        make_person(actors.nurse)
        twin = make_person(actors.nurse, number="0042138", given_names="Charlotte")
        again = make_person(actors.nurse, number="0042138", given_names="Charlotte", town=None)

        assert again.outcome is SAME
        assert again.person_uid == twin.person_uid
        assert again.standing is Standing.TENTATIVE

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
        namesake = make_person(actors.nurse, number="99", given_names=None)
        service.decide_review(actors.nurse, namesake.reviews[0], ReviewOutcome.DIFFERENT)
        whole = make_person(actors.nurse, number="99")
        torn = make_person(actors.nurse, number=None)

        assert whole.outcome is SAME
        assert whole.person_uid == namesake.person_uid
        assert whole.reviews == ()
        assert torn.outcome is REVIEW
        assert len(torn.reviews) == 2

    def test_certain_by_the_number_of_one_and_by_the_traits_of_another_asks_if_both_are_one(
        self, app, actors
    ):
        make_person(actors.nurse, number="12")
        make_person(actors.nurse, number="99", birth_name="Petit", birth_place="Brest", town=None,
                    postal_code=None)  # fmt: skip
        married = make_person(actors.nurse, number="99")

        assert married.outcome is SAME
        assert len(service.open_reviews(actors.nurse)) == 1


class TestOfOneKnownAsTwo:
    """A person about whom somebody is asked is known as two until it is decided."""

    #: Under her number, without what would tell her from anybody of her household.
    SCANT = {"birth_name": "Petit", "given_names": None}
    TWIN = {"given_names": "Charlotte"}

    def test_who_is_certainly_either_is_attached_to_whom_she_resembles_most(self, app, actors):
        known = make_person(actors.nurse)
        scant = make_person(actors.nurse, **self.SCANT)
        again = make_person(actors.nurse, birth_name=None)

        assert scant.outcome is REVIEW
        assert again.outcome is SAME
        assert again.person_uid == known.person_uid
        assert [one.id for one in service.open_reviews(actors.nurse)] == list(scant.reviews)

    def test_once_they_are_found_to_be_two_both_are_asked_about(self, app, actors):
        make_person(actors.nurse)
        scant = make_person(actors.nurse, **self.SCANT)
        service.decide_review(actors.nurse, scant.reviews[0], ReviewOutcome.DIFFERENT)
        again = make_person(actors.nurse, birth_name=None)

        assert again.outcome is REVIEW
        assert len(again.reviews) == 2

    def test_who_may_be_either_of_two_that_may_be_twins_is_asked_about(self, app, actors):
        make_person(actors.nurse)
        twin = make_person(actors.nurse, **self.TWIN)
        again = make_person(actors.nurse, given_names=None)

        assert twin.outcome is REVIEW
        assert again.outcome is REVIEW
        assert len(again.reviews) == 2
