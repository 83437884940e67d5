"""How a tube leaves the tray of those without a participant."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class TrayOutcome(StrEnum):
    """What became of a tube that waited in the tray."""

    ATTACHED = "attached"
    RETURNED = "returned"
    DISCARDED = "discarded"


#: How one leaves it without becoming a sample.
REJECTIONS = (TrayOutcome.RETURNED, TrayOutcome.DISCARDED)

LABELS: Labels = {
    TrayOutcome: {
        TrayOutcome.ATTACHED: T("Attached to a participant"),
        TrayOutcome.RETURNED: T("Sent back"),
        TrayOutcome.DISCARDED: T("Thrown away"),
    },
}
