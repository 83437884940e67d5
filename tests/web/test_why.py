"""The page that says why: for any use or study, on any day, as known on any day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from registry.consents.decision.case import Case
from registry.consents.signing.information import inform
from registry.consents.templates.wording import ItemText
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.vocab.consent import Answer, ChangeRule, Channel, CheckOutcome, Use
from registry.vocab.research import DuoTerm
from tests.factories.accounts import People
from tests.factories.consents import (
    SIGNED,
    attach_scan,
    check_consent,
    make_consent,
    make_template,
    make_withdrawal,
)
from tests.factories.participants import OPERATOR, make_participant
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def participant(app: Flask, actors: People) -> Participant:
    """Somebody who agrees to all but companies."""
    participant = make_participant(actors)
    make_consent(actors, participant, answers={"company": Answer.REFUSED})
    return participant


def asked(browser: Browser, participant: Participant, **question: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in question.items())
    return text_of(browser.get(f"/participants/{participant.code}/consents/why?{query}"))


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


def test_can_this_tube_go_to_an_american_company_in_march(nurse: Browser, participant: Participant):
    page = asked(nurse, participant, on="15/03/2027", recipient_kind="company", country="US")

    assert "The answer for 15 Mar 2027 Not allowed" in page
    assert "Research with a company Not allowed" in page
    assert "Transfer outside the European Union Not allowed" in page
    assert "Academic research Allowed" in page


def test_the_study_is_said_again_beside_the_answer(nurse: Browser, participant: Participant):
    page = asked(nurse, participant, recipient_kind="company", country="US", genetics="y")

    chosen = "Health or biomedical research, Company, United States, Genetic examination"
    assert f"The study: {chosen}" in page
    page = asked(nurse.speak("fr"), participant, genetics="y")
    assert "France, Examen génétique" in page


def test_each_rule_says_whether_it_holds_and_one_decides(
    nurse: Browser, actors: People, participant: Participant
):
    make_withdrawal(actors, participant)

    page = asked(nurse, participant, use="store")

    assert "opposed it. Withdrawal from 02 Mar 2026: Everything Decides" in page
    assert page.count("Decides") == 1
    assert "agrees to this. Form FORM, version 1, signed on 02 Mar 2026 Holds as well" in page


def test_the_past_is_answered_as_it_was(nurse: Browser, actors: People, participant: Participant):
    make_withdrawal(actors, participant, effective_on=clock.today())
    before = (clock.today() - timedelta(days=1)).strftime("%d/%m/%Y")

    assert "Not allowed" in asked(nurse, participant, use="store")
    assert "Rule 13" in asked(nurse, participant, use="store", on=before)
    day_before = (SIGNED - timedelta(days=1)).strftime("%d/%m/%Y")
    assert "Rule 3" in asked(nurse, participant, use="store", on=day_before)


def test_nonsense_is_told_and_nothing_is_answered(nurse: Browser, participant: Participant):
    page = asked(nurse, participant, use="store", on="31/02/2027")

    assert "Please check this" in page
    assert "The answer for" not in page


def test_another_site_learns_nothing(sign_in: SignIn, actors: People, participant: Participant):
    answer = sign_in(actors.other_site_nurse).get(f"/participants/{participant.code}/consents/why")

    assert answer.status_code == 404


def test_the_records_that_decide_are_named_and_lead_to_their_pages(
    nurse: Browser, actors: People, participant: Participant
):
    withdrawal = make_withdrawal(actors, participant)

    page = nurse.get(f"/participants/{participant.code}/consents/why?use=store").text

    assert f'href="/withdrawals/{withdrawal.id}"' in page
    assert f"/participants/{participant.code}#consents" in page
    assert "withdrawal:" not in page


def test_every_kind_of_record_is_named_in_words(
    nurse: Browser, actors: People, participant: Participant
):
    form = make_template(code="CHANGING")
    consent = check_consent(
        actors, attach_scan(make_consent(actors, participant, template=form)), CheckOutcome.FAILED
    )
    make_template(
        code="CHANGING",
        version=2,
        change_rule=ChangeRule.RECONSENT,
        change_by=SIGNED,
        valid_from=SIGNED,
    )
    inform(
        OPERATOR,
        [participant.id],
        template_id=form.id,
        informed_on=SIGNED,
        channel=Channel.LETTER,
    )

    page = asked(nurse, participant, use="academic_research")

    assert "Form CHANGING, version 1, signed on 02 Mar 2026" in page
    assert "Not in order" in page
    assert "Form CHANGING, version 2" in page
    assert f"consent:{consent.id}" not in page
    assert "consent_" not in page


def test_a_rule_that_crashes_is_shown_and_nothing_is_allowed(
    nurse: Browser, participant: Participant, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Case, "standing_stops", property(lambda _case: 1 / 0))

    page = asked(nurse, participant, use="store")

    assert "The consent could not be checked, so nothing is allowed." in page
    assert "Could not be checked" in page
    assert "Decides" not in page


def test_the_conditions_of_a_form_are_said_with_their_values(
    nurse: Browser, actors: People, participant: Participant
):
    conditions = frozenset({(DuoTerm.IS, "Institut Cochin"), (DuoTerm.PUB, "")})
    items = [ItemText("own", "For us.", frozenset({Use.ACADEMIC_RESEARCH}), terms=conditions)]
    make_consent(actors, participant, template=make_template(code="OWN", items=items))

    denied = asked(nurse, participant, recipient_kind="institute", institution="Inserm")
    allowed = asked(nurse, participant, recipient_kind="institute", institution="Institut Cochin")

    assert "does not meet: One institution only: Institut Cochin" in denied
    assert "Rule 13" in allowed
    assert "Results are published" in allowed


def test_a_technician_is_told_the_verdict_and_its_sentence_alone(
    sign_in: SignIn, actors: People, participant: Participant
):
    make_withdrawal(actors, participant)

    page = asked(sign_in(actors.technician).speak("en"), participant, use="store")

    assert "Not allowed" in page
    assert "The participant has withdrawn from this or opposed it." in page
    assert "Evidence" not in page
    assert "Does not hold" not in page


def test_a_deadline_is_written_as_the_person_writes_days(
    sign_in: SignIn, actors: People, participant: Participant
):
    form = make_template(code="SCANNED", proof_within_days=30)
    due = (clock.today() + timedelta(days=30)).strftime("%d/%m/%Y")
    make_consent(actors, participant, template=form)

    page = asked(sign_in(actors.nurse).speak("fr"), participant, use="store")

    assert due in page
