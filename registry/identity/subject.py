"""The person that an act is about, and the record that is shown as that person's identity."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from registry.access import Permission, require
from registry.identity import persons, records, sites
from registry.identity.discretion import Number
from registry.identity.keys import OpenVault
from registry.identity.models import IdentityRecord, Person
from registry.identity.opening import open_to_read, open_to_write, wait_for_turn
from registry.identity.records import Holder
from registry.identity.reveal import check_not_erased, in_clear
from registry.identity.sites import AtSite
from registry.identity.traits import Traits
from registry.kernel.actor import Actor
from registry.kernel.errors import Stale
from registry.kernel.messages import T
from registry.persistence import vault_session


@dataclass(frozen=True)
class Subject:
    """A person whom the actor may change, read afresh while nobody else writes."""

    opened: OpenVault
    person: Person
    group: frozenset[int]
    place: AtSite

    @property
    def holder(self) -> Holder:
        """The person with the data key."""
        person = self.person
        return records.holder(self.opened, person.id, person.uid, person.wrapped_key)

    @property
    def reference(self) -> IdentityRecord:
        """The record that is shown as the person's identity."""
        return vault_session.scalars(
            sa.select(IdentityRecord).where(
                IdentityRecord.person_id == self.person.id,
                IdentityRecord.number == self.person.reference,
            )
        ).one()

    def traits(self) -> Traits:
        """The person's traits in clear, for as long as one act lasts."""
        return records.open_record(self.holder, self.reference)

    def numbers(self) -> Sequence[Number]:
        """Every hospital number of the person in clear, for as long as one act lasts."""
        return in_clear(self.opened, self.person, group=self.group).numbers


def subject(actor: Actor, permission: Permission, person_uid: str) -> Subject:
    """Whom an act is about; leave is asked at one of the sites that received the identity.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises Unavailable: the vault is closed.
    """
    require(actor, permission)
    wait_for_turn()
    found = _subject(actor, permission, person_uid, open_to_write())
    vault_session.refresh(found.person)
    return found


def looked_at(actor: Actor, permission: Permission, person_uid: str) -> Subject:
    """Whom a page is about; raises as `subject` does."""
    require(actor, permission)
    return _subject(actor, permission, person_uid, open_to_read())


def _subject(actor: Actor, permission: Permission, person_uid: str, opened: OpenVault) -> Subject:
    person = persons.by_uid(person_uid)
    check_not_erased(person)
    group = frozenset(persons.group_of(person.id))
    place = sites.require_at_any(actor, permission, persons.sites_of(group))
    return Subject(opened, person, group, place)


def check_version(found: int, expected: int) -> None:
    """Refuse to change what somebody else changed since it was shown.

    :raises Stale: they did.
    """
    if found != expected:
        raise Stale(T("Somebody else changed this in the meantime. Look at it again, then retry."))
