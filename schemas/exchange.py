"""Shapes of the exchange between installations."""

from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.exchange import RecalledState
from schemas.base import Shape
from schemas.fields import Choice, ScanCodes, TrimmedText, Verbatim

_ID_DIGITS_MAX = 9


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


class ManifestFileIn(Shape):
    """The signed manifest of a partner's shipment: the file alone."""


class TakeInIn(Shape):
    """What was found of a partner's shipment; its manifest goes along, in base 64."""

    manifest = Verbatim(required=True, longest=limits.MANIFEST_TYPED_MAX)
    site_id = TrimmedText(required=True, longest=_ID_DIGITS_MAX)
    codes = ScanCodes(required=True)
    damaged = ScanCodes()
    temperature = TrimmedText(longest=limits.REASON_MAX)
    note = TrimmedText(longest=limits.REASON_MAX, lines=True)


class ReceiptFileIn(Shape):
    """The signed receipt of a partner's installation: the file alone."""


class RecallFileIn(Shape):
    """The signed recall of a partner: the file alone."""


class RecallEndIn(Shape):
    """What became of recalled tubes."""

    codes = ScanCodes(required=True)
    state = Choice(RecalledState, required=True)
    note = TrimmedText(longest=limits.REASON_MAX, lines=True)


class RecallAnswerFileIn(Shape):
    """The signed answer of a partner's installation to a recall: the file alone."""


class _GuestTubesIn(Shape):
    """An act on tubes of one partner's shipment."""

    codes = ScanCodes(required=True)
    note = TrimmedText(longest=limits.REASON_MAX, lines=True)


class PutAwayIn(_GuestTubesIn):
    """Where partners' tubes lie."""

    place = TrimmedText(required=True, longest=limits.NAME_MAX)


class UseIn(_GuestTubesIn):
    """For what partners' tubes are used."""

    use = Choice(Use, required=True)


class GoneIn(_GuestTubesIn):
    """What became of partners' tubes."""

    outcome = Choice(RecalledState, required=True)
