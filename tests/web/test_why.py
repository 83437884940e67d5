"""The page that says why: for any use or study, on any day, as known on any day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.vocab.consent import Answer
from tests.factories.accounts import People
from tests.factories.consents import SIGNED, make_consent, make_withdrawal
from tests.factories.participants import make_participant
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


def test_each_rule_says_whether_it_holds_and_one_decides(
    nurse: Browser, actors: People, participant: Participant
):
    make_withdrawal(actors, participant)

    page = asked(nurse, participant, use="store")

    assert "The participant has withdrawn from this or opposed it. Decides" in page
    assert page.count("Decides") == 1
    assert "The participant agrees to this. Holds as well" in page


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
