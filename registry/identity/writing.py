"""What a batch adds to the vault, kept in memory until it is written table by table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from registry.identity import persons, records, reviews, sources
from registry.identity.candidates import Known
from registry.identity.keys import OpenVault
from registry.identity.matching import Match
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    IndexEntry,
    MatchReview,
    Person,
    SourceRow,
    table_of,
)
from registry.identity.records import Holder, Newcomer, Row
from registry.identity.traits import HospitalId
from registry.kernel import clock
from registry.persistence import insert_pairs, insert_rows, reserved, vault_session
from registry.vocab.identity import Standing, Trait
from registry.vocab.reviews import WAITING


@dataclass(slots=True)
class Spelling:
    """A record of a person: what it lacks, and what tells that it came again."""

    record_id: int
    missing: tuple[Trait, ...]
    content_digest: bytes


@dataclass(slots=True)
class Dossier:
    """What the vault holds of one person, as far as another identity of the same needs it."""

    person: Known
    holder: Holder
    spellings: dict[int, Spelling]
    #: Of the person and everybody merged into it; None until it is asked for.
    numbers: list[tuple[int, str]] | None = None

    @property
    def missing(self) -> tuple[Trait, ...]:
        """The required traits that the reference record lacks."""
        return self.spellings[self.person.reference].missing


_TABLES = (Person, IdentityRecord, HospitalIdentifier, SourceRow, MatchReview)


@dataclass
class Writes:
    """Rows on their way into the vault; `write` puts them there."""

    opened: OpenVault
    expected: int
    _rows: dict[type, list[Row]] = field(default_factory=lambda: {one: [] for one in _TABLES})
    _entries: list[tuple[int, int]] = field(default_factory=list)
    _changed_sources: list[tuple[bytes, Row]] = field(default_factory=list)
    _dossiers: dict[int, Dossier] = field(default_factory=dict)
    _reviews: dict[tuple[int, int], int | None] = field(default_factory=dict)
    #: The persons of this batch, about whom nobody can have been asked before.
    _new: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._person_ids = reserved(vault_session, table_of(Person), self.expected)
        self._record_ids = reserved(vault_session, table_of(IdentityRecord), self.expected)
        self._review_ids = reserved(vault_session, table_of(MatchReview), 1)

    def add_person(self, standing: Standing) -> Dossier:
        """A new person, of whom nothing is known yet."""
        holder = records.new_holder(next(self._person_ids))
        self._rows[Person].append(records.person_row(self.opened, holder, standing))
        person = Known(holder.id, holder.uid, standing, reference=1)
        self._dossiers[holder.id] = Dossier(person, holder, {}, [])
        self._new.add(holder.id)
        return self._dossiers[holder.id]

    def dossier(self, person: Known) -> Dossier:
        """What is held of a person, read when the batch first asks for it."""
        if person.id not in self._dossiers:
            found = vault_session.execute(_SPELLINGS, {"person_id": person.id}).all()
            self._dossiers[person.id] = Dossier(
                person,
                records.holder(self.opened, person.id, person.uid, found[0].wrapped_key),
                {
                    row.number: Spelling(row.id, as_traits(row.missing), row.content_digest)
                    for row in found
                },
            )
        return self._dossiers[person.id]

    def has_dossier(self, person_id: int) -> bool:
        """Whether this batch has read or made what is held of the person."""
        return person_id in self._dossiers

    def add_spelling(self, dossier: Dossier, newcomer: Newcomer, tokens: Sequence[int]) -> int:
        """Keep the identity as one more record of the person; the record's id."""
        record_id, number = next(self._record_ids), max(dossier.spellings, default=0) + 1
        row = records.record_row(self.opened, dossier.holder, number, newcomer, record_id)
        self._rows[IdentityRecord].append(row)
        self._entries.extend((token, record_id) for token in tokens)
        missing = newcomer.traits.missing
        dossier.spellings[number] = Spelling(record_id, missing, row["content_digest"])
        return record_id

    def make_reference(self, dossier: Dossier, number: int) -> None:
        """Show the person by another record from now on."""
        dossier.person.reference = number
        for row in self._rows[Person]:
            if row["id"] == dossier.person.id:
                row["reference"] = number
                return
        vault_session.get_one(Person, dossier.person.id).reference = number

    def add_number(self, dossier: Dossier, identifier: HospitalId) -> None:
        """A hospital number of the person: an alias where the site has given one before."""
        if dossier.numbers is None:
            held = vault_session.execute(_NUMBERS, {"root_id": dossier.person.id})
            dossier.numbers = [(row.number, row.site_code) for row in held]
        number = max((number for number, _site in dossier.numbers), default=0) + 1
        is_alias = any(site == identifier.site for _number, site in dossier.numbers)
        dossier.numbers.append((number, identifier.site))
        self._rows[HospitalIdentifier].append(
            records.number_row(
                self.opened, dossier.holder, identifier, number=number, is_alias=is_alias
            )
        )

    def remember(self, row: sources.Row, holder: Holder, record_id: int) -> None:
        """Remember that the row became this record; one that changed at its source counts anew."""
        values = records.source_row(
            self.opened,
            holder,
            record_id,
            system=row.system,
            number=row.number,
            content_digest=row.content_digest,
        )
        values["received_at"] = clock.now()
        if row.person_id is None:
            self._rows[SourceRow].append(values)
        else:
            self._changed_sources.append((row.row_digest, values))

    def open_review(self, person_id: int, match: Match) -> int | None:
        """Have somebody decide whether the person is the match; None when it was decided."""
        pair = (min(person_id, match.person.id), max(person_id, match.person.id))
        if pair not in self._reviews:
            is_new = person_id in self._new
            known = None if is_new else reviews.between(*pair)
            if known is not None:
                review_id, outcome = known
                self._reviews[pair] = review_id if outcome in WAITING else None
            else:
                self._reviews[pair] = review_id = next(self._review_ids)
                self._rows[MatchReview].append({"id": review_id, **reviews.row(person_id, match)})
        return self._reviews[pair]

    def write(self) -> None:
        """Put everything into the vault, each table with one statement."""
        for model, rows in self._rows.items():
            insert_rows(vault_session, table_of(model), rows)
            rows.clear()
        if self._entries:
            insert_pairs(vault_session, table_of(IndexEntry), self._entries)
            self._entries.clear()
        for stored, row in self._changed_sources:
            # It may be stored under an older key than the one that writes it now.
            digests = (stored, row["row_digest"])
            vault_session.execute(
                sa.update(SourceRow)
                .where(SourceRow.system == row["system"], SourceRow.row_digest.in_(digests))
                .values(row)
                .execution_options(synchronize_session=False)
            )
        self._changed_sources.clear()


def as_traits(codes: Sequence[str]) -> tuple[Trait, ...]:
    """The traits of these codes."""
    return tuple(Trait(code) for code in codes)


_SPELLINGS = (
    sa.select(
        Person.wrapped_key,
        IdentityRecord.id,
        IdentityRecord.number,
        IdentityRecord.missing,
        IdentityRecord.content_digest,
    )
    .join(Person, Person.id == IdentityRecord.person_id)
    .where(IdentityRecord.person_id == sa.bindparam("person_id"))
)
_NUMBERS = sa.select(HospitalIdentifier.number, HospitalIdentifier.site_code).where(
    HospitalIdentifier.person_id.in_(persons.GROUP)
)
