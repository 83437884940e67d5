"""From criteria to samples: the one place where a request's criteria become SQL.

A participant who was merged into another counts as that one.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.applications.criteria import Criteria
from registry.kernel.clock import PARIS
from registry.participants.models import Cohort, Participant
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.applications import AgeBand
from registry.vocab.samples import Unit

_MICROLITRES = 1000

#: The participant that a sample counts for.
Subject = orm.aliased(Participant, name="subject")
_SUBJECT_ID = sa.func.coalesce(Participant.merged_into_id, Participant.id)


def matching(criteria: Criteria, *columns: Any) -> sa.Select[Any]:
    """A query for `columns` of `Sample`, `Subject` and `Cohort`, one row for each sample.

    Samples of which nothing is left do not match anything.
    """
    return (
        sa.select(*columns)
        .select_from(Sample)
        .join(Participant, Participant.id == Sample.participant_id)
        .join(Subject, Subject.id == _SUBJECT_ID)
        .join(Cohort, Cohort.id == Subject.cohort_id)
        .where(*of_samples(criteria), *of_people(criteria, Subject))
    )


def of_people(criteria: Criteria, subject: type[Participant]) -> list[sa.ColumnElement[bool]]:
    """What participants have to be: `subject` is their table, with `Cohort` beside it."""
    found: list[sa.ColumnElement[bool]] = []
    if criteria.cohorts:
        found.append(Cohort.code.in_(criteria.cohorts))
    if criteria.sexes:
        found.append(subject.sex.in_(criteria.sexes))
    if criteria.age_bands:
        found.append(sa.or_(*(_in_band(subject, band) for band in criteria.age_bands)))
    return found


def of_samples(criteria: Criteria) -> list[sa.ColumnElement[bool]]:
    """What samples have to be; those of which nothing is left match nothing."""
    found: list[sa.ColumnElement[bool]] = [Sample.remaining > Decimal(0)]
    if criteria.sample_types:
        found.append(Sample.sample_type.in_(criteria.sample_types))
    if criteria.min_volume is not None:
        found.append(
            sa.or_(
                sa.and_(Sample.unit == Unit.MILLILITRE, Sample.remaining >= criteria.min_volume),
                sa.and_(
                    Sample.unit == Unit.MICROLITRE,
                    Sample.remaining >= criteria.min_volume * _MICROLITRES,
                ),
            )
        )
    if criteria.collected_from is not None:
        found.append(Sample.collected_at >= _new_year(criteria.collected_from))
    if criteria.collected_to is not None:
        found.append(Sample.collected_at < _new_year(criteria.collected_to + 1))
    return found


def _new_year(year: int) -> datetime:
    """The first moment of a year in Paris."""
    return datetime(year, 1, 1, tzinfo=PARIS).astimezone(UTC)


def _in_band(subject: type[Participant], band: AgeBand) -> sa.ColumnElement[bool]:
    """The condition that `vocab.applications.age_band` gives this band."""
    if band is AgeBand.UNKNOWN:
        return subject.birth_year.is_(None)
    age = sa.extract("year", subject.included_on) - subject.birth_year
    first = list(AgeBand).index(band) * limits.AGE_BAND_YEARS
    if band is AgeBand.FROM_90:
        return age >= first
    if band is AgeBand.UNDER_10:
        return age < limits.AGE_BAND_YEARS
    return sa.and_(age >= first, age < first + limits.AGE_BAND_YEARS)
