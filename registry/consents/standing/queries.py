"""Whom a count may count, by the standings that hold; for counts alone."""

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

import sqlalchemy as sa

from registry.access import Permission, require
from registry.consents.decision import decide_many
from registry.consents.decision.case import Case
from registry.consents.decision.deciding import judge, questions
from registry.consents.decision.facts import Facts
from registry.consents.decision.study import Asked
from registry.consents.standing import written
from registry.consents.standing.models import ConsentProfile, ConsentStanding
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab import limits

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """A participant whose standing and live decision do not say the same."""

    participant_id: int
    by_standing: bool
    by_decision: bool


def holding(on: date) -> sa.ColumnElement[bool]:
    """The standings that hold on the day."""
    return sa.and_(ConsentStanding.from_on <= on, ConsentStanding.until_on >= on)


@dataclass(frozen=True)
class Profiles:
    """The ids of the profiles that could be judged, and of those in which all is allowed."""

    judged: frozenset[int]
    allowing: frozenset[int]


def profiles(asked: Asked, on: date) -> Profiles:
    """What the profiles that people have come to; one that cannot be read is as good as none."""
    wanted = questions(asked)
    judged, allowing = set(), set()
    for profile_id, content in registry_session.execute(
        sa.select(ConsentProfile.id, ConsentProfile.content)
    ):
        try:
            facts, day = _read(json.dumps(content), on)
            is_allowed = all(judge(Case(facts, one, day)).is_allowed for one in wanted)
        except Exception:  # noqa: BLE001 - whoever has it is asked about live
            _log.exception("a profile of consents could not be read")
            continue
        judged.add(profile_id)
        if is_allowed:
            allowing.add(profile_id)
    return Profiles(frozenset(judged), frozenset(allowing))


@lru_cache(maxsize=limits.PROFILES_REMEMBERED)
def _read(content: str, on: date) -> tuple[Facts, date]:
    """The facts of a profile; profiles never change."""
    return written.read(json.loads(content), on)


def allowed(participant_ids: Collection[int], asked: Asked, on: date) -> frozenset[int]:
    """Who of these may be counted: by their standings, and live where there is none."""
    known = profiles(asked, on)
    found: set[int] = set()
    for some in _portions(sorted(participant_ids)):
        rows = registry_session.execute(
            sa.select(ConsentStanding.participant_id, ConsentStanding.profile_id).where(
                ConsentStanding.participant_id.in_(some), holding(on)
            )
        )
        standing = {one: profile for one, profile in rows if profile in known.judged}
        found.update(one for one, profile in standing.items() if profile in known.allowing)
        found |= allowed_live([one for one in some if one not in standing], asked, on)
    return frozenset(found)


def allowed_live(participant_ids: Collection[int], asked: Asked, on: date) -> frozenset[int]:
    """Who of these is allowed by the decision itself."""
    if not participant_ids:
        return frozenset()
    live = decide_many(participant_ids, asked, on)
    return frozenset(one for one, answer in live.items() if answer.is_allowed)


def differences(actor: Actor, asked: Sequence[Asked], on: date) -> Iterator[Difference]:
    """Where a standing says another thing than the decision: nothing, unless something broke."""
    require(actor, Permission.CONSENT_STANDING)
    after = 0
    while ids := registry_session.scalars(
        sa.select(ConsentStanding.participant_id)
        .where(ConsentStanding.participant_id > after, holding(on))
        .order_by(ConsentStanding.participant_id)
        .limit(limits.STANDINGS_AT_ONCE)
    ).all():
        for one in asked:
            kept, live = allowed(ids, one, on), decide_many(ids, one, on)
            for participant_id in ids:
                by_standing = participant_id in kept
                by_decision = live[participant_id].is_allowed
                if by_standing != by_decision:
                    yield Difference(participant_id, by_standing, by_decision)
        after = ids[-1]


def _portions(ids: Sequence[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while some := list(islice(iterator, limits.STANDINGS_AT_ONCE)):
        yield some
