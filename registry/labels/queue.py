"""Labels for a label printer: asked for here, delivered by the worker after the commit."""

from collections.abc import Sequence

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotFound, RuleBroken
from registry.kernel.messages import T
from registry.labels import contents as saying, policies, printers, templates, zpl
from registry.labels.contents import Speech
from registry.labels.layout import Content
from registry.labels.models import Printer, PrintJob
from registry.labels.printing import about
from registry.persistence import lock_row, registry_session, transactional
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.printing import LabelPurpose, PrintAct, PrintState, PrintSubject


@transactional
def send(
    actor: Actor, contents: Sequence[Content], *, site_id: int | None = None
) -> Sequence[PrintJob]:
    """Have these labels come out of the default printers for their sizes, in their order.

    The same labels that wait for the same printer are not asked for twice.

    :raises RuleBroken: no default printer takes labels of one of the sizes, or
        prints one of the codes readably.
    """
    require(actor, Permission.LABEL_PRINT)
    designs = templates.designs()
    chosen: dict[int, tuple[Printer, list[Content]]] = {}
    for content in contents:
        printer = printers.default_for(actor, designs[content.purpose], site_id=site_id)
        if printer is None:
            raise RuleBroken(
                T(
                    "No label printer here takes labels of {width} × {height} mm. "
                    "Print the PDF, or ask the administrator to set a printer up.",
                    width=f"{designs[content.purpose].width:g}",
                    height=f"{designs[content.purpose].height:g}",
                )
            )
        chosen.setdefault(printer.id, (printer, []))[1].append(content)
    return [_ask(actor, printer, several) for printer, several in chosen.values()]


def _ask(actor: Actor, printer: Printer, contents: Sequence[Content]) -> PrintJob:
    is_place = contents[0].purpose is LabelPurpose.PLACE
    codes = [content.code for content in contents]
    payload = _payload(printer, contents)
    waiting = registry_session.scalars(
        sa.select(PrintJob).where(
            PrintJob.printer_id == printer.id, PrintJob.state == PrintState.WAITING
        )
    )
    for known in waiting:
        if known.payload == payload:
            return known
    job = PrintJob(
        printer=printer,
        site_id=printer.site_id,
        subject=PrintSubject.PLACE if is_place else PrintSubject.SAMPLE,
        codes=codes,
        payload=payload,
        state=PrintState.WAITING,
        requested_by_id=actor.id,
        requested_at=clock.now(),
        attempts=0,
    )
    registry_session.add(job)
    registry_session.flush()
    audit.record(
        actor,
        AuditTag.LABELS_PRINTED,
        about(contents[0]),
        codes=codes,
        printer=printer.audit_ref,
        job=job.id,
    )
    return job


def _payload(printer: Printer, contents: Sequence[Content]) -> str:
    designs = templates.designs()
    return "".join(
        zpl.label(
            designs[content.purpose],
            content,
            resolution=printer.resolution,
            method=printer.method,
        )
        for content in contents
    )


@transactional
def retry(actor: Actor, job_id: int, speech: Speech) -> PrintJob:
    """Send labels that were not delivered again, as their templates and printer are now.

    :raises NotFound: there is no such job at the actor's sites.
    :raises RuleBroken: they wait, were delivered, or the printer is out of use.
    """
    get(actor, job_id)
    job = lock_row(PrintJob, job_id)
    require(actor, Permission.LABEL_PRINT, job)
    state = policies.after(job.state, PrintAct.RETRY)
    if not job.printer.is_used:
        raise RuleBroken(
            T("The printer “{name}” is out of use. Print the PDF.", name=job.printer.name)
        )
    job.payload = _payload(job.printer, contents_of(actor, job, speech))
    job.state, job.failure = state, None
    job.taken_at = job.ended_at = None
    registry_session.flush()
    audit.record(actor, AuditTag.LABELS_RETRIED, job, printer=job.printer.audit_ref)
    return job


def contents_of(actor: Actor, job: PrintJob, speech: Speech) -> Sequence[Content]:
    """What the labels of a job say now, as far as the actor may see what they are stuck on."""
    if job.subject is PrintSubject.PLACE:
        return saying.of_places(actor, saying.place_ids(job.codes), speech)
    return saying.of_samples(actor, job.codes, speech)


def _visible(actor: Actor) -> sa.Select[PrintJob]:
    require(actor, Permission.LABEL_PRINT)
    scope, query = actor.sites(), sa.select(PrintJob)
    return query if scope.everywhere else query.where(PrintJob.site_id.in_(scope.ids))


def get(actor: Actor, job_id: int) -> PrintJob:
    """One job.

    :raises NotFound: there is no such job at the actor's sites.
    """
    found = registry_session.scalar(_visible(actor).where(PrintJob.id == job_id))
    if found is None:
        raise NotFound(T("There are no such labels at your sites."))
    return found


def page(actor: Actor, *, before: int | None = None) -> Sequence[PrintJob]:
    """One page of jobs of the actor's sites, the newest first, before job `before`."""
    query = _visible(actor).order_by(PrintJob.id.desc()).limit(limits.PAGE_ROWS)
    if before is not None:
        query = query.where(PrintJob.id < before)
    return registry_session.scalars(query).all()
