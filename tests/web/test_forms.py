"""Forms: read by their schema, shown again as typed, sent once."""

import re
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, render_template_string, request, url_for
from marshmallow.fields import Nested
from wtforms import FieldList, FileField, Form, FormField, RadioField, StringField, TextAreaField

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.audit.models import AuditEntry
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken, Stale
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.persistence.handled import HandledRequest
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.people import Sex
from registry.web.forms.base import QueryForm, SchemaForm
from registry.web.forms.choices import options
from registry.web.guards import current_actor, requires
from registry.web.notices import notify
from registry.web.once import redirect_once
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, FrenchDecimal, ScanCodes, Several, TrimmedText
from tests.factories.accounts import People
from tests.web.pages import Browser, hidden_values, text_of

SignIn = Callable[[Actor], Browser]


class LineIn(Shape):
    code = TrimmedText(required=True, longest=5)
    volume = FrenchDecimal(required=True, above=0)


class OddIn(Shape):
    name = TrimmedText(required=True, longest=limits.NAME_MAX)
    born = FrenchDate(required=True)
    sex = Choice(Sex)
    codes = ScanCodes()
    lines = Several(Nested(LineIn))


class LineForm(Form):
    code = StringField(T("Code"))
    volume = StringField(T("Volume"))


class OddForm(SchemaForm):
    schema = OddIn

    name = StringField(T("Name"), description=T("As on the card."))
    born = StringField(T("Born on"))
    sex = RadioField(T("Sex"), choices=options(Sex))
    codes = TextAreaField(T("Codes"))
    lines = FieldList(FormField(LineForm, T("Line")), T("Lines"))


class AskIn(Shape):
    name = TrimmedText(longest=5)


class OddQuery(QueryForm):
    schema = AskIn

    name = StringField(T("Name"))


PAGE = """{% extends "base.html" %}{% import "_parts/forms.html" as forms %}
{% block title %}Odd{% endblock %}{% block content %}
{{ forms.error_summary(form) }}
{% call forms.form_for(form) %}
{{ forms.field(form.name) }}{{ forms.field(form.born) }}{{ forms.field(form.sex) }}
{{ forms.scan_list(form.codes) }}
{% for line in form.lines %}{{ forms.field(line.form.code) }}{{ forms.field(line.form.volume) }}
{% endfor %}{{ forms.actions("Send") }}
{% endcall %}{% endblock %}"""

GOOD = {"name": " Zoé ", "born": "05/03/1985", "sex": "female", "codes": "t1\nt2"}


@transactional
def rename_site(actor: Actor, name: str) -> None:
    """A service: it asks, changes and records."""
    require(actor, Permission.ACCOUNT_OWN)
    site = registry_session.scalars(sa.select(Site).where(Site.code == "PAR")).one()
    site.name = name
    audit.record(actor, AuditTag.SITE_CREATED, site)


@pytest.fixture
def nurse(application: Flask, sign_in: SignIn, actors: People) -> Browser:
    """A nurse's browser, with a page that records a name and one that only asks."""
    bp = Blueprint("odd", __name__)

    @bp.route("/odd", methods=["GET", "POST"])
    @requires(Permission.ACCOUNT_OWN)
    def odd():  # type: ignore[no-untyped-def]
        form = OddForm()
        if form.validate_on_submit():

            def record() -> str:
                rename_site(current_actor(), form.cleaned["name"])
                notify(T("Recorded."))
                refusal = REFUSALS.get(request.args.get("refuse", ""))
                if refusal:
                    raise refusal
                return url_for(".odd", done="yes")

            with form.refusals():
                return redirect_once(form, record)
        return render_template_string(PAGE, form=form), form.status

    @bp.get("/odd/query")
    @requires(Permission.ACCOUNT_OWN)
    def query():  # type: ignore[no-untyped-def]
        form = OddQuery()
        return {"name": form.cleaned.get("name"), "errors": len(form.problems)}

    application.register_blueprint(bp)
    return sign_in(actors.nurse).speak("en")


REFUSALS = {
    "rule": RuleBroken(T("Not today.")),
    "field": RuleBroken(T("Not this name."), field="name"),
    "stale": Stale(T("Changed meanwhile.")),
    "missing": NotFound(T("Gone."), field="nowhere"),
    "input": InvalidInput(
        T("Wrong."), errors={"name": [T("Bad name.")], "lines": [T("Bad lines.")]}
    ),
}


def site_name(application: Flask) -> str:
    with application.app_context():
        return registry_session.scalars(sa.select(Site.name).where(Site.code == "PAR")).one()


def effects(application: Flask) -> int:
    with application.app_context():
        query = sa.select(sa.func.count()).where(AuditEntry.tag == AuditTag.SITE_CREATED.value)
        return registry_session.scalar(query) or 0


class TestReading:
    def test_typed_values_come_from_the_schema(self, application: Flask):
        data = {**GOOD, "lines-0-code": "a", "lines-0-volume": "0,5", "lines-1-code": "b",
                "lines-1-volume": "2"}  # fmt: skip
        with application.test_request_context(method="POST", data=data):
            form = OddForm()

            assert form.validate()
            assert form.cleaned["name"] == "Zoé"
            assert form.cleaned["sex"] is Sex.FEMALE
            assert form.cleaned["codes"] == ["T1", "T2"]
            assert [str(line["volume"]) for line in form.cleaned["lines"]] == ["0.5", "2"]

    def test_fields_that_the_schema_does_not_know_are_not_read(self, application: Flask):
        with application.test_request_context(method="POST", data={**GOOD, "is_admin": "1"}):
            form = OddForm()

            assert form.validate()
            assert "is_admin" not in form.cleaned

    def test_what_the_schema_demands_is_marked_on_the_form(self, application: Flask):
        with application.test_request_context():
            form = OddForm()

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
        page = nurse.send("/odd", **{**GOOD, "name": "Zoé", "born": "31/02/1985"})

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

        page = nurse.send("/odd", **GOOD, **lines)

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
        before = site_name(application)
        path = f"/odd?refuse={refuse}"

        page = nurse.post(path, {**nurse.hidden("/odd"), **GOOD})

        assert page.status_code == status
        assert sentence in text_of(page)
        assert "Recorded." not in text_of(page)
        assert site_name(application) == before
        assert "Recorded." not in text_of(nurse.get("/"))

    def test_after_a_refusal_the_same_form_can_be_sent_again(
        self, application: Flask, nurse: Browser
    ):
        hidden = nurse.hidden("/odd")
        refused = nurse.post("/odd?refuse=rule", {**hidden, **GOOD})

        again = hidden_values(refused.text, "/odd?refuse=rule")
        assert again["request_key"] == hidden["request_key"]
        assert nurse.post("/odd", {**again, **GOOD}).status_code == 303
        assert site_name(application) == "Zoé"

    def test_what_people_type_is_never_markup(self, nurse: Browser):
        planted = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

        page = nurse.send("/odd", name=planted, born=planted, codes=planted)

        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;alert" in page.text


class TestOnce:
    def test_the_same_form_sent_twice_has_one_effect_and_the_same_answer(
        self, application: Flask, nurse: Browser
    ):
        hidden = nurse.hidden("/odd")

        first, second = (nurse.post("/odd", {**hidden, **GOOD}) for _ in range(2))

        assert first.status_code == second.status_code == 303
        assert first.location == second.location == "/odd?done=yes"
        assert effects(application) == 1

    def test_other_values_under_the_same_key_are_refused(self, application: Flask, nurse: Browser):
        hidden = nurse.hidden("/odd")
        nurse.post("/odd", {**hidden, **GOOD})

        page = nurse.post("/odd", {**hidden, **GOOD, "name": "Another"})

        assert page.status_code == 422
        assert "sent before with other values" in text_of(page)
        assert site_name(application) == "Zoé"

    def test_somebody_elses_key_is_refused(self, nurse: Browser, sign_in: SignIn, actors: People):
        hidden = nurse.hidden("/odd")
        nurse.post("/odd", {**hidden, **GOOD})
        other = sign_in(actors.technician)
        own = other.hidden("/odd")

        page = other.post("/odd", {**own, "request_key": hidden["request_key"], **GOOD})

        assert page.status_code == 422

    @pytest.mark.parametrize("key", ["", "x", "../../etc", "A" * 36])
    def test_a_form_without_a_proper_key_is_refused(
        self, application: Flask, nurse: Browser, key: str
    ):
        page = nurse.send("/odd", **GOOD, request_key=key)

        assert page.status_code == 422
        assert effects(application) == 0

    def test_two_opened_forms_are_two(self, application: Flask, nurse: Browser):
        for _ in range(2):
            assert nurse.send("/odd", **GOOD).status_code == 303
        assert effects(application) == 2

    def test_what_was_sent_is_not_kept(self, application: Flask, nurse: Browser):
        nurse.send("/odd", **GOOD)

        with application.app_context():
            row = registry_session.scalars(sa.select(HandledRequest)).one()
            assert "Zoé" not in repr(vars(row))
            assert len(row.payload_digest) == 64

    @pytest.mark.concurrency
    def test_sent_several_times_at_once_it_has_one_effect(self, application: Flask, nurse: Browser):
        hidden = {**nurse.hidden("/odd"), "request_key": str(uuid4())}
        browsers = [Browser(application) for _ in range(6)]
        for browser in browsers:
            browser.token = nurse.token or ""
        together = threading.Barrier(len(browsers))
        answers: list[tuple[int, str | None]] = []

        def send(browser: Browser) -> None:
            together.wait()
            answer = browser.post("/odd", {**hidden, **GOOD})
            answers.append((answer.status_code, answer.location))

        threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == [(303, "/odd?done=yes")] * len(browsers)
        assert effects(application) == 1


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
        and field.field_class is not FileField
    }

    assert not unread, f"Nothing reads what is typed here: {sorted(unread)}"


def _all_forms(base: type[SchemaForm]) -> list[type[SchemaForm]]:
    return [form for direct in base.__subclasses__() for form in [direct, *_all_forms(direct)]]
