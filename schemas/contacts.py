"""What a list of contacts is asked with."""

import re
from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Field

from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.people import ContactPurpose
from schemas.base import Shape
from schemas.fields import Choice, TrimmedText, WholeNumber, refuse, text_of

_ID_MAX = 2**31 - 1


class ParticipantCodes(Field[list[str]]):
    """Participants' codes, however typed, one on each line; doubles count once."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[str]:
        typed = [line for line in re.split(r"[\s;,]+", text_of(value)) if line]
        if len(typed) > limits.CONTACTS_MAX:
            refuse(T("Give at most {count} codes.", count=limits.CONTACTS_MAX))
        codes: dict[str, None] = {}
        problems = []
        for number, line in enumerate(typed, 1):
            try:
                codes[participant.read(line)] = None
            except InvalidInput as refusal:
                problems.append(
                    T("Code {number}: {problem}", number=number, problem=refusal.message)
                )
        if problems:
            raise ValidationError(problems)
        return list(codes)


class ContactsIn(Shape):
    """Whom a list of contacts is to hold, and why it is needed."""

    cohort_id = WholeNumber(minimum=1, maximum=_ID_MAX)
    site_id = WholeNumber(minimum=1, maximum=_ID_MAX)
    codes = ParticipantCodes()
    purpose = Choice(ContactPurpose, required=True)
    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )

    @validates_schema(skip_on_field_errors=True)
    def check_somebody_is_chosen(self, data: dict[str, Any], **_: Any) -> None:
        """A list of everybody in the registry is nobody's need."""
        if not data["cohort_id"] and not data["codes"]:
            raise ValidationError([T("Choose a cohort, or give codes.")], field_name="cohort_id")
