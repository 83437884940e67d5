"""A vault with keys of its own to change, and what was put in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import FileSource
from registry.identity import service
from registry.identity.models import IdentityRecord, IndexEntry, Person
from registry.identity.rotation.service import Where
from registry.identity.traits import HospitalId, SourceRef
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import vault_session
from tests.factories.identity import SITE, make_traits

OPERATOR = Actor.system("keys")


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    """Key files that only this test changes."""
    return Keyring.generate(tmp_path / "keys").directory


@pytest.fixture
def source(keys_dir: Path) -> FileSource:
    return FileSource(keys_dir / VaultKeys.FILE)


@pytest.fixture
def where(source: FileSource) -> Where:
    return Where(source, source)


@pytest.fixture
def tomorrow():
    """The day of the oldest backup: younger than anything a test has moved."""
    return clock.today() + timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """Somebody in the vault and how to hand them in again."""

    uid: str
    number: str

    def again(self, actor: Actor):
        return enrol(actor, self.number)


def enrol(actor: Actor, number: str):
    """A person of whom the number alone decides the name."""
    return service.enrol(
        actor,
        traits=make_traits(
            birth_name=f"Famille{number}", given_names=f"Prénom{number}", used_name=None
        ),
        hospital_identifier=HospitalId(SITE, number),
        source=SourceRef("dpi", f"row-{number}"),
    )


@pytest.fixture
def people(app, actors) -> list[Known]:
    numbers = [f"{chr(65 + n % 26) * 3}{n:04}" for n in range(12)]
    return [Known(enrol(actors.nurse, number).person_uid, number) for number in numbers]


@pytest.fixture
def numbers_in_use(app) -> Callable[[], dict[str, set[int]]]:
    """Under which key numbers rows and entries are."""

    def found() -> dict[str, set[int]]:
        vault_session.rollback()
        tokens = vault_session.scalars(sa.select(IndexEntry.token))
        return {
            "keys": set(vault_session.scalars(sa.select(Person.key_number).distinct())),
            "digests": set(vault_session.scalars(sa.select(IdentityRecord.index_number))),
            "entries": {token >> 48 for token in tokens},
        }

    return found
