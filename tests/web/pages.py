"""A browser of the tests: what a person sees of a page, and the forms that can be sent from it."""

import re
from contextvars import copy_context
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories.accounts import PASSWORD

COOKIES = ("registry_session", "__Host-registry_session")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str | None, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.forms.append((given.get("action"), {}))
        hidden = tag == "input" and given.get("type") == "hidden"
        if hidden and self.forms and given.get("name"):
            self.forms[-1][1][str(given["name"])] = given.get("value") or ""


class Browser:
    """A Flask test client that behaves like a person's browser."""

    def __init__(self, app: Flask, **environment: Any) -> None:
        self.client: FlaskClient = app.test_client()
        self.environment = environment

    def open(self, path: str, **kwargs: Any) -> TestResponse:
        """Send one request, outside any context that the test has pushed.

        Flask would share the test's own context, and ``g`` would go from one request to the next.
        """

        def request() -> TestResponse:
            _cv_app.set(None)  # type: ignore[arg-type]
            return self.client.open(path, buffered=True, **self.environment, **kwargs)

        return copy_context().run(request)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """Open a page."""
        return self.open(path, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send exactly this and nothing else: no token unless it is given."""
        return self.open(path, method="POST", data=data or {}, **kwargs)

    def hidden(self, page: str, action: str | None = None) -> dict[str, str]:
        """The hidden values of the form of `page` that is sent to `action` (or to the page)."""
        return hidden_values(self.get(page).text, page, action)

    def send(
        self,
        path: str,
        *,
        page: str | None = None,
        hidden: dict[str, str] | None = None,
        **values: Any,
    ) -> TestResponse:
        """Fill in the form for `path` that stands on `page` (on `path` itself) and send it."""
        known = hidden if hidden is not None else self.hidden(page or path, path)
        return self.post(path, {**known, **values})

    def speak(self, language: str) -> "Browser":
        """Switch the language, as the buttons at the top do."""
        hidden = self.hidden("/sign-in" if self.get("/").status_code == 302 else "/", "/language")
        self.post("/language", {**hidden, "language": language})
        return self

    def confirm(self) -> "Browser":
        """Give the password again, as pages that show identities ask for."""
        answer = self.send("/confirm", present_password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return self

    @property
    def token(self) -> str | None:
        """The session cookie."""
        cookies = (self.client.get_cookie(name) for name in COOKIES)
        return next((cookie.value for cookie in cookies if cookie), None)

    @token.setter
    def token(self, value: str) -> None:
        self.client.set_cookie(COOKIES[0], value)


def hidden_values(html: str, page: str, action: str | None = None) -> dict[str, str]:
    """The hidden values of one posted form in `html`.

    :raises LookupError: there is no such form.
    """
    parsed = _Page()
    parsed.feed(html)
    wanted = {action or page} | ({None, ""} if action in (None, page) else set())
    for target, values in parsed.forms:
        if target in wanted:
            return values
    raise LookupError(f"{page} has no form for {action or page}")


def text_of(page: TestResponse) -> str:
    """What is read on the page, without markup, in one line."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
