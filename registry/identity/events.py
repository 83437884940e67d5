"""What the vault tells the rest of the registry: pseudonyms only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.kernel.actor import Actor
from registry.vocab.people import Sex


@dataclass(frozen=True)
class PersonsMerged:
    """Two persons were found to be one; `merged_uid` is `kept_uid` from now on."""

    actor: Actor
    kept_uid: str
    merged_uid: str


@dataclass(frozen=True)
class PersonAmended:
    """The person's identity was corrected; what a cohort keeps of it may have changed."""

    actor: Actor
    person_uid: str
    birth_year: int | None
    #: First day of the month in which the person comes, or came, of age.
    adult_from: date | None
    sex: Sex | None
    is_incomplete: bool


@dataclass(frozen=True)
class PersonEstablished:
    """No doubt is left about who the person is."""

    actor: Actor
    person_uid: str


@dataclass(frozen=True)
class PersonBuried:
    """Persons are being erased: whoever keeps more of them adds how much will be destroyed."""

    person_uids: Sequence[str]
    #: Kind → how many; the certificate says it.
    destroyed: dict[str, int]


@dataclass(frozen=True)
class PersonErased:
    """The person's identity was destroyed; told again after every restore."""

    actor: Actor
    person_uid: str
    erased_on: date


@dataclass(frozen=True)
class PersonsSplit:
    """A merge of two persons was undone: `split_uid` stood alone again at `undone_at`."""

    actor: Actor
    kept_uid: str
    split_uid: str
    undone_at: datetime


@dataclass(frozen=True)
class PersonDoubted:
    """It is doubtful again who the person is."""

    actor: Actor
    person_uid: str
