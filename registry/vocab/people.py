"""People: what they may be in the registry, and the traits counted in a cohort."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class Role(StrEnum):
    """What a person does here, at one site or at all."""

    NURSE = "nurse"
    TECHNICIAN = "technician"
    INVESTIGATOR = "investigator"
    DATA_MANAGER = "data_manager"
    DPO = "dpo"
    ADMIN = "admin"


class Sex(StrEnum):
    """Administrative sex as the hospital keeps it (FHIR administrative-gender)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class SiteKind(StrEnum):
    HOSPITAL = "hospital"
    BIOBANK = "biobank"
    PARTNER = "partner"


class ParticipantStatus(StrEnum):
    """Where a participant stands in the cohort."""

    TENTATIVE = "tentative"
    ENROLLED = "enrolled"
    MERGED = "merged"


LABELS: Labels = {
    Role: {
        Role.NURSE: T("Research nurse"),
        Role.TECHNICIAN: T("Biobank technician"),
        Role.INVESTIGATOR: T("Investigator"),
        Role.DATA_MANAGER: T("Data manager"),
        Role.DPO: T("Data protection officer"),
        Role.ADMIN: T("Administrator"),
    },
    Sex: {
        Sex.FEMALE: T("Female"),
        Sex.MALE: T("Male"),
        Sex.OTHER: T("Other"),
        Sex.UNKNOWN: T("Unknown"),
    },
    SiteKind: {
        SiteKind.HOSPITAL: T("Hospital site"),
        SiteKind.BIOBANK: T("Biobank"),
        SiteKind.PARTNER: T("Partner"),
    },
    ParticipantStatus: {
        ParticipantStatus.TENTATIVE: T("Identity to be confirmed"),
        ParticipantStatus.ENROLLED: T("Enrolled"),
        ParticipantStatus.MERGED: T("Merged into another participant"),
    },
}
