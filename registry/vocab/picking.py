"""Pick lists: tubes that are fetched from the store together, and what became of each."""

from enum import StrEnum

from registry.kernel.messages import Labels, T

#: The letter of the codes of pick lists; tubes have another.
LETTER = "L"


class PickStatus(StrEnum):
    """What became of one tube of a pick list."""

    WAITING = "waiting"
    PICKED = "picked"
    LEFT_OUT = "left_out"
    #: It may no longer be used: its participant has withdrawn.
    STOPPED = "stopped"
    #: The list was closed, or its reservation ended, before anybody fetched it.
    RELEASED = "released"


LABELS: Labels = {
    PickStatus: {
        PickStatus.WAITING: T("To fetch"),
        PickStatus.PICKED: T("Fetched"),
        PickStatus.LEFT_OUT: T("Left out"),
        PickStatus.STOPPED: T("May no longer be used"),
        PickStatus.RELEASED: T("Not fetched"),
    },
}
