"""Withdrawals: what had left before, and the steps that are still open afterwards."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ReleaseKind(StrEnum):
    """What of a participant had left when a withdrawal was recorded: it cannot be undone."""

    EXTRACT = "extract"
    LOAN = "loan"
    MATERIAL = "material"


class OpenStep(StrEnum):
    """What is left to do after a withdrawal was recorded."""

    RETURNS = "returns"
    DESTRUCTION = "destruction"
    NOTICES = "notices"
    LETTER = "letter"
    ERASURE = "erasure"


class NoticeStatus(StrEnum):
    """How far a recall notice has come."""

    TO_SEND = "to_send"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"


LABELS: Labels = {
    ReleaseKind: {
        ReleaseKind.EXTRACT: T("Extract handed over"),
        ReleaseKind.LOAN: T("Sample taken out for an analysis"),
        ReleaseKind.MATERIAL: T("Sample at another organisation"),
    },
    OpenStep: {
        OpenStep.RETURNS: T("Samples to be returned"),
        OpenStep.DESTRUCTION: T("Samples to destroy"),
        OpenStep.NOTICES: T("Recall notices to send or to have acknowledged"),
        OpenStep.LETTER: T("Letter to the participant"),
        OpenStep.ERASURE: T("Identity to erase"),
    },
    NoticeStatus: {
        NoticeStatus.TO_SEND: T("To send"),
        NoticeStatus.SENT: T("Sent to the addressee"),
        NoticeStatus.ACKNOWLEDGED: T("Acknowledged"),
    },
}
