"""Scans and checks of signed forms, who was informed, and what comes next."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from registry.audit.models import AuditEntry
from registry.consents.signing import checks, proofs, service
from registry.consents.signing.models import Consent, ConsentInformation, ConsentProof
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab.audit import AuditTag
from registry.vocab.consent import CheckOutcome, Language
from tests.factories.accounts import People
from tests.factories.consents import make_template, signed_form
from tests.factories.participants import OPERATOR, make_participant
from tests.factories.scans import pdf, png
from tests.web.nurse import consent as filled, count, french
from tests.web.pages import Browser, hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
TODAY = french(clock.today())


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def dpo(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.dpo).speak("en")


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_participant(actors)


@pytest.fixture
def template(actors: People) -> ConsentTemplate:
    return make_template(language=Language.ENGLISH, proof_within_days=30)


@pytest.fixture
def consent(actors: People, participant: Participant, template: ConsentTemplate) -> Consent:
    made = service.record(actors.nurse, participant.id, signed_form(template))
    proofs.attach(actors.nurse, made.id, [png(), pdf()])
    return made


@pytest.fixture
def bare(actors: People, participant: Participant, template: ConsentTemplate) -> Consent:
    return service.record(actors.nurse, participant.id, signed_form(template))


def of(consent: Consent, page: str = "") -> str:
    return f"/participants/{consent.participant.code}/consents/{consent.id}{page}"


def looks() -> int:
    registry_session.rollback()
    tag = AuditEntry.tag == AuditTag.CONSENT_PROOF_OPENED
    return registry_session.scalar(sa.select(sa.func.count()).where(tag)) or 0


def opened(browser: Browser, consent: Consent) -> TestResponse:
    return browser.send(of(consent, "/scan"), kind="doubt", reason="two answers ticked")


class TestAttach:
    def test_a_scan_is_kept_and_its_name_is_not(self, nurse: Browser, bare: Consent):
        answer = nurse.send(of(bare, "/scans"), scans=(BytesIO(png()), "Lefebvre Amelie.png"))

        assert answer.status_code == 303
        page = nurse.get(answer.location)
        assert "Attached" in text_of(page)
        assert "Lefebvre" not in page.text
        assert count(ConsentProof) == 1

    @pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"MZ"])
    def test_what_is_no_scan_is_refused_beside_its_field(
        self, nurse: Browser, bare: Consent, content: bytes
    ):
        page = nurse.send(of(bare, "/scans"), scans=(BytesIO(content), "scan.pdf"))

        assert page.status_code == 422
        assert 'id="scans-error"' in page.text
        assert count(ConsentProof) == 0

    def test_it_can_come_with_the_record(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        url = f"/participants/{participant.code}/consents/new"

        answer = nurse.send(url, scans=(BytesIO(pdf()), "x.pdf"), **filled(template))

        assert answer.status_code == 303
        assert count(ConsentProof) == 1

    def test_a_bad_scan_keeps_the_record_from_being_saved(
        self, nurse: Browser, participant: Participant, template: ConsentTemplate
    ):
        url = f"/participants/{participant.code}/consents/new"

        page = nurse.send(url, scans=(BytesIO(b"x"), "x.pdf"), **filled(template))

        assert page.status_code == 422
        assert count(Consent) == 0

    def test_until_when_it_is_due_is_said(self, nurse: Browser, bare: Consent):
        assert "Scan due" in text_of(nurse.get(f"/participants/{bare.participant.code}"))
        assert "is needed by" in text_of(nurse.get(of(bare, "/scans")))


class TestOpen:
    def test_no_address_opens_a_scan_before_somebody_said_why(
        self, nurse: Browser, consent: Consent
    ):
        answer = nurse.get(of(consent, f"/scan/{consent.proofs[0].id}"))

        assert answer.location == of(consent, "/scan")
        assert looks() == 0

    def test_record_and_scan_are_side_by_side_and_the_look_is_recorded(
        self, dpo: Browser, consent: Consent
    ):
        page = opened(dpo, consent)

        assert "2. Public research." not in text_of(page)
        assert "Public research. Accepted" in text_of(page)
        assert f'<img src="{of(consent, f"/scan/{consent.proofs[0].id}")}"' in page.text
        assert "Does the record say what the scan shows?" in text_of(page)
        assert looks() == 1

    def test_it_is_shown_once(self, dpo: Browser, consent: Consent):
        hidden = dpo.hidden(of(consent, "/scan"))
        sent = {"kind": "doubt", "reason": "two answers ticked"}
        dpo.send(of(consent, "/scan"), hidden=hidden, **sent)

        assert dpo.send(of(consent, "/scan"), hidden=hidden, **sent).status_code == 303
        assert looks() == 1

    def test_an_image_is_sandboxed_and_anything_else_a_download(
        self, dpo: Browser, consent: Consent
    ):
        opened(dpo, consent)

        image, paper = (dpo.get(of(consent, f"/scan/{one.id}")) for one in consent.proofs)

        assert image.data == png()
        assert image.headers["Content-Type"] == "image/png"
        assert paper.data == pdf()
        assert paper.headers["Content-Disposition"].startswith("attachment")
        for answer in (image, paper):
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"

    def test_it_needs_a_reason(self, sign_in: SignIn, nurse: Browser, consent: Consent):
        page = nurse.send(of(consent, "/scan"), kind="doubt", reason="")

        assert page.status_code == 422
        assert looks() == 0

    @pytest.mark.parametrize(
        ("who", "status"),
        [("other_site_nurse", 404), ("data_manager", 403), ("technician", 403)],
    )
    def test_others_are_kept_out(
        self, sign_in: SignIn, actors: People, consent: Consent, who: str, status: int
    ):
        browser = sign_in(getattr(actors, who))

        assert browser.get(of(consent, "/scan")).status_code == status
        assert browser.get(of(consent, f"/scan/{consent.proofs[0].id}")).status_code == status


class TestCheck:
    def check(self, browser: Browser, consent: Consent, **typed: str) -> TestResponse:
        page = opened(browser, consent)
        hidden = hidden_values(page.text, of(consent, "/scan"), of(consent, "/check"))
        return browser.send(of(consent, "/check"), hidden=hidden, **typed)

    def test_a_second_person_says_that_it_is_in_order(self, dpo: Browser, consent: Consent):
        answer = self.check(dpo, consent, outcome="passed")

        assert "Checked: In order" in text_of(dpo.get(answer.location))

    def test_what_is_wrong_is_said_and_seen_where_it_is_corrected(
        self, dpo: Browser, nurse: Browser, consent: Consent
    ):
        self.check(dpo, consent, outcome="failed", remark="question 2 is declined on the paper")

        page = text_of(nurse.get(f"/participants/{consent.participant.code}"))
        assert "Checked: Not in order question 2 is declined on the paper" in page

    def test_a_failure_without_a_remark_is_refused_on_the_page(
        self, dpo: Browser, consent: Consent
    ):
        page = self.check(dpo, consent, outcome="failed")

        assert page.status_code == 422
        assert "Say what is not in order" in text_of(page)

    def test_who_recorded_it_is_not_asked(self, nurse: Browser, consent: Consent):
        page = text_of(opened(nurse, consent))

        assert "somebody else checks it" in page
        assert "Does the record say" not in page

    def test_without_the_scan_before_ones_eyes_there_is_no_check(
        self, dpo: Browser, consent: Consent
    ):
        hidden = dpo.hidden(of(consent, "/scan"))

        answer = dpo.send(of(consent, "/check"), hidden=hidden, outcome="passed")

        assert answer.location == of(consent, "/scan")


class TestInform:
    def test_a_letter_to_several_is_recorded_once_each(
        self, nurse: Browser, actors: People, participant: Participant, template: ConsentTemplate
    ):
        codes = f"{participant.shown_code}\n{make_participant(actors).code}"

        answer = nurse.send(
            "/participants/informed",
            codes=codes,
            template_id=str(template.id),
            informed_on=TODAY,
            channel="letter",
        )

        assert "Recorded as informed: 2." in text_of(nurse.get(answer.location))
        assert count(ConsentInformation) == 2
        shown = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Informed without signing" in shown

    def test_somebody_of_another_site_is_named_and_nothing_is_written(
        self, nurse: Browser, actors: People, template: ConsentTemplate
    ):
        elsewhere = make_participant(actors, by=actors.other_site_nurse)

        page = nurse.send(
            "/participants/informed",
            codes=elsewhere.code,
            template_id=str(template.id),
            informed_on=TODAY,
            channel="letter",
        )

        assert page.status_code == 422
        assert "not at your sites" in text_of(page)
        assert count(ConsentInformation) == 0


def test_the_pile_leads_from_a_scan_to_the_form(
    nurse: Browser, participant: Participant, template: ConsentTemplate
):
    answer = nurse.send("/participants/consents", code=participant.shown_code)

    assert answer.location == f"/participants/{participant.code}/consents/new"


class TestWhatComesNext:
    def test_a_record_that_is_not_in_order_leads_to_its_correction(
        self, nurse: Browser, actors: People, consent: Consent
    ):
        checks.check(actors.dpo, consent.id, outcome=CheckOutcome.FAILED, remark="wrong day")

        page = nurse.get(f"/participants/{consent.participant.code}")

        assert f'href="{of(consent, "/correct")}">Correct the record' in page.text

    def test_a_missing_scan_leads_to_where_it_is_attached(
        self, nurse: Browser, actors: People, participant: Participant
    ):
        form = make_template(code="OLD", proof_within_days=0)
        with clock.frozen(clock.now() - timedelta(days=2)):
            bare = service.record(OPERATOR, participant.id, signed_form(form))

        page = nurse.get(f"/participants/{participant.code}")

        assert f'href="{of(bare, "/scans")}">Attach the scan' in page.text
