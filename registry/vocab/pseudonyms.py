"""Pseudonyms: why one is led back to a participant."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ReversalReason(StrEnum):
    """Why somebody needs to know which participant bears a project's code."""

    FINDING = "finding"
    WITHDRAWAL = "withdrawal"
    ERROR = "error"
    SAFETY = "safety"
    OTHER = "other"


LABELS: Labels = {
    ReversalReason: {
        ReversalReason.FINDING: T("The project found something that matters to the participant"),
        ReversalReason.WITHDRAWAL: T("To carry out a withdrawal or an erasure in the project"),
        ReversalReason.ERROR: T("The project reports an error in the data or the samples"),
        ReversalReason.SAFETY: T("The participant’s safety is concerned"),
        ReversalReason.OTHER: T("Another reason"),
    },
}
