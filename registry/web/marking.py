"""Where two written values differ, letter by letter.

Accents, capitals, hyphens and apostrophes are no difference: people type them
or not.  What differs is marked up and told in words beside it.
"""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

_LIKE_SPACE = str.maketrans(dict.fromkeys("-–—'’.", " "))


def marked(one: str, other: str) -> tuple[Markup, Markup]:
    """Both values with what differs between them marked."""
    firsts, seconds = _folded(one), _folded(other)
    left, right = [], []
    for kind, *ends in SequenceMatcher(None, firsts, seconds, autojunk=False).get_opcodes():
        begin, end, from_, to = ends
        left.append(_piece(one[begin:end], differs=kind != "equal"))
        right.append(_piece(other[from_:to], differs=kind != "equal"))
    return Markup("").join(left), Markup("").join(right)


def count(one: str, other: str) -> int:
    """How many letters differ: of each stretch that differs, those of the longer side."""
    matcher = SequenceMatcher(None, _folded(one), _folded(other), autojunk=False)
    return sum(
        max(end - begin, to - from_)
        for kind, begin, end, from_, to in matcher.get_opcodes()
        if kind != "equal"
    )


def _folded(text: str) -> Sequence[str]:
    """Each letter as it is compared; as many as the text has."""
    return [_fold(letter) for letter in text.translate(_LIKE_SPACE)]


def _fold(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter.upper())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _piece(text: str, *, differs: bool) -> Markup:
    if not text:
        return Markup("")
    return Markup("<mark>{}</mark>").format(text) if differs else Markup("{}").format(text)
