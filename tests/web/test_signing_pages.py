"""Signing by others than the participant, and signing on the screen."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from registry.consents.signing.models import Consent, ConsentProof
from registry.consents.templates import starter
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.consent import Audience, Language
from tests.factories.accounts import People
from tests.factories.consents import make_template
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import STROKES, pdf
from tests.web.nurse import consent as filled, count, french
from tests.web.pages import Browser, hidden_values, text_of

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
    return make_template(language=Language.ENGLISH, proof_within_days=30)


def of(consent: Consent, page: str = "") -> str:
    return f"/participants/{consent.participant.code}/consents/{consent.id}{page}"


class TestSomebodyElseSigns:
    @pytest.fixture
    def minors(self, actors: People) -> ConsentTemplate:
        return make_template(code="MINOR", audience=Audience.MINOR, language=Language.ENGLISH)

    def test_parents_and_the_minor_are_recorded(
        self, nurse: Browser, actors: People, minors: ConsentTemplate
    ):
        child = make_participant(actors, birth_year=2015)
        url = f"/participants/{child.code}/consents/new?form={minors.id}"

        answer = nurse.send(
            url,
            stance_parent="agrees",
            alone_reason="The other parent lives abroad.",
            stance_self="unable",
            **filled(minors),
        )

        page = text_of(nurse.get(answer.location))
        assert "A parent: Agrees, The participant: Cannot express it" in page

    def test_who_is_missing_is_said_at_the_field(
        self, nurse: Browser, actors: People, minors: ConsentTemplate
    ):
        child = make_participant(actors, birth_year=2015)

        page = nurse.send(
            f"/participants/{child.code}/consents/new?form={minors.id}",
            stance_parent="agrees",
            **filled(minors),
        )

        assert page.status_code == 422
        assert 'id="alone_reason-error"' in page.text

    def test_what_it_would_allow_counts_who_opposes(self, nurse: Browser, participant: Participant):
        form = make_template(
            code="PROTECTED", audience=Audience.PROTECTED_ADULT, language=Language.ENGLISH
        )
        url = f"/participants/{participant.code}/consents/new?form={form.id}"

        page = nurse.send(url, stance_guardian="opposes", preview="1", **filled(form))

        assert page.status_code == 200
        assert "Store samples Allowed" not in text_of(page)

    def test_a_mandate_comes_with_its_paper_and_survives_a_correction(
        self, nurse: Browser, actors: People
    ):
        form = make_template(
            code="PROTECTED", audience=Audience.PROTECTED_ADULT, language=Language.ENGLISH
        )
        protected = make_participant(actors)
        mandate = {
            "stance_mandate": "agrees",
            "authority_from": "01/01/2024",
            "authority_to": "01/01/2999",
        }
        nurse.send(
            f"/participants/{protected.code}/consents/new?form={form.id}",
            authority_file=(BytesIO(pdf("mandate")), "m.pdf"),
            **mandate,
            **filled(form),
        )
        registry_session.rollback()
        wrong = registry_session.scalars(sa.select(Consent)).one()

        nurse.send(of(wrong, "/correct"), **mandate, **filled(form, reason="misread"))
        registry_session.rollback()

        papers = registry_session.scalars(sa.select(Consent)).all()
        assert len(papers) == 2
        assert len({one.signatories[0].authority_document_id for one in papers} - {None}) == 1


class TestSign:
    def url(self, participant: Participant) -> str:
        return f"/participants/{participant.code}/consents/sign"

    def typed(self, template: ConsentTemplate, **changes: Any) -> dict[str, Any]:
        answers = {f"answers-{item.code}": "accepted" for item in template.items}
        drawn = {"drawn_self": STROKES, "drawn_professional": STROKES}
        return {"information_given_on": TODAY, **answers, **drawn, **changes}

    def test_it_is_kept_and_the_copy_handed_over_once(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        answer = nurse.send(self.url(participant), **self.typed(template))

        done = nurse.get(answer.location)
        assert "The form is signed" in text_of(done)
        copy = answer.location.replace("/signed", "/copy")
        hidden = hidden_values(done.text, answer.location, copy)
        first, second = (nurse.send(copy, hidden=hidden) for _ in range(2))
        assert first.data.startswith(b"%PDF-")
        assert first.headers["Content-Disposition"].startswith("attachment")
        assert second.status_code == 303

    def test_a_second_click_signs_once(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        hidden = nurse.hidden(self.url(participant))

        for _ in range(2):
            nurse.send(self.url(participant), hidden=hidden, **self.typed(template))

        assert count(Consent) == 1
        assert count(ConsentProof) == 1

    def test_a_text_changed_between_showing_and_signing_is_refused(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        hidden = nurse.hidden(self.url(participant)) | {"text_sha256": "0" * 64}

        page = nurse.send(self.url(participant), hidden=hidden, **self.typed(template))

        assert "no longer the one that was on the screen" in text_of(page)
        assert count(Consent) == 0

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"drawn_self": ""}, "A signature is missing"),
            ({"drawn_professional": ""}, "A signature is missing"),
            ({"drawn_self": "<svg onload=alert(1)>"}, "could not be read"),
            ({"answers-company": "unclear"}, "Choose an answer"),
            ({"information_given_on": "01/01/2999"}, "before the form is signed"),
        ],
    )
    def test_what_is_missing_is_said_and_nothing_is_written(
        self,
        nurse: Browser,
        participant: Participant,
        template: ConsentTemplate,
        changes: dict[str, str],
        sentence: str,
    ):
        page = nurse.send(self.url(participant), **self.typed(template, **changes))

        assert page.status_code == 422
        assert sentence in text_of(page)
        assert count(Consent) == 0

    def test_who_draws_a_signature_agrees_without_saying_so_again(
        self, nurse: Browser, actors: People
    ):
        form = make_template(code="MINOR", audience=Audience.MINOR, language=Language.ENGLISH)
        child = make_participant(actors, birth_year=2015)
        typed = self.typed(form, drawn_parent=STROKES, drawn_second_parent=STROKES)

        nurse.send(f"{self.url(child)}?form={form.id}", **typed)

        registry_session.rollback()
        [consent] = registry_session.scalars(sa.select(Consent)).all()
        assert [(one.role.value, one.stance.value) for one in consent.signatories] == [
            ("parent", "agrees"),
            ("second_parent", "agrees"),
            ("self", "agrees"),
        ]

    def test_without_javascript_the_page_leads_to_the_paper(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        page = nurse.get(self.url(participant))

        assert "<noscript>" in page.text
        assert f"/consent-forms/{template.id}" in page.text
        assert "signature.js" in page.text
        assert "signature.js" not in nurse.get(f"/participants/{participant.code}").text

    def test_a_consent_signed_on_the_screen_is_signed_again(
        self, nurse: Browser, actors: People, participant: Participant, template: ConsentTemplate
    ):
        nurse.send(self.url(participant), **self.typed(template))
        registry_session.rollback()
        wrong = registry_session.scalars(sa.select(Consent)).one()

        nurse.send(of(wrong, "/sign-again"), **self.typed(template))

        registry_session.rollback()
        assert registry_session.scalars(sa.select(Consent.supersedes_id)).all() == [None, wrong.id]

    def test_the_starter_forms_are_signed_in_both_languages(
        self, nurse: Browser, participant: Participant
    ):
        starter.install(OPERATOR)

        english = nurse.get(self.url(participant))
        french_page = nurse.speak("fr").get(self.url(participant))

        assert "I agree" in text_of(english)
        assert "J’accepte" in text_of(french_page)
