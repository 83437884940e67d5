"""Words about the exchange between installations."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class KeyState(StrEnum):
    """Whether a partner's key is believed."""

    RECORDED = "recorded"
    COUNTS = "counts"
    RETIRED = "retired"


class RecallAsked(StrEnum):
    """What a recall asks for the tubes, beside that they are used no more from now on."""

    RETURN = "return"
    DESTROY = "destroy"


class RecalledState(StrEnum):
    """What became of a recalled tube at whoever received it."""

    #: It is there, and nothing is done with it.
    SET_APART = "set_apart"
    #: It was announced and not in the bag.
    NOT_ARRIVED = "not_arrived"
    #: Nobody announced it yet; it is set apart when it comes.
    UNKNOWN = "unknown"
    DESTROYED = "destroyed"
    RETURNED = "returned"
    USED_UP = "used_up"


#: What ends a recall of a tube.
RECALL_ENDS = (RecalledState.DESTROYED, RecalledState.RETURNED, RecalledState.USED_UP)


class GuestActKind(StrEnum):
    """What is done with a partner's tube while it is here."""

    PUT_AWAY = "put_away"
    USED = "used"
    GONE = "gone"


LABELS: Labels = {
    KeyState: {
        KeyState.RECORDED: T("Waits to be compared"),
        KeyState.COUNTS: T("Counts"),
        KeyState.RETIRED: T("Retired"),
    },
    RecallAsked: {
        RecallAsked.RETURN: T("Return what is left"),
        RecallAsked.DESTROY: T("Destroy what is left"),
    },
    RecalledState: {
        RecalledState.SET_APART: T("Set apart, not to be used"),
        RecalledState.NOT_ARRIVED: T("Never arrived"),
        RecalledState.UNKNOWN: T("Not announced yet"),
        RecalledState.DESTROYED: T("Destroyed"),
        RecalledState.RETURNED: T("Sent back"),
        RecalledState.USED_UP: T("Used up"),
    },
    GuestActKind: {
        GuestActKind.PUT_AWAY: T("Put away"),
        GuestActKind.USED: T("Used"),
        GuestActKind.GONE: T("Gone"),
    },
}
