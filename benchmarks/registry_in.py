"""A registry of its own for a benchmark: SQLite in a temporary directory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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

OPERATOR = Actor.system("benchmark")


@dataclass(frozen=True)
class Fresh:
    """A registry that holds nothing but a site and a cohort."""

    settings: config.Settings
    site: Site
    cohort: Cohort


@contextmanager
def fresh_registry() -> Iterator[Fresh]:
    """Make one, its application's context pushed, and remove it."""
    with tempfile.TemporaryDirectory(prefix="registry-benchmark-") as directory:
        settings = config.load(directory, environ={})
        Keyring.generate(settings.keys_dir)
        with create_app(settings).app_context():
            databases.upgrade()
            site = accounts.create_site(OPERATOR, code="A", name="A", kind=SiteKind.HOSPITAL)
            yield Fresh(settings, site, protocol.open_cohort(OPERATOR, code="C", name="C"))
            database.disconnect()
