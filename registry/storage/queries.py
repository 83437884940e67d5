"""Reading the tree of places, within the actor's sites; what is in a box, custody knows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from registry.kernel.actor import Actor
from registry.storage.models import Box, StorageUnit
from registry.vocab.people import Role
from registry.vocab.storage import StorageClass

#: The roles that see places, each at its own sites.
READERS = (Role.TECHNICIAN, Role.DATA_MANAGER)


@dataclass(frozen=True)
class Rules:
    """What holds in a place, taken together with all the places that it is in."""

    #: SPREC types; None: every type.
    accepts: frozenset[str] | None
    storage_class: StorageClass | None


def unit(actor: Actor, unit_id: int) -> StorageUnit:
    """One place.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def box(actor: Actor, box_id: int) -> Box:
    """One box, its place loaded.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def box_by_code(actor: Actor, code: str) -> Box:
    """The box whose label was scanned.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    raise NotImplementedError


def inside(actor: Actor, unit_id: int | None = None) -> Sequence[StorageUnit]:
    """The places directly inside one place, by name; the tops of the actor's sites for None."""
    raise NotImplementedError


def boxes(actor: Actor) -> Sequence[Box]:
    """Every box of the actor's sites, by code, for choosing one."""
    raise NotImplementedError


def way_to(unit_id: int) -> Sequence[StorageUnit]:
    """The places that lead to this one, from the outermost to the place itself."""
    raise NotImplementedError


def ways_to(unit_ids: Collection[int]) -> Mapping[int, Sequence[StorageUnit]]:
    """`way_to` of many places in one statement."""
    raise NotImplementedError


def rules(unit_id: int) -> Rules:
    """What holds in this place."""
    raise NotImplementedError
