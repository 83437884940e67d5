"""The ways a request can be refused, each with a sentence a person can act on.

The domain raises these; each delivery maps them to its own answers in one
table (HTTP: ``registry/web/errors.py``).
"""

from collections.abc import Mapping, Sequence

from registry.kernel.messages import Message


class DomainError(Exception):
    """A rule of the registry refused the request; nothing was written."""

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class InvalidInput(DomainError):
    """What was given has the wrong shape or value."""

    def __init__(
        self,
        message: Message,
        *,
        field: str | None = None,
        errors: Mapping[str, Sequence[Message]] | None = None,
    ) -> None:
        super().__init__(message, field=field)
        self.errors: dict[str, list[Message]] = {
            name: list(found) for name, found in (errors or {}).items()
        }
        if field and field not in self.errors:
            self.errors[field] = [message]


class Unauthenticated(DomainError):
    """Nobody is signed in, or the sign-in failed."""


class NotFound(DomainError):
    """There is no such thing, or it lies outside the actor's sites."""


class NotPermitted(DomainError):
    """The actor's roles do not allow this."""


class RuleBroken(DomainError):
    """The state of things does not allow this now."""


class Stale(DomainError):
    """Somebody else changed the thing in between."""


class TooManyAttempts(DomainError):
    """The actor asked too often in a short time."""


class Unavailable(DomainError):
    """A part of the registry is closed: for the vault, its key is missing or wrong."""
