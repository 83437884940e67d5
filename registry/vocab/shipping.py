"""Shipments: how far one has come, what becomes of its tubes, and how it is packed."""

from enum import StrEnum

from registry.kernel.messages import Labels, T

#: The letter of the codes of shipments; tubes have another.
LETTER = "X"


class ShipmentState(StrEnum):
    """How far a shipment has come."""

    DRAFT = "draft"
    SEALED = "sealed"
    SENT = "sent"
    ARRIVED = "arrived"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class ShipmentAct(StrEnum):
    """What is done to a shipment."""

    SEAL = "seal"
    REOPEN = "reopen"
    SEND = "send"
    ARRIVE = "arrive"
    SETTLE = "settle"
    COME_BACK = "come_back"
    CANCEL = "cancel"


class LineStatus(StrEnum):
    """What became of one tube of a shipment."""

    PACKED = "packed"
    #: It may no longer leave and lies in the bag still.
    STOPPED = "stopped"
    TAKEN_OUT = "taken_out"
    SENT = "sent"
    ARRIVED = "arrived"
    MISSING = "missing"
    RETURNED = "returned"


#: The tubes that are in the bag.
IN_THE_BAG = (LineStatus.PACKED, LineStatus.STOPPED)
#: The tubes that have left and did not come back.
AWAY = (LineStatus.SENT, LineStatus.ARRIVED, LineStatus.MISSING)


class ShipmentList(StrEnum):
    """A list of shipments that wait for a technician, and the list of all."""

    TO_PACK = "to_pack"
    TO_SEND = "to_send"
    TO_RECEIVE = "to_receive"
    LATE = "late"
    TO_RETURN = "to_return"
    EVERY = "every"


class Packing(StrEnum):
    """What keeps the tubes cold on their way."""

    DRY_ICE = "dry_ice"
    NITROGEN = "nitrogen"
    COOLED = "cooled"
    AMBIENT = "ambient"


class DifferenceKind(StrEnum):
    """What was not as the manifest says."""

    MISSING = "missing"
    EXTRA = "extra"
    DAMAGED = "damaged"
    TEMPERATURE = "temperature"


LABELS: Labels = {
    ShipmentState: {
        ShipmentState.DRAFT: T("Being packed"),
        ShipmentState.SEALED: T("Sealed, to be sent"),
        ShipmentState.SENT: T("On the way"),
        ShipmentState.ARRIVED: T("Arrived, in whole or part"),
        ShipmentState.SETTLED: T("Settled"),
        ShipmentState.RETURNED: T("All came back"),
        ShipmentState.CANCELLED: T("Cancelled"),
    },
    ShipmentAct: {
        ShipmentAct.SEAL: T("Seal"),
        ShipmentAct.REOPEN: T("Open again"),
        ShipmentAct.SEND: T("Send"),
        ShipmentAct.ARRIVE: T("Record the arrival"),
        ShipmentAct.SETTLE: T("Settle"),
        ShipmentAct.COME_BACK: T("Record that all came back"),
        ShipmentAct.CANCEL: T("Cancel the shipment"),
    },
    LineStatus: {
        LineStatus.PACKED: T("In the bag"),
        LineStatus.STOPPED: T("May no longer leave: take it out"),
        LineStatus.TAKEN_OUT: T("Taken out"),
        LineStatus.SENT: T("On the way"),
        LineStatus.ARRIVED: T("Arrived"),
        LineStatus.MISSING: T("Missing"),
        LineStatus.RETURNED: T("Came back"),
    },
    ShipmentList: {
        ShipmentList.TO_PACK: T("To pack"),
        ShipmentList.TO_SEND: T("To send"),
        ShipmentList.TO_RECEIVE: T("To receive"),
        ShipmentList.LATE: T("Late on the way"),
        ShipmentList.TO_RETURN: T("To be given back"),
        ShipmentList.EVERY: T("All"),
    },
    Packing: {
        Packing.DRY_ICE: T("Dry ice"),
        Packing.NITROGEN: T("Nitrogen vapour"),
        Packing.COOLED: T("Cooled, 2 to 8 °C"),
        Packing.AMBIENT: T("Ambient"),
    },
    DifferenceKind: {
        DifferenceKind.MISSING: T("Missing"),
        DifferenceKind.EXTRA: T("Not on the manifest"),
        DifferenceKind.DAMAGED: T("Damaged"),
        DifferenceKind.TEMPERATURE: T("Temperature"),
    },
}
