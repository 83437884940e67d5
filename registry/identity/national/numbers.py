"""Reading a national health number, and whether it fits what is known of the person.

A number has 13 signs and a key of two: sex and register, year and month of
birth, department and commune or country of birth, order, key.  What is checked beyond
the key is how INSEE forms numbers: real months, and the months that stand for
an incomplete birth certificate; departments of today and before (Corsica until
1975, Algeria, Morocco and Tunisia until their independence).
"""

import re
from dataclasses import dataclass

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import nir

from registry.identity.traits import Traits
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Message, T
from registry.vocab import patterns
from registry.vocab.identity import Trait
from registry.vocab.national import PERMANENT_KINDS, TEST_KINDS, NumberKind
from registry.vocab.people import Sex

_REAL_KINDS = tuple(kind for kind in NumberKind if kind not in TEST_KINDS)
_SEPARATORS = re.compile(r"[\s.\u00a0\u202f-]+")
_PLAIN = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}")

_SEXES = {
    **dict.fromkeys("137", Sex.MALE),
    **dict.fromkeys("248", Sex.FEMALE),
}
_PERMANENT_DIGITS = frozenset("12")

#: The certificate names the month, but is incomplete: the month plus this.
_INCOMPLETE_CERTIFICATE = 30
_MONTHS = range(1, 13)
_MONTHS_INCOMPLETE = range(31, 43)
_MONTHS_UNKNOWN = (*range(20, 31), *range(50, 100))

_COMMUNES = range(1, 991)
_OVERSEAS = range(970, 990)
_OVERSEAS_COMMUNES = range(1, 91)
_ABROAD = "99"
_CORSICA = frozenset({"20", "2A", "2B"})
#: The departments of Seine and Seine-et-Oise became eight in 1968.
_SEINE = frozenset({"75", "78", "91", "92", "93", "94", "95"})
_SEINE_UNTIL = 1968
#: Numbers of people born there before independence name a department of then.
_FORMER_DEPARTMENTS = {
    "99352": frozenset({"91", "92", "93", "94"}),
    "99350": frozenset({"95"}),
    "99351": frozenset({"96"}),
}


def wrong(message: Message) -> InvalidInput:
    """The refusal of a number; it never repeats it."""
    return InvalidInput(message, field="national_number")


class _Accepted:
    """Which kinds of number this process takes: those of the test data only where it is said."""

    def __init__(self) -> None:
        self.kinds: tuple[NumberKind, ...] = _REAL_KINDS


_accepted = _Accepted()


def accept_test_numbers(yes: bool) -> None:
    """Take numbers of the national test data too, or real ones alone."""
    _accepted.kinds = tuple(NumberKind) if yes else _REAL_KINDS


def accepted_kinds() -> tuple[NumberKind, ...]:
    """The kinds of number that may be recorded here."""
    return _accepted.kinds


@dataclass(frozen=True, repr=False)
class NationalNumber:
    """A number whose key and parts are right, without separators."""

    value: str
    kind: NumberKind

    @classmethod
    def read(cls, raw: str, kind: NumberKind) -> "NationalNumber":
        """The number as it was typed, with or without spaces.

        :raises InvalidInput: no such number can have been assigned; the sentence says which
            part is wrong and repeats none.
        """
        if kind not in accepted_kinds():
            raise InvalidInput(T("Numbers of this kind are not taken here."), field="kind")
        value = _SEPARATORS.sub("", raw).upper()
        if not _PLAIN.fullmatch(value):
            raise wrong(T("A number has 13 signs and a key of two digits: 15 in all."))
        try:
            nir.validate(value)
        except InvalidChecksum:
            raise wrong(
                T("The key does not fit the number: a digit is wrong or two are exchanged.")
            ) from None
        except ValidationError:
            raise wrong(T("A number has 13 signs and a key of two digits: 15 in all.")) from None
        _check_parts(value, kind)
        return cls(value, kind)

    @property
    def _month(self) -> int | None:
        """The month of birth; None where the certificate did not name it."""
        month = int(self.value[3:5])
        if month in _MONTHS_INCOMPLETE:
            return month - _INCOMPLETE_CERTIFICATE
        return month if month in _MONTHS else None

    def incoherent_with(self, traits: Traits) -> tuple[Trait, ...]:
        """The traits that this number contradicts; civil status may explain it."""
        found = []
        sex, born, place = traits.sex, traits.birth_date, code_of(traits.birth_place)
        if sex in (Sex.FEMALE, Sex.MALE) and sex is not _SEXES[self.value[0]]:
            found.append(Trait.SEX)
        if born and (
            born.year % 100 != int(self.value[1:3]) or self._month not in (None, born.month)
        ):
            found.append(Trait.BIRTH_DATE)
        year = born.year if born else None
        if place and not _is_there(self.value[5:10], place, year):
            found.append(Trait.BIRTH_PLACE)
        return tuple(found)


def code_of(place: str | None) -> str | None:
    """The INSEE code that a birthplace is given as; None for a name in letters, or nothing."""
    code = (place or "").strip().upper()
    return code if re.fullmatch(patterns.INSEE_CODE, code) else None


def _check_parts(value: str, kind: NumberKind) -> None:
    """Refuse what has the right key and was never assigned."""
    if value[0] not in _SEXES or (value[0] in _PERMANENT_DIGITS) != (kind in PERMANENT_KINDS):
        raise wrong(
            T("A NIR begins with 1 or 2, a NIA with 3, 4, 7 or 8: choose the other kind, or check.")
        )
    if int(value[3:5]) not in (*_MONTHS, *_MONTHS_INCOMPLETE, *_MONTHS_UNKNOWN):
        raise wrong(T("The fourth and fifth digits are no month of birth."))
    if not _is_place(value[5:10]):
        raise wrong(T("The sixth to tenth signs are no place of birth."))
    if value[10:13] == "000":
        raise wrong(T("The eleventh to thirteenth digits cannot all be zero."))


def _is_place(place: str) -> bool:
    department = place[:2]
    if department in ("97", "98"):
        return int(place[:3]) in _OVERSEAS and int(place[3:]) in _OVERSEAS_COMMUNES
    return department != "00" and int(place[2:]) in _COMMUNES


def _is_there(of_number: str, place: str, year: int | None) -> bool:
    """Whether a number's place of birth lies where the code of the birthplace says.

    Communes merge and are renumbered, so in France the department decides.
    """
    ours, theirs = place[:2], of_number[:2]
    if ours == _ABROAD:
        return of_number == place or theirs in _FORMER_DEPARTMENTS.get(place, ())
    if ours == theirs or {ours, theirs} <= _CORSICA:
        return True
    if {ours, theirs} <= {"97", "98"}:
        return True
    return theirs in ("75", "78") and ours in _SEINE and (year or _SEINE_UNTIL) < _SEINE_UNTIL
