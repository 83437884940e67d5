"""A second person proves to be there, on the screen of whoever acts.

With the sign-in name and the password, or with a badge and its PIN.  Nobody is
signed in by it: it says who else was there, and what is done asks whether that
person may be the second one.
"""

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts import attempts, passwords, queries, signing_in
from registry.accounts.badges import reading
from registry.accounts.badges.models import Badge
from registry.accounts.connections import writing
from registry.accounts.models import User
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.persistence import registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag

_PASSWORD, _BADGE = "password", "badge"


def by_password(actor: Actor, *, login: str, password: str, address: str) -> Actor:
    """The colleague who signs as a witness to what `actor` does, by name and password.

    A wrong password counts against the limit of failed sign-ins of the name
    that was given.

    :raises TooManyAttempts: too many have failed lately for this name or from this address.
    :raises InvalidInput: the name or the password is wrong, or it is the actor's own.
    """
    login = login.strip().casefold()
    attempt = _begin(actor, login, address, means=_PASSWORD)
    user = registry_session.scalar(sa.select(User).where(User.login == login))
    matches = passwords.matches(password, user.password_hash if user else None)
    witness = None if user is None else queries.actor_for(user.id)
    if user is None or witness is None or not matches or user.must_change_password:
        signing_in.note(actor, AuditTag.WITNESS_REFUSED, attempt, means=_PASSWORD)
        raise InvalidInput(
            T("The witness’s sign-in name or password is wrong."), field="witness_password"
        )
    attempts.succeeded(attempt)
    return _accepted(actor, witness, attempt, field="witness", means=_PASSWORD)


def by_badge(actor: Actor, *, badge: str, pin: str, address: str) -> Actor:
    """The colleague who signs as a witness to what `actor` does, by a badge and its PIN.

    A wrong PIN counts against the limit of failed sign-ins; after
    `limits.PIN_WRONG_MAX` in a row the badge is locked until its owner chooses
    another PIN, for a PIN is short enough to be tried out over some days.

    :raises TooManyAttempts: too many have failed lately for this badge or from this address.
    :raises InvalidInput: the badge or the PIN is wrong, it is locked, or it is the actor's own.
    """
    digest = reading.digest_of(badge)
    attempt = _begin(actor, f"badge:{digest}", address, means=_BADGE)
    held = registry_session.execute(
        sa.select(Badge.id, Badge.user_id, Badge.pin_hash).where(
            Badge.code_digest == digest, Badge.ended_at.is_(None)
        )
    ).one_or_none()
    tries = None if held is None else _counted(held.id)
    if held is not None and tries is None:
        signing_in.note(actor, AuditTag.WITNESS_REFUSED, attempt, means=_BADGE)
        raise InvalidInput(
            T(
                "This badge is locked: its PIN was wrong {count} times. Its owner chooses another "
                "PIN on the page of their account, or signs here with the password.",
                count=limits.PIN_WRONG_MAX,
            ),
            field="witness_badge",
        )
    matches = passwords.matches(
        reading.peppered(0 if held is None else held.user_id, pin),
        None if held is None else held.pin_hash,
    )
    witness = None if held is None else queries.actor_for(held.user_id)
    if held is None or witness is None or not matches:
        signing_in.note(actor, AuditTag.WITNESS_REFUSED, attempt, means=_BADGE)
        if held is not None and tries == limits.PIN_WRONG_MAX:
            _locked(actor, held.id, held.user_id)
        raise InvalidInput(T("The badge or the PIN is wrong."), field="witness_pin")
    _forgiven(held.id)
    attempts.succeeded(attempt)
    return _accepted(actor, witness, attempt, field="witness_badge", means=_BADGE)


def _begin(actor: Actor, name: str, address: str, *, means: str) -> attempts.Attempt:
    attempt = attempts.begin(name, address)
    if attempt.too_many:
        if attempt.first_stopped:
            signing_in.note(actor, AuditTag.WITNESS_REFUSED, attempt, means=means)
        raise signing_in.too_many()
    return attempt


def _counted(badge_id: int) -> int | None:
    """How often a PIN was tried since the last right one, with this time; None when locked.

    Committed before the PIN is looked at: however many are tried at once, no
    more than the limit ever are.
    """
    with writing() as connection:
        return connection.execute(
            sa.update(Badge)
            .where(Badge.id == badge_id, Badge.wrong_pins < limits.PIN_WRONG_MAX)
            .values(wrong_pins=Badge.wrong_pins + 1)
            .returning(Badge.wrong_pins)
        ).scalar_one_or_none()


def _forgiven(badge_id: int) -> None:
    with writing() as connection:
        connection.execute(sa.update(Badge).where(Badge.id == badge_id).values(wrong_pins=0))


def _accepted(
    actor: Actor, witness: Actor, attempt: attempts.Attempt, *, field: str, means: str
) -> Actor:
    if witness.id == actor.id:
        raise InvalidInput(
            T("Somebody else bears witness: nobody does to their own act."), field=field
        )
    signing_in.note(witness, AuditTag.WITNESSED, attempt, means=means)
    return witness


@transactional
def _locked(actor: Actor, badge_id: int, user_id: int) -> None:
    require(actor, Permission.ACCOUNT_OWN)
    audit.record(actor, AuditTag.BADGE_LOCKED, f"badge:{badge_id}", account=user_id)
