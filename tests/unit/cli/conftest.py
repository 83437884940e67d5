"""A data directory of one's own, and the command line on it."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from config import Settings
from registry.app import create_app
from registry.cli import main

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings) -> Command:
    """Run one command on a fresh data directory and the databases of the engine under test."""
    environ = {
        "REGISTRY_DATABASE_URL": settings.registry_url,
        "REGISTRY_IDENTITY_URL": settings.identity_url,
        "REGISTRY_LOCALE": "en",
    }

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(
            main,
            ["--data-dir", str(settings.data_dir / "data"), *arguments],
            obj=create_app,
            env=environ,
            input=typed,
            catch_exceptions=False,
        )

    return run


@pytest.fixture
def run(command: Command) -> Command:
    """The same on a data directory that has been set up."""
    assert command("init").exit_code == 0
    return command
