"""k-anonymity of what leaves: every person in it looks like at least ten others.

What could be known of a person from elsewhere (cohort, sex, age band,
diagnosis, which samples they gave, in what and in which year) is made coarser,
for the whole extract alike, until few people stand out; those who still do are
held back.  All the samples of a person count together, because the rows of a
person are joined by their pseudonym.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, product
from typing import NamedTuple

from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Variable

#: What a person looks like to somebody who knows them.
Look = tuple[object, ...]

#: The value of a variable that is too telling to leave.
NOT_GIVEN = "*"

#: What stands for every value that few people have; no code of any terminology in use.
RARE = "masked"


class Tube(NamedTuple):
    """What a sample tells of who gave it."""

    sample_type: str
    container: str
    year: str

    def asked(self, asked: Collection[Variable]) -> "Tube":
        """The same with what nobody asked for left out."""
        return Tube(
            *(
                value if variable in asked else NOT_GIVEN
                for variable, value in zip(OF_TUBES, self, strict=True)
            )
        )


#: The variables that a sample has, in the order of `Tube`.
OF_TUBES = (Variable.SAMPLE_TYPE, Variable.CONTAINER, Variable.COLLECTION_YEAR)


@dataclass(frozen=True, slots=True)
class Person:
    """The traits of one participant that others may know."""

    participant_id: int
    cohort: str
    sex: str
    age_band: AgeBand
    diagnosis: str
    #: Their samples, each kind once.
    tubes: frozenset[Tube]


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
    #: Whether values that few people have are not told apart.
    masks_rare: bool = False


_NOT_GIVEN = Step(_nothing, T("left out of the extract"))

_CODES = (
    Step(_as_is, T("every code")),
    Step(_as_is, T("codes that few participants have are not named"), masks_rare=True),
    _NOT_GIVEN,
)

#: From as asked to not at all; a variable that is absent leaves as asked or its people do not.
LADDERS: dict[Variable, tuple[Step, ...]] = {
    Variable.SAMPLE_TYPE: _CODES,
    Variable.CONTAINER: _CODES,
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


#: For each variable, the values that few people have.
Rare = Mapping[Variable, Collection[str]]


@dataclass(frozen=True)
class Plan:
    """How coarse each variable leaves, who leaves, and what protects those who do."""

    steps: Mapping[Variable, int]
    kept: frozenset[int]
    held_back: int
    #: The size of the smallest group of people who look alike.
    k: int
    rare: Rare = field(default_factory=dict)

    def value(self, variable: Variable, value: str) -> str:
        """The value as it leaves."""
        return _shown(variable, value, self.steps, self.rare)

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
    rare = rare_values(people)
    alike = _alike(people)
    ways = sorted(_ways(asked), key=lambda steps: sum(steps.values()))
    # Coarser never holds back more: the last way tells what can be had.
    most = max(
        len(people) * limits.EXTRACT_HELD_BACK_PERCENT_MAX // 100,
        _evaluated(alike, asked, ways[-1], rare).held_back,
    )
    for _coarseness, level in groupby(ways, key=lambda steps: sum(steps.values())):
        best = min(
            (_evaluated(alike, asked, steps, rare) for steps in level),
            key=lambda choice: choice.held_back,
        )
        if best.held_back <= most:
            break
    return best


def rare_values(people: Collection[Person]) -> Rare:
    """The values of their samples that fewer than eleven people have."""
    found = {}
    for place, variable in enumerate(OF_TUBES):
        people_with = Counter(
            value for person in people for value in {tube[place] for tube in person.tubes}
        )
        found[variable] = frozenset(
            value for value, number in people_with.items() if number < limits.SMALL_CELL_MIN
        )
    return found


def smallest_group(looks: Collection[Look]) -> int:
    """How many people the least common look belongs to; 0 when there is nobody."""
    return min(Counter(looks).values(), default=0)


def _alike(people: Sequence[Person]) -> Mapping[Person, Sequence[int]]:
    """One person for all who are alike as they are, and who those are."""
    found: dict[Person, list[int]] = defaultdict(list)
    for person in people:
        found[replace(person, participant_id=0)].append(person.participant_id)
    return found


def _ways(asked: Collection[Variable]) -> Iterator[dict[Variable, int]]:
    variables = [variable for variable in LADDERS if variable in asked]
    for steps in product(*(range(len(LADDERS[variable])) for variable in variables)):
        yield dict(zip(variables, steps, strict=True))


def _evaluated(
    alike: Mapping[Person, Sequence[int]],
    asked: Collection[Variable],
    steps: Mapping[Variable, int],
    rare: Rare,
) -> Plan:
    groups: dict[Look, list[int]] = defaultdict(list)
    for person, ids in alike.items():
        groups[look(person, asked, steps, rare)] += ids
    large = [ids for ids in groups.values() if len(ids) >= limits.SMALL_CELL_MIN]
    kept = frozenset(chain.from_iterable(large))
    held_back = sum(map(len, alike.values())) - len(kept)
    return Plan(dict(steps), kept, held_back, min(map(len, large), default=0), rare)


def look(
    person: Person, asked: Collection[Variable], steps: Mapping[Variable, int], rare: Rare
) -> Look:
    """What the extract shows of a person to somebody who knows them."""
    seen: list[object] = []
    if Variable.COHORT in asked:
        seen.append(person.cohort)
    if Variable.SEX in asked:
        seen.append(person.sex)
    if Variable.AGE_BAND in asked:
        seen.append(_shown(Variable.AGE_BAND, person.age_band, steps, rare))
    if Variable.DIAGNOSIS in asked:
        seen.append(_shown(Variable.DIAGNOSIS, person.diagnosis, steps, rare))
    told = [(place, one) for place, one in enumerate(OF_TUBES) if one in asked]
    # What is in one row stays together: a type of one year is not that type of another.
    seen.append(
        frozenset(
            tuple(_shown(one, tube[place], steps, rare) for place, one in told)
            for tube in person.tubes
        )
    )
    return tuple(seen)


def _shown(variable: Variable, value: str, steps: Mapping[Variable, int], rare: Rare) -> str:
    step = LADDERS[variable][steps[variable]]
    return RARE if step.masks_rare and value in rare.get(variable, ()) else step.apply(value)
