"""Reading accounts and sites."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from registry.access import Permission, require
from registry.accounts.models import RoleGrant, Site, User
from registry.kernel.actor import Actor, Grant
from registry.kernel.errors import NotFound
from registry.kernel.messages import T
from registry.persistence import registry_session
from registry.vocab.people import Role


@dataclass(frozen=True)
class Person:
    """Somebody who can be chosen from a list."""

    id: int
    name: str
    login: str


@dataclass(frozen=True)
class Preferences:
    """How a person wants the screens, and whether a password must be chosen first."""

    language: str | None
    shortcuts: bool
    must_change_password: bool


def actor_for(user_id: int) -> Actor | None:
    """The person as an actor, with the roles held now; None when the account is closed."""
    rows = registry_session.execute(
        sa.select(User.login, User.name, RoleGrant.role, RoleGrant.site_id)
        .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.id == user_id, User.active.is_(True))
    ).all()
    if not rows:
        return None
    grants = frozenset(Grant(row.role, row.site_id) for row in rows if row.role is not None)
    return Actor(id=user_id, login=rows[0].login, name=rows[0].name, grants=grants)


def actor_by_login(login: str) -> Actor:
    """The person who signs in with this name, as an actor.

    :raises NotFound: there is none, or the account is disabled.
    """
    user_id = registry_session.scalar(sa.select(User.id).where(User.login == login.casefold()))
    actor = None if user_id is None else actor_for(user_id)
    if actor is None:
        raise NotFound(T("There is no active account with this sign-in name."))
    return actor


def preferences(actor: Actor) -> Preferences:
    """What the person chose for the screens."""
    row = registry_session.execute(
        sa.select(User.language, User.shortcuts, User.must_change_password).where(
            User.id == actor.id
        )
    ).one()
    return Preferences(*row)


def users(actor: Actor) -> Sequence[User]:
    """Every account, by name, with its roles.

    :raises NotPermitted: the actor does not administer accounts.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    return registry_session.scalars(
        sa.select(User).options(selectinload(User.grants)).order_by(User.name, User.id)
    ).all()


def user(actor: Actor, user_id: int) -> User:
    """One account.

    :raises NotPermitted: the actor does not administer accounts.
    :raises NotFound: there is none.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    found = registry_session.get(User, user_id)
    if found is None:
        raise NotFound(T("There is no such account."))
    return found


def sites() -> Sequence[Site]:
    """Every site, by name: their names are no secret inside."""
    return registry_session.scalars(sa.select(Site).order_by(Site.name)).all()


def sites_of(actor: Actor, *roles: str) -> Sequence[Site]:
    """The sites where the actor holds one of `roles` (any role when none is named)."""
    scope = actor.sites(*roles)
    return [site for site in sites() if site.id in scope]


def site_by_code(code: str) -> Site:
    """The site with this code.

    :raises NotFound: there is none.
    """
    found = registry_session.scalar(sa.select(Site).where(Site.code == code.upper()))
    if found is None:
        raise NotFound(T("There is no site with this code."))
    return found


def people_at(actor: Actor, site_id: int) -> Sequence[Person]:
    """The active people who hold a role at this site, by name: those a sample can be handed to.

    :raises NotFound: the site is none of the actor's.
    """
    if site_id not in actor.sites():
        raise NotFound(T("There is no such site."))
    works_here = sa.exists().where(
        RoleGrant.user_id == User.id,
        sa.or_(RoleGrant.site_id == site_id, RoleGrant.site_id.is_(None)),
    )
    rows = registry_session.execute(
        sa.select(User.id, User.name, User.login)
        .where(User.active.is_(True), works_here)
        .order_by(User.name, User.id)
    )
    return [Person(*row) for row in rows]


def holders(role: Role) -> Sequence[Person]:
    """The active people who hold a role, at whichever site, by name: whom colleagues call."""
    rows = registry_session.execute(
        sa.select(User.id, User.name, User.login)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.active.is_(True), RoleGrant.role == role)
        .distinct()
        .order_by(User.name, User.id)
    )
    return [Person(*row) for row in rows]


def names(user_ids: Collection[int]) -> Mapping[int, str]:
    """The names behind these ids, for showing who did what."""
    rows = registry_session.execute(sa.select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
