"""Erasing a person: on what ground, and what is destroyed."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ErasureGround(StrEnum):
    """Why an identity must go: article 17(1) of the GDPR, points a to e.

    Point f is about online services offered to children, of which there are none here.
    """

    END_OF_RETENTION = "end_of_retention"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"


class Destroyed(StrEnum):
    """What an erasure destroys, as its certificate counts it."""

    KEYS = "keys"
    IDENTITIES = "identities"
    INDEX_ENTRIES = "index_entries"
    HOSPITAL_NUMBERS = "hospital_numbers"
    NATIONAL_IDENTITIES = "national_identities"
    PSEUDONYMS = "pseudonyms"
    CONTACTS = "contacts"
    PROOFS = "proofs"
    SOURCE_ROWS = "source_rows"
    OTHERS = "others"


LABELS: Labels = {
    ErasureGround: {
        ErasureGround.END_OF_RETENTION: T(
            "The data are no longer needed: the retention period is over (GDPR, art. 17(1)(a))"
        ),
        ErasureGround.CONSENT_WITHDRAWN: T(
            "The person asks for it after withdrawing consent (GDPR, art. 17(1)(b))"
        ),
        ErasureGround.OBJECTION: T("The person objects to the processing (GDPR, art. 17(1)(c))"),
        ErasureGround.UNLAWFUL: T("The data were processed unlawfully (GDPR, art. 17(1)(d))"),
        ErasureGround.LEGAL_OBLIGATION: T(
            "The law or a court requires the erasure (GDPR, art. 17(1)(e))"
        ),
    },
    Destroyed: {
        Destroyed.KEYS: T("Data keys"),
        Destroyed.IDENTITIES: T("Identities as they were received"),
        Destroyed.INDEX_ENTRIES: T("Entries of the search indexes"),
        Destroyed.HOSPITAL_NUMBERS: T("Hospital identifiers"),
        Destroyed.NATIONAL_IDENTITIES: T("National health identities"),
        Destroyed.PSEUDONYMS: T("Partners’ codes"),
        Destroyed.CONTACTS: T("Contact data"),
        Destroyed.PROOFS: T("Scans of signed forms, mandates and judgments"),
        Destroyed.SOURCE_ROWS: T("Links to rows of other systems"),
        Destroyed.OTHERS: T("Other rows about the person"),
    },
}
