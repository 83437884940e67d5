"""Asking for leave."""

from typing import Any

from registry.access.permissions import Permission
from registry.access.policy import POLICY
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.kernel.messages import T
from registry.persistence.unit_of_work import note_leave

#: What the command line may never do, whoever started it: these need a person.
PERSONAL: frozenset[Permission] = frozenset(
    {
        Permission.CATALOGUE_COUNT,
        Permission.APPLICATION_MAKE,
        Permission.APPLICATION_DECIDE,
        Permission.EXTRACT_PRODUCE,
        Permission.EXTRACT_DOWNLOAD,
        Permission.PSEUDONYM_REVERSE,
        Permission.CONSENT_CHECK,
    }
)


def allows(actor: Actor, permission: Permission, resource: Any = None) -> bool:
    """Whether the actor may; without a resource, whether there could be one for which it may."""
    if actor.is_operator:
        return permission not in PERSONAL
    ways = POLICY.get(permission, ())
    return any(all(condition(actor, resource) for condition in way) for way in ways)


def require(actor: Actor, permission: Permission, resource: Any = None) -> None:
    """Refuse unless the actor may; the first line of every service function.

    :raises NotPermitted: the policy does not grant it.
    """
    if not allows(actor, permission, resource):
        raise NotPermitted(
            T("Your roles do not allow this. Ask the registry's administrator if they should.")
        )
    note_leave(actor)
