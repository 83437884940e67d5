"""Reading samples, always within the actor's sites."""

from typing import TypeVarTuple

import sqlalchemy as sa

from registry.access import Permission, require
from registry.kernel.actor import Actor
from registry.kernel.codes import tube
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.samples.models import Sample
from registry.vocab.people import Role

#: The roles that see samples, each at its own sites.
READERS = (Role.NURSE, Role.TECHNICIAN, Role.DATA_MANAGER, Role.DPO)

Ts = TypeVarTuple("Ts")


def visible(actor: Actor, query: sa.Select[*Ts]) -> sa.Select[*Ts]:
    """`query`, which selects from samples, narrowed to those of the actor's sites.

    :raises NotPermitted: the actor sees no samples at all.
    """
    require(actor, Permission.SAMPLE_READ)
    scope = actor.sites(*READERS)
    return query if scope.everywhere else query.where(Sample.site_id.in_(scope.ids))


def get(actor: Actor, code: str) -> Sample:
    """The sample with exactly this code.

    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    found = registry_session.scalar(visible(actor, sa.select(Sample).where(Sample.code == code)))
    if found is None:
        raise not_found()
    return found


def not_found() -> NotFound:
    """What is said of a code that is none, or whose sample is at a site that is not the actor's."""
    return NotFound(T("There is no sample with this code at your sites."), field="code")


def by_scan(actor: Actor, raw: str) -> Sample:
    """The sample whose label a scanner or a person read.

    :raises InvalidInput: it was misread: nothing is looked up.
    :raises NotFound: there is none, or it is at a site that is not the actor's.
    """
    return get(actor, tube.read_scan(raw))
