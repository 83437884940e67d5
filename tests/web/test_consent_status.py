"""The page of how consents stand: a drawing, and the same in numbers."""

from collections.abc import Callable

from flask import Flask

from registry.kernel.actor import Actor
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of


def test_it_shows_each_question_with_a_drawing_and_a_table(
    app: Flask, sign_in: Callable[[Actor], Browser], actors: People
):
    make_consent(actors, make_participant(actors))

    page = sign_in(actors.nurse).speak("en").get("/consent-status")

    assert page.text.count('<svg class="stack"') == 4
    assert "Public research." in text_of(page)
    assert "Agreed 1 100 %" in text_of(page)


def test_a_cohort_without_consents_says_so(
    app: Flask, sign_in: Callable[[Actor], Browser], actors: People
):
    make_participant(actors)

    page = sign_in(actors.dpo).speak("en").get("/consent-status?cohort=1")

    assert "Nobody of your sites was asked anything" in text_of(page)
