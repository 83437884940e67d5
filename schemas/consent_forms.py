"""Shapes of writing a consent form and its questions."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, post_load, validate, validates_schema
from marshmallow.fields import Field

from registry.kernel.messages import T
from registry.vocab import limits, patterns
from registry.vocab.consent import Audience, ChangeRule, Language, Regime, Use
from registry.vocab.research import PERMISSIONS, WITH_PARAMETER, DuoTerm
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, Several, TrimmedText, WholeNumber, refuse

_MONTHS_MAX = 1200
_DAYS_MAX = 3650
#: The conditions that restrict and need no value: boxes to tick.
PLAIN_CONDITIONS = tuple(
    term for term in DuoTerm if term not in PERMISSIONS and term not in WITH_PARAMETER
)
#: The field of each condition that needs a value.
VALUED_CONDITIONS: Mapping[DuoTerm, str] = {
    DuoTerm.RS: "research_type",
    DuoTerm.GS: "region",
    DuoTerm.IS: "institution",
    DuoTerm.PS: "project",
    DuoTerm.US: "users",
    DuoTerm.TS: "months",
    DuoTerm.MOR: "moratorium_months",
}


class FormCode(Field[str]):
    """A code in capitals, such as ``BIOBANK-2``."""

    def __init__(self, pattern: str, example: str, *, capitals: bool, **options: Any) -> None:
        super().__init__(**options)
        self.pattern, self.example, self.capitals = pattern, example, capitals

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        text: str = TrimmedText(longest=limits.CODE_MAX).deserialize(value)
        text = text.upper() if self.capitals else text.lower()
        if not re.fullmatch(self.pattern, text):
            refuse(T("Write a code such as {example}.", example=self.example))
        return text


class FormIn(Shape):
    """The head of a form."""

    title = TrimmedText(required=True, longest=limits.NAME_MAX)
    regime = Choice(Regime, required=True)
    audience = Choice(Audience, required=True)
    valid_from = FrenchDate(required=True)
    valid_to = FrenchDate()
    proof_within_days = WholeNumber(minimum=0, maximum=_DAYS_MAX)
    change_rule = Choice(ChangeRule, load_default=ChangeRule.NOTHING)
    change_by = FrenchDate()


class NewFormIn(FormIn):
    """A form that did not exist."""

    code = FormCode(patterns.FORM_CODE, "BIOBANK-2", capitals=True, required=True)
    language = Choice(Language, required=True)


class ItemIn(Shape):
    """A question of a form."""

    code = FormCode(patterns.ITEM_CODE, "genetics", capitals=False, required=True)
    text = TrimmedText(required=True, longest=limits.PURPOSE_MAX, lines=True)
    uses = Several(Choice(Use), load_default=tuple)
    mandatory = Flag()
    valid_months = WholeNumber(minimum=1, maximum=_MONTHS_MAX)
    permission = Choice(DuoTerm, validate=validate.OneOf(PERMISSIONS))
    diseases = TrimmedText(longest=limits.REASON_MAX)
    conditions = Several(Choice(DuoTerm), load_default=tuple)
    research_type = TrimmedText(longest=limits.CODE_MAX)
    region = TrimmedText(longest=limits.CODE_MAX)
    institution = TrimmedText(longest=limits.CODE_MAX)
    project = TrimmedText(longest=limits.CODE_MAX)
    users = TrimmedText(longest=limits.CODE_MAX)
    months = WholeNumber(minimum=1, maximum=_MONTHS_MAX)
    moratorium_months = WholeNumber(minimum=1, maximum=_MONTHS_MAX)

    @validates_schema(skip_on_field_errors=True)
    def check_diseases_are_named(self, data: dict[str, Any], **_: Any) -> None:
        """“Named diseases only” names them, and nothing else does."""
        if (data["permission"] is DuoTerm.DS) is not bool(data["diseases"]):
            raise ValidationError(
                [T("Name the codes of the diseases, for research on named diseases alone.")],
                field_name="diseases",
            )

    @post_load
    def gather_terms(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """All conditions under one name, each with its value."""
        named = (data.pop("diseases") or "").replace(",", " ").split()
        permission = data.pop("permission")
        terms = {(term, "") for term in data.pop("conditions")}
        if permission is DuoTerm.DS:
            terms |= {(permission, disease.upper()) for disease in named}
        elif permission is not None:
            terms.add((permission, ""))
        for term, name in VALUED_CONDITIONS.items():
            value = data.pop(name)
            if value is not None:
                terms.add((term, str(value)))
        data["terms"] = frozenset(terms)
        data["uses"] = frozenset(data["uses"])
        return data


class RetireIn(Shape):
    """The last day on which a form is signed."""

    last_day = FrenchDate(required=True)
