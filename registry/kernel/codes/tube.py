"""Tube codes: one letter, digits and an ISO/IEC 7064 MOD 37-2 check character.

The letter is none of A, Q, Z, W, M and the check character is never ``*``, so
that a scanner set to a US keyboard on a French (AZERTY) host gives either the
code or something that can be turned back into it without a doubt.
"""

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T

LETTERS = "BCDEFGHIJKLNOPRSTUVXY"
DIGITS = 8
_CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"

#: What the keys of the digit row and the five moved letters give when a scanner
#: that believes in a US keyboard types on an AZERTY host, turned back.
_AZERTY_DIGITS = dict(zip("&é\"'(-è_çà", "1234567890", strict=True))
_AZERTY_LETTERS = {"A": "Q", "Q": "A", "Z": "W", "W": "Z", ",": "M", "?": "M", ")": "-"}
_AZERTY_MARKS = frozenset("&é\"'(è_çà") | frozenset("É")
_CONTROL = dict.fromkeys(range(32)) | {127: None}


def check_character(body: str) -> str:
    """The MOD 37-2 check character of letters and digits."""
    remainder = 0
    for symbol in body:
        remainder = (remainder + _CHECK_ALPHABET.index(symbol)) * 2 % 37
    return _CHECK_ALPHABET[(38 - remainder) % 37]


def make(letter: str, number: int) -> str | None:
    """The code for this number, or None when its check character would be ``*``."""
    if letter not in LETTERS or not 0 <= number < 10**DIGITS:
        raise ValueError("a tube code has an allowed letter and at most eight digits")
    body = f"{letter}{number:0{DIGITS}d}"
    check = check_character(body)
    return None if check == "*" else body + check


def has_own_shape(code: str) -> bool:
    """Whether it looks like a code printed here: letter, eight digits, one more character."""
    return (
        len(code) == DIGITS + 2
        and code[0] in LETTERS
        and code[1:-1].isascii()
        and code[1:-1].isdigit()
    )


def is_valid(code: str) -> bool:
    """Whether it is a code printed here and its check character agrees."""
    return has_own_shape(code) and code[-1] != "*" and check_character(code[:-1]) == code[-1]


def _repaired(scan: str) -> str:
    """A US-layout scan typed on an AZERTY host, turned back."""
    upper = scan.replace("É", "é").replace("È", "è").replace("Ç", "ç").replace("À", "à")
    return "".join(
        _AZERTY_DIGITS.get(symbol, _AZERTY_LETTERS.get(symbol.upper(), symbol)) for symbol in upper
    )


def is_command(raw: str, command: str) -> bool:
    """Whether this scan says the command, also as a US-layout scanner types it on an AZERTY host.

    Commands are known beforehand: both readings are compared, and none is guessed.
    """
    scan = raw.translate(_CONTROL).strip().upper()
    return command in (scan, _repaired(scan))


def read_scan(raw: str) -> str:
    """The code that a scanner or a person meant: no control characters, upper case.

    The AZERTY repair is applied only when a symbol of the AZERTY digit row is
    present; a code of our own shape must pass its check character.  Foreign
    codes are taken as they are.

    :raises InvalidInput: the scan is empty, or a code of ours with a wrong check
        character (a misread, a doubled scan or a typing error).
    """
    scan = raw.translate(_CONTROL).strip()
    if any(symbol in _AZERTY_MARKS for symbol in scan):
        scan = _repaired(scan)
    code = scan.upper()
    if not code:
        raise InvalidInput(T("Nothing was scanned. Scan or type the code."), field="code")
    if has_own_shape(code) and not is_valid(code):
        raise InvalidInput(
            T(
                "“{code}” was misread: its check character does not agree. Scan it again.",
                code=code,
            ),
            field="code",
        )
    if len(code) == 2 * (DIGITS + 2) and code[: DIGITS + 2] == code[DIGITS + 2 :]:
        raise InvalidInput(T("The tube was scanned twice in one go. Scan it once."), field="code")
    return code
