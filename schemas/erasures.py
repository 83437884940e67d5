"""The shape of ordering an erasure."""

from registry.vocab import limits
from registry.vocab.erasure import ErasureGround
from schemas.base import Shape
from schemas.fields import Choice, TrimmedText


class ErasureIn(Shape):
    """Why an identity must go; at the second step, whose."""

    ground = Choice(ErasureGround, required=True)
    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
    code = TrimmedText(longest=limits.CODE_MAX)
