"""The known identities that newcomers may resemble, read for a whole batch at once.

One query finds the records that share a blind index with any of the batch,
another reads them; each is opened at most once, in memory, when a newcomer is
compared with it.  What the batch itself has taken in is found like what was
there before.  How many records one newcomer is compared with is bounded,
whatever the size of the vault.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from registry.identity import persons, records
from registry.identity.keys import OpenVault, is_of_number
from registry.identity.likeness import Likeness
from registry.identity.models import DistrustedRecord, IdentityRecord, IndexEntry, Person
from registry.identity.records import Holder
from registry.persistence import rows_for, vault_session
from registry.vocab import limits
from registry.vocab.identity import Distrust, Standing


@dataclass(slots=True)
class Known:
    """A person whom the vault knows, or will once the batch is written."""

    id: int
    uid: str
    standing: Standing
    #: The number of the record that is shown as this person's identity.
    reference: int

    @property
    def audit_ref(self) -> str:
        """What an entry of the journal calls the person."""
        return f"person:{self.uid}"

    @classmethod
    def of(cls, person: Person) -> "Known":
        """The person as it is stored."""
        return cls(person.id, person.uid, person.standing, person.reference)


@dataclass(slots=True, repr=False)
class Candidate:
    """A record that shares a key with a newcomer, and whose it is."""

    person: Known
    likeness: Likeness
    #: Somebody corrected it: it may be another person's identity.
    is_superseded: bool = False
    #: The number that came with it, found not to be the person's.
    refused_number: tuple[str, str] | None = None

    @property
    def is_trusted(self) -> bool:
        """Whether all of it is the person's, as far as anybody knows."""
        return not self.is_superseded and self.refused_number is None


class Candidates:
    """Everybody whom the identities of a batch may be."""

    def __init__(self, opened: OpenVault) -> None:
        self._opened = opened
        self._sharing: dict[int, list[int]] = defaultdict(list)
        self._sealed: dict[int, Any] = {}
        self._candidates: dict[int, Candidate | None] = {}
        self._people: dict[int, Known | None] = {}
        self._holders: dict[int, Holder] = {}
        #: How many persons are known: the more there are, the likelier a chance agreement.
        self.population = vault_session.scalar(sa.select(sa.func.max(Person.id))) or 0

    def read(self, wanted: Sequence[Sequence[int]], *, also: Iterable[int] = ()) -> None:
        """Read whom the identities with these tokens are to be compared with; and the records
        `also`.
        """
        asked = {token for tokens in wanted for token in tokens}
        for token, record_id in rows_for(vault_session, _ENTRIES, asked):
            self._sharing[token].append(record_id)
        chosen = {record_id for tokens in wanted for record_id in self._nearest(tokens)}
        chosen.update(also)
        self._sealed = {row.id: row for row in rows_for(vault_session, _RECORDS, chosen)}

    def _nearest(self, tokens: Sequence[int]) -> Sequence[int]:
        """The records with most keys in common; those with the very hospital number always."""
        found = set[int]().union(*filter(None, map(self._sharing.get, tokens)))
        if len(found) <= limits.IDENTITY_CANDIDATES_MAX:
            return sorted(found)
        shared = Counter(
            record_id for token in tokens for record_id in self._sharing.get(token, ())
        )
        numbered = {
            record_id
            for token in tokens
            if is_of_number(token)
            for record_id in self._sharing.get(token, ())
        }
        nearest = sorted(shared, key=lambda one: (one not in numbered, -shared[one], one))
        return sorted(nearest[: limits.IDENTITY_CANDIDATES_MAX])

    def sharing(self, tokens: Sequence[int], *, before: int | None = None) -> list[Candidate]:
        """Whom an identity with these tokens is compared with, the oldest record first; with
        `before`, only persons of smaller numbers.
        """
        nearest = self._nearest(tokens)
        if before is not None:
            nearest = [one for one in nearest if (self._person_id(one) or before) < before]
        found = (self.candidate(record_id) for record_id in nearest)
        return [candidate for candidate in found if candidate is not None]

    def add(self, record_id: int, person: Known, likeness: Likeness, tokens: Iterable[int]) -> None:
        """Have a record of this batch found by those that come after it."""
        self._candidates[record_id] = Candidate(person, likeness)
        self._people[person.id] = person
        self.population = max(self.population, person.id)
        for token in tokens:
            self._sharing[token].append(record_id)

    def person(self, person_id: int) -> Known | None:
        """Who the person is today; None when the identity was erased.

        The same object each time, so that what the batch changes is seen at once.
        """
        if person_id not in self._people:
            root = Known.of(persons.root_of(person_id))
            known = None if root.standing is Standing.ERASED else root
            self._people[person_id] = self._people.setdefault(root.id, known)
        return self._people[person_id]

    def read_persons(self, person_ids: Collection[int]) -> None:
        """Read at once those who will be asked for."""
        for row in rows_for(vault_session, _PERSONS, person_ids):
            self._people.setdefault(row.id, Known(row.id, row.uid, row.standing, row.reference))

    def _person_id(self, record_id: int) -> int | None:
        row = self._sealed.get(record_id)
        if row is None or row.merged_into_id is None:
            return None if row is None else int(row.person_id)
        person = self.person(row.person_id)
        return None if person is None else person.id

    def candidate(self, record_id: int) -> Candidate | None:
        """The record, opened the first time it is asked for; None when it was erased."""
        if record_id not in self._candidates:
            row = self._sealed.get(record_id)
            self._candidates[record_id] = None if row is None else self._open(row)
        return self._candidates[record_id]

    def _open(self, row: Any) -> Candidate | None:
        if row.merged_into_id is None and row.person_id not in self._people:
            self._people[row.person_id] = Known(row.person_id, row.uid, row.standing, row.reference)
        person = self.person(row.person_id)
        if person is None:
            return None
        holder = self._holders.get(row.person_id)
        if holder is None:
            holder = records.holder(self._opened, row.person_id, row.uid, row.wrapped_key)
            self._holders[row.person_id] = holder
        likeness = records.open_likeness(holder, row.number, row.likeness)
        if not row.is_number_refused:
            return Candidate(person, likeness, row.is_superseded)
        trusted = replace(likeness, identifier=None)
        return Candidate(person, trusted, row.is_superseded, likeness.identifier)


def is_distrusted(what: Distrust) -> sa.ColumnElement[bool]:
    """Whether `what` of a record was found not to be the person's."""
    return sa.exists().where(
        DistrustedRecord.record_id == IdentityRecord.id, DistrustedRecord.distrusted == what
    )


_ENTRIES = sa.select(IndexEntry.token, IndexEntry.record_id).where(
    IndexEntry.token.in_(sa.bindparam("values", expanding=True))
)
_PERSONS = sa.select(Person.id, Person.uid, Person.standing, Person.reference).where(
    Person.id.in_(sa.bindparam("values", expanding=True)),
    Person.standing.not_in((Standing.ERASED, Standing.MERGED)),
)
_RECORDS = (
    sa.select(
        IdentityRecord.id,
        IdentityRecord.number,
        IdentityRecord.likeness,
        IdentityRecord.person_id,
        Person.uid,
        Person.standing,
        Person.reference,
        Person.wrapped_key,
        Person.merged_into_id,
        is_distrusted(Distrust.TRAITS).label("is_superseded"),
        is_distrusted(Distrust.NUMBER).label("is_number_refused"),
    )
    .join(Person, Person.id == IdentityRecord.person_id)
    .where(
        IdentityRecord.id.in_(sa.bindparam("values", expanding=True)),
        Person.standing != Standing.ERASED,
    )
)
