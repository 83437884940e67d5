"""k-anonymity of what leaves: every person in it looks like at least ten others.

What could be known of a person from elsewhere (cohort, sex, age band,
diagnosis, the years in which they gave samples) is made coarser, for the whole
extract alike, until few people stand out; those who still do are held back.
All the years of a person count together, because the rows of a person are
joined by their pseudonym.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Variable

#: What a person looks like to somebody who knows them.
Look = tuple[object, ...]

#: The value of a variable that is too telling to leave.
NOT_GIVEN = "*"


@dataclass(frozen=True, slots=True)
class Person:
    """The traits of one participant that others may know."""

    participant_id: int
    cohort: str
    sex: str
    age_band: AgeBand
    diagnosis: str
    years: frozenset[int]


def twenty_years(band: str) -> str:
    """The 20-year band around a 10-year one: ``30-39`` → ``20-39``; the oldest share ``80+``."""
    if not band[0].isdigit():
        return band
    first = int(band.rstrip("+").split("-")[0]) // 20 * 20
    return f"{first}+" if first + 20 > limits.AGE_TOP_BAND_YEARS else f"{first}-{first + 19}"


def five_years(year: str) -> str:
    """The five-year period of a year: ``2023`` → ``2020-2024``."""
    first = int(year) // 5 * 5
    return f"{first}-{first + 4}"


def category(diagnosis: str) -> str:
    """The part of a classification code before its point: ``M32.1`` → ``M32``."""
    return diagnosis.partition(".")[0]


def _as_is(value: str) -> str:
    return value


def _nothing(_value: str) -> str:
    return NOT_GIVEN


@dataclass(frozen=True)
class Step:
    """How coarse a variable leaves, and how that is said to who receives it."""

    apply: Callable[[str], str]
    said: Message


_NOT_GIVEN = Step(_nothing, T("left out of the extract"))

#: From as asked to not at all; a variable that is absent leaves as asked or its people do not.
LADDERS: dict[Variable, tuple[Step, ...]] = {
    Variable.COLLECTION_YEAR: (
        Step(_as_is, T("single years")),
        Step(five_years, T("periods of five years")),
        _NOT_GIVEN,
    ),
    Variable.AGE_BAND: (
        Step(_as_is, T("bands of ten years")),
        Step(twenty_years, T("bands of twenty years")),
        _NOT_GIVEN,
    ),
    Variable.DIAGNOSIS: (
        Step(_as_is, T("full codes")),
        Step(category, T("the part of the code before its point")),
        _NOT_GIVEN,
    ),
}


@dataclass(frozen=True)
class Plan:
    """How coarse each variable leaves, who leaves, and what protects those who do."""

    steps: Mapping[Variable, int]
    kept: frozenset[int]
    held_back: int
    #: The size of the smallest group of people who look alike.
    k: int

    def value(self, variable: Variable, value: str) -> str:
        """The value as it leaves."""
        return LADDERS[variable][self.steps[variable]].apply(value)

    @property
    def withheld(self) -> frozenset[Variable]:
        """The variables that were asked for and do not leave at all."""
        return frozenset(
            variable
            for variable, step in self.steps.items()
            if LADDERS[variable][step] is _NOT_GIVEN
        )

    @property
    def coarser(self) -> Mapping[Variable, Message]:
        """The variables that leave coarser than as asked, and how coarse."""
        return {
            variable: LADDERS[variable][step].said for variable, step in self.steps.items() if step
        }


def plan(people: Sequence[Person], asked: Collection[Variable]) -> Plan:
    """The least coarse way in which few enough people are held back.

    When no way holds back few enough, the one that holds back fewest.
    """
    choices = [_evaluated(people, asked, steps) for steps in _ways(asked)]
    most = len(people) * limits.EXTRACT_HELD_BACK_PERCENT_MAX // 100
    few = [choice for choice in choices if choice.held_back <= most]
    if few:
        return min(few, key=lambda choice: (sum(choice.steps.values()), choice.held_back))
    return min(choices, key=lambda choice: (choice.held_back, sum(choice.steps.values())))


def smallest_group(looks: Collection[Look]) -> int:
    """How many people the least common look belongs to; 0 when there is nobody."""
    return min(Counter(looks).values(), default=0)


def _ways(asked: Collection[Variable]) -> Iterator[dict[Variable, int]]:
    variables = [variable for variable in LADDERS if variable in asked]
    for steps in product(*(range(len(LADDERS[variable])) for variable in variables)):
        yield dict(zip(variables, steps, strict=True))


def _evaluated(
    people: Sequence[Person], asked: Collection[Variable], steps: Mapping[Variable, int]
) -> Plan:
    looks = [look(person, asked, steps) for person in people]
    sizes = Counter(looks)
    kept = frozenset(
        person.participant_id
        for person, seen in zip(people, looks, strict=True)
        if sizes[seen] >= limits.SMALL_CELL_MIN
    )
    k = smallest_group([seen for seen in looks if sizes[seen] >= limits.SMALL_CELL_MIN])
    return Plan(dict(steps), kept, len(people) - len(kept), k)


def look(person: Person, asked: Collection[Variable], steps: Mapping[Variable, int]) -> Look:
    """What the extract shows of a person to somebody who knows them."""
    seen: list[object] = []
    if Variable.COHORT in asked:
        seen.append(person.cohort)
    if Variable.SEX in asked:
        seen.append(person.sex)
    for variable, step in steps.items():
        apply = LADDERS[variable][step].apply
        if variable is Variable.AGE_BAND:
            seen.append(apply(person.age_band))
        elif variable is Variable.DIAGNOSIS:
            seen.append(apply(person.diagnosis))
        else:
            seen.append(frozenset(apply(str(year)) for year in person.years))
    return tuple(seen)
