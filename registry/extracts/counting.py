"""Who is behind each figure of a count, listed by the database in the order of its indexes.

A row for each participant or sample, or sorting them, would take longer than
all else: each statement groups by what an index begins with and gives the
ids of a group as one text.
"""

import json
from collections import defaultdict
from contextlib import suppress
from datetime import date

import sqlalchemy as sa

from registry.applications.criteria import Criteria
from registry.consents.decision import Study
from registry.consents.standing import queries as standings
from registry.consents.standing.models import ConsentStanding
from registry.extracts.matching import of_people, of_samples
from registry.extracts.sets import Marks, Planes, bits_of, ids_of, tallied
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


def _is_sqlite() -> bool:
    return db.engines["registry"].dialect.name == "sqlite"


def _listed(*columns: sa.SQLColumnExpression[object]) -> sa.SQLColumnExpression[str]:
    """The whole numbers of each row of a group, one after the other, in one text."""
    text: sa.SQLColumnExpression[str] = sa.cast(columns[0], sa.String)
    for other in columns[1:]:
        text = text.concat(",").concat(sa.cast(other, sa.String))
    return sa.func.aggregate_strings(text, ",")


def _numbers(text: str) -> list[int]:
    found: list[int] = json.loads(f"[{text}]")
    return found


def _year(day: sa.SQLColumnExpression[date]) -> sa.SQLColumnExpression[object]:
    """The year of a day: SQLite keeps days as text, and reading one takes several times as long."""
    if _is_sqlite():
        return sa.func.substr(sa.type_coerce(day, sa.String), 1, 4)
    return sa.extract("year", day)


class People:
    """Everybody whom the criteria let in, by what the figures are by."""

    def __init__(self, criteria: Criteria) -> None:
        self.by_cohort: dict[str, Marks] = defaultdict(Marks)
        self.by_sex: dict[Sex, Marks] = defaultdict(Marks)
        self.by_band: dict[AgeBand, Marks] = defaultdict(Marks)
        traits = (Participant.cohort_id, Participant.sex, Participant.birth_year)
        rows = registry_session.execute(
            sa.select(
                sa.func.min(Cohort.code),
                Participant.sex,
                Participant.birth_year,
                _listed(Participant.id, _year(Participant.included_on)),
            )
            .join(Cohort, Cohort.id == Participant.cohort_id)
            .where(*of_people(criteria, Participant))
            .group_by(*traits)
        )
        for cohort, sex, birth_year, text in rows:
            numbers = _numbers(text)
            ids, years = numbers[::2], numbers[1::2]
            self.by_cohort[cohort].add(ids)
            self.by_sex[sex].add(ids)
            included: dict[int, list[int]] = defaultdict(list)
            for one, year in zip(ids, years, strict=True):
                included[year].append(one)
            for year, those in included.items():
                self.by_band[age_band(birth_year, year)].add(those)

    @property
    def bits(self) -> int:
        """All of them."""
        found = 0
        for marks in self.by_cohort.values():
            found |= marks.bits
        return found


def tubes(criteria: Criteria) -> dict[SampleType, Planes]:
    """How many matching samples of each type each participant has, aliases' with their own."""
    rows = registry_session.execute(
        sa.select(Sample.sample_type, _listed(Sample.participant_id))
        .where(*of_samples(criteria))
        .group_by(Sample.sample_type)
    )
    stands_for = _aliases()
    found = {}
    for kind, text in rows:
        whose = _numbers(text)
        if stands_for:
            whose = [stands_for.get(one, one) for one in whose]
        found[kind] = tallied(whose)
    return found


def _aliases() -> dict[int, int]:
    """Who counts for each merged participant."""
    aliases = sa.select(Participant.id, Participant.merged_into_id)
    return {
        alias: survivor
        for alias, survivor in registry_session.execute(
            aliases.where(Participant.merged_into_id.is_not(None))
        )
        if survivor is not None
    }


def allowed(matched: int, study: Study) -> int:
    """Those of the set whose consent allows everything that the study does, today."""
    today = clock.today()
    known = standings.profiles(study, today)
    rows = registry_session.execute(
        sa.select(ConsentStanding.profile_id, _listed(ConsentStanding.participant_id))
        .where(standings.holding(today))
        .group_by(ConsentStanding.profile_id)
    )
    allowing, refusing = Marks(), Marks()
    for profile_id, text in rows:
        if profile_id in known.judged:
            held = allowing if profile_id in known.allowing else refusing
            held.add(_numbers(text))
    rest = matched & ~(allowing.bits | refusing.bits)
    if rest.bit_count() > limits.STANDINGS_MISSING_MAX:
        after_commit(_refresh)
    live = standings.allowed_live(list(ids_of(rest)), study, today)
    return matched & (allowing.bits | bits_of(live))


def _refresh() -> None:
    """Have the missing standings worked out, so that the next count is quick."""
    with suppress(RuleBroken):
        tasks.request(Actor.system("catalogue"), TaskKind.REFRESH_CONSENTS)
