"""Enrolling badges, choosing their PINs, and ending what was lost."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import passwords, policies
from registry.accounts.badges import reading
from registry.accounts.badges.models import Badge
from registry.accounts.models import User
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag
from registry.vocab.people import BadgeEnd


@transactional
def enrol(actor: Actor, *, badge: str, pin: str) -> Badge:
    """Enrol one's own badge with its PIN; one that was enrolled before is replaced.

    :raises InvalidInput: it cannot be a badge, it is somebody's or was lost, or the PIN is weak.
    """
    require(actor, Permission.ACCOUNT_OWN)
    user = lock_row(User, actor.id)
    reading.check_pin(pin, field="pin")
    enrolled = _enrol(actor, user, badge)
    enrolled.pin_hash = _hashed(user, pin)
    audit.record(actor, AuditTag.BADGE_ENROLLED, enrolled, account=user.id, pin=True)
    return enrolled


@transactional
def enrol_for(actor: Actor, user_id: int, *, badge: str) -> Badge:
    """Enrol a colleague's badge; it proves nothing before the colleague has chosen a PIN.

    :raises RuleBroken: it is the actor's own account, or a disabled one.
    :raises InvalidInput: it cannot be a badge, or it is somebody's or was lost.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    if not user.active:
        raise RuleBroken(T("The account is disabled: its person gets no badge."))
    enrolled = _enrol(actor, user, badge)
    audit.record(actor, AuditTag.BADGE_ENROLLED, enrolled, account=user.id, pin=False)
    return enrolled


@transactional
def set_pin(actor: Actor, *, pin: str) -> None:
    """Choose the PIN of one's own badge; a badge that wrong ones had locked serves again.

    :raises RuleBroken: no badge is enrolled.
    :raises InvalidInput: anybody would guess the PIN.
    """
    require(actor, Permission.ACCOUNT_OWN)
    user = lock_row(User, actor.id)
    reading.check_pin(pin, field="pin")
    badge = _live(user)
    badge.pin_hash = _hashed(user, pin)
    badge.wrong_pins = 0
    audit.record(actor, AuditTag.BADGE_PIN_SET, badge, account=user.id)


@transactional
def give_up(actor: Actor, *, ending: BadgeEnd) -> None:
    """End one's own badge at once.

    :raises RuleBroken: no badge is enrolled.
    """
    require(actor, Permission.ACCOUNT_OWN)
    _end_live(actor, lock_row(User, actor.id), ending)


@transactional
def revoke(actor: Actor, user_id: int, *, ending: BadgeEnd) -> None:
    """End a colleague's badge at once.

    :raises RuleBroken: none is enrolled, or it is the actor's own account.
    """
    require(actor, Permission.ACCOUNT_MANAGE)
    user = lock_row(User, user_id)
    policies.check_somebody_else(actor, user)
    _end_live(actor, user, ending)


def _enrol(actor: Actor, user: User, scanned: str) -> Badge:
    """A new live badge of the person instead of the one before."""
    reading.check_code(scanned, field="badge")
    digest = reading.digest_of(scanned)
    # Two people at once with one badge: the second is told, not shown an error.
    advisory_lock("badges")
    _check_free(digest)
    before = _found(user)
    if before is not None:
        _end(before, BadgeEnd.REPLACED)
        audit.record(actor, AuditTag.BADGE_ENDED, before, account=user.id, ending=BadgeEnd.REPLACED)
        registry_session.flush()
    badge = Badge(
        user_id=user.id,
        code_digest=digest,
        wrong_pins=0,
        enrolled_at=clock.now(),
        enrolled_by_id=actor.id,
    )
    registry_session.add(badge)
    registry_session.flush()
    return badge


def _check_free(digest: str) -> None:
    known = registry_session.execute(
        sa.select(Badge.ended_at, Badge.ending).where(Badge.code_digest == digest)
    ).all()
    if any(row.ended_at is None for row in known):
        raise InvalidInput(T("This badge is enrolled already."), field="badge")
    if any(row.ending is BadgeEnd.LOST for row in known):
        raise InvalidInput(
            T("This badge was lost once: nobody knows who could copy it. Take another one."),
            field="badge",
        )


def _end_live(actor: Actor, user: User, ending: BadgeEnd) -> None:
    badge = _live(user)
    _end(badge, ending)
    audit.record(actor, AuditTag.BADGE_ENDED, badge, account=user.id, ending=ending)


def _end(badge: Badge, ending: BadgeEnd) -> None:
    """What it was compared with goes: nothing is to be tried against it later."""
    badge.ended_at, badge.ending, badge.pin_hash = clock.now(), ending, None


def _found(user: User) -> Badge | None:
    return registry_session.scalar(
        sa.select(Badge)
        .where(Badge.user_id == user.id, Badge.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _live(user: User) -> Badge:
    badge = _found(user)
    if badge is None:
        raise RuleBroken(T("No badge is enrolled."))
    return badge


def _hashed(user: User, pin: str) -> str:
    return passwords.hashed(reading.peppered(user.id, pin))
