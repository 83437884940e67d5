"""The rules of unusual activity, in one table: what each means, from how many on, and how it finds.

Each is simple enough to be explained to the person it is about.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from registry.audit.looks import midnight
from registry.audit.models import AuditEntry
from registry.kernel.clock import to_paris
from registry.kernel.messages import Message, T
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.audit import LOOKS, AuditTag, Unusual

_REFUSALS = (AuditTag.ACCESS_REFUSED, AuditTag.IDENTITY_REFUSED)
_INCLUSIONS = (
    AuditTag.IDENTITY_ENROLLED,
    AuditTag.IDENTITY_ATTACHED,
    AuditTag.PARTICIPANT_ENROLLED,
)
#: Everything that a rule looks at.
WATCHED = (
    *LOOKS,
    *_REFUSALS,
    *_INCLUSIONS,
    AuditTag.IDENTITY_SEARCHED,
    AuditTag.CONFIRMATION_REFUSED,
    AuditTag.ROLE_GRANTED,
)
#: What one does in order to look, and is no other work.
_NO_WORK = (*LOOKS, *_REFUSALS, AuditTag.IDENTITY_SEARCHED, AuditTag.SIGN_IN, AuditTag.SIGN_OUT)
_HOUR = timedelta(seconds=limits.WATCH_HOUR_SECONDS)
_SATURDAY = 5


class About(Protocol):
    """What an entry of the record is about."""

    object_ref: str
    details: dict[str, Any]


class Act(About, Protocol):
    """One entry of the record, as far as the rules look at it."""

    seq: int
    at: datetime
    actor_id: int
    tag: str
    site_id: int | None


@dataclass(frozen=True)
class Acts:
    """What people did in the watched time, in order."""

    every: Sequence[Any]

    def of(self, *tags: AuditTag) -> list[Act]:
        """Those of some kinds."""
        return [act for act in self.every if act.tag in tags]

    @property
    def looks(self) -> list[Act]:
        """The looks at identities."""
        return self.of(*LOOKS)


@dataclass(frozen=True)
class Finding:
    """What a rule found: how many acts, by whom, about whom and when."""

    unusual: Unusual
    #: The same finding has the same key the next time.
    key: str
    acts: Sequence[Act]

    @property
    def count(self) -> int:
        """How many acts there were."""
        return len(self.acts)

    @property
    def people(self) -> Sequence[int]:
        """The accounts of those who did them."""
        return sorted({act.actor_id for act in self.acts})

    @property
    def since(self) -> datetime:
        """The first of them."""
        return self.acts[0].at

    @property
    def until(self) -> datetime:
        """The last of them."""
        return self.acts[-1].at

    @property
    def tags(self) -> Sequence[str]:
        """What kinds of acts they are."""
        return sorted({act.tag for act in self.acts})


@dataclass(frozen=True)
class Rule:
    """One rule: what it is about, in words, and from how many on it speaks."""

    unusual: Unusual
    meaning: Message
    threshold: int
    groups: Callable[[Acts, int], Iterator[tuple[str, Sequence[Act]]]]

    def find(self, acts: Acts) -> Iterator[Finding]:
        """What the rule finds in the acts."""
        for key, group in self.groups(acts, self.threshold):
            yield Finding(self.unusual, f"{self.unusual}/{key}", group)


def seen_uids(act: About) -> Sequence[str]:
    """The persons whom a look was at, where the entry names them."""
    if act.object_ref.startswith("person:"):
        return [act.object_ref.removeprefix("person:")]
    return [str(uid) for uid in act.details.get("persons", ())]


def _day(act: Act) -> date:
    return to_paris(act.at).date()


def _grouped(acts: Iterable[Act], key: Callable[[Act], Hashable]) -> dict[Any, list[Act]]:
    groups: dict[Any, list[Act]] = defaultdict(list)
    for act in acts:
        groups[key(act)].append(act)
    return groups


def _of_a_day(acts: Iterable[Act], least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    """One person's acts of one day, where there are enough of them."""
    for (actor, day), group in _grouped(acts, lambda act: (act.actor_id, _day(act))).items():
        if len(group) >= least:
            yield f"{actor}/{day}", group


def _many_looks(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    for actor, looks in _grouped(acts.looks, lambda act: act.actor_id).items():
        for burst in _bursts(looks, least):
            yield f"{actor}/{burst[0].seq}", burst


def _bursts(acts: Sequence[Act], least: int) -> Iterator[Sequence[Act]]:
    """Runs of acts in which any `least` in a row lie within one hour."""
    begin = end = None
    for last in range(least - 1, len(acts)):
        first = last - least + 1
        if acts[last].at - acts[first].at >= _HOUR:
            continue
        if end is not None and begin is not None and first > end:
            yield acts[begin : end + 1]
            begin = first
        begin = first if begin is None else begin
        end = last
    if begin is not None and end is not None:
        yield acts[begin : end + 1]


def _odd_hours(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    return _of_a_day((act for act in acts.looks if _is_odd(act.at)), least)


def _is_odd(moment: datetime) -> bool:
    """Whether it is night or a weekend on the wall clock of the hospitals."""
    wall = to_paris(moment)
    is_day = limits.WATCH_NIGHT_TO_HOUR <= wall.hour < limits.WATCH_NIGHT_FROM_HOUR
    return wall.weekday() >= _SATURDAY or not is_day


def _same_participant(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    seen: dict[tuple[str, date], list[Act]] = defaultdict(list)
    for act in acts.looks:
        for uid in seen_uids(act):
            seen[uid, _day(act)].append(act)
    for (uid, day), group in seen.items():
        if len({act.actor_id for act in group}) >= least:
            yield f"{uid}/{day}", group


def _no_other_work(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    """The identity officer works for every site and enters data at none."""
    looks = [
        act
        for act in acts.of(AuditTag.IDENTITY_REVEALED)
        if act.site_id is not None and not act.details.get("officer")
    ]
    groups = _grouped(looks, lambda act: (act.actor_id, act.site_id, _day(act)))
    for (actor, site, day), group in groups.items():
        if len(group) >= least and not _worked(actor, site, day):
            yield f"{actor}/{site}/{day}", group


def _worked(actor_id: int, site_id: int, day: date) -> bool:
    """Whether the person recorded anything at the site on the day."""
    found = registry_session.scalar(
        sa.select(AuditEntry.seq)
        .where(
            AuditEntry.actor_id == actor_id,
            AuditEntry.at >= midnight(day),
            AuditEntry.at < midnight(day + timedelta(days=1)),
            AuditEntry.site_id == site_id,
            AuditEntry.tag.not_in(_NO_WORK),
        )
        .limit(1)
    )
    return found is not None


def _searches_alone(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    included = {(act.actor_id, _day(act)) for act in acts.of(*_INCLUSIONS)}
    searches = acts.of(AuditTag.IDENTITY_SEARCHED)
    return _of_a_day((act for act in searches if (act.actor_id, _day(act)) not in included), least)


def _refusals(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    return _of_a_day(acts.of(*_REFUSALS), least)


def _wrong_passwords(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    return _of_a_day(acts.of(AuditTag.CONFIRMATION_REFUSED), least)


def _after_role(acts: Acts, least: int) -> Iterator[tuple[str, Sequence[Act]]]:
    window = timedelta(seconds=limits.WATCH_AFTER_ROLE_SECONDS)
    for grant in acts.of(AuditTag.ROLE_GRANTED):
        group = [
            look
            for look in acts.looks
            if grant.object_ref == f"account:{look.actor_id}"
            and timedelta() <= look.at - grant.at < window
        ]
        if len(group) >= least:
            yield f"{grant.seq}", group


RULES: tuple[Rule, ...] = (
    Rule(
        Unusual.MANY_LOOKS,
        T(
            "One person looked at identities {count} times or more within one hour.",
            count=limits.WATCH_LOOKS_PER_HOUR,
        ),
        limits.WATCH_LOOKS_PER_HOUR,
        _many_looks,
    ),
    Rule(
        Unusual.ODD_HOURS,
        T(
            "Somebody looked between {evening}:00 and {morning}:00, or on a weekend.",
            evening=limits.WATCH_NIGHT_FROM_HOUR,
            morning=limits.WATCH_NIGHT_TO_HOUR,
        ),
        limits.WATCH_ODD_LOOKS,
        _odd_hours,
    ),
    Rule(
        Unusual.SAME_PARTICIPANT,
        T(
            "{count} people or more looked at the same participant on one day.",
            count=limits.WATCH_PEOPLE_PER_PARTICIPANT,
        ),
        limits.WATCH_PEOPLE_PER_PARTICIPANT,
        _same_participant,
    ),
    Rule(
        Unusual.NO_OTHER_WORK,
        T(
            "Somebody looked {count} times or more at participants of a site and recorded "
            "nothing else there that day.",
            count=limits.WATCH_LOOKS_WITHOUT_WORK,
        ),
        limits.WATCH_LOOKS_WITHOUT_WORK,
        _no_other_work,
    ),
    Rule(
        Unusual.SEARCHES_ALONE,
        T(
            "Somebody searched {count} times or more on one day and included nobody.",
            count=limits.WATCH_SEARCHES_ALONE,
        ),
        limits.WATCH_SEARCHES_ALONE,
        _searches_alone,
    ),
    Rule(
        Unusual.REFUSALS,
        T(
            "Somebody was refused something {count} times or more on one day.",
            count=limits.WATCH_REFUSALS,
        ),
        limits.WATCH_REFUSALS,
        _refusals,
    ),
    Rule(
        Unusual.WRONG_PASSWORDS,
        T(
            "Where an open session asks for the password again, a wrong one was given {count} "
            "times or more on one day.",
            count=limits.WATCH_WRONG_PASSWORDS,
        ),
        limits.WATCH_WRONG_PASSWORDS,
        _wrong_passwords,
    ),
    Rule(
        Unusual.AFTER_ROLE,
        T(
            "Somebody looked within {minutes} minutes of being given a role.",
            minutes=limits.WATCH_AFTER_ROLE_SECONDS // 60,
        ),
        limits.WATCH_LOOKS_AFTER_ROLE,
        _after_role,
    ),
)
MEANINGS = {rule.unusual: rule for rule in RULES}
