"""Shapes of asking for an extract and of deciding on it."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.applications import DECISIONS, Act, Variable
from registry.vocab.research import ResearchCategory
from schemas.base import Shape
from schemas.catalogue import CountIn
from schemas.dates import FrenchDate
from schemas.fields import Choice, Flag, Several, TrimmedText, WholeNumber, refuse

_VERSION_MAX = 2**31 - 1


class ApplicationIn(CountIn):
    """A request: what for, for whom, which columns of which samples."""

    title = TrimmedText(required=True, shortest=limits.REASON_MIN, longest=limits.NAME_MAX)
    justification = TrimmedText(
        required=True, shortest=limits.PURPOSE_MIN, longest=limits.PURPOSE_MAX, lines=True
    )
    recipient = TrimmedText(required=True, longest=limits.NAME_MAX)
    variables = Several(Choice(Variable), load_default=tuple)
    category = Choice(ResearchCategory, required=True)
    #: The codes of the diseases, separated by spaces, commas or semicolons.
    diseases = TrimmedText(longest=limits.NAME_MAX)
    links_data = Flag()
    ends_on = FrenchDate()
    ethics_reference = TrimmedText(longest=limits.NAME_MAX)
    #: What the participants' consents ask in return.
    accepts = Flag()
    #: Of the draft that is changed; a new request has none.
    version = WholeNumber(minimum=1, maximum=_VERSION_MAX)

    @validates_schema(skip_on_field_errors=False)
    def check_something_is_asked(self, data: dict[str, Any], **_: Any) -> None:
        """An extract without a column says nothing but how many there are."""
        if not data.get("variables"):
            raise ValidationError([T("Choose at least one variable.")], field_name="variables")


def _check_decides(act: Act) -> None:
    if act not in DECISIONS:
        refuse(T("Choose one of the values offered."))


class DecisionIn(Shape):
    """Yes or no, and why."""

    decision = Choice(Act, required=True, validate=_check_decides)
    reason = TrimmedText(shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True)

    @validates_schema(skip_on_field_errors=True)
    def check_a_refusal_has_its_reason(self, data: dict[str, Any], **_: Any) -> None:
        """The requester reads it and may ask again, better."""
        if data["decision"] is Act.REFUSE and not data["reason"]:
            raise ValidationError(
                [T("Give the reason: the requester will read it.")], field_name="reason"
            )


class SendIn(Shape):
    """A draft that is sent."""

    accepts = Flag()


class TakeBackIn(Shape):
    """Why one's own request is taken back, if there is something to say."""

    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)
