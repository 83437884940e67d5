"""Where two written values differ, letter by letter.

Accents, capitals, hyphens and apostrophes are no difference: people type them
or not.  What differs is marked up and told in words beside it.
"""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

_LIKE_SPACE = str.maketrans(dict.fromkeys("-–—'’.", " "))

#: A stretch of both values, as positions in each, and whether it differs.
_Stretch = tuple[bool, slice, slice]


def marked(one: str, other: str) -> tuple[Markup, Markup]:
    """Both values with what differs between them marked."""
    stretches = _stretches(one, other)
    left = [_piece(one[here], differs=differs) for differs, here, _ in stretches]
    right = [_piece(other[there], differs=differs) for differs, _, there in stretches]
    return Markup("").join(left), Markup("").join(right)


def count(one: str, other: str) -> int:
    """How many letters differ: of each stretch that differs, those of the longer side."""
    return _differing(_stretches(one, other))


def _differing(stretches: Sequence[_Stretch]) -> int:
    return sum(
        max(here.stop - here.start, there.stop - there.start)
        for differs, here, there in stretches
        if differs
    )


def _stretches(one: str, other: str) -> Sequence[_Stretch]:
    """Place by place where that marks less, as in dates; else by what was put in or left out."""
    firsts, seconds = _folded(one), _folded(other)
    matcher = SequenceMatcher(None, firsts, seconds, autojunk=False)
    moved = [
        (kind != "equal", slice(begin, end), slice(from_, to))
        for kind, begin, end, from_, to in matcher.get_opcodes()
    ]
    if len(firsts) != len(seconds):
        return moved
    placed = [
        (mine != theirs, slice(place, place + 1), slice(place, place + 1))
        for place, (mine, theirs) in enumerate(zip(firsts, seconds, strict=True))
    ]
    return min(placed, moved, key=_differing)


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
