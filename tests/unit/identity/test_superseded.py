"""A record typed for the wrong person and corrected: its real owner is never taken for them."""

from datetime import date

import pytest
import sqlalchemy as sa

from registry.identity import amendment, service
from registry.identity.arrivals import Arrival
from registry.identity.models import Person
from registry.identity.traits import HospitalId
from registry.identity.weights.gathering import gather
from registry.kernel.errors import InvalidInput
from registry.persistence import vault_session
from registry.vocab import limits
from registry.vocab.identity import EnrolmentOutcome, ReviewOutcome, Verdict
from tests.factories.identity import SITE, make_person, make_traits

#: Who sat beside her in the waiting room.
NEIGHBOUR = {
    "birth_name": "Charpentier",
    "given_names": "Monique",
    "birth_date": date(1948, 11, 2),
    "postal_code": "75012",
    "town": "Paris",
    "birth_place": "75112",
}
NUMBER = "777001"


def correct(actor, uid, **changes):
    vault_session.rollback()
    version = vault_session.scalar(sa.select(Person.version).where(Person.uid == uid))
    return amendment.amend(
        actor,
        uid,
        traits=make_traits(**changes),
        reason="Dossier pris pour un autre",
        expected_version=version,
    )


@pytest.fixture
def corrected(app, actors) -> str:
    """A woman who was typed in as her neighbour, and corrected."""
    uid = make_person(actors.nurse, number=NUMBER, **NEIGHBOUR).person_uid
    correct(actors.nurse, uid)
    return uid


class TestTheRealOwner:
    @pytest.mark.parametrize("number", [None, NUMBER, "8123456"])
    def test_is_asked_about_and_never_attached(self, actors, corrected, number):
        became = make_person(actors.nurse, number=number, **NEIGHBOUR)
        assert became.outcome is EnrolmentOutcome.REVIEW
        assert became.person_uid != corrected
        assert len(became.reviews) == 1

    def test_is_not_attached_within_an_import_either(self, actors, corrected):
        traits = make_traits(**NEIGHBOUR)
        first, again = service.enrol_many(
            actors.nurse, [Arrival(traits, HospitalId(SITE, one)) for one in ("31", "31")]
        )
        assert first.outcome is EnrolmentOutcome.REVIEW
        assert again.person_uid == first.person_uid != corrected

    def test_is_shown_as_doubtful_to_who_searches(self, actors, corrected):
        (found,) = service.search(actors.nurse, traits=make_traits(**NEIGHBOUR))
        assert (found.person_uid, found.verdict) == (corrected, Verdict.REVIEW)

    def test_is_put_beside_the_spelling_that_matched(self, actors, corrected):
        became = make_person(actors.nurse, number=None, **NEIGHBOUR)
        both = service.compare(actors.nurse, became.reviews[0], reason="Deux dossiers")
        assert both.first.traits == both.second.traits == make_traits(**NEIGHBOUR)

    def test_is_still_asked_about_after_a_merge(self, actors, corrected):
        nearly = make_person(actors.nurse, number="99", given_names="Émilie")
        service.decide_review(actors.nurse, nearly.reviews[0], ReviewOutcome.SAME)
        became = make_person(actors.nurse, number=None, **NEIGHBOUR)
        assert became.outcome is EnrolmentOutcome.REVIEW


class TestTheCorrectedPerson:
    def test_is_recognised_by_the_correction(self, actors, corrected):
        became = make_person(actors.nurse, number=None)
        assert (became.person_uid, became.outcome) == (corrected, EnrolmentOutcome.SAME)

    def test_is_recognised_by_a_misspelling_that_was_corrected(self, app, actors):
        uid = make_person(actors.nurse, birth_name="Lefèbvre-Durnad").person_uid
        correct(actors.nurse, uid)
        became = make_person(actors.nurse, birth_name="Lefèbvre-Durnad", town="Lyon")
        assert (became.person_uid, became.outcome) == (uid, EnrolmentOutcome.SAME)

    @pytest.mark.parametrize(
        "typed",
        [{"postal_code": "75001", "town": "Paris"}, {"birth_name": "LEFEBVRE DURAND"}],
        ids=["another home", "other letters"],
    )
    def test_is_recognised_by_what_was_not_wrong(self, app, actors, typed):
        uid = make_person(actors.nurse, number=None, **typed).person_uid
        correct(actors.nurse, uid, used_name="Martin")
        became = make_person(actors.nurse, number=None, **typed)
        assert (became.person_uid, became.outcome) == (uid, EnrolmentOutcome.SAME)

    def test_is_recognised_by_the_first_identity_once_it_was_put_back(self, actors, corrected):
        correct(actors.nurse, corrected, **NEIGHBOUR)
        became = make_person(actors.nurse, number=None, **NEIGHBOUR)
        assert (became.person_uid, became.outcome) == (corrected, EnrolmentOutcome.SAME)
        assert make_person(actors.nurse, number=None).outcome is EnrolmentOutcome.REVIEW


def test_the_weights_learn_nothing_from_a_corrected_record(corrected, monkeypatch):
    monkeypatch.setattr(limits, "WEIGHTS_PERSONS_MIN", 1)
    _population, counts = gather(lambda _done, _total: None, lambda: False)
    assert counts.of_records == [[]]


def test_saving_what_one_sees_of_a_person_unchanged_corrects_nothing(app, actors):
    uid = make_person(actors.nurse).person_uid
    guessed = make_traits(postal_code=None, town=None, birth_place=None, used_name=None)
    assert service.enrol(actors.other_site_nurse, traits=guessed, site="LYO").person_uid == uid
    seen = amendment.open_for_amendment(actors.other_site_nurse, uid, reason="Relecture").traits
    version = vault_session.scalar(sa.select(Person.version).where(Person.uid == uid))

    with pytest.raises(InvalidInput, match="Nothing was changed"):
        amendment.amend(
            actors.other_site_nurse, uid, traits=seen, reason="Relecture", expected_version=version
        )
    shown = service.reveal(actors.identity_officer, uid, reason="Contrôle du dossier")
    assert shown.traits == make_traits()
