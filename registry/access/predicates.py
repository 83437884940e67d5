"""The conditions from which the policy table is made."""

from collections.abc import Callable
from typing import Any

from registry.kernel.actor import Actor
from registry.vocab.people import Role

#: Whether the actor fulfils a condition towards the resource (None: towards any).
Predicate = Callable[[Actor, Any], bool]


def is_signed_in(actor: Actor, _resource: Any) -> bool:
    """Is somebody with an account: for things that are one's own."""
    return actor.id is not None


def is_a(role: Role) -> Predicate:
    """Holds `role`, whichever the site: for things that belong to no site."""

    def check(actor: Actor, _resource: Any) -> bool:
        return actor.holds(role)

    check.__name__ = f"is_a_{role.value}"
    return check


def at_site(role: Role) -> Predicate:
    """Holds `role` at the site of the resource; without a resource, at any site."""

    def check(actor: Actor, resource: Any) -> bool:
        return actor.holds(role, None if resource is None else resource.site_id)

    check.__name__ = f"{role.value}_at_its_site"
    return check


def is_the_participant(actor: Actor, resource: Any) -> bool:
    """Is the participant in question, at home; there is no such thing as any participant."""
    return actor.participant is not None and (
        getattr(resource, "audit_ref", None) == actor.participant
    )


def is_requester(actor: Actor, resource: Any) -> bool:
    """Made the request in question; without a resource, could make one."""
    return resource is None or (actor.id is not None and resource.requester_id == actor.id)


def is_not_requester(actor: Actor, resource: Any) -> bool:
    """Did not make the request in question: nobody decides their own."""
    return resource is None or (actor.id is not None and resource.requester_id != actor.id)


def is_not_recorder(actor: Actor, resource: Any) -> bool:
    """Did not make the record in question: nobody checks their own."""
    return resource is None or (actor.id is not None and resource.recorded_by_id != actor.id)
