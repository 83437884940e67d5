"""Accounts, sites and roles: who may work here, and as what."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import passwords, policies, sessions
from registry.accounts.models import RoleGrant, Site, User
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab.audit import AuditTag
from registry.vocab.people import Role, SiteKind


@transactional
def create_site(actor: Actor, *, code: str, name: str, kind: SiteKind) -> Site:
    """Open a site.

    :raises InvalidInput: the code is taken.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    code = code.upper()
    if registry_session.scalar(sa.select(Site.id).where(Site.code == code)):
        raise InvalidInput(T("There is a site with this code already."), field="code")
    site = Site(code=code, name=name, kind=kind)
    registry_session.add(site)
    audit.record(actor, AuditTag.SITE_CREATED, site, kind=kind)
    return site


@transactional
def create_user(
    actor: Actor,
    *,
    login: str,
    name: str,
    password: str,
    email: str | None = None,
    must_change_password: bool = True,
) -> User:
    """Open an account that may do nothing yet: roles are given apart, one by one.

    Unless told otherwise, `password` serves for the first sign-in only.

    :raises InvalidInput: the sign-in name is taken, or the password is weak.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    login = login.casefold()
    if registry_session.scalar(sa.select(User.id).where(User.login == login)):
        raise InvalidInput(T("There is an account with this sign-in name already."), field="login")
    passwords.check(password, login=login, name=name)
    user = User(
        login=login,
        name=name,
        email=email,
        password_hash=passwords.hashed(password),
        must_change_password=must_change_password,
        active=True,
        created_at=clock.now(),
        shortcuts=True,
    )
    registry_session.add(user)
    registry_session.flush()
    audit.record(actor, AuditTag.ACCOUNT_CREATED, user)
    return user


@transactional
def grant(actor: Actor, user_id: int, *, role: Role, site_id: int | None = None) -> RoleGrant:
    """Give a role at one site, or at every site when none is named.

    :raises RuleBroken: it is the actor's own account, or the person holds the role there already.
    :raises NotFound: there is no such account or site.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    if site_id is not None and registry_session.get(Site, site_id) is None:
        raise NotFound(T("There is no such site."))
    if any(held.role == role and held.site_id == site_id for held in user.grants):
        raise RuleBroken(T("The person holds this role there already."), field="role")
    granted = RoleGrant(role=role, site_id=site_id, granted_at=clock.now())
    user.grants.append(granted)
    sessions.renew_all(user.id)
    audit.record(actor, AuditTag.ROLE_GRANTED, user, site_id=site_id, role=role)
    return granted


@transactional
def revoke(actor: Actor, user_id: int, *, grant_id: int) -> None:
    """Take a role back; it no longer counts from the person's next request on.

    :raises RuleBroken: it is the actor's own account.
    :raises NotFound: the person does not hold it.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    held = next((held for held in user.grants if held.id == grant_id), None)
    if held is None:
        raise NotFound(T("The person does not hold this role."))
    user.grants.remove(held)
    sessions.renew_all(user.id)
    audit.record(actor, AuditTag.ROLE_REVOKED, user, site_id=held.site_id, role=held.role)


@transactional
def disable(actor: Actor, user_id: int) -> None:
    """Close the account and end its sessions; what the person did stays recorded.

    :raises RuleBroken: it is the actor's own account, or it is closed already.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    if not user.active:
        raise RuleBroken(T("The account is disabled already."))
    user.active = False
    sessions.end_all(user.id)
    audit.record(actor, AuditTag.ACCOUNT_DISABLED, user)


@transactional
def enable(actor: Actor, user_id: int) -> None:
    """Open a disabled account again, with the roles it had.

    :raises RuleBroken: it is the actor's own account, or it is open.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    if user.active:
        raise RuleBroken(T("The account is active already."))
    user.active = True
    audit.record(actor, AuditTag.ACCOUNT_ENABLED, user)


@transactional
def reset_password(actor: Actor, user_id: int, *, password: str) -> None:
    """Give a person who lost the password another one, for the next sign-in only.

    :raises RuleBroken: it is the actor's own account.
    :raises InvalidInput: the password is weak.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    passwords.check(password, login=user.login, name=user.name)
    user.password_hash = passwords.hashed(password)
    user.must_change_password = True
    sessions.end_all(user.id)
    audit.record(actor, AuditTag.PASSWORD_RESET, user)


@transactional
def change_password(actor: Actor, *, current: str, new: str) -> None:
    """Change one's own password; every session of the person ends, this one too.

    :raises InvalidInput: `current` is wrong, or `new` is weak or the same.
    """
    require(actor, Permission.ACCOUNT_OWN)
    user = lock_row(User, actor.id)
    if not passwords.matches(current, user.password_hash):
        raise InvalidInput(T("This is not your present password."), field="current")
    if new == current:
        raise InvalidInput(T("Choose another password than the present one."), field="new")
    passwords.check(new, login=user.login, name=user.name, field="new")
    user.password_hash = passwords.hashed(new)
    user.must_change_password = False
    sessions.end_all(user.id)
    audit.record(actor, AuditTag.PASSWORD_CHANGED, user)


@transactional
def set_preferences(actor: Actor, *, language: str | None, shortcuts: bool) -> None:
    """Keep the person's language and whether single-key shortcuts are on."""
    require(actor, Permission.ACCOUNT_OWN)
    user = lock_row(User, actor.id)
    user.language = language
    user.shortcuts = shortcuts
    audit.record(actor, AuditTag.ACCOUNT_CHANGED, user, fields=["language", "shortcuts"])
