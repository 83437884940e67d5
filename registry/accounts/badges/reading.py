"""What a badge's barcode says and what a PIN is: read, judged and turned into digests.

No refusal repeats what was scanned or typed.
"""

import re

from registry.accounts.digests import keyed
from registry.kernel.codes import participant, tube
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits
from registry.vocab.scanning import ScanCommand

_DIGITS = re.compile(r"[0-9]+")
#: Digits that follow each other, and the columns of a keypad.
_RUNS = ("01234567890", "147", "258", "2580", "369", "159", "357")
_DISTINCT_MIN = 3


def digest_of(scanned: str) -> str:
    """The keyed digest under which a badge is kept; of what no badge says, one that none has."""
    try:
        code = tube.read_scan(scanned)
    except InvalidInput:
        code = ""
    return keyed("badge", code)


def check_code(scanned: str, *, field: str) -> None:
    """Refuse what cannot be a badge: too short to be one's own, or something else's label.

    :raises InvalidInput: with the sentence to show at `field`.
    """
    try:
        code = tube.read_scan(scanned)
    except InvalidInput:
        code = ""
    if not limits.BADGE_MIN <= len(code) <= limits.BADGE_MAX:
        raise InvalidInput(
            T(
                "A badge says {least} to {most} characters. Scan its barcode again.",
                least=limits.BADGE_MIN,
                most=limits.BADGE_MAX,
            ),
            field=field,
        )
    is_label = tube.has_own_shape(code) or participant.is_valid(participant.plain(code))
    if is_label or any(tube.is_command(code, command) for command in ScanCommand):
        raise InvalidInput(
            T("This is the label of something else, not a badge. Scan the badge."), field=field
        )


def check_pin(pin: str, *, field: str) -> None:
    """Refuse a PIN that is no row of digits or that anybody would try first.

    :raises InvalidInput: with the sentence to show at `field`.
    """
    if not _DIGITS.fullmatch(pin) or not limits.PIN_MIN <= len(pin) <= limits.PIN_MAX:
        raise InvalidInput(
            T(
                "A PIN has {least} to {most} digits and nothing else.",
                least=limits.PIN_MIN,
                most=limits.PIN_MAX,
            ),
            field=field,
        )
    if _is_trivial(pin):
        raise InvalidInput(
            T(
                "This PIN is tried first by anybody: it repeats itself, counts up or down, "
                "follows the keypad, or is a year. Choose another."
            ),
            field=field,
        )


def _is_trivial(pin: str) -> bool:
    return (
        len(set(pin)) < _DISTINCT_MIN
        or re.fullmatch(r"(.+)\1+", pin) is not None
        or re.fullmatch(r"(?:19|20)[0-9]{2}", pin) is not None
        or any(pin in run or pin in run[::-1] for run in _RUNS)
    )


def peppered(user_id: int, pin: str) -> str:
    """What is hashed instead of the PIN: without the key nobody can try all of them."""
    return keyed("badge PIN", str(user_id), pin)
