"""Labels on their way to the printers, beside the tasks: a label never waits for a long task."""

from threading import Event

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry.kernel.actor import Actor
from registry.labels import sending
from registry.vocab import limits

log = structlog.get_logger("registry.jobs")

_ACTOR = Actor.system("printing")


def run_one(app: Flask) -> bool:
    """Deliver one job; false when none waits."""
    with app.app_context():
        return sending.send_next(_ACTOR)


def run(app: Flask, stopping: Event) -> None:
    """Deliver what there is, and wait for more, until told to stop."""
    while not stopping.is_set():
        try:
            was_busy = run_one(app)
        except OperationalError as error:
            log.warning("database unavailable", kind=type(error.orig).__name__)
            was_busy = False
        except Exception:
            log.exception("labels not delivered")
            was_busy = False
        if not was_busy:
            stopping.wait(limits.PRINT_IDLE_SECONDS)
