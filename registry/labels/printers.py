"""The label printers of the sites: setting them up, and which one a label goes to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound
from registry.kernel.messages import T
from registry.labels.design import Design
from registry.labels.models import Printer
from registry.persistence import lock_row, registry_session, transactional
from registry.persistence.unit_of_work import advisory_lock
from registry.vocab.audit import AuditTag
from registry.vocab.printing import PrinterResolution, PrintMethod


@dataclass(frozen=True)
class PrinterFacts:
    """What an administrator says of a printer."""

    name: str
    host: str
    port: int
    resolution: PrinterResolution
    method: PrintMethod
    label_width: float
    label_height: float
    is_default: bool
    is_used: bool = True


def every(actor: Actor) -> Sequence[Printer]:
    """All printers, by site and name."""
    require(actor, Permission.PRINTER_MANAGE)
    query = sa.select(Printer).join(Printer.site).order_by(Site.name, Printer.name)
    return registry_session.scalars(query).all()


def get(actor: Actor, printer_id: int) -> Printer:
    """One printer.

    :raises NotFound: there is none.
    """
    require(actor, Permission.PRINTER_MANAGE)
    found = registry_session.get(Printer, printer_id)
    if found is None:
        raise NotFound(T("There is no such printer."))
    return found


def default_for(actor: Actor, design: Design, *, site_id: int | None = None) -> Printer | None:
    """The printer on which labels of this size come out for the actor.

    It is the default one of site `site_id`, or of the actor's only site that has
    one; None when there is none or it is not certain where the actor stands.
    """
    require(actor, Permission.LABEL_PRINT)
    scope = actor.sites()
    found = [
        printer
        for printer in registry_session.scalars(
            sa.select(Printer).where(Printer.is_default).order_by(Printer.id)
        )
        if printer.site_id in scope and printer.takes(design.width, design.height)
    ]
    here = [printer for printer in found if printer.site_id == site_id]
    if here:
        return here[0]
    only = len({printer.site_id for printer in found}) == 1 and not scope.everywhere
    return found[0] if only else None


@transactional
def set_up(actor: Actor, *, site_id: int, facts: PrinterFacts) -> Printer:
    """Set up a printer at a site.

    :raises NotFound: there is no such site.
    :raises InvalidInput: the site has a printer of this name.
    """
    require(actor, Permission.PRINTER_MANAGE)
    if registry_session.get(Site, site_id) is None:
        raise NotFound(T("There is no such site."), field="site_id")
    printer = Printer(site_id=site_id)
    _write(printer, facts)
    audit.record(actor, AuditTag.PRINTER_SET_UP, printer, **asdict(facts))
    return printer


@transactional
def change(actor: Actor, printer_id: int, facts: PrinterFacts) -> Printer:
    """Change what is known of a printer, or take it out of use.

    :raises NotFound: there is no such printer.
    :raises InvalidInput: the site has another printer of this name.
    """
    require(actor, Permission.PRINTER_MANAGE)
    printer = lock_row(Printer, printer_id)
    _write(printer, facts)
    audit.record(actor, AuditTag.PRINTER_CHANGED, printer, **asdict(facts))
    return printer


def _write(printer: Printer, facts: PrinterFacts) -> None:
    advisory_lock(f"printers:{printer.site_id}")
    others = registry_session.scalars(
        sa.select(Printer).where(Printer.site_id == printer.site_id, Printer.id != printer.id)
        if printer.id
        else sa.select(Printer).where(Printer.site_id == printer.site_id)
    ).all()
    if facts.name in {other.name for other in others}:
        raise InvalidInput(T("This site has a printer of this name already."), field="name")
    for name, value in asdict(facts).items():
        setattr(printer, name, value)
    printer.is_default = facts.is_default and facts.is_used
    if printer.is_default:
        for other in others:
            if other.is_default and other.takes(printer.label_width, printer.label_height):
                other.is_default = False
    registry_session.add(printer)
    registry_session.flush()
