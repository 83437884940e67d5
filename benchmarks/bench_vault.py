"""Looking for a newcomer among a million identities, on both engines.

The vault is filled by the functions that an import uses, without matching.
A newcomer is looked for as at an inclusion: half are persons of the vault with
slips, half are strangers.  The floor of a search is the bare cryptography of
what it opens.
"""

import os
import random
import statistics
import time
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.harness import Goal, Result
from benchmarks.people import Population, Someone
from benchmarks.registry_in import OPERATOR, Engine, fresh_registry, people
from registry import audit
from registry.access import Permission, require
from registry.identity import matching
from registry.identity.likeness import Likeness
from registry.identity.opening import open_to_read, open_to_write
from registry.identity.records import Newcomer
from registry.identity.writing import Writes
from registry.persistence import db, unit_of_work
from registry.vocab.audit import AuditTag
from registry.vocab.identity import Standing

PEOPLE = 1_000_000
AT_ONCE = 2_000
SEARCHES = 600
WARM_UPS = 50
#: How many persons share an index with a stranger by chance (security requirement 10).
FALSE_AT, FALSE_MAX = 200_000, 10
P95_MS = 20


@dataclass(frozen=True)
class Search:
    """One newcomer looked for."""

    milliseconds: float
    opened: int
    statements: int


def run() -> list[Result]:
    """Every figure on SQLite, then on PostgreSQL."""
    return [result for engine in ("sqlite", "postgresql") for result in _measured(engine)]


def _measured(engine: Engine) -> list[Result]:
    count, population, rng = people(PEOPLE), Population(1), random.Random(1)
    known, results = list[Someone](), list[Result]()
    with fresh_registry(engine):
        started = time.perf_counter()
        for begin in range(0, count, AT_ONCE):
            part = list(population.persons(min(AT_ONCE, count - begin)))
            _fill(part)
            known.extend(rng.sample(part, max(1, len(part) // 100)))
            done = begin + len(part)
            if done == min(FALSE_AT, count):
                results.append(_false_candidates(engine, population, done))
            if done % 50_000 < AT_ONCE:
                rate = done / (time.perf_counter() - started)
                print(f"  {engine}: {done:,} of {count:,} identities, {rate:,.0f}/s", flush=True)
        _settle(engine)
        newcomers = [
            population.again(rng.choice(known), keeps_number=False)
            if number % 2
            else population.person()
            for number in range(WARM_UPS + SEARCHES)
        ]
        searches = [_search(one) for one in newcomers][WARM_UPS:]
    return results + _told(engine, count, searches)


def _told(engine: Engine, count: int, searches: list[Search]) -> list[Result]:
    times = sorted(search.milliseconds for search in searches)
    opened = statistics.fmean(search.opened for search in searches)
    most = max(search.statements for search in searches)
    floor = _bare_opening(round(opened))
    name = f"{engine}, {count:,}: "
    return [
        Result(f"{name}search, median", statistics.median(times), "ms", floor=floor),
        Result(
            f"{name}search, 95th percentile",
            times[int(len(times) * 0.95)],
            "ms",
            floor=floor,
            goal=Goal("figure", at_most=P95_MS),
        ),
        Result(f"{name}records opened, mean", opened, ""),
        Result(f"{name}records opened, most", max(search.opened for search in searches), ""),
        Result(f"{name}statements, most", most, "", goal=Goal("figure", at_most=4)),
    ]


def _fill(part: list[Someone]) -> None:
    """Seal and index these persons as an import would, without looking whether they are known."""
    with unit_of_work():
        require(OPERATOR, Permission.IDENTITY_ENROL)
        opened = open_to_write()
        writes = Writes(opened, expected=len(part))
        for one in part:
            newcomer = Newcomer.of(one.traits, one.identifier, one.identifier.site)
            dossier = writes.add_person(Standing.ESTABLISHED)
            writes.add_spelling(dossier, newcomer, opened.tokens(newcomer.likeness))
            writes.add_number(dossier, one.identifier)
        writes.write()
        audit.record(OPERATOR, AuditTag.IDENTITY_ENROLLED, "vault:benchmark", count=len(part))


def _settle(engine: Engine) -> None:
    """Have PostgreSQL know how its tables are filled, as it would by itself after a while."""
    if engine == "postgresql":
        with db.engines["identity"].connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def _false_candidates(engine: Engine, population: Population, count: int) -> Result:
    """How many records are opened for a stranger, on average."""
    _settle(engine)
    opened = statistics.fmean(_search(one).opened for one in population.persons(SEARCHES // 2))
    goal = Goal("figure", at_most=FALSE_MAX)
    return Result(f"{engine}, {count:,}: strangers opened, mean", opened, "", goal=goal)


def _search(one: Someone) -> Search:
    """Look for a newcomer as at an inclusion, the identity normalised in the time taken."""
    engine, statements = db.engines["identity"], list[str]()

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:  # type: ignore[no-untyped-def]
        statements.append(statement)

    with unit_of_work():
        opened = open_to_read()
        sa.event.listen(engine, "before_cursor_execute", note)
        started = time.perf_counter()
        findings = matching.find(opened, Likeness.of(one.traits, one.identifier))
        taken = time.perf_counter() - started
        sa.event.remove(engine, "before_cursor_execute", note)
    return Search(taken * 1_000, findings.opened, len(statements))


def _bare_opening(count: int) -> float:
    """The milliseconds that opening `count` sealed identities takes: the key, then the likeness."""
    wrapping, secret, place = AESGCM(os.urandom(32)), os.urandom(32), b"x" * 68
    nonce = os.urandom(12)
    wrapped = wrapping.encrypt(nonce, secret, place)
    sealed = AESGCM(secret).encrypt(nonce, b"y" * 256, place)
    started = time.perf_counter()
    for _ in range(100 * count):
        AESGCM(wrapping.decrypt(nonce, wrapped, place)).decrypt(nonce, sealed, place)
    return (time.perf_counter() - started) * 1_000 / 100
