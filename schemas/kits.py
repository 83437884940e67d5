"""Shapes of choosing a kit and registering its tubes."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import Nested

from registry.kernel.messages import Message, T
from registry.vocab.people import MissingTubeReason
from registry.vocab.scanning import ScanCommand
from schemas.base import Shape
from schemas.dates import FrenchDateTime
from schemas.fields import Choice, Command, Flag, FrenchDecimal, ScanCode, Several, WholeNumber

_ID_MAX = 2**31 - 1


class KitChoiceIn(Shape):
    """Which kit was drawn at which planned visit; 0 is a visit that was not planned.

    Either it was printed in advance, or its first tube has been scanned already.
    """

    visit = WholeNumber(minimum=0, maximum=_ID_MAX)
    kit = WholeNumber(minimum=1, maximum=_ID_MAX)
    printed = ScanCode()
    first = ScanCode()


class KitTubeIn(Shape):
    """One tube of the kit: what was scanned, or why it is missing."""

    code = ScanCode()
    volume = FrenchDecimal(above=0)
    missing = Choice(MissingTubeReason)


class KitIn(Shape):
    """A kit that was drawn; without a moment, just now."""

    collected_at = FrenchDateTime()
    issue_codes = Flag()
    command = Command(ScanCommand.VALIDATE)
    tubes = Several(Nested(KitTubeIn), required=True)

    @validates_schema(skip_on_field_errors=False)
    def check_every_tube(self, data: dict[str, Any], **_: Any) -> None:
        """Each tube is there once or missing for a reason, and not both.

        Said together with what is wrong in single fields; a field that could
        not be read is not judged twice.
        """
        problems: dict[int, dict[str, list[Message]]] = {}
        seen: dict[str, int] = {}
        tubes = data.get("tubes") or []
        for place, tube in enumerate(tubes):
            problem = _problem_of(tube, issue_codes=data["issue_codes"])
            code = tube.get("code")
            if problem is None and code in seen:
                number = seen[code] + 1
                problem = T("{code} was scanned for tube {number}.", code=code, number=number)
            if problem is not None:
                problems[place] = {"code": [problem]}
            if code is not None:
                seen.setdefault(code, place)
        if problems:
            raise ValidationError({"tubes": problems})
        if tubes and all(tube.get("missing") for tube in tubes):
            refuse_all = T("Not one tube was drawn: there is no kit to register.")
            raise ValidationError({"tubes": [refuse_all]})


def _problem_of(tube: dict[str, Any], *, issue_codes: bool) -> Message | None:
    if "code" not in tube or "missing" not in tube:
        return None
    if tube["missing"] and tube["code"]:
        return T("This tube has a code and a reason why it is missing. Remove one of them.")
    if not tube["missing"] and not tube["code"] and not issue_codes:
        return T("Scan the tube, or say why it is missing.")
    return None
