"""Duties about who may speak for the participant: minors growing up, mandates ending.

Of a minor the month alone is known, and the month alone is shown.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.duties.lines import FORM, MONTH, NO_FORM, WHO, days, line
from registry.consents.duties.people import Person, forms, of_person, stands
from registry.consents.signing.models import Consent, ConsentInformation, ConsentSignatory
from registry.consents.templates.models import ConsentTemplate
from registry.kernel.days import months_later
from registry.vocab import limits
from registry.vocab.consent import Regime, SignatoryRole, Stance

_MONTHS_FROM_15 = 12 * (limits.MAJORITY_YEARS - limits.MINOR_INFORMED_YEARS)


def majority(today: date, until: date) -> sa.Select[Any]:
    """Participants who come of age and neither signed nor were informed themselves since."""
    since = days(Person.adult_from)
    informed = sa.and_(
        ConsentTemplate.regime == Regime.NON_OPPOSITION,
        of_person(ConsentInformation, days(ConsentInformation.informed_on) >= since),
    )
    return _growing_up(today, since).where(Person.adult_from <= until, ~informed)


def fifteen(today: date, until: date) -> sa.Select[Any]:
    """Minors who reach 15 and neither signed nor were informed themselves since."""
    since = days(Person.adult_from) - _MONTHS_FROM_15 * MONTH
    informed = of_person(ConsentInformation, days(ConsentInformation.informed_on) >= since)
    return _growing_up(today, since).where(
        Person.adult_from > today,
        Person.adult_from <= months_later(until, _MONTHS_FROM_15),
        ~informed,
    )


def _growing_up(today: date, since: sa.ColumnElement[int]) -> sa.Select[Any]:
    """Those with a form of which they signed none themselves since then."""
    form = orm.aliased(Consent)
    signed = of_person(form, stands(form), days(form.signed_on) >= since, _is_own(form))
    lines = line(Person.adult_from, days(Person.adult_from), Person.id, form=NO_FORM)
    return (
        forms(today, *lines)
        .where(Person.adult_from.is_not(None), ~signed)
        .group_by(*WHO, Person.adult_from)
    )


def _is_own(form: Any) -> sa.ColumnElement[bool]:
    """Whether the participant signed: where nobody is named, nobody else did."""
    anybody, own = orm.aliased(ConsentSignatory), orm.aliased(ConsentSignatory)
    return sa.or_(
        ~sa.exists().where(anybody.consent_id == form.id).correlate(form),
        sa.exists()
        .where(
            own.consent_id == form.id,
            own.role == SignatoryRole.SELF,
            own.stance == Stance.AGREES,
        )
        .correlate(form),
    )


def fifteen_from(row: Any) -> date:
    """The month in which they reach 15."""
    return months_later(row.since, -_MONTHS_FROM_15)


def authority(today: date, until: date) -> sa.Select[Any]:
    """Forms that somebody signed whose right to speak for the participant ends."""
    ends = sa.func.min(ConsentSignatory.authority_to)
    return (
        forms(today, *line(ends, sa.func.min(days(ConsentSignatory.authority_to)), Consent.id))
        .join(ConsentSignatory, ConsentSignatory.consent_id == Consent.id)
        .where(ConsentSignatory.authority_to <= until)
        .group_by(*WHO, *FORM)
    )
