"""Families made to mislead: whoever shares a name, a home, a birthday or a number with another.

Nobody here is in the population twice; every pair that looks alike is two
persons, some of them registered under the number of their relative.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

from registry.identity.traits import HospitalId, Traits
from registry.vocab.people import Sex
from tests.unit.identity.population import GIVEN, SURNAMES, TOWNS, Someone

_ALIKE = (
    ("Louise", "Louisa"),
    ("Jean", "Jeanne"),
    ("Julien", "Julian"),
    ("Marie", "Maria"),
    ("Marie-Claude", "Marie-Claire"),
    ("Simon", "Simone"),
)


class Families:
    """Families drawn from a seed; `mixed_up` of the twins come under the other's number."""

    def __init__(self, seed: int, *, mixed_up: float = 0.0) -> None:
        self._draw = random.Random(seed)
        self._mixed_up = mixed_up
        self._number = 1_000_000
        self._truth = 0

    def persons(self, families: int) -> list[Someone]:
        """All members, in an order in which the relatives come after each other."""
        return [one for _ in range(families) for one in self._family()]

    def _family(self) -> list[Someone]:
        code, town = self._draw.choice(TOWNS)
        surname, street = self._draw.choice(SURNAMES), self._draw.choice(TOWNS)[1]
        at_home = {"birth_name": surname, "postal_code": code, "town": town, "birth_place": street}
        father = self._member(at_home, self._draw.choice(GIVEN), Sex.MALE, self._born(1930))
        mother = self._married(father, at_home)
        born = self._born(1965)
        son = self._member(at_home, father.traits.given_names, Sex.MALE, born)
        sibling = self._member(
            at_home,
            self._other_than(son),
            Sex.MALE,
            born + timedelta(days=self._draw.choice((330, 400, 731))),
        )
        return [father, mother, son, sibling, *self._twins(at_home), self._namesake(son)]

    def _twins(self, at_home: dict) -> list[Someone]:
        born, sex = self._born(1990), self._draw.choice((Sex.MALE, Sex.FEMALE))
        names = (
            self._draw.choice(_ALIKE) if self._draw.random() < 0.3 else self._draw.sample(GIVEN, 2)
        )
        first, second = (self._member(at_home, name, sex, born) for name in names)
        # Louise and Louisa under one number would be a slip to anybody.
        if names not in _ALIKE and self._draw.random() < self._mixed_up:
            second = replace(second, identifier=first.identifier)
        return [first, second]

    def _married(self, husband: Someone, at_home: dict) -> Someone:
        born = husband.traits.birth_date + timedelta(days=self._draw.randrange(-900, 900))
        wife = self._member(at_home, self._other_than(husband), Sex.FEMALE, born)
        traits = replace(
            wife.traits,
            birth_name=self._draw.choice(SURNAMES),
            used_name=husband.traits.birth_name,
        )
        return replace(wife, traits=traits)

    def _namesake(self, one: Someone) -> Someone:
        """Somebody of the same names in the same town, born in the same year."""
        born = one.traits.birth_date.replace(
            month=self._draw.randrange(1, 13), day=self._draw.randrange(1, 28)
        )
        if born == one.traits.birth_date:
            born += timedelta(days=1)
        return self._new(replace(one.traits, birth_date=born))

    def _member(self, at_home: dict, given: str, sex: Sex, born: date) -> Someone:
        return self._new(Traits(given_names=given, sex=sex, birth_date=born, **at_home))

    def _new(self, traits: Traits) -> Someone:
        self._truth += 1
        self._number += self._draw.choice((1, 1, 1, 7, 90, 900))
        return Someone(self._truth, traits, HospitalId("PAR", str(self._number)))

    def _other_than(self, one: Someone) -> str:
        return self._draw.choice([name for name in GIVEN if name != one.traits.given_names])

    def _born(self, year: int) -> date:
        return date(year, 1, 1) + timedelta(days=self._draw.randrange(9_000))
