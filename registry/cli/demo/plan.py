"""Who is included when, what each agrees to, which visits follow: without a database."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from registry.cli.demo import agenda, study
from registry.cli.demo.cast import People
from registry.cli.demo.study import Disease
from registry.identity.traits import Traits
from registry.vocab.consent import Answer, Use

PARTICIPANTS = 300
#: With fewer people there would be no extract: the registry refuses what is about few.
_LEAST = 45
_STORY_DAYS = 545
_INCOMPLETE_EVERY = 40
_PILOT_VISITS_DAYS = 330
_TWICE_WITHIN = timedelta(days=7)
#: How many working days before the end the last people come, one at each site.
_RECENT = (1, 1, 0, 0)

SITES = ("NORD", "SUD")
_NORTH_SHARE = 0.6
_ATTENDANCE = 0.93
_VISIT_SPREAD_DAYS = 12


class Story(Enum):
    """What becomes of a participant's consent."""

    SIGNED = "signed"
    RENEWED = "renewed"
    NOT_OPPOSED = "not_opposed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    PARTLY_WITHDRAWN = "partly_withdrawn"
    UNSIGNED = "unsigned"


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of the protocol and its moment."""

    code: str
    at: datetime


@dataclass(frozen=True)
class Inclusion:
    """A person's way through a cohort."""

    traits: Traits
    #: The number that the site's hospital gave; None when nobody knows it.
    number: str | None
    site: str
    cohort: str
    diagnosis: str
    at: datetime
    story: Story
    #: What is said to each use that a form may ask about; collecting and storing are agreed to.
    answers: Mapping[Use, Answer]
    #: The first is the inclusion itself.
    visits: tuple[PlannedVisit, ...]
    #: When the consent is taken back, for the stories in which it is.
    leaves_at: datetime | None = None


@dataclass(frozen=True)
class Plan:
    """The whole story."""

    begins: date
    #: From this day on the second version of the general form is signed.
    second_form: date
    #: The last working day before today; the story ends at its noon.
    ends: date
    inclusions: tuple[Inclusion, ...]


def make(rng: random.Random, today: date, scale: float) -> Plan:
    """The story that ends on the last working day before `today`; `scale` 1 is 300 participants."""
    ends = agenda.working_days_back(today, 1)
    begins = agenda.working(ends - timedelta(days=_STORY_DAYS))
    number = max(_LEAST, round(PARTICIPANTS * scale))
    days = _inclusion_days(rng, begins, ends, number)
    stories = _stories(number)
    people = People(rng)
    inclusions = [
        _inclusion(rng, people, day, ends, story) for day, story in zip(days, stories, strict=True)
    ]
    for one in range(1, len(_RECENT) + 1):
        inclusions[-one] = replace(inclusions[-one], site=SITES[one % 2])
    for one in range(_INCOMPLETE_EVERY // 2, number, _INCOMPLETE_EVERY):
        inclusions[one] = _incomplete(rng, inclusions[one])
    inclusions += [*_again_elsewhere(rng, inclusions, ends), *_mistyped(inclusions, ends)]
    return Plan(
        begins=begins,
        second_form=agenda.working(begins + timedelta(days=_STORY_DAYS * 2 // 5)),
        ends=ends,
        inclusions=tuple(sorted(inclusions, key=lambda one: one.at)),
    )


def _inclusion_days(rng: random.Random, begins: date, ends: date, number: int) -> list[date]:
    """Working days in order; the last two have some, for work must wait when the story ends."""
    recent = [agenda.working_days_back(ends, back) for back in _RECENT]
    span = (recent[0] - begins).days - 1
    days = [
        agenda.working(begins + timedelta(days=7 + int((span - 8) * rng.random() ** 1.05)))
        for _ in range(number - len(recent))
    ]
    return sorted(days) + recent


#: Which stories there are besides a signed form: the stretch of the recruitment in which they
#: begin, and how many of all participants they are.
_STORIES = (
    (Story.EXPIRED, 0.0, 0.1, 1 / 40),
    (Story.NOT_OPPOSED, 0.02, 0.2, 1 / 16),
    (Story.RENEWED, 0.0, 0.38, 1 / 8),
    (Story.WITHDRAWN, 0.2, 0.75, 1 / 75),
    (Story.PARTLY_WITHDRAWN, 0.25, 0.8, 1 / 75),
    (Story.UNSIGNED, 0.5, 0.97, 1 / 42),
)


def _stories(number: int) -> list[Story]:
    """The stories in the order of inclusion: who signs what depends on when they came."""
    found = [Story.SIGNED] * number
    for story, first, last, share in _STORIES:
        wanted = max(1, round(number * share))
        step = (last - first) * number / wanted
        for nth in range(wanted):
            place = int(first * number + nth * step)
            found[next(p for p in range(place, number) if found[p] is Story.SIGNED)] = story
    return found


def _inclusion(
    rng: random.Random, people: People, day: date, ends: date, story: Story
) -> Inclusion:
    disease = rng.choices(study.DISEASES, [one.share for one in study.DISEASES])[0]
    included = agenda.at(day, rng.randrange(8, 12), rng.randrange(60))
    visits = tuple(_visits(rng, disease, included, ends, story))
    leaves = None
    if story in (Story.WITHDRAWN, Story.PARTLY_WITHDRAWN):
        leaving = agenda.working(day + (ends - day) * rng.uniform(0.4, 0.85))
        leaves = agenda.at(min(leaving, ends), 11, rng.randrange(60))
    if story is Story.WITHDRAWN:
        visits = tuple(visit for visit in visits if leaves and visit.at < leaves)
    return Inclusion(
        traits=people.draw(disease, day),
        number=people.number(),
        site=SITES[0] if rng.random() < _NORTH_SHARE else SITES[1],
        cohort=disease.code,
        diagnosis=rng.choices(*zip(*disease.forms, strict=True))[0],
        at=included,
        story=story,
        answers=_answers(rng),
        visits=visits,
        leaves_at=leaves,
    )


def _answers(rng: random.Random) -> dict[Use, Answer]:
    """Most agree to research, fewer to companies, fewer still to what leaves the Union."""
    refusing = {
        Use.ACADEMIC_RESEARCH: 0.02,
        Use.COMMERCIAL_RESEARCH: 0.24,
        Use.OUTSIDE_EU: 0.38,
        Use.GENETICS: 0.16,
        Use.RECONTACT: 0.1,
    }
    answers = {
        use: Answer.REFUSED if rng.random() < share else Answer.ACCEPTED
        for use, share in refusing.items()
    }
    if rng.random() < 0.03:
        answers[Use.COMMERCIAL_RESEARCH] = Answer.UNCLEAR
    return answers


def _visits(
    rng: random.Random, disease: Disease, included: datetime, ends: date, story: Story
) -> Iterator[PlannedVisit]:
    yield PlannedVisit(study.INCLUSION, included)
    if story in (Story.UNSIGNED, Story.NOT_OPPOSED):
        return
    for visit in disease.visits[1:]:
        due = included.date() + timedelta(days=visit.day)
        spread = rng.randrange(-_VISIT_SPREAD_DAYS, _VISIT_SPREAD_DAYS + 1)
        day = agenda.working(due + timedelta(days=spread))
        if story is Story.EXPIRED and visit.day > _PILOT_VISITS_DAYS:
            return
        if rng.random() < _ATTENDANCE and day <= ends:
            yield PlannedVisit(visit.code, agenda.at(day, rng.randrange(8, 12), rng.randrange(60)))


def _incomplete(rng: random.Random, one: Inclusion) -> Inclusion:
    """The inclusion of somebody of whom a trait is not known."""
    unknown = rng.choice(["birth_date", "given_names"])
    return replace(one, traits=replace(one.traits, **{unknown: None}))


def _again_elsewhere(
    rng: random.Random, inclusions: list[Inclusion], ends: date
) -> list[Inclusion]:
    """The same persons, with the same number, in a second cohort: an overlap syndrome."""
    chosen = [
        one
        for one in inclusions[: len(inclusions) // 2]
        if one.cohort == study.LUPUS.code and _is_plain(one)
    ]
    found = []
    for one in chosen[: max(1, len(inclusions) // 100)]:
        day = agenda.working(min(one.at.date() + timedelta(days=40), ends))
        at = agenda.at(day, 10, rng.randrange(60))
        found.append(
            replace(
                one,
                cohort=study.SCLERODERMA.code,
                diagnosis=study.SCLERODERMA.forms[0][0],
                at=at,
                visits=(PlannedVisit(study.INCLUSION, at),),
            )
        )
    return found


def _mistyped(inclusions: list[Inclusion], ends: date) -> list[Inclusion]:
    """Persons handed in again at the same site, without a number and with a slip: for review."""
    chosen = [
        one
        for one in inclusions[len(inclusions) // 3 :]
        if _is_plain(one) and (ends - one.at.date()).days > _TWICE_WITHIN.days
    ]
    wanted = max(3, len(inclusions) // 40)
    return [
        replace(
            one,
            traits=_slipped(one.traits, nth),
            number=None,
            at=one.at + _TWICE_WITHIN,
            visits=(),
        )
        for nth, one in enumerate(chosen[:: max(1, len(chosen) // wanted)][:wanted])
    ]


def _is_plain(one: Inclusion) -> bool:
    return one.story is Story.SIGNED and not one.traits.missing


def _slipped(traits: Traits, nth: int) -> Traits:
    """The same identity as somebody else wrote it down, in a hurry."""
    hurried = replace(traits, used_name=None, postal_code=None, town=None, birth_place=None)
    if nth % 2 and traits.birth_name:
        name = traits.birth_name
        return replace(hurried, birth_name=f"{name[:2]}{name[1]}{name[2:]}")
    if traits.birth_date:
        return replace(hurried, birth_date=traits.birth_date - timedelta(days=1))
    return hurried
