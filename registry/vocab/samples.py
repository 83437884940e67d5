"""Samples: SPREC types and containers, units, and why a quantity changes.

Codes are those of SPREC 2.0 (doi 10.1089/bio.2012.0012) with the additions of
4.0 (doi 10.1089/bio.2024.0010) that public sources confirm.  What is extracted,
DNA, RNA and protein, has no code there and bears the name that MIABIS gives it.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, T


class SampleType(StrEnum):
    """SPREC element 1, fluids and solids that the institute collects, and what it extracts."""

    BLOOD = "BLD"
    SERUM = "SER"
    PLASMA_SINGLE_SPUN = "PL1"
    PLASMA_DOUBLE_SPUN = "PL2"
    BUFFY_COAT_VIABLE = "BUF"
    BUFFY_COAT_NONVIABLE = "BFF"
    PBMC_VIABLE = "CEL"
    PBMC_NONVIABLE = "PEL"
    RED_CELLS = "RBC"
    DRIED_BLOOD = "DWB"
    CORD_BLOOD = "CRD"
    BONE_MARROW = "BMA"
    URINE_SPOT = "URN"
    URINE_MORNING = "URM"
    URINE_24H = "U24"
    URINE_TIMED = "URT"
    SALIVA = "SAL"
    TEARS = "TER"
    STOOL = "STL"
    SPUTUM = "SPT"
    LAVAGE = "BAL"
    CSF = "CSF"
    SYNOVIAL = "SYN"
    PLEURAL = "PFL"
    PERITONEAL = "PTF"
    ASCITES = "ASC"
    AMNIOTIC = "AMN"
    BREAST_MILK = "BMK"
    BUCCAL = "BUC"
    NASAL = "NAS"
    SEMEN = "SEM"
    SWEAT = "SWT"
    BREATH = "EBC"
    EXOSOMES = "EXO"
    CELLS_FRESH = "CEN"
    CELLS_VIABLE = "CLN"
    CELLS_NONVIABLE = "PEN"
    TISSUE = "TIS"
    DNA = "DNA"
    RNA = "RNA"
    PROTEIN = "PRT"
    OTHER = "ZZZ"


class ContainerType(StrEnum):
    """SPREC element 2, the primary container."""

    EDTA_K = "PED"
    EDTA_NA = "SED"
    EDTA_GEL = "EDG"
    SERUM_CLOT = "SST"
    SERUM_NO_CLOT = "CAT"
    HEPARIN_LI = "HEP"
    HEPARIN_LI_GEL = "LHG"
    HEPARIN_LI_RUBBER = "LHB"
    HEPARIN_NA = "SHP"
    CITRATE = "SCI"
    CITRATE_FLUORIDE = "CIF"
    ACD = "ACD"
    CPD = "CPD"
    CPT = "CPT"
    CPT_HEPARIN = "CPH"
    FLUORIDE = "SPO"
    PAXGENE_RNA = "PAX"
    PAXGENE_DNA = "PXD"
    PAXGENE_MARROW = "PXR"
    TEMPUS = "TEM"
    CTC = "CSV"
    HIRUDIN = "HIR"
    PROTEASE_TABLETS = "PI1"
    PROTEASE_INHIBITORS = "PIX"
    POLYPROPYLENE = "PPS"
    POLYETHYLENE = "PET"
    GLASS = "GLS"
    STOOL_DNA = "OMN"
    ORAGENE = "ORG"
    TRACE = "TRC"
    ADDITIVES = "ADD"
    UNKNOWN = "XXX"
    OTHER = "ZZZ"


class Unit(StrEnum):
    """UCUM units of a quantity."""

    MILLILITRE = "mL"
    MICROLITRE = "uL"
    GRAM = "g"
    MILLIGRAM = "mg"
    MICROGRAM = "ug"
    NANOGRAM = "ng"
    MILLION_CELLS = "10*6"


#: The units that convert into each other, each with the power of ten of its smallest one.
DIMENSIONS: tuple[Mapping[Unit, int], ...] = (
    {Unit.MILLILITRE: 3, Unit.MICROLITRE: 0},
    {Unit.GRAM: 9, Unit.MILLIGRAM: 6, Unit.MICROGRAM: 3, Unit.NANOGRAM: 0},
    {Unit.MILLION_CELLS: 0},
)


def powers(unit: Unit) -> Mapping[Unit, int]:
    """The units of the same dimension, the unit itself among them, with their powers of ten."""
    return next(dimension for dimension in DIMENSIONS if unit in dimension)


#: What is taken out of cells or a fluid; nothing but itself is made of it.
EXTRACTED = frozenset({SampleType.DNA, SampleType.RNA, SampleType.PROTEIN})


class LedgerReason(StrEnum):
    """Why a quantity in the ledger changed."""

    COLLECTED = "collected"
    DRAWN_FOR_CHILD = "drawn_for_child"
    RECEIVED_FROM_PARENT = "received_from_parent"
    LOST = "lost"
    CONSUMED = "consumed"
    CORRECTED = "corrected"
    DESTROYED = "destroyed"


class SampleCondition(StrEnum):
    """How the tube looked when it was received."""

    GOOD = "good"
    HAEMOLYSED = "haemolysed"
    CLOTTED = "clotted"
    LOW_VOLUME = "low_volume"
    LEAKING = "leaking"
    THAWED = "thawed"


LABELS: Labels = {
    SampleType: {
        SampleType.BLOOD: T("Whole blood"),
        SampleType.SERUM: T("Serum"),
        SampleType.PLASMA_SINGLE_SPUN: T("Plasma, single spun"),
        SampleType.PLASMA_DOUBLE_SPUN: T("Plasma, double spun"),
        SampleType.BUFFY_COAT_VIABLE: T("Buffy coat, viable"),
        SampleType.BUFFY_COAT_NONVIABLE: T("Buffy coat, non-viable"),
        SampleType.PBMC_VIABLE: T("Blood mononuclear cells, viable"),
        SampleType.PBMC_NONVIABLE: T("Blood mononuclear cells, non-viable"),
        SampleType.RED_CELLS: T("Red blood cells"),
        SampleType.DRIED_BLOOD: T("Dried whole blood"),
        SampleType.CORD_BLOOD: T("Cord blood"),
        SampleType.BONE_MARROW: T("Bone marrow aspirate"),
        SampleType.URINE_SPOT: T("Urine, random"),
        SampleType.URINE_MORNING: T("Urine, first of the morning"),
        SampleType.URINE_24H: T("Urine, 24 hours"),
        SampleType.URINE_TIMED: T("Urine, timed"),
        SampleType.SALIVA: T("Saliva"),
        SampleType.TEARS: T("Tears"),
        SampleType.STOOL: T("Stool"),
        SampleType.SPUTUM: T("Sputum"),
        SampleType.LAVAGE: T("Bronchoalveolar lavage"),
        SampleType.CSF: T("Cerebrospinal fluid"),
        SampleType.SYNOVIAL: T("Synovial fluid"),
        SampleType.PLEURAL: T("Pleural fluid"),
        SampleType.PERITONEAL: T("Peritoneal fluid"),
        SampleType.ASCITES: T("Ascites fluid"),
        SampleType.AMNIOTIC: T("Amniotic fluid"),
        SampleType.BREAST_MILK: T("Breast milk"),
        SampleType.BUCCAL: T("Buccal cells"),
        SampleType.NASAL: T("Nasal washing"),
        SampleType.SEMEN: T("Semen"),
        SampleType.SWEAT: T("Sweat"),
        SampleType.BREATH: T("Exhaled breath condensate"),
        SampleType.EXOSOMES: T("Exosomes"),
        SampleType.CELLS_FRESH: T("Fresh cells, not from blood"),
        SampleType.CELLS_VIABLE: T("Cells, not from blood, viable"),
        SampleType.CELLS_NONVIABLE: T("Cells, not from blood, non-viable"),
        SampleType.TISSUE: T("Solid tissue"),
        SampleType.DNA: T("DNA"),
        SampleType.RNA: T("RNA"),
        SampleType.PROTEIN: T("Protein"),
        SampleType.OTHER: T("Other type"),
    },
    ContainerType: {
        ContainerType.EDTA_K: T("Potassium EDTA"),
        ContainerType.EDTA_NA: T("Sodium EDTA"),
        ContainerType.EDTA_GEL: T("EDTA with gel"),
        ContainerType.SERUM_CLOT: T("Serum, clot activator"),
        ContainerType.SERUM_NO_CLOT: T("Serum, no clot activator"),
        ContainerType.HEPARIN_LI: T("Lithium heparin"),
        ContainerType.HEPARIN_LI_GEL: T("Lithium heparin with gel"),
        ContainerType.HEPARIN_LI_RUBBER: T("Lithium heparin with rubber plug"),
        ContainerType.HEPARIN_NA: T("Sodium heparin"),
        ContainerType.CITRATE: T("Sodium citrate"),
        ContainerType.CITRATE_FLUORIDE: T("Citrate and fluoride"),
        ContainerType.ACD: T("Acid citrate dextrose"),
        ContainerType.CPD: T("Citrate phosphate dextrose"),
        ContainerType.CPT: T("Cell preparation tube, citrate"),
        ContainerType.CPT_HEPARIN: T("Cell preparation tube, heparin"),
        ContainerType.FLUORIDE: T("Sodium fluoride and potassium oxalate"),
        ContainerType.PAXGENE_RNA: T("PAXgene blood RNA"),
        ContainerType.PAXGENE_DNA: T("PAXgene blood DNA"),
        ContainerType.PAXGENE_MARROW: T("PAXgene bone marrow RNA"),
        ContainerType.TEMPUS: T("Tempus tube"),
        ContainerType.CTC: T("Stabiliser for circulating tumour cells"),
        ContainerType.HIRUDIN: T("Hirudin"),
        ContainerType.PROTEASE_TABLETS: T("EDTA with protease inhibitor tablets"),
        ContainerType.PROTEASE_INHIBITORS: T("Protease inhibitors"),
        ContainerType.POLYPROPYLENE: T("Polypropylene tube, sterile"),
        ContainerType.POLYETHYLENE: T("Polyethylene tube, sterile"),
        ContainerType.GLASS: T("Glass tube"),
        ContainerType.STOOL_DNA: T("Stool DNA stabiliser"),
        ContainerType.ORAGENE: T("Oragene kit or similar"),
        ContainerType.TRACE: T("Trace element tube"),
        ContainerType.ADDITIVES: T("Additives"),
        ContainerType.UNKNOWN: T("Unknown container"),
        ContainerType.OTHER: T("Other container"),
    },
    Unit: {
        Unit.MILLILITRE: T("mL"),
        Unit.MICROLITRE: T("µL"),
        Unit.GRAM: T("g"),
        Unit.MILLIGRAM: T("mg"),
        Unit.MICROGRAM: T("µg"),
        Unit.NANOGRAM: T("ng"),
        Unit.MILLION_CELLS: T("million cells"),
    },
    LedgerReason: {
        LedgerReason.COLLECTED: T("Collected"),
        LedgerReason.DRAWN_FOR_CHILD: T("Given to an aliquot or derivative"),
        LedgerReason.RECEIVED_FROM_PARENT: T("Taken from the parent"),
        LedgerReason.LOST: T("Lost while working"),
        LedgerReason.CONSUMED: T("Used up"),
        LedgerReason.CORRECTED: T("Corrected"),
        LedgerReason.DESTROYED: T("Destroyed"),
    },
    SampleCondition: {
        SampleCondition.GOOD: T("Good"),
        SampleCondition.HAEMOLYSED: T("Haemolysed"),
        SampleCondition.CLOTTED: T("Clotted"),
        SampleCondition.LOW_VOLUME: T("Less than expected"),
        SampleCondition.LEAKING: T("Leaking"),
        SampleCondition.THAWED: T("Thawed"),
    },
}
