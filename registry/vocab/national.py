"""The national health identity (INS): numbers, statuses, proofs and attributes."""

from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.identity import Trait


class NumberKind(StrEnum):
    """Who assigns a national health number, real or of the national test data."""

    NIR = "nir"
    NIA = "nia"
    TEST_NIR = "test_nir"
    TEST_NIA = "test_nia"


#: The assigning authority of each kind, as other systems name it.
OIDS: dict[NumberKind, str] = {
    NumberKind.NIR: "1.2.250.1.213.1.4.8",
    NumberKind.NIA: "1.2.250.1.213.1.4.9",
    NumberKind.TEST_NIR: "1.2.250.1.213.1.4.10",
    NumberKind.TEST_NIA: "1.2.250.1.213.1.4.11",
}
TEST_KINDS = frozenset({NumberKind.TEST_NIR, NumberKind.TEST_NIA})
PERMANENT_KINDS = frozenset({NumberKind.NIR, NumberKind.TEST_NIR})


class IdentityStatus(StrEnum):
    """How far an identity can be trusted: was the INS retrieved, was a document checked?"""

    PROVISIONAL = "provisional"
    VALIDATED = "validated"
    RETRIEVED = "retrieved"
    QUALIFIED = "qualified"


class QualificationAct(StrEnum):
    """What changes a status."""

    CHECK_DOCUMENT = "check_document"
    RECORD_RETRIEVAL = "record_retrieval"
    WITHDRAW_NUMBER = "withdraw_number"
    AMEND_STRICT_TRAIT = "amend_strict_trait"
    MARK_UNRELIABLE = "mark_unreliable"


class DocumentType(StrEnum):
    """What proves an identity."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence_permit"
    MINOR_TRAVEL_DOCUMENT = "minor_travel_document"
    FAMILY_RECORD_BOOK = "family_record_book"
    BIRTH_CERTIFICATE = "birth_certificate"


#: These prove the identity of a minor alone, beside a parent's own document.
FOR_MINORS = frozenset(
    {
        DocumentType.MINOR_TRAVEL_DOCUMENT,
        DocumentType.FAMILY_RECORD_BOOK,
        DocumentType.BIRTH_CERTIFICATE,
    }
)


class IdentityAttribute(StrEnum):
    """What is to be known of an identity besides its status."""

    DOUBTFUL = "doubtful"
    FICTITIOUS = "fictitious"
    HOMONYM = "homonym"


#: With one of these an identity stays provisional.
UNRELIABLE = frozenset({IdentityAttribute.DOUBTFUL, IdentityAttribute.FICTITIOUS})


class Incoherence(StrEnum):
    """What to do with a national number that does not fit the person's traits."""

    ASK = "ask"
    RIGHT = "right"
    DOUBTFUL = "doubtful"


#: The five traits of the official identity, all needed before it can be trusted.
STRICT_TRAITS = (
    Trait.BIRTH_NAME,
    Trait.GIVEN_NAMES,
    Trait.BIRTH_DATE,
    Trait.SEX,
    Trait.BIRTH_PLACE,
)

LABELS: Labels = {
    NumberKind: {
        NumberKind.NIR: T("NIR"),
        NumberKind.NIA: T("NIA (awaiting a NIR)"),
        NumberKind.TEST_NIR: T("Test NIR"),
        NumberKind.TEST_NIA: T("Test NIA"),
    },
    IdentityStatus: {
        IdentityStatus.PROVISIONAL: T("Provisional identity"),
        IdentityStatus.VALIDATED: T("Validated identity"),
        IdentityStatus.RETRIEVED: T("Retrieved identity"),
        IdentityStatus.QUALIFIED: T("Qualified identity"),
    },
    QualificationAct: {
        QualificationAct.CHECK_DOCUMENT: T("Identity document checked"),
        QualificationAct.RECORD_RETRIEVAL: T("INS retrieved"),
        QualificationAct.WITHDRAW_NUMBER: T("INS number withdrawn"),
        QualificationAct.AMEND_STRICT_TRAIT: T("Strict trait corrected"),
        QualificationAct.MARK_UNRELIABLE: T("Marked as doubtful or fictitious"),
    },
    DocumentType: {
        DocumentType.IDENTITY_CARD: T("National identity card (France, EU, EEA, Switzerland)"),
        DocumentType.PASSPORT: T("Passport"),
        DocumentType.RESIDENCE_PERMIT: T("Residence permit"),
        DocumentType.MINOR_TRAVEL_DOCUMENT: T("Travel document of a foreign minor"),
        DocumentType.FAMILY_RECORD_BOOK: T("Family record book, with a parent’s document"),
        DocumentType.BIRTH_CERTIFICATE: T("Birth certificate, with a parent’s document"),
    },
    IdentityAttribute: {
        IdentityAttribute.DOUBTFUL: T("Doubtful identity"),
        IdentityAttribute.FICTITIOUS: T("Fictitious identity"),
        IdentityAttribute.HOMONYM: T("Homonym"),
    },
    Incoherence: {
        Incoherence.ASK: T("Ask first"),
        Incoherence.RIGHT: T("The number is right: civil status explains the difference"),
        Incoherence.DOUBTFUL: T("Keep the number and mark the identity as doubtful"),
    },
}
