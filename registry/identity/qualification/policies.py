"""Which act leads from which status to which, and what each act needs.

The four statuses and what they say follow the national identity-vigilance
reference (RNIV, EXI SI 07).  Its text on corrections and attributes could not be
read here; the rules below are the strict reading of it, and go to the
provisional status wherever a milder one might be allowed: a document was
checked, and a retrieval compared, with the spelling of that day, so neither
vouches for another one; and nothing vouches for an identity that somebody
doubts or made up.  ``docs/states/identity.md`` is drawn from the table.
"""

from collections.abc import Collection, Sequence
from datetime import date

from registry.identity import normalise
from registry.identity.national.numbers import code_of
from registry.identity.traits import Traits
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.identity import Trait
from registry.vocab.labels import label
from registry.vocab.national import (
    FOR_MINORS,
    STRICT_TRAITS,
    UNRELIABLE,
    DocumentType,
    IdentityAttribute,
    IdentityStatus,
    QualificationAct,
)
from registry.vocab.people import Sex

_PROVISIONAL, _VALIDATED = IdentityStatus.PROVISIONAL, IdentityStatus.VALIDATED
_RETRIEVED, _QUALIFIED = IdentityStatus.RETRIEVED, IdentityStatus.QUALIFIED

_LOWERED = {
    QualificationAct.AMEND_STRICT_TRAIT: _PROVISIONAL,
    QualificationAct.MARK_UNRELIABLE: _PROVISIONAL,
}

#: Every transition there is; what is not here cannot happen.
TRANSITIONS: dict[IdentityStatus, dict[QualificationAct, IdentityStatus]] = {
    _PROVISIONAL: {
        QualificationAct.CHECK_DOCUMENT: _VALIDATED,
        QualificationAct.RECORD_RETRIEVAL: _RETRIEVED,
        QualificationAct.WITHDRAW_NUMBER: _PROVISIONAL,
        **_LOWERED,
    },
    _VALIDATED: {
        QualificationAct.CHECK_DOCUMENT: _VALIDATED,
        QualificationAct.RECORD_RETRIEVAL: _QUALIFIED,
        QualificationAct.WITHDRAW_NUMBER: _VALIDATED,
        **_LOWERED,
    },
    _RETRIEVED: {
        QualificationAct.CHECK_DOCUMENT: _QUALIFIED,
        QualificationAct.RECORD_RETRIEVAL: _RETRIEVED,
        QualificationAct.WITHDRAW_NUMBER: _PROVISIONAL,
        **_LOWERED,
    },
    _QUALIFIED: {
        QualificationAct.CHECK_DOCUMENT: _QUALIFIED,
        QualificationAct.RECORD_RETRIEVAL: _QUALIFIED,
        QualificationAct.WITHDRAW_NUMBER: _VALIDATED,
        **_LOWERED,
    },
}

#: The acts that make an identity more trusted, and so need one that can be.
_RAISING = frozenset({QualificationAct.CHECK_DOCUMENT, QualificationAct.RECORD_RETRIEVAL})


def after(
    status: IdentityStatus, act: QualificationAct, attributes: Collection[IdentityAttribute]
) -> IdentityStatus:
    """The status that `act` leads to.

    :raises RuleBroken: the identity is marked as doubtful or fictitious, and the act would
        make it more trusted.
    """
    if act in _RAISING and UNRELIABLE.intersection(attributes):
        raise RuleBroken(
            T(
                "This identity is marked as doubtful or fictitious: it stays provisional. "
                "Settle that first, and take the mark off."
            )
        )
    return TRANSITIONS[status][act]


def unknown_strict_traits(traits: Traits) -> tuple[Trait, ...]:
    """The strict traits that are not there as the civil registry has them.

    A birthplace in letters, as imports bring it, is kept and compared, but it
    is no strict trait: only INSEE's code names one commune or country.
    """
    values = traits.as_text()
    unknown = [trait for trait in STRICT_TRAITS if trait not in values]
    if traits.sex is Sex.UNKNOWN:
        unknown.append(Trait.SEX)
    if traits.birth_place and not code_of(traits.birth_place):
        unknown.append(Trait.BIRTH_PLACE)
    return tuple(trait for trait in STRICT_TRAITS if trait in unknown)


def check_strict_traits(traits: Traits) -> None:
    """Refuse to trust an identity that lacks a strict trait.

    :raises RuleBroken: one is missing, or the birthplace is not INSEE's code.
    """
    unknown = unknown_strict_traits(traits)
    if unknown:
        raise RuleBroken(
            T("Correct the identity first. Missing: {traits}.", traits=listed(unknown))
        )


def check_document(document: DocumentType, checked_on: date, traits: Traits) -> None:
    """Refuse a document that cannot prove this identity.

    :raises InvalidInput: the day is to come, or the document proves a minor's identity alone.
    """
    check_day(checked_on, field="checked_on")
    if document in FOR_MINORS and traits.birth_date and _is_adult(traits.birth_date, checked_on):
        raise InvalidInput(
            T("This document proves the identity of a minor. Ask an adult for another one."),
            field="document",
        )


def check_day(day: date, *, field: str) -> None:
    """Refuse a day that is still to come.

    :raises InvalidInput: it is after today.
    """
    if day > clock.today():
        raise InvalidInput(T("This day is still to come."), field=field)


def differing(ours: Traits, returned: Traits) -> tuple[Trait, ...]:
    """The strict traits in which what the teleservice returned is not what is kept here."""

    def shape(traits: Traits) -> dict[Trait, object]:
        return {
            Trait.BIRTH_NAME: normalise.name(traits.birth_name),
            Trait.GIVEN_NAMES: normalise.name(traits.given_names),
            Trait.BIRTH_DATE: traits.birth_date,
            Trait.SEX: traits.sex,
            Trait.BIRTH_PLACE: code_of(traits.birth_place),
        }

    mine, theirs = shape(ours), shape(returned)
    return tuple(trait for trait in STRICT_TRAITS if mine[trait] != theirs[trait])


def check_returned(ours: Traits, returned: Traits) -> None:
    """Refuse a retrieval whose traits are not those that are kept here.

    :raises RuleBroken: the sentence names the traits and no value.
    """
    different = differing(ours, returned)
    if different:
        raise RuleBroken(
            T(
                "What was returned differs from the identity here: {traits}. Check the "
                "document, then correct the identity or the retrieval.",
                traits=listed(different),
            )
        )


def listed(traits: Sequence[Trait]) -> Message:
    """The names of some traits in a row, in the reader's language."""
    head, *rest = [label(trait) for trait in traits]
    for one in rest:
        head = T("{before}, {after}", before=head, after=one)
    return head


def _is_adult(born: date, on: date) -> bool:
    return (on.year - born.year - ((on.month, on.day) < (born.month, born.day))) >= (
        limits.MAJORITY_YEARS
    )
