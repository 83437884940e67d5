"""The lists of participants and samples, narrowed by what people consent to."""

from collections.abc import Callable

import pytest
from flask import Flask

from registry.kernel.actor import Actor
from registry.vocab import limits
from registry.vocab.consent import Answer
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


def test_participants_are_listed_by_what_they_consent_to(
    app: Flask, sign_in: SignIn, actors: People
):
    yes, no = make_participant(actors), make_participant(actors)
    make_consent(actors, yes)
    make_consent(actors, no, answers={"genetics": Answer.REFUSED})
    nurse = sign_in(actors.nurse)

    consenting = text_of(nurse.get("/participants?use=genetics&consenting=allows"))
    others = text_of(nurse.get("/participants?use=genetics&consenting=does_not"))

    assert (yes.shown_code in consenting, no.shown_code in consenting) == (True, False)
    assert (yes.shown_code in others, no.shown_code in others) == (False, True)


def test_a_page_that_stopped_before_it_was_full_says_so(
    app: Flask, sign_in: SignIn, actors: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "NARROWED_ROWS_AT_ONCE", 1)
    monkeypatch.setattr(limits, "NARROWING_TURNS_MAX", 2)
    for _ in range(3):
        make_participant(actors)

    page = sign_in(actors.nurse).speak("en").get("/participants?use=genetics&consenting=allows")

    assert "the search stopped here before the page was full" in text_of(page)
    assert "use=genetics" in page.text


def test_samples_are_asked_for_by_consent_too(app: Flask, sign_in: SignIn, actors: People):
    page = sign_in(actors.technician).get("/samples?use=share&consenting=does_not")

    assert page.status_code == 200
