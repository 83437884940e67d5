"""Custody: acts on a sample, who can hold one, and the reasons people give."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ActKind(StrEnum):
    """One act in the chain of custody."""

    COLLECTED = "collected"
    RECEIVED = "received"
    CENTRIFUGED = "centrifuged"
    FROZEN = "frozen"
    THAWED = "thawed"
    ALIQUOTED = "aliquoted"
    DERIVED = "derived"
    POOLED = "pooled"
    PLACED = "placed"
    MOVED = "moved"
    CHECKED_OUT = "checked_out"
    RETURNED = "returned"
    CONSUMED = "consumed"
    SHIPPED = "shipped"
    ARRIVED = "arrived"
    DISTRIBUTED = "distributed"
    CORRECTED = "corrected"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    DISPOSED = "disposed"
    DESTROYED = "destroyed"
    #: One of the acts that an administrator defined: it names the version of its definition.
    DEFINED = "defined"


#: The acts that change what a tube is like, not who holds it.
PROCESSING = (ActKind.CENTRIFUGED, ActKind.FROZEN, ActKind.THAWED)


class HolderKind(StrEnum):
    """Exactly one of these holds a sample at any moment."""

    #: Those who collected it: it has not been received yet.
    COLLECTION_SITE = "collection_site"
    #: The laboratory: it has no place yet.
    BENCH = "bench"
    POSITION = "position"
    PERSON = "person"
    #: On its way to another site or a partner.
    SHIPMENT = "shipment"
    #: An organisation outside the registry, by the shipment that brought it there.
    PARTNER = "partner"
    #: Nobody: it is no more.
    DESTROYED = "destroyed"


class CheckoutReason(StrEnum):
    """Why an aliquot leaves its place."""

    ANALYSIS = "analysis"
    ALIQUOTING = "aliquoting"
    QUALITY_CONTROL = "quality_control"
    TRANSFER = "transfer"
    OTHER = "other"


class DisposalReason(StrEnum):
    """Why a tube is thrown away."""

    EMPTY = "empty"
    DAMAGED = "damaged"
    UNFIT = "unfit"
    EXPIRED = "expired"
    OTHER = "other"


class WorkList(StrEnum):
    """A list of samples that wait for a technician."""

    TO_RECEIVE = "collection_site"
    TO_PLACE = "bench"
    ON_LOAN = "person"
    QUARANTINE = "quarantine"
    TO_DESTROY = "destruction"


class OrderStatus(StrEnum):
    """How far the order to destroy a sample has come."""

    ORDERED = "ordered"
    DONE = "done"
    CANCELLED = "cancelled"


class OrderAct(StrEnum):
    """What is done to an order to destroy a sample."""

    CARRY_OUT = "carry_out"
    CANCEL = "cancel"


class DestructionMethod(StrEnum):
    """How a sample is destroyed."""

    INCINERATION = "incineration"
    AUTOCLAVE = "autoclave"
    CHEMICAL = "chemical"
    CONTRACTOR = "contractor"


LABELS: Labels = {
    ActKind: {
        ActKind.COLLECTED: T("Collected"),
        ActKind.RECEIVED: T("Received"),
        ActKind.CENTRIFUGED: T("Centrifuged"),
        ActKind.FROZEN: T("Frozen"),
        ActKind.THAWED: T("Thawed"),
        ActKind.ALIQUOTED: T("Aliquoted"),
        ActKind.DERIVED: T("Derived"),
        ActKind.POOLED: T("Pooled"),
        ActKind.PLACED: T("Placed"),
        ActKind.MOVED: T("Moved"),
        ActKind.CHECKED_OUT: T("Checked out"),
        ActKind.RETURNED: T("Returned"),
        ActKind.CONSUMED: T("Used up in part or whole"),
        ActKind.SHIPPED: T("Shipped"),
        ActKind.ARRIVED: T("Arrived"),
        ActKind.DISTRIBUTED: T("Handed over to a partner"),
        ActKind.CORRECTED: T("Corrected"),
        ActKind.QUARANTINED: T("Put in quarantine"),
        ActKind.RELEASED: T("Released from quarantine"),
        ActKind.DISPOSED: T("Disposed of"),
        ActKind.DESTROYED: T("Destroyed"),
        ActKind.DEFINED: T("Act defined by an administrator"),
    },
    HolderKind: {
        HolderKind.COLLECTION_SITE: T("To be received"),
        HolderKind.BENCH: T("On the bench"),
        HolderKind.POSITION: T("In store"),
        HolderKind.PERSON: T("Checked out"),
        HolderKind.SHIPMENT: T("On its way"),
        HolderKind.PARTNER: T("With a partner"),
        HolderKind.DESTROYED: T("Destroyed"),
    },
    CheckoutReason: {
        CheckoutReason.ANALYSIS: T("Analysis"),
        CheckoutReason.ALIQUOTING: T("Aliquoting"),
        CheckoutReason.QUALITY_CONTROL: T("Quality control"),
        CheckoutReason.TRANSFER: T("Transfer to another laboratory"),
        CheckoutReason.OTHER: T("Other reason, said in the comment"),
    },
    DisposalReason: {
        DisposalReason.EMPTY: T("Nothing useful is left in it"),
        DisposalReason.DAMAGED: T("Broken or leaking"),
        DisposalReason.UNFIT: T("Not fit for any use"),
        DisposalReason.EXPIRED: T("Kept longer than foreseen"),
        DisposalReason.OTHER: T("Other reason, said in the comment"),
    },
    WorkList: {
        WorkList.TO_RECEIVE: T("To receive"),
        WorkList.TO_PLACE: T("To place"),
        WorkList.ON_LOAN: T("On loan"),
        WorkList.QUARANTINE: T("In quarantine"),
        WorkList.TO_DESTROY: T("To destroy"),
    },
    OrderStatus: {
        OrderStatus.ORDERED: T("To destroy"),
        OrderStatus.DONE: T("Destroyed"),
        OrderStatus.CANCELLED: T("Cancelled"),
    },
    OrderAct: {
        OrderAct.CARRY_OUT: T("Carry out"),
        OrderAct.CANCEL: T("Cancel"),
    },
    DestructionMethod: {
        DestructionMethod.INCINERATION: T("Incineration"),
        DestructionMethod.AUTOCLAVE: T("Autoclave, then infectious waste"),
        DestructionMethod.CHEMICAL: T("Chemical inactivation"),
        DestructionMethod.CONTRACTOR: T("Infectious waste, by the authorised contractor"),
    },
}
