"""The pages of consent forms: written, put in use, printed, followed by a next version."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from registry.consents.templates import queries
from registry.consents.templates.models import ConsentTemplate
from registry.kernel.actor import Actor
from registry.persistence import database
from registry.vocab.consent import Language, TemplateStatus, Use
from registry.vocab.research import DuoTerm
from tests.factories.accounts import People
from tests.factories.consents import make_template
from tests.web.pages import Browser, text_of

FORMS = "/consent-forms"
HEAD = {
    "code": "asthma",
    "language": "fr",
    "title": "Consentement asthme",
    "regime": "express",
    "audience": "adult",
    "valid_from": "01/01/2026",
    "proof_within_days": "30",
}
QUESTION = {
    "code": "company",
    "text": "Une entreprise peut les utiliser.",
    "uses": ["commercial_research"],
    "permission": "DS",
    "diseases": "J45, J46",
    "conditions": ["NPOA"],
    "region": "EU",
}


@pytest.fixture
def coordinator(app: Flask, sign_in: Callable[[Actor], Browser], actors: People) -> Browser:
    return sign_in(actors.data_manager).speak("en")


def at(template: ConsentTemplate, *steps: object) -> str:
    return "/".join(map(str, (FORMS, template.id, *steps)))


def every() -> list[ConsentTemplate]:
    """The forms as they are now, as another request would read them."""
    database.remove_sessions()
    return list(queries.every())


def test_a_form_is_written_question_by_question_and_put_in_use(coordinator: Browser):
    assert coordinator.send(f"{FORMS}/new", **HEAD).status_code == 303
    (draft,) = every()
    assert coordinator.send(at(draft, "questions/new"), **QUESTION).status_code == 303
    answer = coordinator.send(at(draft, "finalise"), page=at(draft))

    (form,) = every()
    assert answer.status_code == 303
    assert (form.code, form.status) == ("ASTHMA", TemplateStatus.FINAL)
    (item,) = queries.text_of(form).items
    assert item.uses == {Use.COMMERCIAL_RESEARCH}
    assert item.terms == {
        (DuoTerm.DS, "J45"),
        (DuoTerm.DS, "J46"),
        (DuoTerm.NPOA, ""),
        (DuoTerm.GS, "EU"),
    }


def test_a_form_without_a_question_is_refused_on_its_page(coordinator: Browser):
    draft = make_template(items=[], final=False)

    page = coordinator.send(at(draft, "finalise"), page=at(draft))

    assert page.status_code == 409
    assert "The form asks nothing yet" in text_of(page)


def test_questions_are_changed_moved_and_taken_out(coordinator: Browser):
    draft = make_template(final=False)
    first, second, third, fourth = (item.code for item in draft.items)

    coordinator.send(at(draft, "questions/2/up"), page=at(draft))
    (moved,) = every()
    assert [item.code for item in moved.items] == [second, first, third, fourth]
    coordinator.send(at(draft, "questions/3/remove"), page=at(draft))
    coordinator.send(at(draft, "questions/1"), **QUESTION)

    (changed,) = every()
    assert [item.code for item in changed.items] == ["company", first, fourth]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"diseases": ""}, "Name the codes of the diseases"),
        ({"permission": ""}, "Name the codes of the diseases"),
        ({"code": "É!"}, "Write a code such as genetics"),
        ({"text": ""}, "Fill in this field"),
        ({"valid_months": "0"}, "whole number from 1"),
    ],
)
def test_a_wrong_question_is_told_and_nothing_is_lost(
    coordinator: Browser, wrong: dict[str, str], sentence: str
):
    draft = make_template(items=[], final=False)

    page = coordinator.send(at(draft, "questions/new"), **{**QUESTION, **wrong})

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert 'value="EU"' in page.text


def test_a_form_in_use_offers_its_next_version_and_its_translation(coordinator: Browser):
    form = make_template()

    coordinator.send(at(form, "translate/en"), page=at(form))
    english = next(one for one in every() if one.language is Language.ENGLISH)
    coordinator.send(at(english, "finalise"), page=at(english))
    coordinator.send(f"{FORMS}/FORM/next-version", page=at(form))

    second = [one for one in every() if one.number == 2]
    assert {one.language for one in second} == set(Language)
    coordinator.send(
        at(second[0], "edit"), **{**HEAD, "change_rule": "reconsent", "change_by": "31/12/2027"}
    )

    assert every()[0].change_by == date(2027, 12, 31)


def test_a_form_is_retired_and_a_draft_thrown_away(coordinator: Browser):
    form, draft = make_template(), make_template(code="OTHER", final=False)

    coordinator.send(at(form, "retire"), last_day="31/12/2026")
    coordinator.send(at(draft, "discard"), page=at(draft))

    (left,) = every()
    assert left.status is TemplateStatus.RETIRED


def test_the_paper_is_the_file_that_was_kept(coordinator: Browser):
    form = make_template()

    first = coordinator.get(f"{FORMS}/{form.id}.pdf")
    again = coordinator.get(f"{FORMS}/{form.id}.pdf")

    assert first.mimetype == "application/pdf"
    assert first.data == again.data


def test_a_nurse_reads_and_prints_but_writes_nothing(
    app: Flask, sign_in: Callable[[Actor], Browser], actors: People
):
    form = make_template(final=False)
    nurse = sign_in(actors.nurse).speak("en")

    page = nurse.get(at(form))

    assert page.status_code == 200
    assert "Put it in use" not in text_of(page)
    assert nurse.get(f"{FORMS}/new").status_code == 403
