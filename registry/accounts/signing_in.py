"""Signing in and out, and proving once more who is there."""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import attempts, passwords, queries
from registry.accounts.models import User
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, TooManyAttempts, Unauthenticated
from registry.kernel.messages import T
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag

#: Who acts before anybody is known.
GATE = Actor.system("sign-in")


def sign_in(*, login: str, password: str, address: str) -> Actor:
    """Let the person in whose name and password these are.

    An unknown name, a wrong password and a disabled account are told apart
    neither by the answer nor by the work done.  The password is hashed outside
    any transaction, because it takes long on purpose.

    :raises TooManyAttempts: too many have failed lately for this name or from this address.
    :raises Unauthenticated: anything else is wrong.
    """
    login = login.strip().casefold()
    attempt = attempts.begin(login, address)
    if attempt.too_many:
        if attempt.first_stopped:
            _refused(None, attempt.address_digest, too_many=True)
        raise too_many()
    user = registry_session.scalar(sa.select(User).where(User.login == login))
    matches = passwords.matches(password, user.password_hash if user else None)
    if user is None or not matches or not user.active:
        _refused(user, attempt.address_digest)
        raise Unauthenticated(T("The sign-in name or the password is wrong."))
    attempts.succeeded(attempt)
    return _accepted(user.id, password)


def confirm(actor: Actor, *, password: str, address: str) -> None:
    """Make sure that the signed-in person, and nobody else at the same screen, acts.

    A wrong password counts against the limit of failed sign-ins.

    :raises TooManyAttempts: too many have failed lately for this name or from this address.
    :raises InvalidInput: the password is wrong.
    """
    attempt = attempts.begin(actor.login, address)
    if attempt.too_many:
        if attempt.first_stopped:
            note(actor, AuditTag.CONFIRMATION_REFUSED, attempt)
        raise too_many()
    kept = registry_session.scalar(sa.select(User.password_hash).where(User.id == actor.id))
    if not passwords.matches(password, kept):
        note(actor, AuditTag.CONFIRMATION_REFUSED, attempt)
        raise InvalidInput(T("This is not your present password."), field="present_password")
    attempts.succeeded(attempt)
    note(actor, AuditTag.CONFIRMED, attempt)


@transactional
def note(
    actor: Actor, tag: AuditTag, attempt: attempts.Attempt, *, means: str = "password"
) -> None:
    """Record how an attempt to prove who is there went and by what, never what was typed."""
    require(actor, Permission.ACCOUNT_OWN)
    audit.record(
        actor,
        tag,
        f"account:{actor.id}",
        address=attempt.address_digest[:16],
        too_many=attempt.too_many,
        means=means,
    )


def too_many() -> TooManyAttempts:
    """The refusal of an attempt that the limit stopped."""
    return TooManyAttempts(
        T(
            "Too many sign-ins have failed. Wait {minutes} minutes, then try again.",
            minutes=limits.SIGN_IN_WINDOW_SECONDS // 60,
        )
    )


@transactional
def _refused(user: User | None, address_digest: str, *, too_many: bool = False) -> None:
    """Record the failure; the name is left out, for people type passwords into that field."""
    require(GATE, Permission.SIGN_IN)
    audit.record(
        GATE,
        AuditTag.SIGN_IN_REFUSED,
        user or "account:unknown",
        address=address_digest[:16],
        too_many=too_many,
    )


@transactional
def _accepted(user_id: int, password: str) -> Actor:
    require(GATE, Permission.SIGN_IN)
    user = lock_row(User, user_id)
    actor = queries.actor_for(user_id)
    if actor is None:
        raise Unauthenticated(T("The sign-in name or the password is wrong."))
    user.signed_in_at = clock.now()
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hashed(password)
    audit.record(actor, AuditTag.SIGN_IN, user)
    return actor


@transactional
def sign_out(actor: Actor) -> None:
    """Record that the person has left; the delivery ends the session itself."""
    require(actor, Permission.ACCOUNT_OWN)
    audit.record(actor, AuditTag.SIGN_OUT, f"account:{actor.id}")
