"""Shapes of recording a signed form, a correction of it and a withdrawal."""

from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Field, Nested

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import Answer, Channel, Language, Use, WithdrawalScope
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import Choice, Several, TrimmedText, WholeNumber

_ID_MAX = 2**31 - 1


class ConsentIn(Shape):
    """A form that was signed; its answers depend on the form."""

    signed_on = FrenchDate(required=True)
    information_given_on = FrenchDate()
    channel = Choice(Channel, required=True)
    language = Choice(Language, required=True)


class CorrectionIn(ConsentIn):
    """The same form, recorded anew because the record was wrong."""

    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class AnswersIn(Shape):
    """The answers to a form's items, by the items' codes."""

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Ask for what is missing in the words of a question."""
        super().on_bind_field(field_name, field_obj)
        field_obj.error_messages["required"] = [T("Choose an answer.")]


def with_answers(shape: type[ConsentIn], codes: Iterable[str]) -> Shape:
    """The shape with a required answer to each of the form's items, under ``answers``."""
    answers = AnswersIn.from_dict({code: Choice(Answer, required=True) for code in codes})
    whole: type[Shape] = type(shape.__name__, (shape,), {"answers": Nested(answers, required=True)})
    return whole()


class CohortChoiceIn(Shape):
    """Whose consents are shown."""

    cohort = WholeNumber(minimum=1, maximum=_ID_MAX)


class FormChoiceIn(Shape):
    """Which form was signed."""

    form = WholeNumber(minimum=1, maximum=_ID_MAX)


class WithdrawalIn(Shape):
    """What a participant takes back."""

    scope = Choice(WithdrawalScope, required=True)
    uses = Several(Choice(Use))
    effective_on = FrenchDate(required=True)
    channel = Choice(Channel, required=True)
    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)

    @validates_schema(skip_on_field_errors=True)
    def check_uses_are_named(self, data: dict[str, Any], **_: Any) -> None:
        """“Only some uses” names them."""
        if data["scope"] is WithdrawalScope.USES and not data["uses"]:
            raise ValidationError(
                [T("Choose at least one use that is stopped.")], field_name="uses"
            )
