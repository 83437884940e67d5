"""Who is behind each figure of a count, gathered by the database and kept as bits.

A set of participants is one number with a bit for each id.  How many samples
each of them has is a list of such sets, the planes of a binary number: a
participant has the sample counts 1, 2, 4 … in whose planes their bit is set.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.consents.decision import Study
from registry.consents.standing import queries as standings
from registry.consents.standing.models import ConsentStanding
from registry.extracts.matching import among, of_people, of_samples
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.participants.models import Cohort, Participant
from registry.persistence import db, registry_session
from registry.persistence.unit_of_work import after_commit
from registry.samples.models import Sample
from registry.tasks import service as tasks
from registry.vocab import limits
from registry.vocab.applications import AgeBand, age_band
from registry.vocab.people import Sex
from registry.vocab.samples import SampleType
from registry.vocab.tasks import TaskKind

Planes = tuple[int, ...]


class Marks:
    """A set of participants while it is gathered: a sign for each id."""

    def __init__(self) -> None:
        self._signs = bytearray()

    def add(self, ids: Sequence[int]) -> None:
        """Put these into the set."""
        if not ids:
            return
        missing = max(ids) + 1 - len(self._signs)
        if missing > 0:
            self._signs.extend(b"0" * missing)
        signs, one = self._signs, ord("1")
        for participant_id in ids:
            signs[participant_id] = one

    @property
    def bits(self) -> int:
        """The set as one number."""
        return int(self._signs[::-1], 2) if self._signs else 0


def bits_of(ids: Collection[int]) -> int:
    """The set of these participants."""
    marks = Marks()
    marks.add(list(ids))
    return marks.bits


def ids_of(bits: int) -> Iterator[int]:
    """The participants in a set."""
    signs = bin(bits)[:1:-1]
    at = signs.find("1")
    while at >= 0:
        yield at
        at = signs.find("1", at + 1)


def added(planes: Planes, number: int, who: int) -> Planes:
    """The counts after so many more for each participant in `who`."""
    found, carry, place = list(planes), 0, 0
    while carry or number >> place:
        if place == len(found):
            found.append(0)
        more = who if number >> place & 1 else 0
        held = found[place]
        found[place] = held ^ more ^ carry
        carry = held & more | held & carry | more & carry
        place += 1
    return tuple(found)


def together(several: Iterable[Planes]) -> Planes:
    """The counts of several kinds, summed for each participant."""
    total: Planes = ()
    for planes in several:
        for place, who in enumerate(planes):
            total = added(total, 1 << place, who) if who else total
    return total


def among_these(planes: Planes, who: int) -> Planes:
    """The counts of those alone who are in the set."""
    return tuple(plane & who for plane in planes)


def _listed(column: sa.SQLColumnExpression[int]) -> sa.SQLColumnExpression[str]:
    """The numbers of a group in one text: a row for each would take longer than all else."""
    if db.engines["registry"].dialect.name == "sqlite":
        return sa.func.group_concat(column)
    return sa.func.string_agg(sa.cast(column, sa.String), ",")


def _ids(text: str) -> list[int]:
    return list(map(int, text.split(",")))


class People:
    """Everybody whom the criteria let in, by what the figures are by."""

    def __init__(self, criteria: Criteria) -> None:
        self.by_cohort: dict[str, Marks] = defaultdict(Marks)
        self.by_sex: dict[Sex, Marks] = defaultdict(Marks)
        self.by_band: dict[AgeBand, Marks] = defaultdict(Marks)
        year = sa.extract("year", Participant.included_on)
        traits = (Cohort.code, Participant.sex, Participant.birth_year, year)
        rows = registry_session.execute(
            sa.select(*traits, _listed(Participant.id))
            .join(Cohort, Cohort.id == Participant.cohort_id)
            .where(*of_people(criteria, Participant))
            .group_by(*traits)
        )
        for cohort, sex, birth_year, included, text in rows:
            ids = _ids(text)
            self.by_cohort[cohort].add(ids)
            self.by_sex[sex].add(ids)
            self.by_band[age_band(birth_year, int(included))].add(ids)

    @property
    def bits(self) -> int:
        """All of them."""
        found = 0
        for marks in self.by_cohort.values():
            found |= marks.bits
        return found


def tubes(criteria: Criteria) -> dict[SampleType, Planes]:
    """How many matching samples of each type each participant has, aliases' with their own."""
    of_each = (
        sa.select(
            Sample.participant_id.label("who"),
            Sample.sample_type.label("kind"),
            sa.func.count().label("number"),
        )
        .where(*of_samples(criteria))
        .group_by(Sample.participant_id, Sample.sample_type)
    )
    each = of_each.subquery()
    rows = registry_session.execute(
        sa.select(each.c.kind, each.c.number, _listed(each.c.who)).group_by(
            each.c.kind, each.c.number
        )
    )
    found: dict[SampleType, Planes] = defaultdict(tuple)
    for kind, number, text in rows:
        found[kind] = added(found[kind], number, bits_of(_ids(text)))
    _move_aliases(found, of_each)
    return dict(found)


def _move_aliases(
    found: dict[SampleType, Planes], of_each: sa.Select[int, SampleType, int]
) -> None:
    """Count what belongs to a merged participant for whoever stands for them."""
    aliases = sa.select(Participant.id, Participant.merged_into_id)
    stands_for = {
        alias: survivor
        for alias, survivor in registry_session.execute(
            aliases.where(Participant.merged_into_id.is_not(None))
        )
        if survivor is not None
    }
    if not stands_for:
        return
    moved: dict[SampleType, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for who, kind, number in registry_session.execute(
        of_each.where(among(Sample.participant_id, stands_for))
    ):
        moved[kind][stands_for[who]] += number
    others = ~bits_of(stands_for)
    for kind, numbers in moved.items():
        planes = among_these(found[kind], others)
        for number, survivors in _by_number(numbers):
            planes = added(planes, number, bits_of(survivors))
        found[kind] = planes


def _by_number(numbers: Mapping[int, int]) -> Iterable[tuple[int, list[int]]]:
    found: dict[int, list[int]] = defaultdict(list)
    for who, number in numbers.items():
        found[number].append(who)
    return found.items()


def allowed(matched: int, study: Study) -> int:
    """Those of the set whose consent allows everything that the study does, today."""
    today = clock.today()
    known = standings.profiles(study, today)
    rows = registry_session.execute(
        sa.select(ConsentStanding.profile_id, _listed(ConsentStanding.participant_id))
        .where(standings.holding(today))
        .group_by(ConsentStanding.profile_id)
    )
    held, allowing = Marks(), Marks()
    for profile_id, text in rows:
        if profile_id in known.judged:
            ids = _ids(text)
            held.add(ids)
            if profile_id in known.allowing:
                allowing.add(ids)
    rest = matched & ~held.bits
    if rest.bit_count() > limits.STANDINGS_MISSING_MAX:
        after_commit(_refresh)
    live = standings.allowed_live(list(ids_of(rest)), study, today)
    return matched & (allowing.bits | bits_of(live))


def _refresh() -> None:
    """Have the missing standings worked out, so that the next count is quick."""
    with suppress(RuleBroken):
        tasks.request(Actor.system("catalogue"), TaskKind.REFRESH_CONSENTS)
