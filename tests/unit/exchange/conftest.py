"""Two installations, each with its own databases and keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from registry.crypto.keyring import Keyring
from registry.custody.exchange.recalls import calling
from registry.custody.shipments import manifest
from tests.conftest import migrate
from tests.databases import Engine, drop_databases, fresh_databases
from tests.factories.exchange import Installation
from tests.factories.shipments import make_sent, make_tubes_to_send
from tests.unit.exchange.recalling import notice_of, withdrawn


@pytest.fixture
def here(settings: Settings) -> Installation:
    """The sender's."""
    return Installation.made(settings)


@pytest.fixture
def there(engine: Engine, settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """The receiver's, whose data directory is all its own."""
    directory = tmp_path / "there"
    directory.mkdir()
    registry_url, identity_url = fresh_databases(engine, directory, migrate)
    own = replace(
        settings,
        data_dir=directory,
        registry_url=registry_url,
        identity_url=identity_url,
        keys_dir=directory / "keys",
    )
    Keyring.generate(own.keys_dir)
    yield Installation.made(own)
    drop_databases(registry_url, identity_url)


@pytest.fixture
def sent(here: Installation, there: Installation) -> tuple[str, list[str], bytes]:
    """A shipment of three tubes on its way from here: its number, its codes, its manifest."""
    here.knows(there)
    there.knows(here, name="Biobanque de Lyon")
    with here.inside() as people:
        codes = [tube.code for tube in make_tubes_to_send(people, 3)]
        shipment = make_sent(people, *codes)
        file = manifest.signed(shipment)
        assert file is not None
        return shipment.code, codes, file


@pytest.fixture
def recalled(here: Installation, sent: tuple[str, list[str], bytes]) -> Callable[..., bytes]:
    """What is signed here when whoever the tubes are of takes everything back, or these uses."""

    def withdraw(*uses: Any, **asked: Any) -> bytes:
        with here.inside() as people:
            withdrawn(people, sent[1][0], *uses, **asked)
            return calling.signed(calling.get(people.dpo, notice_of(people).id))

    return withdraw
