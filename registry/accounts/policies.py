"""When an account may be changed, whoever asks."""

from registry.accounts.models import User
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T


def check_somebody_else(actor: Actor, user: User) -> None:
    """Refuse when the account is the actor's own.

    Nobody widens their own rights, and the last administrator cannot shut the
    registry by accident.

    :raises RuleBroken: it is.
    """
    if is_own(actor, user):
        raise RuleBroken(T("Nobody changes their own roles or status: ask another administrator."))


def is_own(actor: Actor, user: User) -> bool:
    """Whether the account is the actor's."""
    return actor.id == user.id
