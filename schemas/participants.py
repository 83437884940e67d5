"""Shapes of finding, including, listing and recognising participants."""

import re
from typing import Any

from registry.kernel.messages import T
from registry.vocab import limits, patterns
from registry.vocab.consent import Consenting, Use
from registry.vocab.people import ParticipantStatus, RevealReason, Sex
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, TrimmedText, WholeNumber, refuse

_ID_MAX = 2**31 - 1


def _id(**options: Any) -> WholeNumber:
    return WholeNumber(minimum=1, maximum=_ID_MAX, **options)


def _name() -> TrimmedText:
    return TrimmedText(longest=limits.NAME_MAX, validate=_check_name)


def _check_name(name: str) -> None:
    if not any(symbol.isalpha() for symbol in name):
        refuse(T("A name has letters."))


def _reason() -> TrimmedText:
    return TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class BirthPlace(TrimmedText):
    """A town and its country in words, or INSEE's code of the commune or the country."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        place = super()._deserialize(value, attr, data)
        if any(symbol.isdigit() for symbol in place) and " " not in place:
            place = place.upper()
            if not re.fullmatch(patterns.INSEE_CODE, place):
                refuse(T("An INSEE code has five characters, such as 69123, 2A004 or 99350."))
        return place


class SearchIn(Shape):
    """By what a person is looked for."""

    birth_name = _name()
    given_names = _name()
    birth_date = FrenchDate()
    hospital_identifier = TrimmedText(longest=limits.CODE_MAX)
    site_id = _id(required=True)


class InclusionIn(SearchIn):
    """A person to include; the vault says what it cannot do without."""

    used_name = _name()
    sex = Choice(Sex, required=True)
    birth_place = BirthPlace(longest=limits.NAME_MAX)
    cohort_id = _id(required=True)
    included_on = FrenchDate(required=True)
    print_label = Flag()


class ParticipantFilterIn(Shape):
    """Which participants a list is to show."""

    cohort_id = _id()
    site_id = _id()
    standing = Choice(ParticipantStatus)
    is_incomplete = Flag()
    use = Choice(Use)
    consenting = Choice(Consenting)


class RevealIn(Shape):
    """Why the identity is needed."""

    kind = Choice(RevealReason, required=True)
    reason = _reason()
