"""A page with every kind of field, for testing what all forms have in common."""

import sqlalchemy as sa
from flask import Blueprint, Flask, render_template_string, request, url_for
from marshmallow.fields import Nested
from wtforms import FieldList, Form, FormField, RadioField, StringField, TextAreaField

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.audit.models import AuditEntry
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken, Stale
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
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


REFUSALS = {
    "rule": RuleBroken(T("Not today.")),
    "field": RuleBroken(T("Not this name."), field="name"),
    "stale": Stale(T("Changed meanwhile.")),
    "missing": NotFound(T("Gone."), field="nowhere"),
    "input": InvalidInput(
        T("Wrong."), errors={"name": [T("Bad name.")], "lines": [T("Bad lines.")]}
    ),
}


def install(application: Flask) -> None:
    """Add the page that records a name, and one that only asks."""
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


def site_name(application: Flask) -> str:
    with application.app_context():
        return registry_session.scalars(sa.select(Site.name).where(Site.code == "PAR")).one()


def effects(application: Flask) -> int:
    with application.app_context():
        query = sa.select(sa.func.count()).where(AuditEntry.tag == AuditTag.SITE_CREATED.value)
        return registry_session.scalar(query) or 0
