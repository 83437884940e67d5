"""What needs doing about consents, and how far ahead one looks."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class DutyKind(StrEnum):
    """What needs doing."""

    NO_CONSENT = "no_consent"
    SCAN = "scan"
    CHECK = "check"
    CHECK_FAILED = "check_failed"
    RECONSENT = "reconsent"
    INFORM = "inform"
    VALIDITY = "validity"
    FIFTEEN = "fifteen"
    MAJORITY = "majority"
    AUTHORITY = "authority"
    NOTICE = "notice"
    LETTER = "letter"
    DESTRUCTION = "destruction"


class Horizon(StrEnum):
    """Until when what falls due is listed; what is overdue always is."""

    OVERDUE = "overdue"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


LABELS: Labels = {
    DutyKind: {
        DutyKind.NO_CONSENT: T("Without a consent"),
        DutyKind.SCAN: T("Scan missing"),
        DutyKind.CHECK: T("To be checked"),
        DutyKind.CHECK_FAILED: T("Check not passed"),
        DutyKind.RECONSENT: T("Consent to ask again"),
        DutyKind.INFORM: T("Newer version to tell of"),
        DutyKind.VALIDITY: T("Consent running out"),
        DutyKind.FIFTEEN: T("Reaching 15"),
        DutyKind.MAJORITY: T("Coming of age"),
        DutyKind.AUTHORITY: T("Mandate ending"),
        DutyKind.NOTICE: T("Recall notices"),
        DutyKind.LETTER: T("Letters after withdrawal"),
        DutyKind.DESTRUCTION: T("Samples to destroy"),
    },
    Horizon: {
        Horizon.OVERDUE: T("Overdue only"),
        Horizon.WEEK: T("This week"),
        Horizon.MONTH: T("30 days"),
        Horizon.QUARTER: T("3 months"),
    },
}
