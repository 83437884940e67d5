"""Samples: SPREC types and containers, units, and why a quantity changes.

Codes are those of SPREC 2.0 (doi 10.1089/bio.2012.0012) with the additions of
4.0 (doi 10.1089/bio.2024.0010) that public sources confirm.
"""

from enum import StrEnum


class SampleType(StrEnum):
    """SPREC element 1, fluids and solids that the institute collects."""

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
    MILLION_CELLS = "10*6"


class LedgerReason(StrEnum):
    """Why a quantity in the ledger changed."""

    COLLECTED = "collected"
    DRAWN_FOR_CHILD = "drawn_for_child"
    RECEIVED_FROM_PARENT = "received_from_parent"
    CONSUMED = "consumed"
    CORRECTED = "corrected"


class SampleCondition(StrEnum):
    """How the tube looked when it was received."""

    GOOD = "good"
    HAEMOLYSED = "haemolysed"
    CLOTTED = "clotted"
    LOW_VOLUME = "low_volume"
    LEAKING = "leaking"
    THAWED = "thawed"
