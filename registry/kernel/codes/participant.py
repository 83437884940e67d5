"""Participant codes: six random symbols and two check symbols.

A linear code over GF(32) (A. Faldum, K. Pommerening, "An optimal code for
patient identifiers", 2005): any two codes differ in at least three places, so
one wrong symbol, or one swap of neighbours, is found and put right, and two
wrong symbols are found.  The alphabet has no B, I, O or S, which are read as
8, 1, 0 and 5.
"""

import secrets
from dataclasses import dataclass

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T

ALPHABET = "0123456789ACDEFGHJKLMNPQRTUVWXYZ"
LENGTH = 8
CHECKS = 2
_DATA = LENGTH - CHECKS
_LOOKALIKES = str.maketrans({"B": "8", "I": "1", "O": "0", "S": "5", "-": None, " ": None})
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def _powers_of_t() -> list[int]:
    """The powers of t in GF(32), where t**5 = t**2 + 1."""
    powers = [1]
    for _ in range(30):
        following = powers[-1] << 1
        powers.append(following ^ 0b100101 if following & 0b100000 else following)
    return powers


_POWER = _powers_of_t()
_LOG = {value: exponent for exponent, value in enumerate(_POWER)}


def _times_power(value: int, exponent: int) -> int:
    return 0 if value == 0 else _POWER[(_LOG[value] + exponent) % 31]


def _checks(data: list[int]) -> tuple[int, int]:
    first = second = 0
    for place, value in enumerate(data):
        first ^= _times_power(value, place + 1)
        second ^= _times_power(value, 2 * place + 2)
    return first, second


def make(data: str) -> str:
    """The whole code for six symbols of the alphabet."""
    values = [_VALUE[symbol] for symbol in data]
    return data + "".join(ALPHABET[check] for check in _checks(values))


def new() -> str:
    """A fresh random code: 30 bits from the operating system; the caller ensures it is unused."""
    return make("".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(_DATA)))


def is_valid(code: str) -> bool:
    """Whether the code has the right shape and both check symbols agree."""
    return len(code) == LENGTH and _agrees(code)


def _agrees(code: str) -> bool:
    return all(symbol in _VALUE for symbol in code) and make(code[:-CHECKS]) == code


def plain(typed: str) -> str:
    """What was typed without regard to case, spaces, hyphens and the four lookalikes."""
    return typed.strip().upper().translate(_LOOKALIKES)


def near(code: str) -> frozenset[str]:
    """The codes of this length that are a single slip away; `code` alone when it is one.

    A slip is one wrong symbol or one swap of neighbours.
    """
    if _agrees(code):
        return frozenset({code})
    found = set()
    for place in range(len(code)):
        for symbol in ALPHABET:
            found.add(code[:place] + symbol + code[place + 1 :])
        if place + 1 < len(code):
            found.add(code[:place] + code[place + 1] + code[place] + code[place + 2 :])
    return frozenset(candidate for candidate in found if _agrees(candidate))


@dataclass(frozen=True)
class Reading:
    """The code that was meant, and whether a slip was put right to find it."""

    code: str
    was_corrected: bool


def read_noting(typed: str) -> Reading:
    """The code that a person meant by `typed`, and whether it was typed otherwise.

    Case, spaces, hyphens and the four lookalikes do not matter.  One wrong
    symbol or one swap of neighbours is put right when only one code is that
    near; whoever typed it is to be told.

    :raises InvalidInput: it is no participant code, nor near exactly one.
    """
    code = plain(typed)
    meant = near(code) if len(code) == LENGTH else frozenset[str]()
    if len(meant) != 1:
        raise InvalidInput(
            T(
                "“{typed}” is not a participant code. Scan it again or check each character.",
                typed=typed[:20],
            ),
            field="code",
        )
    (one,) = meant
    return Reading(one, was_corrected=one != code)


def read(typed: str) -> str:
    """The code that a person meant by `typed`; see `read_noting`.

    :raises InvalidInput: it is no participant code, nor near exactly one.
    """
    return read_noting(typed).code


def show(code: str) -> str:
    """The code in two groups of four, as it is printed and read aloud."""
    return f"{code[:4]}-{code[4:]}"
