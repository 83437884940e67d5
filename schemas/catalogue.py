"""Shapes of counting what exists."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Purpose
from registry.vocab.people import Sex
from registry.vocab.research import COUNTRIES, RecipientKind
from registry.vocab.samples import SampleType
from schemas.base import Shape
from schemas.fields import Choice, FrenchDecimal, Several, TrimmedText, WholeNumber, refuse


def _year() -> WholeNumber:
    return WholeNumber(minimum=limits.COLLECTION_YEAR_MIN, maximum=limits.COLLECTION_YEAR_MAX)


class CriteriaIn(Shape):
    """What samples and their participants must be; what is left empty excludes nothing."""

    cohorts = Several(TrimmedText(longest=limits.CODE_MAX), load_default=tuple)
    sample_types = Several(Choice(SampleType), load_default=tuple)
    sexes = Several(Choice(Sex), load_default=tuple)
    age_bands = Several(Choice(AgeBand), load_default=tuple)
    min_volume = FrenchDecimal(above=0)
    collected_from = _year()
    collected_to = _year()

    @validates_schema(skip_on_field_errors=True)
    def check_years_are_in_order(self, data: dict[str, Any], **_: Any) -> None:
        """Years in the wrong order match nothing, which looks like an answer."""
        first, last = data["collected_from"], data["collected_to"]
        if first is not None and last is not None and last < first:
            raise ValidationError(
                [T("The last year of collection comes before the first.")],
                field_name="collected_to",
            )


def check_country(code: str) -> None:
    """Refuse what is no country of ISO 3166-1."""
    if code not in COUNTRIES:
        refuse(T("Choose a country from the list."))


class CountIn(CriteriaIn):
    """A question to the catalogue."""

    purpose = Choice(Purpose, required=True)
    recipient_kind = Choice(RecipientKind, required=True)
    country = TrimmedText(required=True, longest=limits.CODE_MAX, validate=check_country)
