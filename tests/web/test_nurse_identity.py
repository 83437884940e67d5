"""Finding a person, including them, seeing who somebody is: names go in, and seldom out."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from registry.accounts.models import SignInSession
from registry.audit.models import AuditEntry
from registry.identity.door import vault
from registry.identity.models import IdentityRecord, Person
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant
from tests.web.nurse import count, include, inclusion, only_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SEARCH, NEW = "/participants/search", "/participants/new"
STORED = "Lefèbvre-Durand"

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def known(actors: People) -> Participant:
    """A woman who is in the cohort, under a spelling that nobody types here."""
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


def typed(sites: Sites, **changes: Any) -> dict[str, str]:
    values = inclusion(sites, **changes)
    names = ("birth_name", "given_names", "birth_date", "hospital_identifier", "site_id")
    return {name: values[name] for name in names}


class TestSearch:
    def test_it_shows_codes_and_agreement_and_not_what_is_stored(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(SEARCH, **typed(sites))

        assert known.shown_code in page.text
        assert "Birth year 1980" in text_of(page)
        assert "Birth date Agrees" in text_of(page)
        assert STORED not in page.text

    def test_a_slip_is_shown_as_nearly_the_same(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.send(SEARCH, **typed(sites, given_names="Amelie Rosa", hospital_identifier=""))

        assert re.search(r"Given names (Nearly|Sounds|Agrees in part)", text_of(page))

    def test_nothing_typed_is_put_into_the_address_or_asked_by_it(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        page = nurse.get(SEARCH, query_string=typed(sites))

        assert known.shown_code not in page.text
        assert "Lefebvre" not in page.text

    def test_one_trait_is_not_enough(self, nurse: Browser, sites: Sites):
        page = nurse.send(
            SEARCH, **typed(sites, given_names="", birth_date="", hospital_identifier="")
        )

        assert page.status_code == 422
        assert "or two of birth name, given names and birth date" in text_of(page)
        assert 'value="Lefebvre Durand"' in page.text

    def test_somebody_followed_elsewhere_is_not_shown(
        self, sign_in: SignIn, actors: People, sites: Sites, known: Participant
    ):
        other = sign_in(actors.other_site_nurse).speak("en")

        page = other.send(SEARCH, **typed(sites, hospital_identifier="", site_id=sites.lyon))

        assert "Known, but not followed at your site" in text_of(page)
        assert known.code not in page.text.replace("-", "")

    def test_nobody_found_leads_to_the_inclusion_with_what_was_typed(
        self, nurse: Browser, sites: Sites
    ):
        page = nurse.send(SEARCH, **typed(sites))
        assert "Nobody was found" in text_of(page)

        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
        begun = nurse.post("/participants/begin", hidden)

        assert begun.status_code == 200
        assert 'value="Lefebvre Durand"' in begun.text
        assert 'value="17/04/1962"' in begun.text

    def test_the_session_keeps_nothing_of_it(self, nurse: Browser, sites: Sites):
        nurse.send(SEARCH, **typed(sites))

        kept = str(registry_session.scalars(sa.select(SignInSession.data)).all())

        assert "Lefebvre" not in kept
        assert "0042137" not in kept

    def test_with_the_vault_closed_only_the_identities_are_closed(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        vault.open(None)

        assert nurse.send(SEARCH, **typed(sites)).status_code == 503
        assert nurse.send(NEW, **inclusion(sites)).status_code == 503
        assert nurse.get("/participants").status_code == 200
        assert nurse.get(f"/participants/{known.code}").status_code == 200

    def test_a_technician_does_not_search(self, sign_in: SignIn, actors: People):
        assert sign_in(actors.technician).get(SEARCH).status_code == 403


class TestInclude:
    def test_a_new_person_gets_a_page_that_asks_for_the_consent(self, nurse: Browser, sites: Sites):
        answer = nurse.send(NEW, **inclusion(sites))

        participant = only_participant()
        assert answer.status_code == 303
        assert answer.location == f"/participants/{participant.code}"
        assert (participant.birth_year, participant.sex.value) == (1962, "female")
        page = nurse.get(answer.location)
        assert f"{participant.shown_code} was included" in text_of(page)
        assert "Record the consent" in text_of(page)
        assert "Lefebvre" not in page.text

    def test_the_same_post_twice_includes_once(self, nurse: Browser, sites: Sites):
        hidden = nurse.hidden(NEW)
        values = inclusion(sites)

        first = nurse.send(NEW, hidden=hidden, **values)
        again = nurse.send(NEW, hidden=hidden, **values)

        assert again.location == first.location
        assert (count(Participant), count(Person)) == (1, 1)

    def test_the_same_person_is_said_to_be_known_and_opened(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        answer = nurse.send(NEW, **inclusion(sites))

        assert answer.location == f"/participants/{known.code}"
        assert "already included" in text_of(nurse.get(answer.location))
        assert count(Participant) == 1

    def test_a_known_person_can_enter_another_cohort(
        self, nurse: Browser, sites: Sites, known: Participant
    ):
        answer = nurse.send(NEW, **inclusion(sites, cohort_id=make_cohort("RA").id))

        assert answer.location != f"/participants/{known.code}"
        assert "a person known already, new in this cohort" in text_of(nurse.get(answer.location))
        assert count(Person) == 1

    def test_a_doubtful_person_is_saved_to_be_confirmed_and_told_so(
        self, nurse: Browser, actors: People, sites: Sites
    ):
        born = date(1962, 4, 7)
        make_participant(actors, person_uid=make_person(actors.nurse, birth_date=born).person_uid)

        answer = include(nurse, sites, hospital_identifier="9999999", birth_date="04/07/1962")

        page = text_of(nurse.get(answer.location))
        assert "was saved, to be confirmed" in page
        assert "Compare the identities" in page
        registry_session.rollback()
        statuses = set(registry_session.scalars(sa.select(Participant.status)))
        assert statuses == {ParticipantStatus.ENROLLED, ParticipantStatus.TENTATIVE}

    def test_an_identity_with_a_number_and_a_trait_missing_is_incomplete(
        self, nurse: Browser, sites: Sites
    ):
        nurse.send(NEW, **inclusion(sites, given_names=""))

        assert only_participant().is_incomplete

    def test_a_hospital_of_others_is_refused_and_nothing_is_written(
        self, nurse: Browser, sites: Sites
    ):
        page = nurse.send(NEW, **inclusion(sites, site_id=sites.lyon))

        assert page.status_code == 404
        assert "Choose one of your hospitals" in text_of(page)
        assert (count(Participant), count(Person)) == (0, 0)

    def test_somebody_in_the_cohort_elsewhere_is_refused_and_nothing_is_written(
        self, sign_in: SignIn, actors: People, sites: Sites, known: Participant
    ):
        other = sign_in(actors.other_site_nurse).speak("en")

        page = other.send(NEW, **inclusion(sites, site_id=sites.lyon, hospital_identifier="77001"))

        assert page.status_code == 409
        assert "in this cohort already, at another site" in text_of(page)
        assert known.code not in page.text.replace("-", "")
        assert (count(Participant), count(IdentityRecord)) == (1, 1)

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("birth_date", "31/02/1980", "no such day"),
            ("birth_date", "12/13/1980", "no month 13"),
            ("birth_date", "12/03/80", "four digits"),
            ("birth_date", "1/2/1980", "two digits each"),
            ("birth_date", "29276", "spreadsheet"),
            ("birth_date", "yesterday", "day/month/year"),
            ("birth_date", "01/01/2999", "between"),
            ("birth_date", "01/01/1700", "between"),
            ("birth_name", "12345", "A name has letters"),
            ("birth_name", "x" * 500, "at most"),
            ("given_names", "Ame\u202elie", "control characters"),
            ("birth_place", "6912", "INSEE"),
            ("sex", "yes", "Choose one"),
            ("sex", "", "Fill in"),
            ("cohort_id", "", "Fill in"),
            ("cohort_id", "abc", "whole number"),
            ("cohort_id", "999", "no such cohort"),
            ("included_on", "01/01/2999", "still to come"),
            ("hospital_identifier", "9" * 200, "at most"),
        ],
    )
    def test_nonsense_is_answered_beside_its_field_and_nothing_is_written(
        self, nurse: Browser, sites: Sites, field: str, value: str, sentence: str
    ):
        page = nurse.send(NEW, **inclusion(sites, **{field: value}))

        assert page.status_code in (404, 422), page.text
        assert sentence in text_of(page)
        assert 'value="Amelie Rose"' in page.text or field == "given_names"
        assert (count(Participant), count(Person)) == (0, 0)

    def test_the_journal_and_the_address_hold_no_name(self, nurse: Browser, sites: Sites):
        answer = nurse.send(NEW, **inclusion(sites))

        registry_session.rollback()
        entries = registry_session.execute(
            sa.select(AuditEntry.details, AuditEntry.reason, AuditEntry.object_ref)
        ).all()
        assert "Lefebvre" not in f"{entries}{answer.location}"
        assert "0042137" not in f"{entries}{answer.location}"


class TestReveal:
    def url(self, participant: Participant) -> str:
        return f"/participants/{participant.code}/identity"

    def test_it_asks_why_before_it_shows_anything(self, nurse: Browser, known: Participant):
        page = nurse.get(self.url(known))

        assert "Why do you need the identity?" in text_of(page)
        assert STORED not in page.text

    def test_it_is_shown_once_kept_nowhere_and_recorded(self, nurse: Browser, known: Participant):
        page = nurse.send(self.url(known), kind="check", reason="paper file")

        assert page.status_code == 200
        assert STORED in page.text
        assert "0042137" in page.text
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Refresh"] == f"120; url=/participants/{known.code}"
        registry_session.rollback()
        entry = registry_session.scalars(
            sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
        ).one()
        assert entry.tag == "identity:revealed"
        assert entry.reason == "paper file"
        assert entry.details["kind"] == "check"
        assert STORED not in nurse.get(f"/participants/{known.code}").text

    def test_sent_again_it_is_not_shown_again(self, nurse: Browser, known: Participant):
        hidden = nurse.hidden(self.url(known))
        nurse.send(self.url(known), hidden=hidden, kind="check", reason="paper file")

        again = nurse.send(self.url(known), hidden=hidden, kind="check", reason="paper file")

        assert (again.status_code, again.location) == (303, f"/participants/{known.code}")

    def test_it_is_not_printed(self, nurse: Browser, known: Participant):
        page = nurse.send(self.url(known), kind="check", reason="paper file")
        printed = nurse.get("/static/registry.css").text.partition("@media print")[2]

        assert 'never-printed" aria-label="Identity"' in page.text
        assert ".never-printed { display: none !important; }" in printed

    def test_a_reason_that_says_who_it_is_is_refused_beside_its_field(
        self, nurse: Browser, known: Participant
    ):
        page = nurse.send(self.url(known), kind="check", reason="file of mme lefebvre")

        assert page.status_code == 422
        assert "The reason says who the person is" in text_of(page)
        assert STORED not in page.text

    @pytest.mark.parametrize(
        "values", [{}, {"kind": "check"}, {"kind": "check", "reason": " x "}, {"reason": "because"}]
    )
    def test_without_a_reason_nothing_is_shown(
        self, nurse: Browser, known: Participant, values: dict[str, str]
    ):
        page = nurse.send(self.url(known), **values)

        assert page.status_code == 422
        assert STORED not in page.text

    def test_a_nurse_of_another_site_and_a_technician_do_not_see_it(
        self, sign_in: SignIn, actors: People, known: Participant
    ):
        values = {"kind": "check", "reason": "paper file"}
        other, technician = sign_in(actors.other_site_nurse), sign_in(actors.technician)

        assert other.get(self.url(known)).status_code == 404
        assert technician.get(self.url(known)).status_code == 403
        token = other.hidden("/participants/search")
        assert other.send(self.url(known), hidden=token, **values).status_code == 404


def test_an_identity_officer_finds_a_person_and_includes_nobody(
    sign_in: SignIn, actors: People, sites: Sites
):
    person = make_person(actors.nurse, birth_name="Kerbrat", given_names="Soizic")
    participant = make_participant(actors, person_uid=person.person_uid)
    officer = sign_in(actors.identity_officer).speak("en")

    page = officer.send(
        SEARCH, birth_name="Kerbrat", given_names="Soizic", site_id=str(sites.paris)
    )

    assert participant.shown_code in text_of(page)
    assert "include a new person" not in text_of(page)
