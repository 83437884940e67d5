"""Browsers without JavaScript: they fetch a page, fill in its form and send it with its token."""

from collections.abc import Callable

import pytest
from flask import Flask

from registry.kernel.actor import Actor
from tests.factories.accounts import PASSWORD, People
from tests.web.pages import Browser
from tests.web.technician import Now


@pytest.fixture
def browser(application: Flask) -> Browser:
    """A browser in which nobody has signed in."""
    return Browser(application)


@pytest.fixture
def sign_in(application: Flask) -> Callable[[Actor], Browser]:
    """A browser in which this person has signed in, through the page."""

    def sign_in(actor: Actor) -> Browser:
        browser = Browser(application)
        page = browser.send("/sign-in", login=actor.login, password=PASSWORD)
        assert page.status_code == 303, page.text
        return browser

    return sign_in


@pytest.fixture
def technician(sign_in: Callable[[Actor], Browser], actors: People) -> Browser:
    """A browser in which the technician has signed in, in English."""
    return sign_in(actors.technician).speak("en")


@pytest.fixture
def now(actors: People) -> Now:
    """What the technician would read at this moment."""
    return Now(actors.technician)
