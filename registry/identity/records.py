"""Writing and reading sealed rows: the only code that seals a trait or opens one."""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry.crypto.errors import UnknownKey
from registry.crypto.sealing import DataKey, Place
from registry.identity import normalise
from registry.identity.keys import OpenVault, wrong_keys
from registry.identity.likeness import Likeness
from registry.identity.models import HospitalIdentifier, IdentityRecord
from registry.identity.traits import HospitalId, Traits
from registry.kernel import clock
from registry.vocab.identity import Standing, Trait

_UID_BYTES = 16
_COLUMNS = tuple((trait, trait.value) for trait in Trait)

#: The values of a row to be written, by column.
Row = dict[str, Any]
_LATER_TRAITS = frozenset({Trait.USED_GIVEN_NAMES})


@dataclass(frozen=True, repr=False)
class Newcomer:
    """An identity on its way in."""

    traits: Traits
    identifier: HospitalId | None
    site: str
    likeness: Likeness

    @classmethod
    def of(cls, traits: Traits, identifier: HospitalId | None, site: str) -> "Newcomer":
        """The identity with its likeness made."""
        return cls(traits, identifier, site, Likeness.of(traits, identifier))

    @cached_property
    def text(self) -> dict[Trait, str]:
        """Each trait that was received, as the text that is sealed."""
        return self.traits.as_text()

    def content(self, *context: str) -> list[str]:
        """Everything that was received, as it is digested within `context`."""
        return [*context, *self._content]

    @cached_property
    def _content(self) -> list[str]:
        number = self.identifier.number if self.identifier else ""
        # A trait that came later counts where it is given: what was digested before stays known.
        known = (trait for trait in Trait if trait in self.text or trait not in _LATER_TRAITS)
        return [self.site, number, *(self.text.get(trait, "") for trait in known)]


@dataclass(frozen=True)
class Holder:
    """A person whose data key is at hand."""

    id: int
    uid: str
    key: DataKey


def place_of_key(uid: str) -> Place:
    """Where a person's wrapped data key is stored."""
    return Place("person", "wrapped_key", uid)


def place_in_record(column: str, uid: str, number: int) -> Place:
    """Where a value of a person's record is stored."""
    return Place("identity_record", column, f"{uid}:{number}")


def place_of_number(uid: str, number: int) -> Place:
    """Where a person's hospital number is stored."""
    return Place("hospital_identifier", "value", f"{uid}:{number}")


def place_of_row(uid: str, system: str, row_digest: bytes) -> Place:
    """Where the number of another system's row is stored."""
    return Place("source_row", "row_number", f"{uid}:{system}:{row_digest.hex()}")


def holder(opened: OpenVault, person_id: int, uid: str, wrapped_key: bytes) -> Holder:
    """The person with the data key unwrapped.

    :raises Unavailable: the key-encryption key that wrapped it is not in the key file.
    """
    try:
        key = opened.wrapper.unwrap(wrapped_key, place_of_key(uid))
    except UnknownKey as error:
        raise wrong_keys() from error
    return Holder(person_id, uid, key)


def new_holder(person_id: int) -> Holder:
    """A new person with a fresh uid and data key."""
    return Holder(person_id, secrets.token_hex(_UID_BYTES), DataKey.new())


def person_row(opened: OpenVault, person: Holder, standing: Standing) -> Row:
    """The row of a new person, the data key wrapped."""
    return {
        "id": person.id,
        "uid": person.uid,
        "standing": standing,
        "merged_into_id": None,
        "wrapped_key": opened.wrapper.wrap(person.key, place_of_key(person.uid)),
        "key_number": opened.key_number,
        "reference": 1,
        "created_at": clock.now(),
        "version": 1,
    }


def content_digest(opened: OpenVault, person_uid: str, newcomer: Newcomer) -> bytes:
    """What is kept to know that this person already has this very record."""
    return opened.content_digest(newcomer.content(person_uid))


def content_digests(opened: OpenVault, person_uid: str, newcomer: Newcomer) -> list[bytes]:
    """Any of these tells that this person already has this very record."""
    return opened.content_digests(newcomer.content(person_uid))


def record_row(
    opened: OpenVault, person: Holder, number: int, newcomer: Newcomer, record_id: int
) -> Row:
    """The identity, sealed as the person's record `number`."""

    def sealed(column: str, text: str) -> bytes:
        return person.key.seal(text.encode(), place_in_record(column, person.uid, number))

    values = newcomer.text
    return {
        **{
            column: sealed(column, values[trait]) if trait in values else None
            for trait, column in _COLUMNS
        },
        "id": record_id,
        "person_id": person.id,
        "number": number,
        "site_code": newcomer.site,
        "hospital_number": (
            sealed("hospital_number", newcomer.identifier.number) if newcomer.identifier else None
        ),
        "likeness": person.key.seal(
            newcomer.likeness.encoded(), place_in_record("likeness", person.uid, number)
        ),
        "normalisation": normalise.VERSION,
        "content_digest": content_digest(opened, person.uid, newcomer),
        "index_number": opened.index_number,
        "missing": [trait.value for trait in newcomer.traits.missing],
        "received_at": clock.now(),
    }


def number_row(
    opened: OpenVault, person: Holder, identifier: HospitalId, *, number: int, is_alias: bool
) -> Row:
    """A hospital number that nobody has yet, sealed as the person's."""
    return {
        "person_id": person.id,
        "number": number,
        "site_code": identifier.site,
        "value_index": opened.number_index(identifier.site, normalise.number(identifier.number)),
        "index_number": opened.index_number,
        "value": person.key.seal(identifier.number.encode(), place_of_number(person.uid, number)),
        "is_alias": is_alias,
        "received_at": clock.now(),
    }


def source_row(
    opened: OpenVault,
    person: Holder,
    record_id: int,
    *,
    system: str,
    number: str,
    content_digest: bytes,
) -> Row:
    """A row of another system that became a record of the person, its number sealed."""
    digest = opened.row_digest(system, number)
    return {
        "system": system,
        "row_digest": digest,
        "content_digest": content_digest,
        "index_number": opened.index_number,
        "row_number": person.key.seal(number.encode(), place_of_row(person.uid, system, digest)),
        "record_id": record_id,
    }


def open_record(person: Holder, record: IdentityRecord) -> Traits:
    """The traits of a record, in clear."""
    values = {
        trait: person.key.unseal(
            blob, place_in_record(trait.value, person.uid, record.number)
        ).decode()
        for trait in Trait
        if (blob := getattr(record, trait.value)) is not None
    }
    return Traits.from_text(values)


def open_received_number(person: Holder, record: IdentityRecord) -> HospitalId | None:
    """The hospital number that came with a record, in clear."""
    if record.hospital_number is None:
        return None
    where = place_in_record("hospital_number", person.uid, record.number)
    return HospitalId(record.site_code, person.key.unseal(record.hospital_number, where).decode())


def open_number(person: Holder, row: HospitalIdentifier) -> HospitalId:
    """A hospital number of the person, in clear."""
    value = person.key.unseal(row.value, place_of_number(person.uid, row.number))
    return HospitalId(row.site_code, value.decode())


def open_likeness(person: Holder, number: int, blob: bytes) -> Likeness:
    """The likeness of a record, in clear."""
    return Likeness.decoded(
        person.key.unseal(blob, place_in_record("likeness", person.uid, number))
    )
