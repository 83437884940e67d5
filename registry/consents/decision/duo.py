"""Whether what an item agrees to holds what a study asks (GA4GH Data Use Ontology), as tables.

Permissions are alternatives: one that allows is enough.  Modifiers all apply.
What a modifier needs to know and is not told is a mismatch; what cannot be
read is denied.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.consents.decision.diseases import holds
from registry.consents.decision.forms import Term
from registry.consents.decision.study import Study
from registry.kernel.days import months_later
from registry.kernel.messages import Message, T
from registry.vocab.consent import Verdict
from registry.vocab.labels import label
from registry.vocab.research import (
    EU_AND_EEA,
    PERMISSIONS,
    DuoTerm,
    RecipientKind,
    ResearchCategory,
)

#: What an item says that names no permission of its own.
DEFAULT_PERMISSION: Term = (DuoTerm.HMB, "")

#: The values of a region (GS) that are no country.
REGIONS: Mapping[str, frozenset[str]] = {"EU": EU_AND_EEA, "EEA": EU_AND_EEA}


class Cell(StrEnum):
    """What a permission gives to a category of research."""

    ALLOW = "allow"
    DENY = "deny"
    #: Allowed if every disease that is studied lies within the one agreed to.
    WITHIN = "within"
    #: For a person to decide if it is about the disease agreed to, else denied.
    ABOUT = "about"
    MANUAL = "manual"


_ASKED = (
    ResearchCategory.GENERAL,
    ResearchCategory.HEALTH,
    ResearchCategory.DISEASE,
    ResearchCategory.ANCESTRY,
    ResearchCategory.METHODS,
)
A, D, M, WITHIN, ABOUT = Cell.ALLOW, Cell.DENY, Cell.MANUAL, Cell.WITHIN, Cell.ABOUT

#: The permission, and what it gives to each category; NPOA and NMDS take away, being modifiers.
MATRIX: Mapping[DuoTerm, Mapping[ResearchCategory, Cell]] = {
    term: dict(zip(_ASKED, cells, strict=True))
    for term, cells in {
        DuoTerm.NRES: (A, A, A, A, A),
        DuoTerm.GRU: (A, A, A, A, A),
        DuoTerm.HMB: (D, A, A, D, A),
        DuoTerm.DS: (D, D, WITHIN, D, ABOUT),
        DuoTerm.POA: (D, D, D, A, M),
    }.items()
}

#: How wide each permission is; of the items that hold what is asked, the narrowest ones decide.
WIDTH: Mapping[DuoTerm, int] = {
    DuoTerm.DS: 1,
    DuoTerm.POA: 1,
    DuoTerm.HMB: 2,
    DuoTerm.GRU: 3,
    DuoTerm.NRES: 4,
}

#: Permissions that are a part of what is asked, without holding the whole of it.
PARTS: Mapping[ResearchCategory, frozenset[DuoTerm]] = {
    ResearchCategory.GENERAL: frozenset({DuoTerm.HMB, DuoTerm.DS, DuoTerm.POA}),
    ResearchCategory.HEALTH: frozenset({DuoTerm.DS}),
}


@dataclass(frozen=True)
class Asking:
    """What is asked of an item: the study, on which day, and since when the agreement holds."""

    study: Study
    on: date
    signed_on: date


@dataclass(frozen=True)
class Outcome:
    """What the terms of an item come to, the term that decided, and what it obliges to."""

    verdict: Verdict
    because: Term | None = None
    obliges: tuple[Term, ...] = ()


_WORST_FIRST = (Verdict.DENY, Verdict.MANUAL, Verdict.ALLOW)


def permissions(terms: Collection[Term]) -> frozenset[Term]:
    """The permissions that an item names, or the one that it has without naming any."""
    named = frozenset(term for term in terms if term[0] in PERMISSIONS)
    return named or frozenset({DEFAULT_PERMISSION})


def _by_name(terms: Collection[Term]) -> dict[DuoTerm, list[str]]:
    found: dict[DuoTerm, list[str]] = {}
    for name, value in sorted(permissions(terms)):
        found.setdefault(name, []).append(value)
    return found


def permitted(name: DuoTerm, diseases: Collection[str], study: Study) -> Verdict:
    """What a permission gives to the study; several diseases agreed to may hold it together."""
    cell = MATRIX[name][study.category]
    if cell is Cell.WITHIN or cell is Cell.ABOUT:
        held = [any(holds(wide, one) for wide in diseases) for one in study.diseases]
        given = Verdict.ALLOW if cell is Cell.WITHIN else Verdict.MANUAL
        return given if held and all(held) else Verdict.DENY
    return Verdict(cell.value)


def width(terms: Collection[Term], study: Study) -> int | None:
    """How wide the narrowest permission is that gives anything to the study; None if none does."""
    return min(
        (
            WIDTH[name]
            for name, values in _by_name(terms).items()
            if permitted(name, values, study) is not Verdict.DENY
        ),
        default=None,
    )


def is_part(terms: Collection[Term], study: Study) -> bool:
    """Whether what the item is about is a part of what is asked."""
    if study.category is ResearchCategory.DISEASE:
        diseases = _by_name(terms).get(DuoTerm.DS, ())
        return any(holds(wide, one) for wide in study.diseases for one in diseases)
    return any(name in PARTS.get(study.category, ()) for name, _value in permissions(terms))


def _permission(terms: Collection[Term], study: Study) -> Outcome:
    """The best that the permissions of an item give."""
    found = {
        (name, values[0]): permitted(name, values, study)
        for name, values in _by_name(terms).items()
    }
    best = max(found, key=lambda term: _WORST_FIRST.index(found[term]))
    return Outcome(found[best], None if found[best] is Verdict.ALLOW else best)


def _same(value: str, other: str | None) -> bool:
    return bool(value) and other is not None and value.casefold() == other.strip().casefold()


def _in_region(value: str, asking: Asking) -> bool:
    region = REGIONS.get(value.strip().upper(), frozenset({value.strip().upper()}))
    return bool(asking.study.country) and asking.study.country in region


def _in_time(value: str, asking: Asking) -> bool:
    end = asking.study.ends_on
    return end is not None and asking.on <= end and end <= _limit(value, asking)


def _limit(value: str, asking: Asking) -> date:
    return months_later(asking.signed_on, int(value))


def _of_type(value: str, asking: Asking) -> bool:
    return _same(value, asking.study.category.value)


#: The modifiers that are met or not.
MODIFIERS: Mapping[DuoTerm, Callable[[str, Asking], bool]] = {
    DuoTerm.GS: _in_region,
    DuoTerm.IS: lambda value, asking: _same(value, asking.study.institution),
    DuoTerm.US: lambda value, asking: _same(value, asking.study.institution),
    DuoTerm.PS: lambda value, asking: _same(value, asking.study.project),
    DuoTerm.NPU: lambda _, asking: asking.study.recipient is not RecipientKind.COMPANY,
    DuoTerm.NCU: lambda _, asking: not asking.study.is_commercial,
    DuoTerm.NPUNCU: lambda _, asking: not asking.study.is_commercial,
    DuoTerm.RS: _of_type,
    DuoTerm.GSO: lambda _, asking: asking.study.genetics,
    DuoTerm.NMDS: lambda _, asking: asking.study.category is not ResearchCategory.METHODS,
    DuoTerm.NPOA: lambda _, asking: asking.study.category is not ResearchCategory.ANCESTRY,
    DuoTerm.TS: _in_time,
}
#: The modifiers that are taken upon oneself.
OBLIGATIONS = frozenset({DuoTerm.COL, DuoTerm.RTN, DuoTerm.PUB, DuoTerm.MOR})
#: An approval that a person has to see.
APPROVAL = DuoTerm.IRB
#: Permits something beyond research, and restricts none.
BEYOND = DuoTerm.CC


def _is_met(term: Term, asking: Asking) -> bool:
    name, value = term
    try:
        return MODIFIERS[name](value, asking)
    except (ValueError, OverflowError):
        return False


def weigh(terms: Collection[Term], asking: Asking) -> Outcome:
    """What the terms of one item come to for a study."""
    found = [_permission(terms, asking.study)]
    for term in sorted(terms):
        name = term[0]
        if name in MODIFIERS and not _is_met(term, asking):
            found.append(Outcome(Verdict.DENY, term))
        elif name is APPROVAL and not asking.study.ethics_approved:
            found.append(Outcome(Verdict.MANUAL, term))
        elif name is DuoTerm.MOR and not _is_readable(term[1]):
            found.append(Outcome(Verdict.DENY, term))
    worst = min(found, key=lambda one: _WORST_FIRST.index(one.verdict))
    obliges = tuple(term for term in sorted(terms) if term[0] in OBLIGATIONS)
    return Outcome(worst.verdict, worst.because, obliges)


def in_time(terms: Collection[Term], signed_on: date, on: date) -> Outcome:
    """What the terms come to for a use that is no research: the time limit alone bears on it."""
    asking = Asking(Study(ends_on=on), on, signed_on)
    for term in sorted(terms):
        if term[0] is DuoTerm.TS and not _is_met(term, asking):
            return Outcome(Verdict.DENY, term)
    return Outcome(Verdict.ALLOW)


def _is_readable(moment: str) -> bool:
    """Whether it is a day, or a number of months."""
    try:
        return bool(date.fromisoformat(moment)) if "-" in moment else int(moment) >= 0
    except ValueError:
        return False


def said(term: Term) -> Message:
    """The term with its value, for people."""
    name, value = term
    return T("{condition}: {value}", condition=label(name), value=value) if value else label(name)
