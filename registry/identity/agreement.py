"""How far two likenesses agree, field by field."""

from rapidfuzz.distance import OSA, JaroWinkler

from registry.identity.likeness import Likeness, Name
from registry.vocab.identity import Agreement

_CLOSE = 0.92
_SIMILAR = 0.84
#: One letter more, less or other is a slip in a long name and another name in a short one.
_SLIP_LETTERS_MIN = 5
_EXCHANGE_LETTERS_MIN = 3
#: Of day, month and year.
_PARTS_MIN = 2


def _is_slip(one: str, other: str) -> bool:
    """One letter more, less, other, or two neighbours exchanged."""
    if OSA.distance(one, other, score_cutoff=1) > 1:
        return False
    exchanged = len(one) == len(other) and sorted(one) == sorted(other)
    shortest = min(len(one), len(other))
    return shortest >= (_EXCHANGE_LETTERS_MIN if exchanged else _SLIP_LETTERS_MIN)


def of_words(one: Name, other: Name, *, leading: bool) -> Agreement:
    """How two names agree; of a list of given names (`leading`) the first one counts."""
    if one.joined == other.joined:
        return Agreement.EXACT
    shorter, longer = sorted((one.words, other.words), key=len)
    is_part = len(shorter) < len(longer) and set(shorter) <= set(longer)
    if one.core == other.core or (is_part and (not leading or longer[0] == shorter[0])):
        return Agreement.PART
    if one.sound == other.sound:
        return Agreement.PHONETIC
    likeness = JaroWinkler.similarity(one.joined, other.joined)
    if likeness >= _CLOSE or _is_slip(one.joined, other.joined):
        return Agreement.CLOSE
    # A person may go by a later one of the given names.
    return Agreement.SIMILAR if likeness >= _SIMILAR or is_part else Agreement.DIFFERENT


def of_names(one: Name | None, other: Name | None, *, leading: bool = False) -> Agreement:
    """How two names agree when either may be missing."""
    if one is None or other is None:
        return Agreement.MISSING
    return of_words(one, other, leading=leading)


def of_birth_dates(one: str, other: str) -> Agreement:
    """How two ISO dates agree."""
    if not one or not other:
        return Agreement.MISSING
    if one == other:
        return Agreement.EXACT
    year, month, day = one.split("-")
    if other == f"{year}-{day}-{month}":
        return Agreement.SWAPPED
    if OSA.distance(one, other, score_cutoff=1) == 1:
        return Agreement.CLOSE
    same = sum(a == b for a, b in zip((year, month, day), other.split("-"), strict=True))
    return Agreement.PART if same == _PARTS_MIN else Agreement.DIFFERENT


def of_sexes(one: str, other: str) -> Agreement:
    """Whether two known sexes are the same."""
    if not one or not other:
        return Agreement.MISSING
    return Agreement.EXACT if one == other else Agreement.DIFFERENT


def of_places(one: str, other: str) -> Agreement:
    """How two places agree; a commune's code tells nothing about a name in letters."""
    if not one or not other or one.isdigit() != other.isdigit():
        return Agreement.MISSING
    one, other = one.replace(" ", ""), other.replace(" ", "")
    if one == other:
        return Agreement.EXACT
    near = JaroWinkler.similarity(one, other) >= _CLOSE or _is_slip(one, other)
    return Agreement.CLOSE if near else Agreement.DIFFERENT


def of_residences(one: Likeness, other: Likeness) -> Agreement:
    """How postal code and town agree, taken together because the one implies the other."""
    town = of_places(one.town, other.town)
    if not one.postal_code or not other.postal_code:
        code = Agreement.MISSING
    elif one.postal_code == other.postal_code:
        code = Agreement.EXACT
    else:
        slip = OSA.distance(one.postal_code, other.postal_code, score_cutoff=1) == 1
        code = Agreement.CLOSE if slip else Agreement.DIFFERENT
    return _RESIDENCE[frozenset((town, code))]


_RESIDENCE = {
    frozenset((Agreement.EXACT,)): Agreement.EXACT,
    frozenset((Agreement.EXACT, Agreement.CLOSE)): Agreement.CLOSE,
    frozenset((Agreement.EXACT, Agreement.MISSING)): Agreement.CLOSE,
    frozenset((Agreement.CLOSE,)): Agreement.CLOSE,
    frozenset((Agreement.CLOSE, Agreement.MISSING)): Agreement.PART,
    frozenset((Agreement.EXACT, Agreement.DIFFERENT)): Agreement.PART,
    frozenset((Agreement.CLOSE, Agreement.DIFFERENT)): Agreement.PART,
    frozenset((Agreement.DIFFERENT,)): Agreement.DIFFERENT,
    frozenset((Agreement.DIFFERENT, Agreement.MISSING)): Agreement.DIFFERENT,
    frozenset((Agreement.MISSING,)): Agreement.MISSING,
}


def of_identifiers(one: tuple[str, str] | None, others: set[tuple[str, str]]) -> Agreement:
    """How a hospital number agrees with those of a person; numbers of other sites say nothing."""
    if one is None:
        return Agreement.MISSING
    if one in others:
        return Agreement.EXACT
    site, number = one
    here = [theirs for place, theirs in others if place == site]
    if not here:
        return Agreement.MISSING
    slip = any(OSA.distance(number, theirs, score_cutoff=1) == 1 for theirs in here)
    return Agreement.CLOSE if slip else Agreement.DIFFERENT
