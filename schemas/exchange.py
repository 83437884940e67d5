"""Shapes of the exchange between installations."""

from registry.vocab import limits
from schemas.base import Shape
from schemas.fields import TrimmedText


class KeyFileIn(Shape):
    """The key file of a partner's installation: the file alone."""


class CompareIn(Shape):
    """The fingerprint as the partner read it out."""

    fingerprint = TrimmedText(required=True, longest=limits.FINGERPRINT_TYPED_MAX)


class RetireKeyIn(Shape):
    """Why a key is believed no longer."""

    reason = TrimmedText(
        required=True, shortest=limits.REASON_MIN, longest=limits.REASON_MAX, lines=True
    )
