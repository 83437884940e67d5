"""What an import says of itself: numbers, and the refused rows as a file to correct."""

import csv
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from registry import audit
from registry.access import Permission, require
from registry.imports.reading import REPORT_COLUMNS, Row, Table, check_aligned
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import DomainError, InvalidInput
from registry.kernel.messages import Message
from registry.persistence import unit_of_work
from registry.vocab.audit import AuditTag

#: Called with how many more rows are done.
Progress = Callable[[int], None]
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Refusal:
    """A row left out, and all that is wrong with it; a problem without field is the row's."""

    row: Row
    problems: tuple[tuple[str | None, Message], ...]


@dataclass
class Outcome:
    """What became of the rows of one file."""

    table: Table
    #: How many rows became what.
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, row: Row, problems: list[tuple[str | None, Message]]) -> None:
        """Leave the row out, and say why."""
        self.counts["refused"] += 1
        self.refusals.append(Refusal(row, tuple(problems)))


def problems_of(error: DomainError) -> list[tuple[str | None, Message]]:
    """What a refusal says, field by field."""
    if isinstance(error, InvalidInput) and error.errors:
        return [(name, reason) for name, reasons in error.errors.items() for reason in reasons]
    return [(error.field, error.message)]


def take_in_parts(
    actor: Actor,
    tag: AuditTag,
    outcome: Outcome,
    read: Callable[[Row], _Read],
    take: Callable[[list[tuple[Row, _Read]]], None],
    *,
    at_once: int,
    site_id: int | None,
    progress: Progress,
) -> None:
    """Have `take` take `at_once` rows at a time, each part in a unit of work of its own.

    Everybody else can write between two parts, while the rows of the next are
    `read`; one that cannot be read is refused.  A killed import keeps the parts
    that were committed, whose rows the next run passes over.
    """
    rows = iter(outcome.table.rows)
    with _garbage_left_alone():
        while part := list(islice(rows, at_once)):
            before = outcome.counts.copy()
            readable = _readable(part, outcome, read)
            with unit_of_work():
                require(actor, Permission.IMPORT_RUN)
                take(readable)
                audit.record(
                    actor,
                    tag,
                    f"import:{outcome.table.digest}",
                    site_id=site_id,
                    lines=[part[0].line, part[-1].line],
                    counts=dict(outcome.counts - before),
                )
            progress(len(part))
            gc.collect()
    outcome.refusals.sort(key=lambda refusal: refusal.row.line)


def _readable(
    part: list[Row], outcome: Outcome, read: Callable[[Row], _Read]
) -> list[tuple[Row, _Read]]:
    found: list[tuple[Row, _Read]] = []
    for row in part:
        try:
            check_aligned(row)
            found.append((row, read(row)))
        except DomainError as error:
            outcome.refuse(row, problems_of(error))
    return found


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Look for garbage between two parts only, and only in what came since the beginning: the
    identities of a part are all in use until it is written, and were looked through again and
    again for nothing.
    """
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.unfreeze()


def write_refused(
    outcome: Outcome,
    directory: Path,
    translate: Callable[[Message], str],
    *,
    path: Path | None = None,
) -> Path | None:
    """Write the refused rows beside their reasons; None when there is none.

    To `path`, or to a new file in `directory`.  The file is the operator's own
    input handed back, for whoever runs the import alone to read (mode 0600):
    correct it and import it again.  It is the one file outside the vault that
    may hold names, and is removed by hand (decision 0002).

    :raises FileExistsError: there is something at `path` already.
    """
    if not outcome.refusals:
        return None
    if path is None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = clock.now().strftime("%Y%m%dT%H%M%S%f")
        path = directory / f"{outcome.table.path.stem}-refused-{stamp}.csv"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow([*REPORT_COLUMNS, *outcome.table.headings])
        for refusal in outcome.refusals:
            writer.writerow(_reported(refusal, outcome.table, translate))
    return path


def _reported(
    refusal: Refusal, table: Table, translate: Callable[[Message], str]
) -> list[str | int]:
    """The refused row as a line of the report: one line, so that it is sent again once."""
    fields = [name for name, _reason in refusal.problems if name]
    columns = [table.understood[name] for name in fields if name in table.understood]
    values = [refusal.row.values[name] for name in fields if name in refusal.row.values]
    reasons = [translate(reason) for _name, reason in refusal.problems]
    return [
        refusal.row.line,
        " | ".join(columns),
        " | ".join(values),
        " | ".join(reasons),
        *refusal.row.original,
    ]
