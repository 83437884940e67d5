"""Duties about the papers of a consent: its scan, its check, and the days for which it holds."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.duties.lines import (
    DAY_SECONDS,
    FORM,
    MONTH,
    WHO,
    any_of,
    days,
    end_of,
    line,
    seconds,
)
from registry.consents.duties.people import forms
from registry.consents.signing.models import Consent, ConsentAnswer, ConsentCheck, ConsentProof
from registry.consents.signing.policies import proof_due_on
from registry.consents.templates.models import ConsentItem, ConsentTemplate
from registry.kernel.days import last_day_before, months_later
from registry.persistence import registry_session
from registry.vocab.consent import Answer, CheckOutcome


def scan_spans() -> frozenset[int]:
    """The numbers of days within which forms ask for a scan."""
    return _in_use(ConsentTemplate.proof_within_days)


def scan_missing(today: date, until: date, spans: frozenset[int]) -> sa.Select[Any]:
    """Forms of which a scan is asked by a day, and none is there."""
    within = ConsentTemplate.proof_within_days
    due = any_of(
        sa.and_(within == span, Consent.recorded_at < end_of(until - timedelta(days=span)))
        for span in sorted(spans)
    )
    place = seconds(Consent.recorded_at) + within * DAY_SECONDS
    lines = line(Consent.recorded_at, place, Consent.id, span=within)
    return forms(today, *lines).where(due, ~_has(ConsentProof))


def scan_due_on(row: Any) -> date:
    """The last day on which the scan may be missing."""
    return proof_due_on(row.since, row.span)


def check_open(today: date, until: date) -> sa.Select[Any]:
    """Forms with a proof that no second person has compared with the record."""
    lines = line(Consent.recorded_at, seconds(Consent.recorded_at), Consent.id)
    return forms(today, *lines).where(_has(ConsentProof), ~_has(ConsentCheck))


def check_failed(today: date, until: date) -> sa.Select[Any]:
    """Forms whose last check found them not in order."""
    at, later = ConsentCheck.recorded_at, orm.aliased(ConsentCheck)
    is_followed = sa.exists().where(
        later.consent_id == ConsentCheck.consent_id, later.id > ConsentCheck.id
    )
    return (
        forms(today, *line(at, seconds(at), Consent.id))
        .join(ConsentCheck, ConsentCheck.consent_id == Consent.id)
        .where(
            ConsentCheck.outcome == CheckOutcome.FAILED,
            ~is_followed.correlate(ConsentCheck),
            at < end_of(until),
        )
    )


def _has(model: Any) -> sa.Exists:
    return sa.exists().where(model.consent_id == Consent.id).correlate(Consent)


def valid_spans() -> frozenset[int]:
    """The numbers of months for which answers hold."""
    return _in_use(ConsentItem.valid_months)


def _in_use(column: Any) -> frozenset[int]:
    return frozenset(
        registry_session.scalars(sa.select(column).where(column.is_not(None)).distinct())
    )


def validity(today: date, until: date, spans: frozenset[int]) -> sa.Select[Any]:
    """Forms with an agreement that holds until a day, and with nothing signed since."""
    months = ConsentItem.valid_months
    due = any_of(
        sa.and_(months == span, Consent.signed_on <= last_day_before(until, span))
        for span in sorted(spans)
    )
    shortest = sa.func.min(months)
    place = days(Consent.signed_on) + shortest * MONTH
    lines = line(Consent.signed_on, place, Consent.id, span=shortest)
    return (
        forms(today, *lines, item=ConsentItem)
        .join(ConsentItem, ConsentItem.template_id == Consent.template_id)
        .join(
            ConsentAnswer,
            sa.and_(
                ConsentAnswer.consent_id == Consent.id, ConsentAnswer.item_id == ConsentItem.id
            ),
        )
        .where(due, ConsentAnswer.answer == Answer.ACCEPTED)
        .group_by(*WHO, *FORM, Consent.signed_on)
    )


def valid_until(row: Any) -> date:
    """The last day on which the agreement holds."""
    return months_later(row.since, row.span)
