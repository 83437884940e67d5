"""Shapes of recording a withdrawal, of following it up, and of ending quarantines."""

import re
from typing import Any

from marshmallow import ValidationError, validates_schema

from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.consent import (
    Channel,
    Language,
    SignatoryRole,
    Use,
    WithdrawalEffect,
    WithdrawalScope,
)
from registry.vocab.custody import DestructionMethod
from schemas.base import Shape
from schemas.dates import FrenchDate, FrenchDateTime
from schemas.fields import Choice, ScanCodes, Several, TrimmedText, refuse
from schemas.second_person import SecondPersonIn

_PROJECT = re.compile(r"[A-Z]-\d{4}-\d{4,}")

_NAMES = {
    WithdrawalScope.USES: ("uses", T("Choose at least one use that is stopped.")),
    WithdrawalScope.ITEMS: ("items", T("Choose at least one question that is taken back.")),
    WithdrawalScope.PROJECTS: ("projects", T("Name at least one project.")),
}


class Projects(TrimmedText):
    """Numbers of requests, separated by spaces, commas or lines."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **rest: Any) -> Any:
        text = super()._deserialize(value, attr, data, **rest).upper()
        numbers = [number for number in re.split(r"[\s,;]+", text) if number]
        if not all(map(_PROJECT.fullmatch, numbers)):
            refuse(T("Write numbers of requests, such as D-2026-0001."))
        return numbers


class WithdrawalIn(Shape):
    """What a participant takes back, and what they ask to be done."""

    scope = Choice(WithdrawalScope, required=True)
    uses = Several(Choice(Use))
    items = Several(TrimmedText(longest=limits.CODE_MAX))
    projects = Projects(longest=limits.REASON_MAX, lines=True)
    effects = Several(Choice(WithdrawalEffect))
    said_by = Choice(SignatoryRole, required=True)
    effective_on = FrenchDate(required=True)
    channel = Choice(Channel, required=True)
    reason = TrimmedText(longest=limits.REASON_MAX, lines=True)

    @validates_schema(skip_on_field_errors=True)
    def check_it_is_named(self, data: dict[str, Any], **_: Any) -> None:
        """“Only some …” names them."""
        name, sentence = _NAMES.get(data["scope"], ("", None))
        if name and not data[name]:
            raise ValidationError([sentence], field_name=name)


class NoticeSentIn(Shape):
    """That a notice went out."""

    sent_on = FrenchDate(required=True)


class NoticeAnswerIn(Shape):
    """What a recipient answered."""

    acknowledged_on = FrenchDate(required=True)
    answer = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class LetterSentIn(Shape):
    """That the participant has the letter."""

    language = Choice(Language, required=True)
    sent_on = FrenchDate(required=True)


class ReleaseIn(Shape):
    """Samples that may be used again."""

    codes = ScanCodes(required=True)
    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )


class DestroyIn(SecondPersonIn):
    """Samples that are destroyed, and the colleague who watches."""

    codes = ScanCodes(required=True)
    method = Choice(DestructionMethod, required=True)
    at = FrenchDateTime()
