"""How far two likenesses agree, field by field."""

from rapidfuzz.distance import OSA, JaroWinkler

from registry.identity.likeness import Likeness, Name
from registry.vocab.identity import Agreement

_CLOSE = 0.92
_SIMILAR = 0.84
#: One letter more, less or other is a slip in a long name and another name in a short one.
_SLIP_LETTERS_MIN = 5
_EXCHANGE_LETTERS_MIN = 3
_SLIP_RESEMBLES_MIN = 0.5
#: Of day, month and year.
_YEAR, _MONTH, _DAY = slice(0, 4), slice(5, 7), slice(8, 10)
_PARTS_MIN = 2
#: Numbers less apart than this may have been given to two of one family at one counter.
_SAME_DAY = 9


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
    is_part = False
    if len(one.words) != len(other.words):
        shorter, longer = sorted((one.words, other.words), key=len)
        is_part = set(shorter) <= set(longer)
        if is_part and (not leading or longer[0] == shorter[0]):
            return Agreement.PART
    if one.core == other.core:
        return Agreement.PART
    if one.sound == other.sound:
        return Agreement.PHONETIC
    likeness = JaroWinkler.similarity(one.joined, other.joined)
    # One slip in five letters or more, or an exchange in three, resembles at least this much.
    if likeness >= _CLOSE or (
        likeness >= _SLIP_RESEMBLES_MIN and _is_slip(one.joined, other.joined)
    ):
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
    same_year, same_month, same_day = (one[part] == other[part] for part in (_YEAR, _MONTH, _DAY))
    if same_year and one[5:7] == other[8:] and one[8:] == other[5:7]:
        return Agreement.SWAPPED
    if OSA.distance(one, other, score_cutoff=1) == 1:
        return Agreement.CLOSE
    same = same_year + same_month + same_day
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
    return _RESIDENCE[
        of_places(one.town, other.town), _of_codes(one.postal_code, other.postal_code)
    ]


def _of_codes(one: str, other: str) -> Agreement:
    if not one or not other:
        return Agreement.MISSING
    if one == other:
        return Agreement.EXACT
    slip = OSA.distance(one, other, score_cutoff=1) == 1
    return Agreement.CLOSE if slip else Agreement.DIFFERENT


_RESIDENCES = {
    (Agreement.EXACT, Agreement.EXACT): Agreement.EXACT,
    (Agreement.EXACT, Agreement.CLOSE): Agreement.CLOSE,
    (Agreement.EXACT, Agreement.MISSING): Agreement.CLOSE,
    (Agreement.CLOSE, Agreement.CLOSE): Agreement.CLOSE,
    (Agreement.CLOSE, Agreement.MISSING): Agreement.PART,
    (Agreement.EXACT, Agreement.DIFFERENT): Agreement.PART,
    (Agreement.CLOSE, Agreement.DIFFERENT): Agreement.PART,
    (Agreement.DIFFERENT, Agreement.DIFFERENT): Agreement.DIFFERENT,
    (Agreement.DIFFERENT, Agreement.MISSING): Agreement.DIFFERENT,
    (Agreement.MISSING, Agreement.MISSING): Agreement.MISSING,
}
#: Either of town and code may be the one that agrees better.
_RESIDENCE = _RESIDENCES | {(b, a): level for (a, b), level in _RESIDENCES.items()}


def of_identifiers(one: tuple[str, str] | None, others: set[tuple[str, str]]) -> Agreement:
    """How a hospital number agrees with those of a person; numbers of other sites say nothing."""
    if one is None:
        return Agreement.MISSING
    if one in others:
        return Agreement.EXACT
    site, number = one
    if len(others) == 1:
        ((place, theirs),) = others
        return _of_numbers(number, theirs) if place == site else Agreement.MISSING
    found = {_of_numbers(number, theirs) for place, theirs in others if place == site}
    return next((level for level in _NUMBER_LEVELS if level in found), Agreement.MISSING)


#: What is said of a person with several numbers.  That one follows the other comes first: it
#: is what twins' numbers do.
_NUMBER_LEVELS = (Agreement.NEXT, Agreement.SWAPPED, Agreement.CLOSE, Agreement.DIFFERENT)


def _of_numbers(one: str, other: str) -> Agreement:
    """How two unequal numbers of one site agree.

    Numbers given on the same day follow each other, whatever their digits do.
    Neighbours exchanged cannot come from counting on: they differ by a multiple of nine.
    """
    if one.isdecimal() and other.isdecimal() and abs(int(one) - int(other)) < _SAME_DAY:
        return Agreement.NEXT
    if OSA.distance(one, other, score_cutoff=1) != 1:
        return Agreement.DIFFERENT
    exchanged = len(one) == len(other) and sorted(one) == sorted(other)
    return Agreement.SWAPPED if exchanged else Agreement.CLOSE
