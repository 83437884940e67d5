"""The sentence shown at the top of the next page, after something has been done."""

from enum import StrEnum

from flask import session

from registry.kernel.messages import Message

#: A scanner that posts and never looks at a page must not fill the session.
_KEPT = 10


class Notice(StrEnum):
    """How a notice looks and how it is announced."""

    SUCCESS = "success"
    INFO = "info"
    WARNING = "warning"


def notify(message: Message, kind: Notice = Notice.SUCCESS) -> None:
    """Show `message` on the next page.

    It is kept in the session: never put an identifying value into it.
    """
    earlier = session.get("notices", [])[1 - _KEPT :]
    session["notices"] = [*earlier, [kind.value, message]]


def take() -> list[tuple[str, Message | str]]:
    """The notices to show now; each is shown once."""
    if "notices" not in session:
        return []
    return [(kind, message) for kind, message in session.pop("notices")]
