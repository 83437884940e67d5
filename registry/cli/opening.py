"""An application context on a data directory that has been set up."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from config import Settings
from registry.app import create_app
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """The application of `settings`, its context pushed.

    :raises RuleBroken: the data directory was never set up.
    """
    check_set_up(settings)
    app = create_app(settings)
    with app.app_context():
        yield app


def check_set_up(settings: Settings) -> None:
    """Refuse a data directory without keys."""
    if not settings.keys_dir.is_dir():
        raise RuleBroken(
            T(
                "{directory} was never set up. Run first: python run.py --data-dir {directory} "
                "init",
                directory=settings.data_dir,
            )
        )
