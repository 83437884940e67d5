"""Duties to ask or to tell a participant: who never was, and whose form has a newer version."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.duties.lines import FORM, NO_FORM, WHO, days, line
from registry.consents.duties.people import Person, forms, of_person, persons, stands
from registry.consents.signing.models import Consent, ConsentInformation
from registry.consents.templates.models import ConsentTemplate
from registry.consents.withdrawals.models import Withdrawal
from registry.vocab.consent import ChangeRule, TemplateStatus, WithdrawalScope


def no_consent(today: date, until: date) -> sa.Select[Any]:
    """Participants of whom no form is on record, and who did not withdraw."""
    lines = line(Person.included_on, days(Person.included_on), Person.id, form=NO_FORM)
    withdrew = of_person(Withdrawal, Withdrawal.scope == WithdrawalScope.ALL)
    return persons(*lines).where(
        Person.included_on <= until, ~of_person(Consent, stands(Consent)), ~withdrew
    )


def reconsent(today: date, until: date) -> sa.Select[Any]:
    """Forms of which a newer version must be signed by a day, and was not."""
    return _newer(today, until, ChangeRule.RECONSENT)


def inform(today: date, until: date) -> sa.Select[Any]:
    """Forms of whose newer version the participant was not told."""
    return _newer(today, until, ChangeRule.INFORM)


def _newer(today: date, until: date, rule: ChangeRule) -> sa.Select[Any]:
    newer = orm.aliased(ConsentTemplate)
    due = sa.func.coalesce(newer.change_by, newer.valid_from)
    is_settled = _is_signed(newer)
    if rule is ChangeRule.INFORM:
        is_settled = sa.or_(is_settled, _is_told(newer))
    return (
        forms(today, *line(sa.func.min(due), sa.func.min(days(due)), Consent.id))
        .join(newer, newer.code == ConsentTemplate.code)
        .where(
            newer.number > ConsentTemplate.number,
            newer.status != TemplateStatus.DRAFT,
            newer.change_rule == rule,
            due <= until,
            ~is_settled,
        )
        .group_by(*WHO, *FORM)
    )


def _is_signed(newer: Any) -> sa.ColumnElement[bool]:
    """Whether the version, or one after it, was signed since the form."""
    form, signed = orm.aliased(Consent), orm.aliased(ConsentTemplate)
    return of_person(
        form,
        stands(form),
        form.signed_on >= Consent.signed_on,
        *_reaches(signed, form, newer),
    ).correlate(newer)


def _is_told(newer: Any) -> sa.ColumnElement[bool]:
    """Whether the person was informed of the version, or of one after it."""
    told = orm.aliased(ConsentTemplate)
    return of_person(ConsentInformation, *_reaches(told, ConsentInformation, newer)).correlate(
        newer
    )


def _reaches(template: Any, record: Any, newer: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        template.id == record.template_id,
        template.code == newer.code,
        template.number >= newer.number,
    )
