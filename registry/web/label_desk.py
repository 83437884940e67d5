"""Labels from the pages: to the printer that stands where the person works, or as a PDF."""

from collections.abc import Sequence

from flask import session, url_for
from werkzeug.wrappers import Response

from registry.access import Permission, allows
from registry.kernel.actor import Actor
from registry.kernel.errors import RuleBroken
from registry.kernel.messages import T
from registry.labels import contents as saying, printers, printing, queue, templates
from registry.labels.layout import Content
from registry.persistence import unit_of_work
from registry.persistence.unit_of_work import savepoint
from registry.vocab.printing import LabelPurpose, LabelStock
from registry.web import language
from registry.web.guards import current_actor
from registry.web.notices import notify
from registry.web.pdf import pdf_response
from registry.web.speech import speech


def bench() -> int | None:
    """The site at which the person said last to be working."""
    chosen = str(session.get("bench", ""))
    return int(chosen) if chosen.isdigit() else None


def has_printer(purpose: str) -> bool:
    """Whether labels of this purpose come out of a printer, for the buttons of a page."""
    actor = current_actor()
    if not allows(actor, Permission.LABEL_PRINT):
        return False
    design = templates.designs()[LabelPurpose(purpose)]
    return printers.default_for(actor, design, site_id=bench()) is not None


def send(actor: Actor, ready: Sequence[Content], *, site_id: int | None = None) -> None:
    """Send labels to the printers and say so.

    :raises RuleBroken: no printer takes one of them.
    """
    jobs = queue.send(actor, ready, site_id=site_id or bench())
    names = ", ".join(dict.fromkeys(job.printer.name for job in jobs))
    notify(T("Labels on their way to {printer}: {count}.", printer=names, count=len(ready)))


def print_new(actor: Actor, codes: Sequence[str], *, site_id: int | None = None) -> bool:
    """Send the labels of new tubes where a default printer takes them all; whether it does."""
    if not codes or not allows(actor, Permission.LABEL_PRINT):
        return False
    ready = saying.of_samples(actor, codes, speech())
    designs, site = templates.designs(), site_id or bench()
    for purpose in {content.purpose for content in ready}:
        if printers.default_for(actor, designs[purpose], site_id=site) is None:
            return False
    try:
        with unit_of_work(), savepoint():
            send(actor, ready, site_id=site)
    except RuleBroken:
        # What was done with the tubes stands; their labels are printed as a PDF.
        return False
    return True


def print_aliquots(actor: Actor, codes: Sequence[str], *, made: int) -> None:
    """Send the labels of new aliquots, if a printer takes them, and say what to do next."""
    if print_new(actor, codes):
        notify(T("Aliquots made: {count}. Stick their labels on.", count=made))
    else:
        notify(T("Aliquots made: {count}. Print their labels, then place them.", count=made))


def reprint(actor: Actor, code: str) -> str | Response:
    """A tube's label once more: where to go on when a printer has it, otherwise the PDF."""
    if print_new(actor, [code]):
        return url_for("samples.show", code=code)
    ready = saying.of_samples(actor, [code], speech())
    return pdf(actor, ready, LabelStock.CRYO_ROLL)


def pdf(
    actor: Actor, ready: Sequence[Content], stock: LabelStock, *, first: int | None = None
) -> Response:
    """Labels as a PDF, opened in the browser.

    :raises InvalidInput: there are none, or the page has no place `first`.
    """
    made = printing.sheet(
        actor,
        ready,
        stock,
        first=first or 1,
        title=language.translate(T("Labels")),
        language=language.current(),
    )
    return pdf_response(made, "labels.pdf")
