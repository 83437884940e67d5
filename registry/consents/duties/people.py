"""Whose forms count: what every duty has in common, said once as conditions.

As in the decision, a person is a participant with whoever was merged into it;
a record that another corrects counts no more; and of the forms that ask about
a use, the one signed last decides.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from registry.consents.signing.models import Consent
from registry.consents.templates.models import (
    ConsentItem,
    ConsentItemTerm,
    ConsentItemUse,
    ConsentTemplate,
)
from registry.consents.withdrawals.models import Withdrawal
from registry.kernel.actor import Actor, SiteScope
from registry.participants.models import Participant
from registry.vocab.consent import WithdrawalScope
from registry.vocab.people import ParticipantStatus, Role

#: The roles that read consents, each at its own sites.
READERS = (Role.NURSE, Role.DATA_MANAGER, Role.DPO)

#: Who stands for the person today, and the participant for whom something was recorded.
Person = orm.aliased(Participant, name="person")
Bearer = orm.aliased(Participant, name="bearer")

Condition = sa.ColumnElement[bool]

_REACHED = (Person.status != ParticipantStatus.MERGED, Person.identity_erased_on.is_(None))


def persons(*columns: Any) -> sa.Select[Any]:
    """Columns of everybody who stands for a person and can still be reached."""
    return sa.select(*columns).select_from(Person).where(*_REACHED)


def forms(today: date, *columns: Any, item: Any = None) -> sa.Select[Any]:
    """Columns of the forms that decide something today, with their templates.

    With an `item` that the caller joins, of those that decide something on which it bears.
    Forms of before a withdrawal from everything decide nothing any more.
    """
    return (
        sa.select(*columns)
        .select_from(Consent)
        .join(ConsentTemplate, ConsentTemplate.id == Consent.template_id)
        .join(Bearer, Bearer.id == Consent.participant_id)
        .join(Person, Person.id == sa.func.coalesce(Bearer.merged_into_id, Bearer.id))
        .where(*_REACHED, *_in_force(today, item))
    )


def form_of(today: date, *conditions: Condition) -> sa.Exists:
    """Whether a form of the person's decides something today, of which the conditions hold.

    Beginning with the person: together with another way to it, `forms` would
    have a database pair every person with every form.
    """
    return (
        sa.exists()
        .where(
            is_of(Bearer, Person),
            Consent.participant_id == Bearer.id,
            ConsentTemplate.id == Consent.template_id,
            *_in_force(today),
            *conditions,
        )
        .correlate(Person)
    )


def _in_force(today: date, item: Any = None) -> tuple[Condition, ...]:
    return stands(Consent), decides(item), ~is_withdrawn(today)


def is_of(member: Any, person: Any) -> Condition:
    """Whether a participant is the person, or was merged into it."""
    return sa.or_(member.id == person.id, member.merged_into_id == person.id)


def stands(consent: Any) -> Condition:
    """No later record corrects it."""
    correction = orm.aliased(Consent)
    return ~sa.exists().where(correction.supersedes_id == consent.id).correlate(consent)


def of_person(model: Any, *conditions: Condition) -> sa.Exists:
    """Whether something of the kind is on record for the person."""
    member = orm.aliased(Participant)
    found = sa.exists().where(is_of(member, Person), model.participant_id == member.id)
    return found.where(*conditions).correlate(Person, Consent, ConsentTemplate)


def decides(item: Any = None) -> sa.Exists:
    """Whether no form signed on a later day asks about one of the form's uses.

    With an `item`, about one on which it bears: each use, if the item is mandatory.
    """
    own, covered = orm.aliased(ConsentItem), orm.aliased(ConsentItemUse)
    decided = sa.exists().where(
        own.template_id == Consent.template_id,
        covered.item_id == own.id,
        ~_is_asked_later(own, covered),
    )
    if item is None:
        return decided.correlate(Person, Consent)
    bears = sa.or_(item.mandatory, own.id == item.id)
    return decided.where(bears).correlate(Person, Consent, item)


def _is_asked_later(own: Any, covered: Any) -> sa.Exists:
    """Whether a later form asks about the use for every project: by the same question, or by one
    that, as the form's own, is bound to no kind of research.
    """
    later, member = orm.aliased(Consent), orm.aliased(Participant)
    item, use = orm.aliased(ConsentItem), orm.aliased(ConsentItemUse)
    return (
        sa.exists()
        .where(
            is_of(member, Person),
            later.participant_id == member.id,
            later.signed_on > Consent.signed_on,
            stands(later),
            item.template_id == later.template_id,
            use.item_id == item.id,
            use.use == covered.use,
            sa.or_(item.code == own.code, ~sa.or_(_has_terms(item), _has_terms(own))),
        )
        .correlate(Person, Consent, own, covered)
    )


def _has_terms(item: Any) -> sa.Exists:
    term = orm.aliased(ConsentItemTerm)
    return sa.exists().where(term.item_id == item.id).correlate(item)


def is_withdrawn(today: date) -> sa.Exists:
    """Whether the person withdrew from everything on the day of the form or later."""
    return of_person(
        Withdrawal,
        Withdrawal.scope == WithdrawalScope.ALL,
        Withdrawal.effective_on >= Consent.signed_on,
        Withdrawal.effective_on <= today,
    )


def sites_of(actor: Actor) -> SiteScope:
    """The sites at which the actor reads consents."""
    return actor.sites(*READERS)


def at_sites(scope: SiteScope, person: Any = Person) -> Condition:
    """Within these sites."""
    return sa.true() if scope.everywhere else person.site_id.in_(scope.ids)
