"""Shapes of leading a project's code back, and of recording and finding partners' codes."""

from typing import TypedDict, cast

from marshmallow import ValidationError

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.pseudonyms import ReversalReason
from schemas.base import Shape, errors_of
from schemas.fields import Choice, TrimmedText


def _reason() -> TrimmedText:
    return TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class ReversalIn(Shape):
    """A code of a request's extract, and why one needs to know whose it is."""

    number = TrimmedText(required=True, longest=limits.CODE_MAX)
    pseudonym = TrimmedText(required=True, longest=limits.CODE_MAX)
    kind = Choice(ReversalReason, required=True)
    reason = _reason()


class PartnerCodeIn(Shape):
    """A code under which a partner knows somebody."""

    partner = TrimmedText(required=True, longest=limits.CODE_MAX)
    code = TrimmedText(required=True, longest=limits.CODE_MAX)


class RetireIn(Shape):
    """Why a partner's code is no longer a person's."""

    reason = _reason()


PSEUDONYM_HEADINGS: dict[str, tuple[str, ...]] = {
    "participant": ("code_participant", "participant", "participant_code"),
    "code": ("code_partenaire", "code partenaire", "partner_code", "foreign_code", "code"),
}
PSEUDONYM_REQUIRED = ("participant", "code")


class PseudonymValues(TypedDict):
    """A row of a participant's code and a partner's, as they were written."""

    participant: str
    code: str


class PseudonymRow(Shape):
    """A participant, and the code under which a partner knows the person."""

    participant = TrimmedText(required=True, longest=limits.CODE_MAX)
    code = TrimmedText(required=True, longest=limits.CODE_MAX)


_PSEUDONYM_ROW = PseudonymRow()


def pseudonym_values(values: dict[str, str]) -> PseudonymValues:
    """The row's values.

    :raises InvalidInput: with every problem by field.
    """
    try:
        return cast(PseudonymValues, _PSEUDONYM_ROW.load(values))
    except ValidationError as refusal:
        raise InvalidInput(T("Some values cannot be taken."), errors=errors_of(refusal)) from None
