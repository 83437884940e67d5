"""Whom a count may count, by the standings that hold; for counts alone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import sqlalchemy as sa

from registry.access import Permission, require
from registry.consents.decision import decide_many
from registry.consents.decision.case import Case
from registry.consents.decision.deciding import judge, questions
from registry.consents.decision.study import Asked
from registry.consents.standing import written
from registry.consents.standing.models import ConsentProfile, ConsentStanding
from registry.kernel.actor import Actor
from registry.persistence import registry_session
from registry.vocab import limits


@dataclass(frozen=True)
class Difference:
    """A participant whose standing and live decision do not say the same."""

    participant_id: int
    by_standing: bool
    by_decision: bool


def holding(on: date) -> sa.ColumnElement[bool]:
    """The standings that hold on the day."""
    return sa.and_(ConsentStanding.from_on <= on, ConsentStanding.until_on >= on)


def allowing(asked: Asked, on: date) -> frozenset[int]:
    """The ids of the profiles in which everything that is asked is allowed."""
    wanted = questions(asked)
    found = set()
    for profile_id, content in registry_session.execute(
        sa.select(ConsentProfile.id, ConsentProfile.content)
    ):
        facts, day = written.read(content, on)
        if all(judge(Case(facts, question, day)).is_allowed for question in wanted):
            found.add(profile_id)
    return frozenset(found)


def allowed(participant_ids: Collection[int], asked: Asked, on: date) -> frozenset[int]:
    """Who of these may be counted: by their standings, and live where there is none."""
    profiles = allowing(asked, on)
    found: set[int] = set()
    for some in _portions(sorted(participant_ids)):
        standing = dict(
            registry_session.execute(
                sa.select(ConsentStanding.participant_id, ConsentStanding.profile_id).where(
                    ConsentStanding.participant_id.in_(some), holding(on)
                )
            )
            .tuples()
            .all()
        )
        found.update(one for one, profile in standing.items() if profile in profiles)
        rest = [one for one in some if one not in standing]
        if rest:
            live = decide_many(rest, asked, on)
            found.update(one for one, answer in live.items() if answer.is_allowed)
    return frozenset(found)


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
