"""Counting answers over time, in the database, within the actor's sites.

An answer holds from the day on which the form was signed until a later form
asks the same participant the same item, or the participant takes it back.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.access import Permission, require
from registry.consents.signing.models import Consent, ConsentAnswer
from registry.consents.templates.models import ConsentItem, ConsentItemUse, ConsentTemplate
from registry.consents.withdrawals.models import Withdrawal, WithdrawalItem, WithdrawalUse
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.vocab import limits
from registry.vocab.consent import Answer, ItemState, Language, WithdrawalScope
from registry.vocab.people import ParticipantStatus

_STATES = {
    Answer.ACCEPTED: ItemState.ACCEPTED,
    Answer.REFUSED: ItemState.REFUSED,
    Answer.NOT_ASKED: ItemState.OPEN,
    Answer.UNCLEAR: ItemState.OPEN,
}


@dataclass(frozen=True)
class Month:
    """How many participants stood where at the end of a month (today, for the last one)."""

    first_day: date
    counts: Mapping[ItemState, int]

    @property
    def total(self) -> int:
        """Everybody who was ever asked."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class History:
    """One item of the forms, over the months."""

    code: str
    #: As the newest form in use asks it.
    text: str
    months: Sequence[Month]

    @property
    def now(self) -> Month:
        """How it stands today."""
        return self.months[-1]

    @property
    def most(self) -> int:
        """The most participants of any month."""
        return max(month.total for month in self.months)


def over_time(
    actor: Actor,
    cohort_id: int,
    *,
    months: int = limits.STATUS_MONTHS,
    language: Language = Language.FRENCH,
) -> Sequence[History]:
    """Every item that the cohort's participants at the actor's sites were asked, by its code.

    `months` is how far back it goes, this month included; the questions are in
    `language` where there is a form in it.  Participants for
    whom another one stands are left out: their forms count for nobody twice.

    :raises NotPermitted: the actor reads no consents.
    """
    require(actor, Permission.CONSENT_READ)
    firsts = _first_days(months)
    changes: dict[str, dict[tuple[int, int], dict[ItemState, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for code, state, year, month, number, sign in _changes(actor, cohort_id):
        changes[code][year, month][ItemState(state)] += sign * number
    texts = _texts(list(changes), language)
    return [
        History(code, texts[code], _accumulated(changes[code], firsts)) for code in sorted(changes)
    ]


def _first_days(months: int) -> list[date]:
    this = clock.today().replace(day=1)
    return [months_later(this, -back) for back in reversed(range(months))]


def _accumulated(
    changes: Mapping[tuple[int, int], Mapping[ItemState, int]], firsts: Sequence[date]
) -> list[Month]:
    standing: dict[ItemState, int] = dict.fromkeys(ItemState, 0)
    waiting = sorted(changes)
    found = []
    for first in firsts:
        while waiting and waiting[0] <= (first.year, first.month):
            for state, number in changes[waiting.pop(0)].items():
                standing[state] += number
        found.append(Month(first, dict(standing)))
    return found


def _changes(actor: Actor, cohort_id: int) -> Sequence[Any]:
    """By item, state, year and month, how many came to stand there (+1) or left it (-1)."""
    events = _events(actor, cohort_id).subquery()
    spans = sa.select(
        events.c.code,
        events.c.state,
        events.c.day.label("since"),
        sa.func.lead(events.c.day)
        .over(partition_by=(events.c.participant_id, events.c.code), order_by=_in_order(events))
        .label("until"),
    ).subquery()
    parts = []
    for column, sign in ((spans.c.since, 1), (spans.c.until, -1)):
        year, month = sa.extract("year", column), sa.extract("month", column)
        parts.append(
            sa.select(
                spans.c.code,
                spans.c.state,
                year.label("year"),
                month.label("month"),
                sa.func.count().label("number"),
                sa.literal(sign).label("sign"),
            )
            .where(column.is_not(None), column <= clock.today())
            .group_by(spans.c.code, spans.c.state, year, month)
        )
    return registry_session.execute(
        sa.union_all(*parts), bind_arguments={"bind": db.engines["registry"]}
    ).all()


def _in_order(events: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    """On one day a withdrawal counts after what was signed: it wins."""
    return (events.c.day, events.c.is_withdrawal, events.c.row)


def _events(actor: Actor, cohort_id: int) -> sa.Select[Any]:
    """What participants said to each item on which day."""
    correction = orm.aliased(Consent)
    answered = (
        sa.select(
            Consent.participant_id,
            ConsentItem.code,
            Consent.signed_on.label("day"),
            sa.literal(0).label("is_withdrawal"),
            Consent.id.label("row"),
            sa.case(
                *((ConsentAnswer.answer == said, state.value) for said, state in _STATES.items())
            ).label("state"),
        )
        .join(ConsentAnswer, ConsentAnswer.consent_id == Consent.id)
        .join(ConsentItem, ConsentItem.id == ConsentAnswer.item_id)
        .join(Participant, Participant.id == Consent.participant_id)
        .where(
            Participant.cohort_id == cohort_id,
            Participant.status != ParticipantStatus.MERGED,
            _at_sites(actor),
            ~sa.exists().where(correction.supersedes_id == Consent.id),
        )
    ).cte("answered")
    asked = sa.select(answered.c.participant_id, answered.c.code).distinct().cte("asked")
    withdrawn = (
        sa.select(
            Withdrawal.participant_id,
            asked.c.code,
            Withdrawal.effective_on.label("day"),
            sa.literal(1).label("is_withdrawal"),
            Withdrawal.id.label("row"),
            sa.literal(ItemState.WITHDRAWN.value).label("state"),
        )
        .join(asked, asked.c.participant_id == Withdrawal.participant_id)
        .where(
            sa.or_(
                Withdrawal.scope == WithdrawalScope.ALL,
                sa.exists().where(
                    WithdrawalItem.withdrawal_id == Withdrawal.id,
                    WithdrawalItem.item_code == asked.c.code,
                ),
                sa.exists().where(
                    WithdrawalUse.withdrawal_id == Withdrawal.id,
                    ConsentItemUse.use == WithdrawalUse.use,
                    ConsentItem.id == ConsentItemUse.item_id,
                    ConsentItem.code == asked.c.code,
                ),
            )
        )
    )
    return sa.select(sa.union_all(sa.select(answered), withdrawn).subquery())


def _at_sites(actor: Actor) -> sa.ColumnElement[bool]:
    scope = actor.sites()
    return sa.true() if scope.everywhere else Participant.site_id.in_(scope.ids)


def _texts(codes: Sequence[str], language: Language) -> dict[str, str]:
    """What each item asks, in the words of the newest form, if possible in this language."""
    rows = registry_session.execute(
        sa.select(ConsentItem.code, ConsentItem.text)
        .join(ConsentTemplate)
        .where(ConsentItem.code.in_(codes))
        .order_by(ConsentTemplate.language == language, ConsentTemplate.number, ConsentItem.id)
    )
    return {row.code: row.text for row in rows}
