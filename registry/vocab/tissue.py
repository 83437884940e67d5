"""The tables of SPREC, version 2.0, for solids: how tissue was taken, how long it lived, how fixed.

Seven elements as for a fluid, of which the first and the last are shared.
"""

from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.samples import SampleType as Type


class Collection(StrEnum):
    """Element 2, how it was taken."""

    BIOPSY = "BPS"
    BIOPSY_MEDIUM = "BCM"
    BIOPSY_SALINE = "BSL"
    BIOPSY_TRANSPORT = "BTM"
    NEEDLE = "ASN"
    PUNCTURE = "PUN"
    SURGERY = "SRG"
    SURGERY_MEDIUM = "SCM"
    SURGERY_SALINE = "SSL"
    SURGERY_TRANSPORT = "STM"
    SURGERY_VACUUM = "VAC"
    SWAB = "SWB"
    AUTOPSY_6 = "A06"
    AUTOPSY_12 = "A12"
    AUTOPSY_24 = "A24"
    AUTOPSY_48 = "A48"
    AUTOPSY_72 = "A72"
    OTHER = "ZZZ"


class Fixation(StrEnum):
    """Element 5, in what it was fixed or stabilised."""

    FORMALIN_NEUTRAL = "NBF"
    FORMALIN = "FOR"
    SNAP = "SNP"
    OCT = "OCT"
    RNA_LATER = "RNL"
    PAXGENE = "PXT"
    ALLPROTECT = "ALL"
    ALCOHOL = "ETH"
    ALDEHYDE = "ALD"
    ACETIC = "ACA"
    NOT_ACETIC = "NAA"
    HEAT = "HST"
    OTHER = "ZZZ"


UNKNOWN_FIXATION = "XXX"

#: The types that are coded as solids when they come of tissue; another one is something else.
SOLID_TYPES = frozenset({Type.TISSUE, Type.CELLS_FRESH, Type.CELLS_VIABLE, Type.CELLS_NONVIABLE})

#: Elements 3 and 4: below so many minutes; none: for longer.
ISCHAEMIA = ((2, "A"), (10, "B"), (20, "C"), (30, "D"), (60, "E"), (None, "F"))

#: Element 6, in minutes; what lasts longer has no letter.
FIXATION_TIME = (
    (15, "A"), (60, "B"), (240, "C"), (480, "D"), (1440, "E"), (2880, "F"), (4320, "G"),
)  # fmt: skip


class SolidElement(StrEnum):
    """An element of the code of a solid, in its order."""

    SAMPLE_TYPE = "type"
    COLLECTION = "collection"
    WARM = "warm"
    COLD = "cold"
    FIXATION = "fixation"
    FIXATION_TIME = "fixation_time"
    STORAGE = "storage"


LABELS: Labels = {
    Collection: {
        Collection.BIOPSY: T("Biopsy"),
        Collection.BIOPSY_MEDIUM: T("Biopsy, in culture medium"),
        Collection.BIOPSY_SALINE: T("Biopsy, in saline"),
        Collection.BIOPSY_TRANSPORT: T("Biopsy, in cold transport medium"),
        Collection.NEEDLE: T("Fine-needle aspiration"),
        Collection.PUNCTURE: T("Puncture"),
        Collection.SURGERY: T("Surgery"),
        Collection.SURGERY_MEDIUM: T("Surgery, in culture medium"),
        Collection.SURGERY_SALINE: T("Surgery, in saline"),
        Collection.SURGERY_TRANSPORT: T("Surgery, in cold transport medium"),
        Collection.SURGERY_VACUUM: T("Surgery, in vacuum"),
        Collection.SWAB: T("Swab"),
        Collection.AUTOPSY_6: T("Autopsy, less than 6 hours after death"),
        Collection.AUTOPSY_12: T("Autopsy, 6 to 12 hours after death"),
        Collection.AUTOPSY_24: T("Autopsy, 12 to 24 hours after death"),
        Collection.AUTOPSY_48: T("Autopsy, 24 to 48 hours after death"),
        Collection.AUTOPSY_72: T("Autopsy, 48 to 72 hours after death"),
        Collection.OTHER: T("Taken in another way"),
    },
    Fixation: {
        Fixation.FORMALIN_NEUTRAL: T("Neutral buffered formalin"),
        Fixation.FORMALIN: T("Formalin, not buffered"),
        Fixation.SNAP: T("Snap freezing"),
        Fixation.OCT: T("OCT compound"),
        Fixation.RNA_LATER: T("RNAlater"),
        Fixation.PAXGENE: T("PAXgene Tissue"),
        Fixation.ALLPROTECT: T("Allprotect"),
        Fixation.ALCOHOL: T("Alcohol"),
        Fixation.ALDEHYDE: T("Aldehyde"),
        Fixation.ACETIC: T("Without aldehyde, with acetic acid"),
        Fixation.NOT_ACETIC: T("Without aldehyde or acetic acid"),
        Fixation.HEAT: T("Heat"),
        Fixation.OTHER: T("Another fixative"),
    },
    SolidElement: {
        SolidElement.SAMPLE_TYPE: T("Type of sample"),
        SolidElement.COLLECTION: T("How it was taken"),
        SolidElement.WARM: T("Warm ischaemia"),
        SolidElement.COLD: T("Cold ischaemia"),
        SolidElement.FIXATION: T("Fixation"),
        SolidElement.FIXATION_TIME: T("Duration of the fixation"),
        SolidElement.STORAGE: T("Long-term storage"),
    },
}
