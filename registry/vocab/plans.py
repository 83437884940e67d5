"""Why something that was planned of a tube was not made."""

from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.printing import LabelPurpose


class Shortfall(StrEnum):
    """Why less was made of a tube than its plan foresees."""

    YIELD = "yield"
    QUALITY = "quality"
    ACCIDENT = "accident"
    LATE = "late"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


#: The label templates of what is made of a tube.
PLANNED_LABELS = (LabelPurpose.ALIQUOT, LabelPurpose.DERIVATIVE)

LABELS: Labels = {
    Shortfall: {
        Shortfall.YIELD: T("Short yield"),
        Shortfall.QUALITY: T("Poor quality"),
        Shortfall.ACCIDENT: T("Lost while working"),
        Shortfall.LATE: T("Too late after the collection"),
        Shortfall.NOT_NEEDED: T("Not needed"),
        Shortfall.OTHER: T("Another reason"),
    },
}
