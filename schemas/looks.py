"""What can be asked of the list of looks, and what is noted about unusual ones."""

from typing import Any

from registry.kernel.codes import participant
from registry.kernel.errors import InvalidInput
from registry.vocab import limits
from schemas.base import Shape
from schemas.dates import FrenchDate
from schemas.fields import TrimmedText, WholeNumber, refuse

_ID_MAX = 2**31 - 1


class ParticipantCode(TrimmedText):
    """A participant's code, however typed; a name is refused before it gets anywhere."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=limits.CODE_MAX, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        try:
            return participant.read(super()._deserialize(value, attr, data))
        except InvalidInput as refusal:
            refuse(refusal.message)


class LooksQuery(Shape):
    """Whose looks, at whom, where and when."""

    actor_id = WholeNumber(minimum=1, maximum=_ID_MAX)
    participant = ParticipantCode()
    site_id = WholeNumber(minimum=1, maximum=_ID_MAX)
    since = FrenchDate()
    until = FrenchDate()
    before = WholeNumber(minimum=1, maximum=2**62)


class RemarkIn(Shape):
    """What somebody found who looked into something unusual."""

    count = WholeNumber(required=True, minimum=1, maximum=_ID_MAX)
    remark = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
