"""One spelling for what people spell in many ways.

Names become capital letters A–Z and single spaces, whatever accents, hyphens,
apostrophes or ligatures they were typed with.  ``VERSION`` is stored with
every identity: changing a rule here means indexing the vault afresh.
"""

import re
import unicodedata

VERSION = 2

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS"}
)
_NOT_LETTERS = re.compile(r"[^A-Z]+")
_NOT_LETTERS_OR_DIGITS = re.compile(r"[^A-Z0-9]+")
_CEDEX = re.compile(r"\bCEDEX(\s+\d+)?\b")

_ABBREVIATIONS = {"ST": "SAINT", "STE": "SAINTE"}


def _capitals(raw: str) -> str:
    """Upper case without marks: é → E, œ → OE, ß → SS, ½ and ﬁ taken apart."""
    if raw.isascii():
        return raw.upper()
    apart = unicodedata.normalize("NFKD", raw.upper().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _words(spaced: str) -> str:
    return " ".join(_ABBREVIATIONS.get(word, word) for word in spaced.split())


def name(raw: str | None) -> str:
    """A person's name as capital words; empty when nothing usable was given."""
    return _words(_NOT_LETTERS.sub(" ", _capitals(raw or "")))


def place(raw: str | None) -> str:
    """A town, a birthplace or a commune's code as capital words and digits, without CEDEX."""
    return _words(_CEDEX.sub(" ", _NOT_LETTERS_OR_DIGITS.sub(" ", _capitals(raw or ""))))


def number(raw: str | None) -> str:
    """A hospital number or postal code: letters and digits alone; leading zeros count."""
    return _NOT_LETTERS_OR_DIGITS.sub("", _capitals(raw or ""))
