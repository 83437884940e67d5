"""Somebody who resembles is asked about on the inclusion page, before anything is stored."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from registry.accounts.models import SignInSession
from registry.identity.models import MatchReview, Person
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session, vault_session
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome
from registry.vocab.people import ParticipantStatus
from tests import rendered
from tests.factories.accounts import People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant
from tests.web.nurse import count, include, inclusion
from tests.web.pages import Browser, hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
NEW = "/participants/new"
STORED = "Lefèbvre-Durand"
#: Day and month exchanged, under another number.
SWAPPED = {"hospital_identifier": "9999999", "birth_date": "04/07/1962"}


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def known(actors: People) -> Participant:
    person = make_person(actors.nurse, birth_date=date(1962, 4, 7))
    return make_participant(actors, person_uid=person.person_uid)


def reviews() -> list[ReviewOutcome]:
    vault_session.rollback()
    return list(vault_session.scalars(sa.select(MatchReview.outcome)))


class TestAsked:
    def test_nothing_is_stored_before_it_is_answered(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(NEW, **inclusion(sites, **SWAPPED))

        assert page.status_code == 200
        assert "Somebody known resembles this person" in text_of(page)
        assert (count(Participant), count(Person)) == (1, 1)

    def test_codes_and_agreement_are_shown_and_no_stored_name(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(NEW, **inclusion(sites, **SWAPPED))

        assert known.shown_code in page.text
        assert "Birth date Exchanged" in text_of(page)
        assert STORED not in page.text

    def test_what_was_typed_comes_back_in_the_form_and_is_kept_nowhere(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(NEW, **inclusion(sites, **SWAPPED))

        assert 'value="Lefebvre Durand"' in page.text
        registry_session.rollback()
        kept = str(registry_session.scalars(sa.select(SignInSession.data)).all())
        assert "Lefebvre" not in kept
        assert "9999999" not in kept

    def test_to_be_decided_later_is_chosen_beforehand(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(NEW, **inclusion(sites, **SWAPPED))
        assert 'value="later" checked' in page.text

    def test_whoever_is_certain_is_not_asked_about(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        answer = nurse.send(NEW, **inclusion(sites, birth_date="07/04/1962"))
        assert answer.status_code == 303
        assert "already included" in text_of(nurse.get(answer.location))


class TestAnswered:
    def test_the_same_person_is_attached_and_not_doubled(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        answer = include(nurse, sites, "same", **SWAPPED)

        assert answer.location == f"/participants/{known.code}"
        assert (count(Participant), count(Person), reviews()) == (1, 1, [])
        assert "two numbers by now" in text_of(nurse.get(answer.location))

    def test_the_same_person_in_another_cohort_gets_a_code_there(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        answer = include(nurse, sites, "same", **SWAPPED, cohort_id=make_cohort("RA").id)
        assert "a person known already, new in this cohort" in text_of(nurse.get(answer.location))
        assert count(Person) == 1

    def test_not_the_same_is_included_beyond_doubt_and_never_asked_again(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        include(nurse, sites, "different", **SWAPPED)

        assert reviews() == [ReviewOutcome.DIFFERENT]
        registry_session.rollback()
        statuses = set(registry_session.scalars(sa.select(Participant.status)))
        assert statuses == {ParticipantStatus.ENROLLED}

    def test_not_sure_waits_in_the_list(self, nurse: Browser, sites: Sites, known: Participant):
        include(nurse, sites, "later", **SWAPPED)
        assert reviews() == [ReviewOutcome.OPEN]

    def test_an_answer_about_something_else_typed_is_asked_again(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        asked = nurse.send(NEW, **inclusion(sites, **SWAPPED))
        hidden = hidden_values(asked.text, NEW)
        changed = inclusion(sites, **{**SWAPPED, "given_names": "Amelie"})
        again = nurse.send(NEW, hidden=hidden, **{f"alike-{hidden['alike']}": "same"}, **changed)

        assert again.status_code == 200
        assert "Nothing is saved yet" in text_of(again)
        assert count(Person) == 1

    def test_sent_twice_it_is_included_once(self, nurse: Browser, sites: Sites, known: Participant):
        typed = inclusion(sites, **SWAPPED)
        hidden = hidden_values(nurse.send(NEW, **typed).text, NEW)
        typed |= {f"alike-{hidden['alike']}": "different"}
        first = nurse.send(NEW, hidden=hidden, **typed)
        again = nurse.send(NEW, hidden=hidden, **typed)

        assert again.location == first.location
        assert count(Person) == 2


class TestInAHurry:
    def test_whoever_has_searched_too_often_still_includes(
        self, nurse: Browser, sites: Sites, known: Participant, monkeypatch: pytest.MonkeyPatch
    ):
        from registry.identity import pace

        monkeypatch.setattr(pace, "SEARCHES", pace.Pace(pace.SEARCHES.tags, 0, 600,
                                                        pace.SEARCHES.sentence))  # fmt: skip
        answer = nurse.send(NEW, **inclusion(sites, **SWAPPED))

        assert answer.status_code == 303
        assert reviews() == [ReviewOutcome.OPEN]
        assert limits.IDENTITY_SEARCHES_MAX >= 60


class TestAcrossHospitals:
    def test_somebody_of_another_hospital_is_left_to_the_identity_officer(
        self, sign_in: SignIn, actors: People, sites: Sites, known: Participant
    ):
        lyon = sign_in(actors.other_site_nurse).speak("en")
        page = lyon.send(NEW, **inclusion(sites, **SWAPPED, site_id=sites.lyon))

        assert "the identity officer decides" in text_of(page)
        assert known.shown_code not in page.text
        assert 'type="radio"' not in page.text


class TestTheLabel:
    def test_it_is_handed_over_right_after_the_inclusion_and_only_then(
        self, nurse: Browser, sites: Sites
    ):
        answer = nurse.send(NEW, **inclusion(sites, print_label="y"))
        page = nurse.get(answer.location)
        code = answer.location.rsplit("/", 1)[1]

        assert page.headers["Refresh"] == f"0; url=/labels/participants/{code}?file=1"
        assert "Refresh" not in nurse.get(answer.location).headers

    def test_it_bears_the_code_and_no_name(self, nurse: Browser, sites: Sites):
        answer = nurse.send(NEW, **inclusion(sites))
        code = answer.location.rsplit("/", 1)[1]
        label = nurse.get(f"/labels/participants/{code}?file=1")

        assert label.headers["Content-Disposition"].startswith("attachment")
        assert rendered.codes(label.data) == [code]
        assert "Refresh" not in nurse.get(answer.location).headers

    def test_it_is_that_of_ones_own_participants(
        self, sign_in: SignIn, actors: People, known: Participant
    ):
        other = sign_in(actors.other_site_nurse)
        assert other.get(f"/labels/participants/{known.code}").status_code == 404


def test_the_cohort_chosen_last_is_chosen_beforehand(nurse: Browser, sites: Sites):
    make_cohort()
    other = make_cohort("RA")
    nurse.send(NEW, **inclusion(sites, cohort_id=other.id))
    assert f'<option selected value="{other.id}">' in nurse.get(NEW).text
