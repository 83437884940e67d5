"""The list and the page of participants: codes, and nobody's name."""

from collections.abc import Callable

import pytest

from registry.consents.templates import starter
from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.identity import make_person
from tests.factories.participants import OPERATOR, make_cohort, make_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


class TestList:
    def test_it_shows_codes_and_whether_samples_may_be_kept(self, nurse: Browser, actors: People):
        agreed, silent = make_participant(actors), make_participant(actors)
        make_consent(actors, agreed)

        page = text_of(nurse.get("/participants"))

        assert page.index(silent.shown_code) < page.index(agreed.shown_code), "newest first"
        assert page.count("Not allowed") == 1

    def test_it_shows_nobody_of_another_site(self, sign_in: SignIn, actors: People):
        participant = make_participant(actors)
        other = sign_in(actors.other_site_nurse)

        assert participant.shown_code not in other.get("/participants").text

    def test_it_holds_no_identity(self, nurse: Browser, actors: People):
        make_participant(actors, person_uid=make_person(actors.nurse).person_uid)

        page = nurse.get("/participants").text

        assert "Lefèbvre" not in page
        assert "0042137" not in page
        assert "1962" not in page

    def test_its_filters_are_kept_from_page_to_page(
        self, nurse: Browser, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        cohort = make_cohort("RA")
        wanted = [make_participant(actors, cohort=cohort) for _ in range(3)]
        make_participant(actors)

        first = nurse.get("/participants", query_string={"cohort_id": cohort.id})
        assert f"cohort_id={cohort.id}" in first.text
        second = nurse.get(
            "/participants",
            query_string={"cohort_id": cohort.id, "after": wanted[1].code},
        )

        assert wanted[2].shown_code in first.text
        assert wanted[0].shown_code in second.text
        assert wanted[2].shown_code not in second.text

    def test_the_incomplete_and_the_doubtful_can_be_asked_for(self, nurse: Browser, actors: People):
        plain = make_participant(actors)
        odd = make_participant(actors, status=ParticipantStatus.TENTATIVE, is_incomplete=True)

        for query in ({"standing": "tentative"}, {"is_incomplete": "y"}):
            page = nurse.get("/participants", query_string=query).text
            assert odd.shown_code in page
            assert plain.shown_code not in page

    @pytest.mark.parametrize(
        "query", [{"standing": "x"}, {"cohort_id": "y"}, {"site_id": "-1"}, {"after": "ZZZZ"}]
    )
    def test_a_nonsense_address_is_no_crash(self, nurse: Browser, query: dict[str, str]):
        assert nurse.get("/participants", query_string=query).status_code in (200, 404, 422)


class TestPage:
    def test_a_code_leads_there_from_the_scan_field(self, nurse: Browser, actors: People):
        participant = make_participant(actors)

        answer = nurse.send("/scan", page="/", code=participant.shown_code.lower())

        assert answer.location == f"/participants/{participant.code}"

    def test_it_is_not_found_from_another_site(self, sign_in: SignIn, actors: People):
        participant = make_participant(actors)
        other = sign_in(actors.other_site_nurse).speak("en")

        page = other.get(f"/participants/{participant.code}")

        assert page.status_code == 404
        assert participant.shown_code not in page.text
        nowhere = other.get("/participants/ZZZZZZZZ")
        assert text_of(page) == text_of(nowhere), "whether it exists is not told"

    def test_the_next_step_is_the_consent_then_the_kit_then_the_next_visit(
        self, nurse: Browser, actors: People
    ):
        participant = make_participant(actors)
        url = f"/participants/{participant.code}"
        assert "Record the consent" in text_of(nurse.get(url))

        make_consent(actors, participant)
        page = nurse.get(url)

        assert "Register the tubes: Blood kit" in text_of(page)
        assert "Month 0 is due until" in text_of(page)

    def test_a_technician_sees_it_without_the_forms_and_without_their_buttons(
        self, sign_in: SignIn, actors: People
    ):
        participant = make_participant(actors)
        make_consent(actors, participant)

        page = text_of(
            sign_in(actors.technician).speak("en").get(f"/participants/{participant.code}")
        )

        assert "Academic research Allowed" in page
        assert "Forms on record" not in page
        assert "Record a signed form" not in page
        assert "See the identity" not in page

    def test_it_speaks_french_and_english(self, nurse: Browser, actors: People):
        starter.install(OPERATOR)
        participant = make_participant(actors)

        for language in ("fr", "en"):
            page = nurse.speak(language).get(f"/participants/{participant.code}")
            assert f'<html lang="{language}"' in page.text
