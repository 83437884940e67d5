"""Telling the registry again what the vault holds as settled.

The vault commits first: what stopped the registry's commit lost the decision
there, with its record.  Whoever listens changes only what is not yet as told,
so telling it once too often has no effect.
"""

from registry import audit
from registry.access import Permission
from registry.identity import persons, sites
from registry.identity.events import PersonEstablished, PersonsMerged
from registry.identity.models import Person
from registry.identity.opening import wait_for_turn
from registry.kernel import events
from registry.kernel.actor import Actor
from registry.persistence import transactional, vault_session
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing


@transactional
def settle(actor: Actor, person_uid: str) -> None:
    """Tell again who the person is: whom they stand for, and that they are beyond doubt.

    Nothing is told of a tentative person into whom nobody was merged.

    :raises NotPermitted: the actor's roles never allow it.
    :raises NotFound: there is no such person at the actor's sites.
    """
    wait_for_turn()
    person = persons.by_uid(person_uid)
    group = persons.group_of(person.id)
    sites.require_at_any(actor, Permission.IDENTITY_REVIEW, persons.sites_of(group))
    tell_again(actor, person)


def tell_again(actor: Actor, person: Person) -> None:
    """Publish and record what the vault holds of an unmerged person; the caller asks leave."""
    for merged_id in sorted(persons.group_of(person.id) - {person.id}):
        merged = vault_session.get_one(Person, merged_id)
        audit.record(actor, AuditTag.PERSON_MERGED, merged, into=person.uid, resumed=True)
        events.publish(PersonsMerged(actor, kept_uid=person.uid, merged_uid=merged.uid))
    if person.standing is Standing.ESTABLISHED:
        audit.record(actor, AuditTag.PERSON_ESTABLISHED, person, resumed=True)
        events.publish(PersonEstablished(actor, person.uid))
