"""What every test stands on: fresh databases, the application, people and the audit trail."""

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from config import Argon2Cost, Settings
from registry.app import create_app, open_registry
from registry.audit.models import AuditEntry
from registry.crypto.keyring import Keyring
from registry.migrations import databases as migrations
from registry.persistence import database, registry_session
from tests import engines
from tests.databases import Engine, drop_databases, fresh_databases
from tests.factories.accounts import People, Sites, make_people, make_sites
from tests.routes import RememberedRule

# Speed is measured by the benchmarks: no test fails because the machine has other work.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

_UNIT = Path(__file__).parent / "unit"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run on PostgreSQL what has a database at all: the rest is run with SQLite's."""
    if config.getoption("--engine") == "postgresql":
        chosen = [item for item in items if "engine" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def migrate(registry_url: str, identity_url: str) -> None:
    """Bring two empty databases to the newest version."""
    app = Flask("migration")
    database.connect(app, registry_url=registry_url, identity_url=identity_url)
    with app.app_context():
        migrations.upgrade()
        database.disconnect()


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key files, generated once: drawing them is not what the tests are about."""
    directory = tmp_path_factory.mktemp("keys", numbered=True) / "keys"
    Keyring.generate(directory)
    return directory


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """The engine under test; a test that asks for it, as all with a database do, runs on each."""
    chosen: Engine = request.config.getoption("--engine")
    return chosen


@pytest.fixture(scope="session")
def one_address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory by which every test, in its turn, knows its own: engines go by address."""
    return tmp_path_factory.mktemp("address") / "here"


@pytest.fixture
def settings(
    engine: Engine, tmp_path: Path, one_address: Path, keys_dir: Path
) -> Iterator[Settings]:
    """Settings on fresh databases of the engine under test."""
    one_address.unlink(missing_ok=True)
    one_address.symlink_to(tmp_path)
    registry_url, identity_url = fresh_databases(engine, one_address, migrate)
    with engines.kept(registry_url, identity_url):
        yield Settings(
            data_dir=tmp_path,
            registry_url=registry_url,
            identity_url=identity_url,
            keys_dir=keys_dir,
            argon2=Argon2Cost(memory_kib=8, passes=1, lanes=1),
            test_identities=True,
            testing=True,
        )
    drop_databases(registry_url, identity_url)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates are compiled once for all applications of the run."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def application(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application, with no context pushed: for tests that run their own requests or threads.

    Tests of the domain do without its pages, which take longer to put up than most of them run.
    """
    if _UNIT in request.path.parents and "pages" not in request.keywords:
        made = open_registry(settings)
    else:
        with mock.patch.object(Flask, "url_rule_class", RememberedRule):
            made = create_app(settings)
        made.jinja_env.bytecode_cache = request.getfixturevalue("compiled_templates")
    yield made
    with made.app_context():
        database.disconnect()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application with its context pushed: domain code can be called."""
    with application.app_context():
        yield application


@pytest.fixture
def sites(application: Flask) -> Sites:
    with application.app_context():
        return make_sites()


@pytest.fixture
def actors(application: Flask, sites: Sites) -> People:
    with application.app_context():
        return make_people(sites)


@pytest.fixture
def audit_tags(app: Flask) -> Callable[[], list[str]]:
    """The tags recorded so far, in order."""

    def tags() -> list[str]:
        return list(registry_session.scalars(sa.select(AuditEntry.tag).order_by(AuditEntry.seq)))

    return tags
