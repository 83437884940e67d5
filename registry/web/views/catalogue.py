"""What exists, in numbers that tell nobody apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from registry.access import Permission
from registry.extracts import catalogue
from registry.extracts.catalogue import Answer, Question
from registry.extracts.disclosure import Figure
from registry.kernel.errors import TooManyAttempts
from registry.kernel.messages import Message, T
from registry.vocab.applications import AgeBand
from registry.vocab.labels import label
from registry.vocab.people import Sex
from registry.web.forms.applications import CountForm
from registry.web.forms.base import render_form
from registry.web.guards import current_actor, requires
from registry.web.language import translate

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")

Page = Response | tuple[str, int]


def count_form(**options: Any) -> CountForm:
    """The form with the cohorts and the types of samples that there are."""
    return CountForm(cohorts=catalogue.cohorts(), sample_types=catalogue.sample_types(), **options)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_COUNT)
def ask() -> Page:
    """Choose what to count.  Counting is remembered, so that it is asked for, not looked at."""
    form = count_form()
    if form.validate_on_submit():
        with form.refusals():
            try:
                asked = catalogue.count(current_actor(), form.question)
            except TooManyAttempts as refusal:
                form.attach(refusal)
            else:
                return redirect(url_for(".show", count_id=asked.id), code=303)
    return render_form("catalogue/show.html", form=form, answer=None)


@bp.get("/<int:count_id>")
@requires(Permission.CATALOGUE_COUNT)
def show(count_id: int) -> Page:
    """The answer to a question that was asked, and the question to change."""
    actor = current_actor()
    asked = catalogue.get(actor, count_id)
    question, answer = catalogue.question_of(asked), catalogue.answer_of(asked)
    return render_form(
        "catalogue/show.html",
        form=count_form(asked=question, formdata=None),
        asked=asked,
        question=question,
        answer=answer,
        codes=question.criteria.cohorts or tuple(answer.cohorts),
        tables=_tables(question, answer),
        left_today=catalogue.left_today(actor),
    )


@dataclass(frozen=True)
class _Table:
    """The figures by one trait, in the order of its values."""

    caption: Message
    heading: Message
    rows: Sequence[tuple[str, Figure]]

    @property
    def most(self) -> int:
        """The largest number of participants: what the longest bar stands for."""
        return max((figure.participants or 0 for _name, figure in self.rows), default=0)


def _tables(question: Question, answer: Answer) -> dict[str, _Table]:
    """The figures by each trait; what the criteria leave out is not among them."""
    criteria = question.criteria
    codes = criteria.cohorts or tuple(answer.cohorts)
    return {
        "cohort": _Table(
            T("By cohort"),
            T("Cohort"),
            [(answer.cohorts.get(code, code), answer.at("cohort", code)) for code in codes],
        ),
        "type": _Table(
            T("By sample type"), T("Sample type"), _rows(answer, "type", answer.sample_types)
        ),
        "sex": _Table(T("By sex"), T("Sex"), _rows(answer, "sex", criteria.sexes or Sex)),
        "age": _Table(
            T("By age at inclusion, in years"),
            T("Age"),
            _rows(answer, "age", criteria.age_bands or AgeBand),
        ),
    }


def _rows(answer: Answer, by: str, members: Iterable[StrEnum]) -> list[tuple[str, Figure]]:
    return [(translate(label(member)), answer.at(by, member.value)) for member in members]
