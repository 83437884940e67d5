"""The people of the story: of the age and sex in which each disease is met, no two alike."""

import random
from datetime import date, timedelta

from registry.cli.demo import names
from registry.cli.demo.study import Disease
from registry.identity.traits import Traits
from registry.vocab.people import Sex


class People:
    """Draws people who all differ in name."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken: set[tuple[str, str]] = set()
        self._number = rng.randrange(4_000_000, 6_000_000)

    def draw(self, disease: Disease, included: date) -> Traits:
        """Somebody who has the disease."""
        rng = self._rng
        sex = Sex.FEMALE if rng.random() < disease.women else Sex.MALE
        age = min(max(rng.gauss(disease.age, disease.age_spread), 18.5), 92.0)
        born = included - timedelta(days=int(age * 365.25))
        while True:
            birth_name = names.family_name(rng)
            given = names.given_names(rng, sex, born.year)
            if (birth_name, given.split()[0]) not in self._taken:
                break
        self._taken.add((birth_name, given.split()[0]))
        married = sex is Sex.FEMALE and rng.random() < min(0.7, max(0.0, (age - 25) / 60))
        postal_code, town = names.residence(rng)
        return Traits(
            birth_name=birth_name,
            given_names=given,
            used_name=names.family_name(rng) if married else None,
            birth_date=born,
            sex=sex,
            birth_place=names.birth_place(rng),
            postal_code=postal_code,
            town=town,
        )

    def number(self) -> str:
        """A hospital number that nobody has."""
        self._number += self._rng.randrange(3, 900)
        return f"{self._number:08d}"
