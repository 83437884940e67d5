"""At which sites an identity may be handled: the vault knows sites by their code."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from registry.access import Permission, allows, require
from registry.accounts.models import Site
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session


@dataclass(frozen=True)
class AtSite:
    """A site as that at which leave is asked."""

    site_id: int
    code: str


_SITE_ID = sa.select(Site.id).where(Site.code == sa.bindparam("code"))


def site(code: str | None) -> AtSite:
    """The site with this code.

    :raises InvalidInput: no site was named, or there is none with this code.
    """
    site_id = registry_session.scalar(_SITE_ID, {"code": (code or "").upper()})
    if code is None or site_id is None:
        raise InvalidInput(T("Name the site that receives this identity."), field="site")
    return AtSite(site_id, code.upper())


def require_at_any(actor: Actor, permission: Permission, codes: Collection[str]) -> AtSite:
    """Ask leave for what was received at these sites: one that the actor works at is enough.

    :raises NotPermitted: the actor's roles never allow this.
    :raises NotFound: they do, but at none of these sites.
    """
    require(actor, permission)
    places = _places(codes)
    for place in places:
        if allows(actor, permission, place):
            return place
    raise NotFound(T("There is no such identity at your sites."))


def require_at_all(actor: Actor, permission: Permission, codes: Collection[str]) -> None:
    """Ask leave for what was received at these sites, at every one of them.

    :raises NotPermitted: the actor's roles never allow this.
    :raises NotFound: they do, but not at all of these sites.
    """
    require(actor, permission)
    if not all(allows(actor, permission, place) for place in _places(codes)):
        raise NotFound(T("There is no such identity at your sites."))


def codes_where_allowed(actor: Actor, permission: Permission) -> set[str]:
    """The codes of the sites at which the actor may."""
    rows = registry_session.execute(sa.select(Site.id, Site.code)).all()
    return {row.code for row in rows if allows(actor, permission, AtSite(row.id, row.code))}


def all_codes() -> set[str]:
    """The codes of every site."""
    return set(registry_session.scalars(sa.select(Site.code)))


def _places(codes: Collection[str]) -> list[AtSite]:
    rows = registry_session.execute(
        sa.select(Site.id, Site.code).where(Site.code.in_(codes)).order_by(Site.id)
    )
    return [AtSite(row.id, row.code) for row in rows]
