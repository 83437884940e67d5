"""Recording what was signed, correcting it, recording a withdrawal."""

import re
from collections.abc import Callable

import pytest

from registry.consents.signing.models import Consent
from registry.consents.templates import starter
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.vocab.consent import Language
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_template
from tests.factories.participants import OPERATOR, make_participant
from tests.web.nurse import consent, count, french
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
TODAY = french(clock.today())


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


@pytest.fixture
def template(actors: People) -> ConsentTemplate:
    return make_template()


@pytest.fixture
def url(participant: Participant) -> str:
    return f"/participants/{participant.code}/consents/new"


def is_checked(html: str, input_id: str) -> bool:
    """Whether the radio button with this id is chosen."""
    return any("checked" in tag for tag in re.findall(rf'<input[^>]*id="{input_id}"[^>]*>', html))


class TestRecord:
    def test_it_says_what_is_allowed_and_goes_back_to_the_participant(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate, url: str
    ):
        answer = nurse.send(url, **consent(template, company="refused"))

        assert answer.location == f"/participants/{participant.code}"
        page = text_of(nurse.get(answer.location))
        assert "Samples may be collected" in page
        assert "Academic research Allowed" in page
        assert "Research with a company Not allowed The participant refused" in page
        assert "3. Declined" in page

    def test_a_second_click_records_once(self, nurse: Browser, template: ConsentTemplate, url: str):
        hidden = nurse.hidden(url)

        for _ in range(2):
            nurse.send(url, hidden=hidden, **consent(template))

        assert count(Consent) == 1

    def test_what_it_would_allow_is_shown_and_nothing_saved(
        self, nurse: Browser, template: ConsentTemplate, url: str
    ):
        page = nurse.send(url, **consent(template, genetics="refused"), preview="1")

        assert page.status_code == 200
        assert "once this is saved" in text_of(page)
        assert "Store samples Allowed" in text_of(page)
        assert "Genetic examination Not allowed" in text_of(page)
        assert count(Consent) == 0

    def test_an_unanswered_question_is_named_and_the_others_stay_answered(
        self, nurse: Browser, template: ConsentTemplate, url: str
    ):
        page = nurse.send(url, **consent(template, research="refused", company=None))

        assert page.status_code == 422
        assert "Question 3: Choose an answer." in text_of(page)
        assert is_checked(page.text, "answers-research-1")
        assert count(Consent) == 0

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("signed_on", "", "Fill in this field"),
            ("signed_on", "31/06/2026", "no such day"),
            ("signed_on", "01/01/2999", "still to come"),
            ("signed_on", "01/01/1990", "not in use on that day"),
            ("information_given_on", "01/01/2999", "before the form is signed"),
            ("information_given_on", "hier", "day/month/year"),
            ("channel", "telephone", "needs a signature"),
            ("channel", "pigeon", "Choose one"),
            ("language", "la", "Choose one"),
            ("research", "perhaps", "Choose one"),
        ],
    )
    def test_nonsense_is_answered_beside_its_field_and_nothing_is_written(
        self,
        nurse: Browser,
        template: ConsentTemplate,
        url: str,
        field: str,
        value: str,
        sentence: str,
    ):
        page = nurse.send(url, **consent(template, **{field: value}))

        assert page.status_code == 422
        assert sentence in text_of(page)
        assert count(Consent) == 0

    def test_the_form_in_use_in_the_persons_language_is_offered_first(
        self, nurse: Browser, participant: Participant, url: str
    ):
        starter.install(OPERATOR)

        assert "Consent to the research biobank" in nurse.get(url).text
        assert '<h2 id="form-title" lang="fr">' in nurse.speak("fr").get(url).text

    def test_another_form_can_be_chosen(self, nurse: Browser, url: str):
        installed = starter.install(OPERATOR)
        notice = next(
            one
            for one in installed
            if (one.code, one.language) == (starter.NOTICE, Language.ENGLISH)
        )

        page = nurse.get(url, query_string={"form": notice.id})

        assert "Does not object" in text_of(page)

    @pytest.mark.parametrize("query", [{"form": "999"}, {"form": "abc"}])
    def test_a_form_that_does_not_exist_is_no_crash(
        self, nurse: Browser, template: ConsentTemplate, url: str, query: dict[str, str]
    ):
        assert nurse.get(url, query_string=query).status_code in (200, 404, 422)

    def test_other_sites_and_other_roles_are_kept_out(
        self, sign_in: SignIn, actors: People, template: ConsentTemplate, url: str
    ):
        assert sign_in(actors.other_site_nurse).get(url).status_code == 404
        assert sign_in(actors.data_manager).get(url).status_code == 403


class TestCorrect:
    def test_the_old_record_is_filled_in_and_both_stay(
        self, nurse: Browser, actors: People, participant: Participant, template: ConsentTemplate
    ):
        wrong = make_consent(actors, participant)
        url = f"/participants/{participant.code}/consents/{wrong.id}/correct"

        page = nurse.get(url)
        assert is_checked(page.text, "answers-research-0")
        answer = nurse.send(url, **consent(template, research="refused", reason="misread"))

        assert answer.status_code == 303
        assert count(Consent) == 2
        shown = text_of(nurse.get(answer.location))
        assert "Corrected since" in shown
        assert "Academic research Not allowed" in shown

    def test_it_needs_a_reason(
        self, nurse: Browser, actors: People, participant: Participant, template: ConsentTemplate
    ):
        wrong = make_consent(actors, participant)
        url = f"/participants/{participant.code}/consents/{wrong.id}/correct"

        page = nurse.send(url, **consent(template))

        assert page.status_code == 422
        assert count(Consent) == 1

    def test_a_consent_of_somebody_else_is_not_found(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        other = make_consent(actors, make_participant(actors))
        url = f"/participants/{participant.code}/consents/{other.id}/correct"

        assert nurse.get(url).status_code == 404
