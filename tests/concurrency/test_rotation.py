"""Keys are changed while four processes write, by one that is killed and begun again.

Security requirement 6.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import Settings
from registry.crypto.keyring import Keyring, VaultKeys
from registry.crypto.sources import FileSource
from registry.identity.models import IdentityRecord, Person, table_of
from registry.identity.rotation.service import Where, retire, rotate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.persistence import db
from tests.concurrency import rotating

pytestmark = pytest.mark.concurrency

PEOPLE = 150
WRITERS = 4
OPERATOR = Actor.system("keys")


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    """Key files that only this test changes."""
    return Keyring.generate(tmp_path / "keys").directory


def not_under(column: sa.Column, number: int) -> Callable[[], int]:
    """Counts the rows that are not under the number, past every session."""

    def count() -> int:
        query = sa.select(sa.func.count()).select_from(column.table).where(column != number)
        with db.engines["identity"].connect() as connection:
            return connection.scalar(query)

    return count


#: Each kind of key, what brings rows under the new one, and where that shows.
CHANGES = {
    "encryption": ("rewrap", table_of(Person).c.key_number),
    "index": ("reindex", table_of(IdentityRecord).c.index_number),
}


def change(settings: Settings, where: Where, purpose: str) -> None:
    """Add a key, bring the rows under it with a process that is killed, and again; retire."""
    work, column = CHANGES[purpose]
    left = not_under(column, 2)
    rotate(OPERATOR, where, purpose)
    first = rotating.begin(settings, work, at_once=20)
    assert 0 < rotating.kill_midway(first, left, before=PEOPLE) < PEOPLE
    again = rotating.begin(settings, work, at_once=500)
    again.join(120)
    assert again.exitcode == 0
    retire(OPERATOR, where, purpose, 1, oldest_backup=clock.today() + timedelta(days=1))
    assert left() == 0


def test_no_read_fails_and_nothing_stays_behind_though_the_work_is_killed(app, settings, sites):
    source = FileSource(settings.keys_dir / VaultKeys.FILE)
    uids = rotating.fill(PEOPLE, "PAR")

    with rotating.writers(settings, "PAR", uids, WRITERS) as tally:
        for purpose in CHANGES:
            change(settings, Where(source, source), purpose)

    assert tally.failed == {}
    assert min(tally.done[act] for act in ("enrol", "reveal", "search", "again")) > 0
    for purpose, (_work, column) in CHANGES.items():
        assert not_under(column, 2)() == 0
        assert list(VaultKeys.read(source).of(purpose).keys) == [2]
