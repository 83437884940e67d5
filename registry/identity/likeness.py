"""What of an identity is compared: its normalised traits, and the keys it is found by.

A likeness holds identifying values.  It is sealed beside the traits it was
made from, so that a comparison opens one blob and normalises nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from registry.identity import normalise, phonetics
from registry.identity.traits import HospitalId, Traits
from registry.vocab.people import Sex

#: Words that people add, leave out or write together with the next one.
_PARTICLES = frozenset(
    (
        *("D", "DE", "DU", "DES", "L", "LA", "LE", "LES"),
        *("DA", "DI", "DOS", "DAS", "DEL", "DELLA"),
        *("VAN", "VON", "DER", "DEN", "TER", "TEN", "T", "ZU"),
        *("EL", "AL", "BEN", "IBN"),
    )
)
#: Shorter words of a compound name do not tell people apart.
_PART_LETTERS_MIN = 3


@dataclass(frozen=True, slots=True, repr=False)
class Name:
    """A name as it is compared."""

    words: tuple[str, ...]
    #: All words together: "Finl Ay" is Finlay.
    joined: str
    #: Without particles: "Le Gall" is sometimes Gall.
    core: str
    sound: str

    @classmethod
    def of(cls, spaced: str, sound: str = "") -> "Name | None":
        """The name of already normalised words; None when there is none."""
        words = tuple(spaced.split())
        if not words:
            return None
        if len(words) == 1:
            (word,) = words
            return cls(words, word, word, sound or phonetics.key(word))
        joined = "".join(words)
        core = "".join(word for word in words if word not in _PARTICLES) or joined
        return cls(words, joined, core, sound or phonetics.key(joined))

    @property
    def sounds(self) -> list[str]:
        """The keys a surname is found by: of the whole, without particles, of each long part."""
        parts = {self.core} if self.core != self.joined else set()
        if len(self.words) > 1:
            parts.update(
                word
                for word in self.words
                if word not in _PARTICLES and len(word) >= _PART_LETTERS_MIN
            )
        return _distinct([self.sound, *(phonetics.key(part) for part in sorted(parts))])

    @property
    def leading_sounds(self) -> list[str]:
        """The keys a list of given names is found by: of the whole and of the first one."""
        if len(self.words) == 1:
            return [self.sound]
        return _distinct([self.sound, phonetics.key(self.words[0])])


def _distinct(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


class BlockingKey(IntEnum):
    """The composite keys by which identities are found.

    The numbers are stored.  No key is made of a surname, a sex or a place
    alone: the frequencies of its values would name them.
    """

    IDENTIFIER = 1
    BOTH_NAMES = 3
    #: With the first sound of a name, or the postal code.
    BIRTH_DATE = 8
    #: With two of day, month and year.
    BIRTH_NAME_AND_DATE = 9
    #: With two of day, month and year, and the first sound of the surname.
    GIVEN_NAME_AND_DATE = 10


@dataclass(frozen=True, slots=True, repr=False)
class Likeness:
    """The normalised traits of one identity; an empty string is a missing trait."""

    birth_name: Name | None
    given_names: Name | None
    used_name: Name | None
    #: ISO: yyyy-mm-dd.
    birth_date: str
    sex: str
    birth_place: str
    postal_code: str
    town: str
    #: The hospital number that came with it, after its site's code.
    identifier: tuple[str, str] | None

    @classmethod
    def of(cls, traits: Traits, identifier: HospitalId | None) -> "Likeness":
        """The likeness of traits as they were received."""
        known_sex = traits.sex in (Sex.FEMALE, Sex.MALE)
        return cls(
            birth_name=Name.of(normalise.name(traits.birth_name)),
            given_names=Name.of(normalise.name(traits.given_names)),
            used_name=Name.of(normalise.name(traits.used_name)),
            birth_date=traits.birth_date.isoformat() if traits.birth_date else "",
            sex=traits.sex.value if traits.sex and known_sex else "",
            birth_place=normalise.place(traits.birth_place),
            postal_code=normalise.number(traits.postal_code),
            town=normalise.place(traits.town),
            identifier=(
                (identifier.site, normalise.number(identifier.number)) if identifier else None
            ),
        )

    def encoded(self) -> bytes:
        """The bytes that are sealed."""
        names = [
            [" ".join(name.words), name.sound] if name else None
            for name in (self.birth_name, self.given_names, self.used_name)
        ]
        rest = (self.birth_date, self.sex, self.birth_place, self.postal_code, self.town)
        return json.dumps([*names, *rest, self.identifier], separators=(",", ":")).encode()

    @classmethod
    def decoded(cls, raw: bytes) -> "Likeness":
        """The likeness that was sealed."""
        birth, given, used, born, sex, place, postal, town, identifier = json.loads(raw)
        return cls(
            Name.of(*birth) if birth else None,
            Name.of(*given) if given else None,
            Name.of(*used) if used else None,
            born,
            sex,
            place,
            postal,
            town,
            (identifier[0], identifier[1]) if identifier else None,
        )

    def blocking_keys(self) -> list[tuple[BlockingKey, str]]:
        """Everything this identity is found by, each value after the kind of its key.

        Names are paired in alphabetical order and days with months in
        numerical order: an exchange of the two is found like the original.
        Each key is shared by a handful of a million persons, so that few
        strangers are opened; whoever agrees in both names, in the birth date,
        or in one name and nearly in the date is found.
        """
        found: list[tuple[BlockingKey, str]] = []
        surnames = [name for name in (self.birth_name, self.used_name) if name]
        births = _distinct([sound for name in surnames for sound in name.sounds])
        given = self.given_names.leading_sounds if self.given_names else []
        found.extend(
            (BlockingKey.BOTH_NAMES, "|".join(sorted((birth, first))))
            for birth in births
            for first in given
        )
        if self.identifier:
            found.append((BlockingKey.IDENTIFIER, "|".join(self.identifier)))
        if self.birth_date:
            found.extend(self._dated_keys(births, given, {name.sound[:1] for name in surnames}))
        return found

    def _dated_keys(
        self, births: list[str], given: list[str], initials: set[str]
    ) -> Iterator[tuple[BlockingKey, str]]:
        """The keys that hold the birth date, or two of its parts."""
        for initial in initials | {first[:1] for first in given}:
            yield BlockingKey.BIRTH_DATE, f"{initial}|{self.birth_date}"
        if self.postal_code:
            yield BlockingKey.BIRTH_DATE, f"{self.postal_code}|{self.birth_date}"
        year, month, day = self.birth_date.split("-")
        # The first of several given names is enough where the surname's sound begins the same.
        given = given[-1:]
        for parts in (f"{year}-{month}", f"{year}--{day}", "".join(sorted((month, day)))):
            for birth in births:
                yield BlockingKey.BIRTH_NAME_AND_DATE, f"{birth}|{parts}"
            for first in given:
                for initial in initials:
                    yield BlockingKey.GIVEN_NAME_AND_DATE, f"{first}|{initial}|{parts}"
