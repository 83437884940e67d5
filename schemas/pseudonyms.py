"""Shapes of leading a project's code back, and of recording and finding partners' codes."""

from registry.vocab import limits
from registry.vocab.pseudonyms import ReversalReason
from schemas.base import Shape
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
