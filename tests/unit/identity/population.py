"""A French population with families, twins and namesakes, and what typing makes of it."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.identity.traits import HospitalId, Traits
from registry.vocab.people import Sex

# fmt: off
SURNAMES = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau",
    "Laurent", "Simon", "Michel", "Lefebvre", "Leroy", "Roux", "David", "Bertrand", "Morel",
    "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau", "Vincent",
    "Muller", "Lefèvre", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier",
    "Chevalier", "François", "Legrand", "Gauthier", "Perrin", "Nguyen", "Diallo", "Benali",
    "Garcia", "Lopez", "Schmitt", "Le-Gall", "De-la-Tour",
)
GIVEN = (
    "Marie", "Jeanne", "Françoise", "Monique", "Catherine", "Nathalie", "Isabelle", "Jacqueline",
    "Anne", "Sylvie", "Martine", "Madeleine", "Nicole", "Suzanne", "Hélène", "Christine",
    "Marguerite", "Denise", "Louise", "Christiane", "Jean", "Pierre", "Michel", "André",
    "Philippe", "René", "Louis", "Alain", "Jacques", "Bernard", "Marcel", "Daniel", "Roger",
    "Robert", "Paul", "Claude", "Christophe", "Henri", "Georges", "Nicolas", "Jean-Pierre",
    "Marie-Claude", "Anne-Sophie",
)
# fmt: on
TOWNS = (
    ("42000", "Saint-Étienne"),
    ("69003", "Lyon"),
    ("75014", "Paris"),
    ("13005", "Marseille"),
    ("31000", "Toulouse"),
    ("59800", "Lille"),
    ("67000", "Strasbourg"),
)


@dataclass(frozen=True)
class Someone:
    """A person as one visit recorded them."""

    truth: int
    traits: Traits
    identifier: HospitalId | None


class Population:
    """Persons drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._numbers = 1_000_000

    def persons(self, count: int) -> list[Someone]:
        """`count` persons: every tenth has a twin, every tenth a namesake in the family."""
        found: list[Someone] = []
        while len(found) < count:
            found.append(self._person(len(found)))
            if len(found) % 10 == 0:
                found.append(self._twin(found[-1], len(found)))
            elif len(found) % 10 == 5:
                found.append(self._namesake(found[-1], len(found)))
        return found[:count]

    def again(self, one: Someone, *, keeps_number: bool) -> Someone:
        """The same person recorded once more, with the slips that typing makes."""
        slips = [self._letter_slip, self._exchanged, self._married, self._moved, self._date_slip]
        traits = one.traits
        for slip in self._draw.sample(slips, self._draw.choice((0, 1, 1, 2))):
            traits = slip(traits)
        identifier = one.identifier if keeps_number else self._number()
        return Someone(one.truth, traits, identifier)

    def _person(self, truth: int) -> Someone:
        code, town = self._draw.choice(TOWNS)
        traits = Traits(
            birth_name=self._draw.choice(SURNAMES),
            given_names=self._draw.choice(GIVEN),
            birth_date=date(1930, 1, 1) + timedelta(days=self._draw.randrange(28_000)),
            sex=self._draw.choice((Sex.FEMALE, Sex.MALE)),
            birth_place=self._draw.choice(TOWNS)[1],
            postal_code=code,
            town=town,
        )
        return Someone(truth, traits, self._number())

    def _twin(self, one: Someone, truth: int) -> Someone:
        others = [name for name in GIVEN if name != one.traits.given_names]
        traits = replace(one.traits, given_names=self._draw.choice(others))
        return Someone(truth, traits, self._number())

    def _namesake(self, one: Someone, truth: int) -> Someone:
        assert one.traits.birth_date
        traits = replace(one.traits, birth_date=one.traits.birth_date - timedelta(days=9_371))
        return Someone(truth, traits, self._number())

    def _number(self) -> HospitalId:
        self._numbers += 1
        return HospitalId("PAR", str(self._numbers))

    def _letter_slip(self, traits: Traits) -> Traits:
        field = self._draw.choice(("birth_name", "given_names"))
        letters = list(getattr(traits, field))
        place = self._draw.randrange(1, len(letters) - 1)
        if self._draw.random() < 0.5:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        else:
            letters[place] = self._draw.choice("aeinrstlou")
        return replace(traits, **{field: "".join(letters)})

    def _exchanged(self, traits: Traits) -> Traits:
        return replace(traits, birth_name=traits.given_names, given_names=traits.birth_name)

    def _married(self, traits: Traits) -> Traits:
        return replace(traits, birth_name=self._draw.choice(SURNAMES), used_name=traits.birth_name)

    def _moved(self, traits: Traits) -> Traits:
        code, town = self._draw.choice(TOWNS)
        return replace(traits, postal_code=code, town=town)

    def _date_slip(self, traits: Traits) -> Traits:
        assert traits.birth_date
        born = traits.birth_date
        if born.day <= 12 and self._draw.random() < 0.5:
            return replace(traits, birth_date=date(born.year, born.day, born.month))
        return replace(traits, birth_date=born.replace(day=born.day % 28 + 1))
