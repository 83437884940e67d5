"""Duties about who may speak for the participant: minors growing up, mandates ending.

Of a minor the month alone is known, and the month alone is shown.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.decision.authority import ATTESTING, ON_AUTHORITY
from registry.consents.duties.lines import FORM, MONTH, NO_FORM, WHO, days, line
from registry.consents.duties.people import Person, form_of, forms, of_person, persons, stands
from registry.consents.signing.models import Consent, ConsentInformation, ConsentSignatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel.days import months_later
from registry.participants.models import Participant
from registry.vocab import limits
from registry.vocab.consent import Regime, SignatoryRole, Stance

_MONTHS_FROM_15 = 12 * (limits.MAJORITY_YEARS - limits.MINOR_INFORMED_YEARS)


def _majorities() -> sa.Subquery:
    """When somebody comes of age: by the record of the participant or of one merged into it."""
    person = sa.func.coalesce(Participant.merged_into_id, Participant.id)
    return (
        sa.select(person.label("person_id"), sa.func.max(Participant.adult_from).label("month"))
        .where(Participant.adult_from.is_not(None))
        .group_by(person)
        .subquery()
    )


def majority(today: date, until: date) -> sa.Select[Any]:
    """Participants who come of age and neither signed nor were informed themselves since."""
    minors = _majorities()
    since = days(minors.c.month)
    informed = sa.and_(ConsentTemplate.regime == Regime.NON_OPPOSITION, _is_informed(minors, since))
    renewed = sa.or_(sa.and_(days(Consent.signed_on) >= since, _is_own(Consent)), informed)
    return _growing_up(minors).where(
        minors.c.month <= until, form_of(today, ~renewed).correlate(minors)
    )


def fifteen(today: date, until: date) -> sa.Select[Any]:
    """Minors who reach 15 and neither signed nor were informed themselves since."""
    minors = _majorities()
    since = days(minors.c.month) - _MONTHS_FROM_15 * MONTH
    form = orm.aliased(Consent)
    signed = of_person(form, stands(form), days(form.signed_on) >= since, _is_own(form))
    return _growing_up(minors).where(
        minors.c.month > today,
        minors.c.month <= months_later(until, _MONTHS_FROM_15),
        form_of(today),
        ~sa.or_(signed.correlate(minors), _is_informed(minors, since)),
    )


def _growing_up(minors: sa.Subquery) -> sa.Select[Any]:
    """Those included as minors, once each."""
    month = minors.c.month
    return persons(*line(month, days(month), Person.id, form=NO_FORM)).join(
        minors, minors.c.person_id == Person.id
    )


def _is_informed(minors: sa.Subquery, since: sa.ColumnElement[int]) -> sa.Exists:
    told = of_person(ConsentInformation, days(ConsentInformation.informed_on) >= since)
    return told.correlate(minors)


def _is_own(form: Any) -> sa.ColumnElement[bool]:
    """Whether the participant signed, in person or attested; nobody named is nobody else."""
    anybody = orm.aliased(ConsentSignatory)
    return sa.or_(
        ~sa.exists().where(anybody.consent_id == form.id).correlate(form),
        _agrees(form, SignatoryRole.SELF),
        sa.and_(*(_agrees(form, role) for role in ATTESTING)),
    )


def _agrees(form: Any, role: SignatoryRole) -> sa.Exists:
    one = orm.aliased(ConsentSignatory)
    return (
        sa.exists()
        .where(one.consent_id == form.id, one.role == role, one.stance == Stance.AGREES)
        .correlate(form)
    )


def fifteen_from(row: Any) -> date:
    """The month in which they reach 15."""
    return months_later(row.since, -_MONTHS_FROM_15)


def authority(today: date, until: date) -> sa.Select[Any]:
    """Forms that somebody signed whose right to speak for the participant ends."""
    ends = ConsentSignatory.authority_to
    told = of_person(ConsentInformation, ConsentInformation.informed_on > ends)
    renewed = sa.and_(
        ConsentTemplate.regime == Regime.NON_OPPOSITION, told.correlate(ConsentSignatory)
    )
    return (
        forms(today, *line(sa.func.min(ends), sa.func.min(days(ends)), Consent.id))
        .join(ConsentSignatory, ConsentSignatory.consent_id == Consent.id)
        .where(
            ConsentSignatory.role.in_(ON_AUTHORITY),
            ConsentSignatory.stance == Stance.AGREES,
            ends <= until,
            ~renewed,
        )
        .group_by(*WHO, *FORM)
    )
