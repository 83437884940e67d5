"""A French-like population as large as a benchmark needs: plausible frequencies, nobody's data.

Family names are those of the demonstration and made-up ones, spread as in
France: the commonest is borne by four in a thousand, most by hardly anybody.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.cli.demo import names
from registry.identity.traits import HospitalId, Traits
from registry.vocab.people import Sex

SITE = "A"
FAMILY_NAMES = 30_000
_FLATTENED_RANKS = 40
_COMPOUND_SHARE = 0.05
_FIRST_BIRTH, _BIRTH_DAYS = date(1930, 1, 1), 75 * 365
_STARTS = ("B", "Br", "C", "Ch", "Cl", "D", "F", "G", "Gr", "H", "J", "L", "M", "N", "P", "R", "T")
_MIDDLES = ("a", "au", "e", "é", "i", "o", "ou", "an", "en", "on", "in", "oi", "u", "er", "ar")
_JOINTS = ("b", "c", "ch", "d", "ff", "g", "gn", "l", "ll", "m", "nd", "nt", "r", "rt", "s", "v")
_ENDS = ("ard", "aud", "eau", "el", "er", "et", "ier", "in", "on", "ot", "oux", "y", "ac", "ec")


@dataclass(frozen=True)
class Someone:
    """A person as one visit recorded them."""

    traits: Traits
    identifier: HospitalId


class Population:
    """Persons drawn from a seed, one after the other."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._numbers = itertools.count(1_000_000)
        self._family = _family_names(self._rng)
        weights = (1 / (rank + _FLATTENED_RANKS) for rank in range(1, len(self._family) + 1))
        self._weights = list(itertools.accumulate(weights))

    def persons(self, count: int) -> Iterator[Someone]:
        """`count` strangers."""
        for _ in range(count):
            yield self.person()

    def person(self) -> Someone:
        """A stranger."""
        rng = self._rng
        sex = rng.choice((Sex.FEMALE, Sex.MALE))
        born = _FIRST_BIRTH + timedelta(days=rng.randrange(_BIRTH_DAYS))
        postal_code, town = names.residence(rng)
        traits = Traits(
            birth_name=self._family_name(),
            given_names=names.given_names(rng, sex, born.year),
            birth_date=born,
            sex=sex,
            birth_place=names.birth_place(rng),
            postal_code=postal_code,
            town=town,
        )
        return Someone(traits, HospitalId(SITE, str(next(self._numbers))))

    def again(self, one: Someone, *, keeps_number: bool) -> Someone:
        """The same person recorded once more, with one slip or two, perhaps at another desk."""
        slips = (self._letter, self._exchanged, self._married, self._moved, self._day)
        traits = one.traits
        for slip in self._rng.sample(slips, self._rng.choice((1, 1, 2))):
            traits = slip(traits)
        number = one.identifier if keeps_number else HospitalId(SITE, str(next(self._numbers)))
        return Someone(traits, number)

    def _family_name(self) -> str:
        if self._rng.random() < _COMPOUND_SHARE:
            return "-".join(self._rng.choices(self._family, cum_weights=self._weights, k=2))
        return self._rng.choices(self._family, cum_weights=self._weights)[0]

    def _letter(self, traits: Traits) -> Traits:
        field = self._rng.choice(("birth_name", "given_names"))
        letters = list(getattr(traits, field))
        place = self._rng.randrange(len(letters) - 1)
        if self._rng.random() < 0.5:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = self._rng.choice("aeinrstlou")
        return replace(traits, **{field: "".join(letters)})

    def _exchanged(self, traits: Traits) -> Traits:
        return replace(traits, birth_name=traits.given_names, given_names=traits.birth_name)

    def _married(self, traits: Traits) -> Traits:
        return replace(traits, birth_name=self._family_name(), used_name=traits.birth_name)

    def _moved(self, traits: Traits) -> Traits:
        postal_code, town = names.residence(self._rng)
        return replace(traits, postal_code=postal_code, town=town)

    def _day(self, traits: Traits) -> Traits:
        born = traits.birth_date or _FIRST_BIRTH
        return replace(traits, birth_date=born.replace(day=born.day % 28 + 1))


def _family_names(rng: random.Random) -> list[str]:
    """Family names, the commonest first: real ones before made-up ones."""
    found = {names.family_name(rng): None for _ in range(2_000)}
    while len(found) < FAMILY_NAMES:
        middle = rng.choice(_MIDDLES) + rng.choice(_JOINTS)
        if rng.random() < 0.5:
            middle += rng.choice(_MIDDLES) + rng.choice(_JOINTS)
        found[rng.choice(_STARTS) + middle + rng.choice(_ENDS)] = None
    return list(found)
