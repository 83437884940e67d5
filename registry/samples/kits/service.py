"""Printing kits in advance, and binding one to the collection that used it."""

from collections.abc import Sequence

from registry import audit
from registry.access import Permission, require
from registry.accounts.models import Site
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, NotFound, RuleBroken
from registry.kernel.messages import T
from registry.participants.models import KitCollection, KitDefinition
from registry.persistence import registry_session, transactional
from registry.samples import numbering
from registry.samples.kits.models import PrintedKit, PrintedTube
from registry.vocab import limits
from registry.vocab.audit import AuditTag


@transactional
def print_kits(actor: Actor, *, kit_id: int, site_id: int, count: int) -> Sequence[PrintedKit]:
    """Give out codes for `count` kits of one kind, which wait at a site to be used.

    :raises NotFound: there is no such kit or site.
    :raises NotPermitted: the actor prints no kits at this site.
    :raises InvalidInput: none or too many are asked for.
    """
    kit = registry_session.get(KitDefinition, kit_id)
    site = registry_session.get(Site, site_id)
    if kit is None or site is None:
        raise NotFound(T("There is no such kit or site."), field="kit_id")
    require(actor, Permission.KIT_PRINT, _At(site.id))
    if not 1 <= count <= limits.KITS_PRINTED_MAX:
        raise InvalidInput(
            T("Print 1 to {most} kits at once.", most=limits.KITS_PRINTED_MAX), field="count"
        )
    tubes = iter(numbering.next_codes(count * len(kit.tubes)))
    made = [
        PrintedKit(
            code=code,
            kit=kit,
            site_id=site.id,
            printed_at=clock.now(),
            tubes=[PrintedTube(kit_tube=tube, code=next(tubes)) for tube in kit.tubes],
        )
        for code in numbering.next_codes(count, letter=numbering.KIT_LETTER)
    ]
    registry_session.add_all(made)
    registry_session.flush()
    audit.record(actor, AuditTag.KITS_PRINTED, kit, count=count, first=made[0].code)
    return made


@transactional
def use(actor: Actor, printed_kit_id: int, collection: KitCollection) -> PrintedKit:
    """Bind a printed kit to the collection for which its tubes were drawn.

    :raises NotFound: there is no such printed kit.
    :raises RuleBroken: it was used already, or is a kit of another kind.
    """
    require(actor, Permission.VISIT_RECORD, collection.visit.participant)
    printed = registry_session.get(
        PrintedKit, printed_kit_id, with_for_update={"of": PrintedKit}, populate_existing=True
    )
    if printed is None:
        raise NotFound(T("There is no such printed kit."))
    check_unused(printed)
    if printed.kit_id != collection.kit_id:
        raise RuleBroken(
            T("{code} is a kit of another kind: {name}.", code=printed.code, name=printed.kit.name)
        )
    printed.collection = collection
    registry_session.flush()
    audit.record(actor, AuditTag.PRINTED_KIT_USED, printed, collection=collection.id)
    return printed


def check_unused(printed: PrintedKit) -> None:
    """Refuse a kit whose tubes were drawn already.

    :raises RuleBroken: see above.
    """
    if printed.collection_id is not None:
        raise RuleBroken(T("The kit {code} was used already.", code=printed.code), field="code")


class _At:
    """What lies at a site, for asking leave."""

    def __init__(self, site_id: int) -> None:
        self.site_id = site_id
