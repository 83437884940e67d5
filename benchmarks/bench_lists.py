"""The list, the box map and the page of a sample: as quick among five million as among few.

The samples are copies of one that went through the services, written by SQL as no
service would.  The floor of each figure is the same page in the same database while it
held a hundred thousand samples.  `REGISTRY_BENCH_SAMPLES` makes it smaller.
"""

import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from benchmarks.harness import Goal, Result
from benchmarks.registry_in import fresh_registry
from registry.custody import queries
from registry.kernel.actor import Actor
from registry.persistence import database, db, registry_session
from registry.vocab.custody import HolderKind
from registry.vocab.samples import SampleType
from tests.factories import accounts, custody, storage

FEW = 100_000
MANY = int(os.environ.get("REGISTRY_BENCH_SAMPLES", "5_000_000"))
ASKED = 200
WARM_UPS = 20
AS_QUICK = Goal("ratio", at_most=1.2)
AS_MANY_STATEMENTS = Goal("ratio", at_least=1, at_most=1)
_FIRST = 1_000
_PER_BOX = 100
_PER_PERSON = 100
#: One in so many waits on the bench for its cell.
_ON_BENCH = 1_000
#: One in so many was thawed twice.
_THAWED = 500

#: What differs between the copies, by table; everything else is as in the sample copied.
_DIFFERS: Mapping[str, Mapping[str, str]] = {
    "participant": {
        "id": f"{_FIRST} + i",
        "code": "printf('P%07d', i)",
        "person_uid": "printf('%032d', i)",
    },
    "storage_unit": {"id": f"{_FIRST} + i", "code": "printf('BX%d', i)"},
    "box": {"id": f"{_FIRST} + i"},
    "sample": {
        "id": f"{_FIRST} + i",
        "code": "printf('T%08d', i)",
        "participant_id": f"{_FIRST} + i / {_PER_PERSON}",
        "collected_at": "strftime('%Y-%m-%d %H:%M:%f000', '2016-01-01', (i) || ' minutes')",
        "sample_type": "CASE i % 3 WHEN 0 THEN 'BLD' WHEN 1 THEN 'SER' ELSE 'URN' END",
    },
    "holding": {
        "sample_id": f"{_FIRST} + i",
        "thaws": f"CASE i % {_THAWED} WHEN 0 THEN 2 ELSE 0 END",
        "kind": f"CASE i % {_ON_BENCH} WHEN 0 THEN 'bench' ELSE 'position' END",
        "box_id": f"CASE i % {_ON_BENCH} WHEN 0 THEN NULL ELSE {_FIRST} + i / {_PER_BOX} END",
        "row": f"CASE i % {_ON_BENCH} WHEN 0 THEN NULL ELSE i % 100 / 10 + 1 END",
        "col": f"CASE i % {_ON_BENCH} WHEN 0 THEN NULL ELSE i % 10 + 1 END",
    },
    "quantity_entry": {
        "id": f"{_FIRST} + i",
        "sample_id": f"{_FIRST} + i",
        "reason": "CASE i % 4 WHEN 0 THEN 'collected' ELSE 'received_from_parent' END",
        "other_id": f"CASE i % 4 WHEN 0 THEN NULL ELSE {_FIRST} + i - i % 4 END",
    },
    "custody_act": {"id": f"{_FIRST} + i * 3 + seq - 1", "sample_id": f"{_FIRST} + i"},
}
#: How many samples share one row of the table.
_SHARED = {"participant": _PER_PERSON, "storage_unit": _PER_BOX, "box": _PER_BOX}


class _Model(NamedTuple):
    """The sample that is copied, and where it is."""

    sample_id: int
    participant_id: int
    box_id: int


class _Measured(NamedTuple):
    p95: float
    statements: int


def run() -> list[Result]:
    """The 95th percentile of each page with few samples and with many, and their statements."""
    with fresh_registry() as fresh:
        actors = accounts.make_people(accounts.make_sites())
        box = storage.make_box(actors, rows=10, columns=10)
        tube = custody.make_received(actors)
        custody.place(actors, box, tube.code)
        model = _Model(tube.id, tube.participant_id, box.id)
        path = str(make_url(fresh.settings.registry_url).database)
        registry_session.rollback()
        _copy(path, model, 0, FEW)
        few = _measure(actors.data_manager, FEW)
        _copy(path, model, FEW, MANY)
        many = _measure(actors.data_manager, MANY)
        database.disconnect()
    results = []
    for name, found in many.items():
        results += [
            Result(f"{name}, p95", found.p95, "ms", few[name].p95, AS_QUICK),
            Result(
                f"{name}, statements",
                found.statements,
                "statements",
                few[name].statements,
                AS_MANY_STATEMENTS,
            ),
        ]
    return results


def _copy(path: str, model: _Model, first: int, last: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("BEGIN")
        for table in _DIFFERS:
            _copy_rows(connection, table, model, first, last)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy_rows(
    connection: sqlite3.Connection, table: str, model: _Model, first: int, last: int
) -> None:
    shared = _SHARED.get(table, 1)
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = [_DIFFERS[table].get(name, f'"{name}"') for name in columns]
    key, value = {
        "participant": ("id", model.participant_id),
        "storage_unit": ("id", model.box_id),
        "box": ("id", model.box_id),
        "sample": ("id", model.sample_id),
    }.get(table, ("sample_id", model.sample_id))
    names = ", ".join(f'"{name}"' for name in columns)
    numbers = (
        "WITH RECURSIVE numbers(i) AS "
        "(SELECT :first UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :last)"
    )
    model_row = f"(SELECT * FROM {table} WHERE {key} = :value)"  # noqa: S608 - our own tables
    chosen = f"SELECT {', '.join(values)} FROM numbers, {model_row}"  # noqa: S608 - likewise
    statement = f"{numbers} INSERT INTO {table} ({names}) {chosen}"
    given = {"first": first // shared, "last": -(-last // shared), "value": value}
    connection.execute(statement, given)


def _measure(actor: Actor, count: int) -> dict[str, _Measured]:
    dice = random.Random(7)

    def code() -> str:
        return f"T{dice.randrange(count):08d}"

    def page() -> None:
        asked = code()
        queries.sample_page(actor, asked)
        queries.chain(actor, asked)

    def box_map() -> None:
        queries.box_map(actor, _FIRST + dice.randrange(count) // _PER_BOX)

    def listed(wanted: queries.Wanted) -> Callable[[], None]:
        return lambda: _use(queries.page(actor, wanted, after=code()))

    def month() -> queries.Wanted:
        begin = date(2016, 1, 1) + timedelta(minutes=dice.randrange(count))
        return queries.Wanted(collected_from=begin, collected_to=begin + timedelta(days=30))

    asked: dict[str, Callable[[], None]] = {
        "page of a sample": page,
        "map of a box": box_map,
        "list of samples": listed(queries.Wanted()),
        "list of one type": listed(queries.Wanted(sample_type=SampleType.SERUM)),
        "list of what is stored": listed(queries.Wanted(status=HolderKind.POSITION)),
        "list of what was thawed": listed(queries.Wanted(thaws_from=2)),
        "list of what never was": listed(queries.Wanted(thaws_to=0)),
        "list of a month of collection": lambda: _use(queries.page(actor, month())),
        "what waits for a cell": lambda: _use(queries.to_place(actor)),
    }
    return {name: _times(ask) for name, ask in asked.items()}


def _use(found: queries.Page) -> None:
    if not found.rows:
        raise RuntimeError("an empty page says nothing")


def _times(ask: Callable[[], None]) -> _Measured:
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    spent = []
    for nth in range(WARM_UPS + ASKED):
        began = time.perf_counter()
        ask()
        if nth >= WARM_UPS:
            spent.append((time.perf_counter() - began) * 1000)
        registry_session.rollback()
        registry_session.expunge_all()
    engine = db.engines["registry"]
    sa.event.listen(engine, "before_cursor_execute", count)
    ask()
    sa.event.remove(engine, "before_cursor_execute", count)
    registry_session.rollback()
    return _Measured(statistics.quantiles(spent, n=20)[-1], statements)
