"""People: what they may be in the registry, and the traits counted in a cohort."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class Role(StrEnum):
    """What a person does here, at one site or at all."""

    NURSE = "nurse"
    TECHNICIAN = "technician"
    INVESTIGATOR = "investigator"
    DATA_MANAGER = "data_manager"
    IDENTITY_OFFICER = "identity_officer"
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


class BadgeEnd(StrEnum):
    """Why a badge no longer proves anything."""

    LOST = "lost"
    REPLACED = "replaced"
    GIVEN_BACK = "given_back"


#: The reasons that a person gives; a replacement follows from an enrolment.
BADGE_ENDS = (BadgeEnd.LOST, BadgeEnd.GIVEN_BACK)


class ParticipantStatus(StrEnum):
    """Where a participant stands in the cohort."""

    TENTATIVE = "tentative"
    ENROLLED = "enrolled"
    MERGED = "merged"


class MissingTubeReason(StrEnum):
    """Why a tube that a kit expects was not drawn."""

    NOT_ENOUGH = "not_enough"
    FAILED = "failed"
    REFUSED = "refused"
    NO_MATERIAL = "no_material"
    LOST = "lost"
    OTHER = "other"


class RevealReason(StrEnum):
    """Why somebody needs to see who a participant is."""

    CONTACT = "contact"
    CHECK = "check"
    CORRECTION = "correction"
    FINDING = "finding"
    REQUEST = "request"
    OTHER = "other"


class ContactPurpose(StrEnum):
    """What a list of contacts is for."""

    RECALL = "recall"
    RECONSENT = "reconsent"
    FINDING = "finding"


LABELS: Labels = {
    Role: {
        Role.NURSE: T("Research nurse"),
        Role.TECHNICIAN: T("Biobank technician"),
        Role.INVESTIGATOR: T("Investigator"),
        Role.DATA_MANAGER: T("Data manager"),
        Role.IDENTITY_OFFICER: T("Identity officer"),
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
    BadgeEnd: {
        BadgeEnd.LOST: T("Lost or stolen"),
        BadgeEnd.REPLACED: T("Replaced by another one"),
        BadgeEnd.GIVEN_BACK: T("Given back"),
    },
    ParticipantStatus: {
        ParticipantStatus.TENTATIVE: T("Identity to be confirmed"),
        ParticipantStatus.ENROLLED: T("Enrolled"),
        ParticipantStatus.MERGED: T("Merged into another participant"),
    },
    MissingTubeReason: {
        MissingTubeReason.NOT_ENOUGH: T("Not enough could be drawn"),
        MissingTubeReason.FAILED: T("The draw failed"),
        MissingTubeReason.REFUSED: T("The participant refused this tube"),
        MissingTubeReason.NO_MATERIAL: T("No such tube at hand"),
        MissingTubeReason.LOST: T("Broken or lost"),
        MissingTubeReason.OTHER: T("Other reason"),
    },
    RevealReason: {
        RevealReason.CONTACT: T("To contact the participant"),
        RevealReason.CHECK: T("To check the identity against the hospital’s"),
        RevealReason.CORRECTION: T("To correct the identity"),
        RevealReason.FINDING: T("To pass on a finding through the physician"),
        RevealReason.REQUEST: T("The participant asked"),
        RevealReason.OTHER: T("Another reason"),
    },
    ContactPurpose: {
        ContactPurpose.RECALL: T("To invite the participants again"),
        ContactPurpose.RECONSENT: T("To ask for consent afresh"),
        ContactPurpose.FINDING: T("To pass on findings through the physicians"),
    },
}
