"""What exists, in numbers that tell nobody apart.

Only participants whose consent allows the purpose today are counted, with
their samples of which something is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.applications import criteria as rules
from registry.applications.criteria import Criteria
from registry.consents.decision import Study
from registry.extracts import counting
from registry.extracts.disclosure import MASKED, Figure, hidden
from registry.extracts.guard import Group, Memory
from registry.extracts.models import CatalogueCount, ShownFigure
from registry.extracts.sets import Planes, among_these, together
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, TooManyAttempts
from registry.kernel.messages import T
from registry.participants.models import Cohort
from registry.persistence import registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.applications import AgeBand, Purpose
from registry.vocab.audit import AuditTag
from registry.vocab.people import Sex
from registry.vocab.research import EU_AND_EEA, RecipientKind
from registry.vocab.samples import SampleType

#: A cell of the answer: what it is by, and the values; the total is by nothing.
Cell = tuple[str, ...]

TOTAL: Cell = ("total",)


@dataclass(frozen=True)
class Question:
    """What is counted, and for which use of it."""

    purpose: Purpose
    criteria: Criteria
    #: Who would receive the data, and in which country (ISO 3166-1 alpha-2).
    recipient_kind: RecipientKind = RecipientKind.INSTITUTE
    country: str = "FR"

    @property
    def study(self) -> Study:
        """What a consent is asked about."""
        return Study(
            recipient=self.recipient_kind,
            country=self.country,
            commercial=self.purpose is Purpose.COMMERCIAL,
            genetics=self.purpose is Purpose.GENETIC,
        )


@dataclass(frozen=True)
class Answer:
    """The figures as they may be shown; a cell that is absent is masked."""

    figures: Mapping[Cell, Figure]
    #: Every cohort's code and name, in the order of the codes.
    cohorts: Mapping[str, str]

    def at(self, *cell: str) -> Figure:
        """The figure of one cell."""
        return self.figures.get(cell, MASKED)

    @property
    def total(self) -> Figure:
        """Everybody and everything that matches."""
        return self.at(*TOTAL)

    @property
    def sample_types(self) -> tuple[SampleType, ...]:
        """The types of which there is enough to show."""
        return tuple(kind for kind in SampleType if not self.at("type", kind.value).is_masked)


@transactional
def count(actor: Actor, question: Question) -> CatalogueCount:
    """Count, and remember what was shown; the same question of the same day has its answer kept.

    :raises NotPermitted: the actor counts nothing.
    :raises InvalidInput: no sample could meet the criteria.
    :raises TooManyAttempts: the actor has asked as many questions as a day allows.
    """
    require(actor, Permission.CATALOGUE_COUNT)
    if actor.id is None:
        raise InvalidInput(T("Counts are remembered for a person: sign in."))
    rules.check(question.criteria, cohorts=cohorts())
    advisory_lock(f"catalogue:{actor.id}")
    today = _asked_today(actor.id)
    for earlier in today:
        if question_of(earlier) == _plain(question):
            return earlier
    if len(today) >= limits.COUNTS_PER_DAY_MAX:
        raise TooManyAttempts(
            T(
                "You have asked {count} counts today, as many as a day allows. "
                "Ask again tomorrow, or ask for an extract.",
                count=limits.COUNTS_PER_DAY_MAX,
            )
        )
    _forget_old(actor.id)
    asked = _published(actor.id, question)
    audit.record(
        actor,
        AuditTag.CATALOGUE_COUNTED,
        f"count:{asked.id}",
        purpose=question.purpose,
        criteria=asked.asked_criteria,
    )
    return asked


def get(actor: Actor, count_id: int) -> CatalogueCount:
    """A question that the actor asked, with its answer.

    :raises NotFound: the actor has asked no such question, or long ago.
    """
    require(actor, Permission.CATALOGUE_COUNT)
    asked = registry_session.get(CatalogueCount, count_id)
    if asked is None or asked.actor_id != actor.id:
        raise NotFound(T("This count is no longer kept. Count again."))
    return asked


def question_of(asked: CatalogueCount) -> Question:
    """The question that was asked."""
    criteria = Criteria.from_json(asked.asked_criteria)
    return Question(asked.purpose, criteria, asked.recipient_kind, asked.country)


def answer_of(asked: CatalogueCount) -> Answer:
    """The answer as it was shown."""
    return Answer(
        {tuple(cell): Figure(*shown) for cell, *shown in asked.answer["figures"]}, cohorts()
    )


def cohorts() -> dict[str, str]:
    """Every cohort's code and name."""
    rows = registry_session.execute(sa.select(Cohort.code, Cohort.name).order_by(Cohort.code))
    return {row.code: row.name for row in rows}


def sample_types() -> tuple[SampleType, ...]:
    """The types of samples that so many participants have that naming them tells of nobody."""
    found = registry_session.execute(
        sa.select(Sample.sample_type, sa.func.count(Sample.participant_id.distinct())).group_by(
            Sample.sample_type
        )
    )
    common = {kind for kind, people in found if people >= limits.SMALL_CELL_MIN}
    return tuple(kind for kind in SampleType if kind in common)


def left_today(actor: Actor) -> int:
    """How many more questions the actor may ask today."""
    asked = len(_asked_today(actor.id)) if actor.id is not None else 0
    return max(limits.COUNTS_PER_DAY_MAX - asked, 0)


def _plain(question: Question) -> Question:
    """The question as it reads back: its lists in order, nothing twice."""
    return replace(question, criteria=Criteria.from_json(question.criteria.to_json()))


def _asked_today(actor_id: int) -> Sequence[CatalogueCount]:
    midnight = datetime.combine(clock.today(), time(), tzinfo=clock.PARIS)
    return registry_session.scalars(
        sa.select(CatalogueCount).where(
            CatalogueCount.actor_id == actor_id, CatalogueCount.asked_at >= midnight
        )
    ).all()


def _forget_old(actor_id: int) -> None:
    """Remove what the actor asked too long ago to be compared with anything."""
    limit = clock.now() - timedelta(days=limits.COUNTS_REMEMBERED_DAYS)
    old = sa.select(CatalogueCount.id).where(
        CatalogueCount.actor_id == actor_id, CatalogueCount.asked_at < limit
    )
    registry_session.execute(sa.delete(ShownFigure).where(ShownFigure.count_id.in_(old)))
    registry_session.execute(
        sa.delete(CatalogueCount).where(
            CatalogueCount.actor_id == actor_id, CatalogueCount.asked_at < limit
        )
    )


def _published(actor_id: int, question: Question) -> CatalogueCount:
    """Count, mask, compare with what the actor has seen, and keep question and answer."""
    groups = _groups(question)
    memory = Memory(actor_id)
    looked = {cell: memory.look(group) for cell, group in groups.items()}
    figures = {cell: shown for cell, (shown, _new) in looked.items()}
    masks = hidden(figures, _lines(question.criteria))
    shown = {cell: found for cell, found in figures.items() if cell not in masks}
    asked = CatalogueCount(
        actor_id=actor_id,
        asked_at=clock.now(),
        purpose=question.purpose,
        recipient_kind=question.recipient_kind,
        country=question.country,
        outside_eu=question.country not in EU_AND_EEA,
        asked_criteria=question.criteria.to_json(),
        answer={"figures": [[cell, one.participants, one.samples] for cell, one in shown.items()]},
    )
    registry_session.add(asked)
    registry_session.flush()
    for cell, (found, is_new) in looked.items():
        if is_new and (cell in shown or found.is_masked):
            memory.remember(groups[cell], found, count_id=asked.id)
    return asked


def _groups(question: Question) -> dict[Cell, Group]:
    """Whom each cell is about, those alone whose consent allows the purpose."""
    people, by_kind = counting.People(question.criteria), counting.tubes(question.criteria)
    of_any = together(by_kind.values())
    matched = people.bits & Group.of(of_any).bits
    allowed = counting.allowed(matched, question.study)
    cohorts_of = {code: marks.bits & allowed for code, marks in people.by_cohort.items()}
    groups = dict.fromkeys(_always(), Group({}))

    def put(cell: Cell, planes: Planes, who: int) -> None:
        groups[cell] = Group.of(among_these(planes, who))

    put(TOTAL, of_any, allowed)
    for code, who in cohorts_of.items():
        put(("cohort", code), of_any, who)
    for sex, marks in people.by_sex.items():
        put(("sex", sex.value), of_any, marks.bits & allowed)
    for band, marks in people.by_band.items():
        put(("age", band.value), of_any, marks.bits & allowed)
    for kind, planes in by_kind.items():
        put(("type", kind.value), planes, allowed)
        for code, who in cohorts_of.items():
            put(("cohort-type", code, kind.value), planes, who)
    return groups


def _always() -> list[Cell]:
    """The cells that the answer has whether or not anybody is in them."""
    codes = list(cohorts())
    return [
        TOTAL,
        *(("cohort", code) for code in codes),
        *(("sex", sex.value) for sex in Sex),
        *(("age", band.value) for band in AgeBand),
        *(("type", kind.value) for kind in SampleType),
        *(("cohort-type", code, kind.value) for code in codes for kind in SampleType),
    ]


def _lines(criteria: Criteria) -> list[list[Cell]]:
    """The rows and columns whose cells add up to a figure that is shown too.

    What the criteria leave out is known to be nothing and hides nobody.
    """
    codes = [code for code in cohorts() if not criteria.cohorts or code in criteria.cohorts]
    kinds = [kind.value for kind in criteria.sample_types or SampleType]
    rows: list[list[Cell]] = [[("cohort-type", code, kind) for kind in kinds] for code in codes]
    columns: list[list[Cell]] = [[("cohort-type", code, kind) for code in codes] for kind in kinds]
    return [
        [("cohort", code) for code in codes],
        [("sex", sex.value) for sex in criteria.sexes or Sex],
        [("age", band.value) for band in criteria.age_bands or AgeBand],
        [("type", kind) for kind in kinds],
        *rows,
        *columns,
    ]
