"""Words about the exchange between installations."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class KeyState(StrEnum):
    """Whether a partner's key is believed."""

    RECORDED = "recorded"
    COUNTS = "counts"
    RETIRED = "retired"


LABELS: Labels = {
    KeyState: {
        KeyState.RECORDED: T("Waits to be compared"),
        KeyState.COUNTS: T("Counts"),
        KeyState.RETIRED: T("Retired"),
    },
}
