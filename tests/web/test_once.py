"""A form that is sent twice has one effect."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.persistence.handled import HandledRequest
from tests.factories.accounts import People
from tests.web import odd
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(application: Flask, sign_in: SignIn, actors: People) -> Browser:
    """A nurse's browser, with the odd page."""
    odd.install(application)
    return sign_in(actors.nurse).speak("en")


def test_the_same_form_sent_twice_has_one_effect_and_the_same_answer(
    application: Flask, nurse: Browser
):
    hidden = nurse.hidden("/odd")

    first, second = (nurse.post("/odd", {**hidden, **odd.GOOD}) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.location == second.location == "/odd?done=yes"
    assert odd.effects(application) == 1


def test_other_values_under_the_same_key_are_refused(application: Flask, nurse: Browser):
    hidden = nurse.hidden("/odd")
    nurse.post("/odd", {**hidden, **odd.GOOD})

    page = nurse.post("/odd", {**hidden, **odd.GOOD, "name": "Another"})

    assert page.status_code == 422
    assert "sent before with other values" in text_of(page)
    assert odd.site_name(application) == "Zoé"


def test_somebody_elses_key_is_refused(nurse: Browser, sign_in: SignIn, actors: People):
    hidden = nurse.hidden("/odd")
    nurse.post("/odd", {**hidden, **odd.GOOD})
    other = sign_in(actors.technician)
    own = other.hidden("/odd")

    page = other.post("/odd", {**own, "request_key": hidden["request_key"], **odd.GOOD})

    assert page.status_code == 422


@pytest.mark.parametrize("key", ["", "x", "../../etc", "A" * 36])
def test_a_form_without_a_proper_key_is_refused(application: Flask, nurse: Browser, key: str):
    page = nurse.send("/odd", **odd.GOOD, request_key=key)

    assert page.status_code == 422
    assert odd.effects(application) == 0


def test_two_opened_forms_are_two(application: Flask, nurse: Browser):
    for _ in range(2):
        assert nurse.send("/odd", **odd.GOOD).status_code == 303
    assert odd.effects(application) == 2


def test_what_was_sent_is_not_kept(application: Flask, nurse: Browser):
    nurse.send("/odd", **odd.GOOD)

    with application.app_context():
        row = registry_session.scalars(sa.select(HandledRequest)).one()
        assert "Zoé" not in repr(vars(row))
        assert len(row.payload_digest) == 64


@pytest.mark.concurrency
def test_sent_several_times_at_once_it_has_one_effect(application: Flask, nurse: Browser):
    hidden = {**nurse.hidden("/odd"), "request_key": str(uuid4())}
    browsers = [Browser(application) for _ in range(6)]
    for browser in browsers:
        browser.token = nurse.token or ""
    together = threading.Barrier(len(browsers))
    answers: list[tuple[int, str | None]] = []

    def send(browser: Browser) -> None:
        together.wait()
        answer = browser.post("/odd", {**hidden, **odd.GOOD})
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(303, "/odd?done=yes")] * len(browsers)
    assert odd.effects(application) == 1
