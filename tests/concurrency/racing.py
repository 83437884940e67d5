"""Letting several people do something at the same instant, each with their own connection."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from registry.kernel.errors import DomainError
from registry.persistence import registry_session


def race(application: Flask, *actions: Callable[[], Any]) -> Sequence[Any]:
    """What each action gave, or the refusal it met, all begun at once.

    Anything but a refusal with a sentence (a deadlock, a locked database, a
    broken rule that nobody explained) is raised.
    """
    together = Barrier(len(actions))
    outcomes: list[Any] = [None] * len(actions)

    def act(number: int, action: Callable[[], Any]) -> None:
        with application.app_context():
            together.wait()
            try:
                outcomes[number] = action()
            except DomainError as refusal:
                outcomes[number] = refusal
            except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
                outcomes[number] = error

    threads = [Thread(target=act, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What the test itself read before the race is old by now.
    registry_session.rollback()
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, DomainError):
            raise outcome
    return outcomes


def won(outcomes: Sequence[Any]) -> list[Any]:
    """The outcomes that are no refusals."""
    return [outcome for outcome in outcomes if not isinstance(outcome, DomainError)]
