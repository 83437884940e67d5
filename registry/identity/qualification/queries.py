"""What is known of an identity's status: codes and days, never a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.access import Permission
from registry.identity import persons
from registry.identity.national import numbering
from registry.identity.qualification import policies
from registry.identity.qualification.models import Qualification
from registry.identity.subject import looked_at
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.persistence import transactional, vault_session
from registry.vocab.identity import Trait
from registry.vocab.national import DocumentType, IdentityAttribute, IdentityStatus, NumberKind


@dataclass(frozen=True)
class Standing:
    """The status of an identity, what it stands on and what the next one needs."""

    status: IdentityStatus
    attributes: frozenset[IdentityAttribute]
    document: DocumentType | None = None
    checked_on: date | None = None
    checked_by: str | None = None
    retrieved_on: date | None = None
    retrieved_by: str | None = None
    #: The kind of the national number that is kept; the number itself is never told.
    kind: NumberKind | None = None
    #: The strict traits that are missing, or given in letters where a code is needed.
    unknown: Sequence[Trait] = ()
    version: int = 0


def status_of(person_uid: str) -> IdentityStatus:
    """How far the person's identity can be trusted; asked beside what the actor may see anyway."""
    try:
        kept = vault_session.get(Qualification, persons.by_uid(person_uid).id)
    except NotFound:
        kept = None
    return kept.status if kept else IdentityStatus.PROVISIONAL


def attributes_of(person_uid: str) -> frozenset[IdentityAttribute]:
    """What the person's identity is marked as; asked beside what the actor may see anyway."""
    try:
        kept = vault_session.get(Qualification, persons.by_uid(person_uid).id)
    except NotFound:
        kept = None
    return kept.attributes if kept else frozenset()


def kind_of(person_uid: str) -> NumberKind | None:
    """Which kind of national number is kept of the person; never the number."""
    try:
        number = numbering.current(persons.group_of(persons.by_uid(person_uid).id))
    except NotFound:
        return None
    return number.kind if number else None


@transactional
def standing(actor: Actor, person_uid: str) -> Standing:
    """The person's status in full.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    :raises RuleBroken: the identity was erased.
    :raises Unavailable: the vault is closed.
    """
    who = looked_at(actor, Permission.IDENTITY_QUALIFY, person_uid)
    kept = vault_session.get(Qualification, who.person.id)
    number = numbering.current(who.group)
    kind = number.kind if number else None
    unknown = policies.unknown_strict_traits(who.traits())
    if kept is None:
        return Standing(IdentityStatus.PROVISIONAL, frozenset(), kind=kind, unknown=unknown)
    return Standing(
        kept.status,
        kept.attributes,
        kept.document,
        kept.checked_on,
        kept.checked_by,
        kept.retrieved_on,
        kept.retrieved_by,
        kind,
        unknown,
        kept.version,
    )
