"""Reasons are read by many and kept for good: none may say who the person is.

A reason is compared with the identity in memory, at the moment of the look;
that it was refused is recorded, or refusals would answer who somebody is not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry import audit
from registry.audit.service import Recorded
from registry.identity import normalise
from registry.identity.traits import HospitalId, Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab.audit import AuditTag

#: Shorter words of a name are words of the language too.
_LETTERS_MIN = 3
_DIGITS_MIN = 4
_PARTICLES = frozenset({"DEL", "DELA", "DES", "LES", "SAINT", "SAINTE", "VAN", "VON"})
_DAYS = ("%d%m%Y", "%Y%m%d")


@dataclass(frozen=True, repr=False)
class Number:
    """A hospital number, and whether it is the person's."""

    identifier: HospitalId
    #: The site gave the person another number first.
    is_alias: bool = False
    #: It came with this identity but is another person's.
    is_disputed: bool = False


def check_reason(
    actor: Actor,
    about: Recorded,
    reason: str,
    traits: Traits,
    numbers: Sequence[Number],
    *,
    codes: Sequence[str] = (),
) -> None:
    """Refuse, and record that it was refused, when the reason says who the person is.

    `codes` are those under which partners know the person.

    :raises InvalidInput: it holds a name, the birth date, a hospital number or one of the
        codes of the person.
    """
    if names_the_person(reason, traits, numbers) or _has_any_of(reason, codes):
        audit.record_if_undone(actor, AuditTag.IDENTITY_REFUSED, about, why="named")
        raise InvalidInput(
            T(
                "The reason says who the person is. It is kept in the journal: "
                "write it without name, birth date and number."
            ),
            field="reason",
        )


def names_the_person(reason: str, traits: Traits, numbers: Sequence[Number]) -> bool:
    """Whether the text holds a name, the birth date or a hospital number of the person."""
    words = normalise.name(reason).split()
    if set(words) & set(_name_words(traits)):
        return True
    together = "".join(re.findall(r"\d", reason))
    if traits.birth_date and any(traits.birth_date.strftime(day) in together for day in _DAYS):
        return True
    return _has_any_of(reason, [one.identifier.number for one in numbers])


def _has_any_of(reason: str, numbers: Iterable[str]) -> bool:
    """Whether the text holds one of these numbers, however it is written."""
    symbols = normalise.number(reason)
    known = (normalise.number(one) for one in numbers)
    return any(len(number) >= _DIGITS_MIN and number in symbols for number in known)


def _name_words(traits: Traits) -> Iterator[str]:
    """The words of every name, and each name written as one word."""
    for raw in (traits.birth_name, traits.given_names, traits.used_name):
        words = normalise.name(raw).split()
        for word in (*words, "".join(words)):
            if len(word) >= _LETTERS_MIN and word not in _PARTICLES:
                yield word
