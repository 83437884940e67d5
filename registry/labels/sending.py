"""Delivering labels to their printers: the worker's part, one job at a time.

A job is taken through a short connection of its own, so that nobody waits for
a printer; what became of it is recorded.  Labels go to the machines that an
administrator set up and nowhere else.
"""

import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.connections import writing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.labels import policies
from registry.labels.models import Printer, PrintJob
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.printing import PrintAct, PrintFailure, PrintState

_SILENT = timedelta(seconds=limits.PRINT_SILENT_SECONDS)


@dataclass(frozen=True)
class _Taken:
    job_id: int
    attempts: int
    payload: str
    host: str
    port: int


def send_next(actor: Actor) -> bool:
    """Deliver the labels that have waited longest; false when none wait."""
    _give_up_silent(actor)
    taken = _take()
    if taken is None:
        return False
    _end(actor, taken.job_id, taken.attempts, _deliver(taken))
    return True


def _take() -> _Taken | None:
    """Of several workers one gets the job; the others get the next one."""
    next_one = (
        sa.select(PrintJob.id)
        .where(PrintJob.state == PrintState.WAITING)
        .order_by(PrintJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    statement = (
        sa.update(PrintJob)
        .where(PrintJob.id == next_one, PrintJob.state == PrintState.WAITING)
        .values(
            state=policies.after(PrintState.WAITING, PrintAct.TAKE),
            taken_at=clock.now(),
            attempts=PrintJob.attempts + 1,
        )
        .returning(PrintJob.id, PrintJob.attempts, PrintJob.payload, PrintJob.printer_id)
    )
    with writing() as connection:
        row = connection.execute(statement).one_or_none()
        if row is None:
            return None
        printer = connection.execute(
            sa.select(Printer.host, Printer.port).where(Printer.id == row.printer_id)
        ).one()
    return _Taken(row.id, row.attempts, row.payload, printer.host, printer.port)


def _deliver(taken: _Taken) -> PrintFailure | None:
    """Hand the labels to the printer; why that failed, or None."""
    try:
        connection = socket.create_connection(
            (taken.host, taken.port), timeout=limits.PRINTER_CONNECT_SECONDS
        )
    except (OSError, UnicodeError):
        return PrintFailure.UNREACHABLE
    with connection:
        try:
            connection.settimeout(limits.PRINTER_SEND_SECONDS)
            connection.sendall(taken.payload.encode())
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(limits.PRINTER_CLOSE_SECONDS)
            _wait_for_close(connection)
        except OSError:
            return PrintFailure.BROKEN_OFF
    return None


def _wait_for_close(connection: socket.socket) -> None:
    """A printer that hangs up with an error did not print; one that says nothing may have."""
    try:
        connection.recv(1)
    except TimeoutError:
        return


@transactional
def _end(actor: Actor, job_id: int, attempts: int, failure: PrintFailure | None) -> None:
    """Record what became of a job, unless it was given up in the meantime."""
    require(actor, Permission.LABEL_SEND)
    job = lock_row(PrintJob, job_id)
    if job.state is not PrintState.SENDING or job.attempts != attempts:
        return
    act = PrintAct.DELIVER if failure is None else PrintAct.BREAK_OFF
    job.state, job.ended_at = policies.after(job.state, act), clock.now()
    job.failure = failure
    details: dict[str, Any] = {"printer": job.printer.audit_ref, "labels": len(job.codes)}
    if failure is None:
        job.payload = None
        audit.record(actor, AuditTag.LABELS_SENT, job, **details)
    else:
        audit.record(actor, AuditTag.LABELS_FAILED, job, failure=failure, **details)
    registry_session.flush()


def _give_up_silent(actor: Actor) -> None:
    """Tell of jobs whose worker died over them: whether they came out, only an eye can say."""
    rows = registry_session.execute(
        sa.select(PrintJob.id, PrintJob.attempts).where(
            PrintJob.state == PrintState.SENDING, PrintJob.taken_at < clock.now() - _SILENT
        )
    ).all()
    for row in rows:
        _end(actor, row.id, row.attempts, PrintFailure.INTERRUPTED)
