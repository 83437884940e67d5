"""Reading vocabularies: what is offered now, and everything for whoever adapts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import Bilingual, Message, T
from registry.participants.terms.models import Term
from registry.persistence import registry_session
from registry.vocab.labels import label
from registry.vocab.terms import BETWEEN, MEMBERS, Vocabulary

#: The field of an act that names the term of the place with which it was recorded.
TERM = "term"


@dataclass(frozen=True)
class Entry:
    """A term of a vocabulary: one of the rules, or one of the place that refines `member`."""

    member: StrEnum
    name: Message
    code: str
    is_own: bool
    is_offered: bool

    @property
    def given_as(self) -> str:
        """What a form gives when it is chosen."""
        return f"{self.member.value}{BETWEEN}{self.code}" if self.is_own else self.member.value


def entries(vocabulary: Vocabulary) -> Sequence[Entry]:
    """Each term of the rules in its order, followed by those that refine it by their age."""
    known = registry_session.scalars(
        sa.select(Term).where(Term.vocabulary == vocabulary).order_by(Term.id)
    ).all()
    retired = {one.code for one in known if one.refines is None and one.retired_at is not None}
    found = []
    for member in MEMBERS[vocabulary]:
        value = member.value
        found.append(Entry(member, label(member), value, False, value not in retired))
        found += [
            Entry(member, one.name, one.code, True, one.retired_at is None)
            for one in known
            if one.refines == value
        ]
    return found


def offered(vocabulary: Vocabulary) -> Sequence[Entry]:
    """What can be chosen now."""
    return [one for one in entries(vocabulary) if one.is_offered]


def kept(
    vocabulary: Vocabulary, member: StrEnum, code: str | None, *, field: str = "reason"
) -> dict[str, Any]:
    """The term of the place as fields of an act, with its names; nothing when none was chosen.

    :raises InvalidInput: the vocabulary does not offer it as a refinement of `member`.
    """
    if code is None:
        return {}
    for one in offered(vocabulary):
        if one.is_own and (one.member, one.code) == (member, code):
            name = one.name
            return {TERM: {"code": code, "fr": getattr(name, "fr", ""), "en": name.msgid}}
    raise InvalidInput(T("Choose one of the values offered."), field=field)


def kept_alone(
    vocabulary: Vocabulary, member: StrEnum, code: str | None, *, field: str
) -> dict[str, str] | None:
    """The same for a column of its own; None when none was chosen."""
    return kept(vocabulary, member, code, field=field).get(TERM)


def named(member: StrEnum, term: Mapping[str, str] | None) -> Message:
    """What was chosen: the term of the place that such a column holds, and what it refines."""
    return in_words(member, {} if term is None else {TERM: term})


def in_words(member: StrEnum, fields: Mapping[str, Any]) -> Message:
    """The term with which an act was recorded, and what it refines; or that alone."""
    if TERM not in fields:
        return label(member)
    term = fields[TERM]
    name = Bilingual(term["en"], fr=term["fr"])
    return T("{term} ({general})", term=name, general=label(member))
