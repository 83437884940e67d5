"""What the person at the counter decides about look-alikes, with the identity itself."""

from datetime import date

import pytest

from registry.identity import service
from registry.identity.models import HospitalIdentifier, MatchReview, Person
from registry.identity.traits import HospitalId
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Standing, Verdict
from tests.factories.identity import SITE, make_person, make_traits

SAME, DIFFERENT = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT
#: Somebody who resembles her: it takes a person to tell.
NEARLY = {"given_names": "Émilie"}


def hand_in(actor, *, number="99", decided, site=SITE, **changes):
    return service.enrol(
        actor,
        traits=make_traits(**{**NEARLY, **changes}),
        hospital_identifier=HospitalId(site, number) if number else None,
        site=site,
        decided=decided,
    )


class TestSaidToBeTheSame:
    def test_she_is_attached_and_nobody_is_asked(self, app, actors, rows_of, audit_tags):
        known = make_person(actors.nurse)
        became = hand_in(actors.nurse, decided={known.person_uid: SAME})

        assert became.outcome is EnrolmentOutcome.SAME
        assert became.person_uid == known.person_uid
        assert became.reviews == ()
        assert rows_of(MatchReview) == []
        assert audit_tags()[-2:] == ["identity:attached", "match_review:decided"]

    def test_her_other_number_becomes_an_alias(self, app, actors, rows_of):
        known = make_person(actors.nurse)
        hand_in(actors.nurse, decided={known.person_uid: SAME})
        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False, True]

    def test_a_number_of_somebody_else_is_asked_about(self, app, actors, rows_of):
        known = make_person(actors.nurse)
        other = make_person(
            actors.nurse, number="99", birth_name="Nguyen", birth_date=date(1990, 1, 2)
        )
        became = hand_in(actors.nurse, decided={known.person_uid: SAME})

        (review,) = rows_of(MatchReview)
        assert became.person_uid == known.person_uid
        assert became.reviews == (review.id,)
        assert other.person_uid != known.person_uid
        assert len(rows_of(HospitalIdentifier)) == 2


class TestSaidToBeAnother:
    def test_she_is_beyond_doubt_and_it_is_never_asked_again(self, app, actors, rows_of):
        known = make_person(actors.nurse)
        became = hand_in(actors.nurse, decided={known.person_uid: DIFFERENT})

        (review,) = rows_of(MatchReview)
        assert became.outcome is EnrolmentOutcome.NEW
        assert became.standing is Standing.ESTABLISHED
        assert became.person_uid != known.person_uid
        assert review.outcome is DIFFERENT
        assert review.decided_by == actors.nurse.login
        assert service.open_reviews(actors.nurse) == []

    def test_it_is_recorded_before_the_enrolment_is_over(self, app, actors, audit_tags):
        known = make_person(actors.nurse)
        hand_in(actors.nurse, decided={known.person_uid: DIFFERENT})
        assert audit_tags()[-2:] == ["identity:enrolled", "match_review:decided"]

    def test_even_where_it_was_certain(self, app, actors):
        known = make_person(actors.nurse, number=None)
        became = hand_in(
            actors.nurse,
            number=None,
            given_names="Amélie Rose",
            decided={known.person_uid: DIFFERENT},
        )
        assert became.outcome is EnrolmentOutcome.NEW

    def test_the_known_persons_number_stays_hers(self, app, actors, rows_of):
        known = make_person(actors.nurse, number="99")
        became = hand_in(actors.nurse, number="99", decided={known.person_uid: DIFFERENT})

        assert became.outcome is EnrolmentOutcome.NEW
        assert len(rows_of(HospitalIdentifier)) == 1
        assert (
            service.reveal(actors.nurse, became.person_uid, reason="vérif").numbers[0].is_disputed
        )


class TestWhatIsRefused:
    def test_somebody_who_does_not_resemble_her(self, app, actors, rows_of):
        stranger = make_person(
            actors.nurse,
            number="5",
            birth_name="Nguyen",
            given_names="Paul",
            birth_date=date(1990, 1, 2),
        )
        with pytest.raises(RuleBroken):
            hand_in(actors.nurse, decided={stranger.person_uid: SAME})
        assert len(rows_of(Person)) == 1

    def test_to_be_two_persons(self, app, actors):
        one = make_person(actors.nurse)
        other = hand_in(actors.nurse, decided={one.person_uid: DIFFERENT})
        with pytest.raises(InvalidInput):
            hand_in(
                actors.nurse, number="7", decided={one.person_uid: SAME, other.person_uid: SAME}
            )

    def test_to_be_decided_later(self, app, actors):
        known = make_person(actors.nurse)
        with pytest.raises(InvalidInput):
            hand_in(actors.nurse, decided={known.person_uid: ReviewOutcome.LATER})

    def test_somebody_at_another_hospital_alone(self, app, actors, rows_of):
        known = make_person(actors.other_site_nurse, site="LYO")
        with pytest.raises(NotFound):
            hand_in(actors.nurse, decided={known.person_uid: SAME})
        assert len(rows_of(Person)) == 1


class TestLookAlikes:
    def look(self, actor, **changes):
        return service.look_alikes(
            actor,
            traits=make_traits(**{**NEARLY, **changes}),
            hospital_identifier=HospitalId(SITE, "99"),
        )

    def test_who_would_be_asked_about_is_shown_and_nobody_is_enrolled(
        self, app, actors, rows_of, audit_tags
    ):
        known = make_person(actors.nurse)
        (found,) = self.look(actors.nurse)

        assert (found.person_uid, found.verdict) == (known.person_uid, Verdict.REVIEW)
        assert len(rows_of(Person)) == 1
        assert audit_tags()[-1] == "identity:searched"

    def test_a_stranger_resembles_nobody(self, app, actors):
        make_person(actors.nurse)
        looked = self.look(
            actors.nurse, birth_name="Nguyen", given_names="Paul", birth_date=date(1990, 1, 2)
        )
        assert looked == []
