"""A type and a container, each with the term of the place by which it was chosen."""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.kernel.messages import Bilingual, Message
from registry.participants.terms import queries
from registry.vocab.labels import label
from registry.vocab.samples import ContainerType, SampleType
from registry.vocab.terms import BETWEEN, Vocabulary

#: A term of the place as it is kept: its code, and its names of that day.
Names = Mapping[str, str]
#: The field of an act that keeps the one by which what was made is called.
TYPE_TERM = "type_term"
#: One that is chosen now, by its code, or as a plan kept it.
Chosen = str | Names


class KindTerms:
    """The columns beside a row's ``sample_type`` and ``container_type``."""

    type_term: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    container_term: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))


def kept(
    sample_type: SampleType,
    type_term: Chosen | None,
    container_type: ContainerType,
    container_term: Chosen | None,
) -> dict[str, Names | None]:
    """Both columns.

    :raises InvalidInput: the vocabulary does not offer a code as a refinement.
    """
    chosen = (
        ("type_term", Vocabulary.SAMPLE_TYPE, sample_type, type_term, "sample_type"),
        ("container_term", Vocabulary.CONTAINER_TYPE, container_type, container_term,
         "container_type"),
    )  # fmt: skip
    return {
        column: queries.kept_alone(vocabulary, member, term, field=field)
        if term is None or isinstance(term, str)
        else term
        for column, vocabulary, member, term, field in chosen
    }


def given_as(member: StrEnum, term: Names | None) -> str:
    """What a form gives when it is chosen."""
    return member.value if term is None else f"{member.value}{BETWEEN}{term['code']}"


def name(member: StrEnum, term: Names | None) -> Message:
    """What it is called here: by the term of the place, or else by the rules' own."""
    return label(member) if term is None else Bilingual(term["en"], fr=term["fr"])
