"""Reading printed kits, always within the actor's sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

import sqlalchemy as sa

from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.participants.models import Cohort, KitDefinition
from registry.persistence import registry_session
from registry.samples.kits.models import PrintedKit
from registry.vocab.people import Role

#: The roles that print kits, each at its own sites.
PRINTERS = (Role.NURSE, Role.TECHNICIAN)

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True)
class Waiting:
    """How many kits of one kind wait at a site."""

    cohort: str
    kit: str
    site: str
    count: int


def get(actor: Actor, code: str) -> PrintedKit:
    """The printed kit with exactly this code.

    :raises NotFound: there is none at the actor's sites.
    """
    require(actor, Permission.KIT_PRINT)
    found = registry_session.scalar(
        _visible(actor, sa.select(PrintedKit).where(PrintedKit.code == code))
    )
    if found is None:
        raise NotFound(T("There is no such printed kit."), field="code")
    return found


def waiting(actor: Actor) -> Sequence[Waiting]:
    """The kits that nobody has used yet, by cohort, kind and site."""
    require(actor, Permission.KIT_PRINT)
    query = (
        sa.select(Cohort.name, KitDefinition.name, Site.name, sa.func.count())
        .select_from(PrintedKit)
        .join(KitDefinition, PrintedKit.kit_id == KitDefinition.id)
        .join(Cohort, Cohort.id == KitDefinition.cohort_id)
        .join(Site, Site.id == PrintedKit.site_id)
        .where(PrintedKit.collection_id.is_(None))
        .group_by(Cohort.name, KitDefinition.name, Site.name)
        .order_by(Cohort.name, KitDefinition.name, Site.name)
    )
    return [Waiting(*row) for row in registry_session.execute(_visible(actor, query))]


def _visible(actor: Actor, query: sa.Select[*Ts]) -> sa.Select[*Ts]:
    scope = actor.sites(*PRINTERS)
    return query if scope.everywhere else query.where(PrintedKit.site_id.in_(scope.ids))
