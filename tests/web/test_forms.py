"""Forms: read by their schema, and shown again as typed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from wtforms import FileField

from registry.kernel.actor import Actor
from registry.vocab.people import Sex
from registry.web.forms.base import SchemaForm
from schemas.base import Shape
from tests.factories.accounts import People
from tests.web import odd
from tests.web.pages import Browser, hidden_values, text_of

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(application: Flask, sign_in: SignIn, actors: People) -> Browser:
    """A nurse's browser, with the odd page."""
    odd.install(application)
    return sign_in(actors.nurse).speak("en")


class TestReading:
    def test_typed_values_come_from_the_schema(self, application: Flask):
        data = {**odd.GOOD, "lines-0-code": "a", "lines-0-volume": "0,5", "lines-1-code": "b",
                "lines-1-volume": "2"}  # fmt: skip
        with application.test_request_context(method="POST", data=data):
            form = odd.OddForm()

            assert form.validate()
            assert form.cleaned["name"] == "Zoé"
            assert form.cleaned["sex"] is Sex.FEMALE
            assert form.cleaned["codes"] == ["T1", "T2"]
            assert [str(line["volume"]) for line in form.cleaned["lines"]] == ["0.5", "2"]

    def test_fields_that_the_schema_does_not_know_are_not_read(self, application: Flask):
        with application.test_request_context(method="POST", data={**odd.GOOD, "is_admin": "1"}):
            form = odd.OddForm()

            assert form.validate()
            assert "is_admin" not in form.cleaned

    def test_what_the_schema_demands_is_marked_on_the_form(self, application: Flask):
        with application.test_request_context():
            form = odd.OddForm()

            assert form.name.flags.required
            assert not form.sex.flags.required

    def test_a_query_is_read_from_the_address(self, nurse: Browser):
        assert nurse.get("/odd/query?name=%20zo%C3%A9&other=1").get_json() == {
            "name": "zoé",
            "errors": 0,
        }
        assert nurse.get("/odd/query").get_json() == {"name": None, "errors": 0}
        assert nurse.get("/odd/query?name=much-too-long").get_json() == {"name": None, "errors": 1}


class TestRefusals:
    def test_a_refused_form_is_shown_again_as_it_was_typed(self, nurse: Browser):
        page = nurse.send("/odd", **{**odd.GOOD, "name": "Zoé", "born": "31/02/1985"})

        assert page.status_code == 422
        assert 'value="Zoé"' in page.text
        assert 'value="31/02/1985"' in page.text
        assert re.search(r'<input checked [^>]*value="female"', page.text)

    def test_the_summary_leads_to_each_field(self, nurse: Browser):
        page = nurse.send("/odd", name="", born="5/3/85", codes="t1\nt1")

        assert '<a href="#name">Name: Fill in this field.</a>' in page.text
        assert '<a href="#born">Born on: ' in page.text
        assert '<a href="#codes">Codes: Line 2: T1 was scanned before.</a>' in page.text
        assert page.text.index("error-summary") < page.text.index('id="name"')
        assert 'aria-describedby="name-hint name-error"' in page.text
        assert page.text.count('aria-invalid="true"') == 3
        assert "<title>Error: Odd" in page.text

    def test_an_error_deep_in_a_list_is_shown_at_its_field(self, nurse: Browser):
        lines = {
            "lines-0-code": "a",
            "lines-0-volume": "1",
            "lines-1-code": "",
            "lines-1-volume": "x",
        }

        page = nurse.send("/odd", **odd.GOOD, **lines)

        assert '<a href="#lines-1-code">Code: Fill in this field.</a>' in page.text
        assert '<a href="#lines-1-volume">Volume: Write a number' in page.text
        assert '"#lines-0' not in page.text

    @pytest.mark.parametrize(
        ("refuse", "status", "sentence"),
        [
            ("rule", 409, "Not today."),
            ("field", 409, "Name: Not this name."),
            ("stale", 412, "Changed meanwhile."),
            ("missing", 404, "Gone."),
            ("input", 422, "Name: Bad name."),
        ],
    )
    def test_a_refusal_of_the_domain_lands_on_the_form_and_undoes_everything(
        self, application: Flask, nurse: Browser, refuse: str, status: int, sentence: str
    ):
        before = odd.site_name(application)
        path = f"/odd?refuse={refuse}"

        page = nurse.post(path, {**nurse.hidden("/odd"), **odd.GOOD})

        assert page.status_code == status
        assert sentence in text_of(page)
        assert "Recorded." not in text_of(page)
        assert odd.site_name(application) == before
        assert "Recorded." not in text_of(nurse.get("/"))

    def test_after_a_refusal_the_same_form_can_be_sent_again(
        self, application: Flask, nurse: Browser
    ):
        hidden = nurse.hidden("/odd")
        refused = nurse.post("/odd?refuse=rule", {**hidden, **odd.GOOD})

        again = hidden_values(refused.text, "/odd?refuse=rule")
        assert again["request_key"] == hidden["request_key"]
        assert nurse.post("/odd", {**again, **odd.GOOD}).status_code == 303
        assert odd.site_name(application) == "Zoé"

    def test_what_people_type_is_never_markup(self, nurse: Browser):
        planted = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

        page = nurse.send("/odd", name=planted, born=planted, codes=planted)

        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;alert" in page.text


def test_every_field_of_a_form_is_read_by_its_schema():
    unread = {
        f"{form.__name__}.{name}"
        for form in _all_forms(SchemaForm)
        # A form without a schema of its own gets one made for each request.
        if form.__module__.startswith("registry.") and form.schema is not Shape
        for base in form.__mro__
        for name, field in vars(base).items()
        if hasattr(field, "_formfield")
        and name != "request_key"
        and name not in form.schema._declared_fields
        and not issubclass(field.field_class, FileField)
    }

    assert not unread, f"Nothing reads what is typed here: {sorted(unread)}"


def _all_forms(base: type[SchemaForm]) -> list[type[SchemaForm]]:
    return [form for direct in base.__subclasses__() for form in [direct, *_all_forms(direct)]]
