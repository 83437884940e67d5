"""The data directory that a command works on, and the application on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click
from flask import Flask

from config import Settings
from registry.cli.speaking import translator
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import Message, T
from registry.migrations import databases
from registry.persistence import database


@dataclass(frozen=True)
class Door:
    """What every command is handed: the settings, and how an application is made of them.

    The command line lies below the composition root, so ``run.py`` hands it in.
    """

    settings: Settings
    create_app: Callable[[Settings], Flask]

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """The application, its context pushed.

        :raises RuleBroken: the data directory was never set up.
        """
        self.check_set_up()
        with self.unchecked() as app:
            yield app

    @contextmanager
    def unchecked(self) -> Iterator[Flask]:
        """The application, its context pushed, on whatever the directory holds."""
        app = self.create_app(self.settings)
        with app.app_context():
            try:
                yield app
            finally:
                database.disconnect()

    def check_set_up(self) -> None:
        """Refuse a data directory without keys."""
        if not self.settings.keys_dir.is_dir():
            raise RuleBroken(
                T(
                    "{directory} was never set up. Run first: python run.py --data-dir "
                    "{directory} init",
                    directory=self.settings.data_dir,
                )
            )

    def check_version(self) -> None:
        """Refuse databases that an earlier version left, before pages fail on them.

        :raises RuleBroken: they are to be upgraded first.
        """
        with self.opened():
            if not databases.behind():
                return
        raise RuleBroken(
            T(
                "The databases in {directory} are of an earlier version. Make a backup, then "
                "run: python run.py --data-dir {directory} init",
                directory=self.settings.data_dir,
            )
        )

    def on_own_files(self) -> "Door":
        """The same door to databases and keys inside the data directory only."""
        return replace(self, settings=self.settings.on_own_files())

    def say(self, message: Message) -> None:
        """Print one sentence in the registry's language."""
        click.echo(translator(self.settings.default_locale)(message))

    def confirm(self, question: Message) -> None:
        """Ask in the registry's language, and end the command unless the answer is yes."""
        click.confirm(translator(self.settings.default_locale)(question), abort=True)
