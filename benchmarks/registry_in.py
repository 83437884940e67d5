"""A registry of its own for a benchmark: SQLite in a temporary directory, or a real PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import config
from registry.accounts import service as accounts
from registry.accounts.models import Site
from registry.app import create_app
from registry.crypto.keyring import Keyring
from registry.kernel.actor import Actor
from registry.migrations import databases
from registry.participants import protocol
from registry.participants.models import Cohort
from registry.persistence import database
from registry.vocab.people import SiteKind
from tests import postgres

OPERATOR = Actor.system("benchmark")
Engine = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Fresh:
    """A registry that holds nothing but a site and a cohort."""

    settings: config.Settings
    site: Site
    cohort: Cohort


@contextmanager
def fresh_registry(engine: Engine = "sqlite") -> Iterator[Fresh]:
    """Make one, its application's context pushed, and remove it."""
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as directory:
        settings = config.load(Path(directory), environ=_databases(engine))
        Keyring.generate(settings.keys_dir)
        with create_app(settings).app_context():
            databases.upgrade()
            site = accounts.create_site(OPERATOR, code="A", name="A", kind=SiteKind.HOSPITAL)
            yield Fresh(settings, site, protocol.open_cohort(OPERATOR, code="C", name="C"))
            database.disconnect()


def _databases(engine: Engine) -> dict[str, str]:
    """The settings that lead to the databases; none for those in the directory itself."""
    if engine == "sqlite":
        return {}
    registry, identity = postgres.server().empty_pair()
    return {"REGISTRY_DATABASE_URL": registry, "REGISTRY_IDENTITY_URL": identity}


def people(usually: int) -> int:
    """How many persons to measure with: ``REGISTRY_BENCH_PEOPLE``, for a quick run."""
    return int(os.environ.get("REGISTRY_BENCH_PEOPLE", usually))
