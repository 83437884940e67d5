"""What research asks for and under which conditions data may serve it (GA4GH Data Use Ontology).

Terms and their meanings are those of DUO as of 2022; a term that is not here
cannot be written on a form.
"""

from collections.abc import Mapping
from enum import StrEnum

from registry.kernel.messages import Labels, T


class ResearchCategory(StrEnum):
    """What kind of research is asked for, from the widest to the narrowest."""

    GENERAL = "general"
    HEALTH = "health"
    DISEASE = "disease"
    ANCESTRY = "ancestry"
    METHODS = "methods"


class RecipientKind(StrEnum):
    """What kind of organisation receives samples or data."""

    INSTITUTE = "institute"
    PUBLIC = "public"
    NON_PROFIT = "non_profit"
    COMPANY = "company"


class DuoTerm(StrEnum):
    """A term of the Data Use Ontology, by its shorthand."""

    NRES = "NRES"
    GRU = "GRU"
    HMB = "HMB"
    DS = "DS"
    POA = "POA"
    RS = "RS"
    GSO = "GSO"
    NMDS = "NMDS"
    NPOA = "NPOA"
    NPU = "NPU"
    NCU = "NCU"
    NPUNCU = "NPUNCU"
    IRB = "IRB"
    US = "US"
    PS = "PS"
    IS = "IS"
    GS = "GS"
    TS = "TS"
    MOR = "MOR"
    PUB = "PUB"
    COL = "COL"
    RTN = "RTN"
    CC = "CC"


#: The terms that say what kind of research is allowed; the others restrict it.
PERMISSIONS = frozenset({DuoTerm.NRES, DuoTerm.GRU, DuoTerm.HMB, DuoTerm.DS, DuoTerm.POA})

#: The terms that mean nothing without a value: a disease, a country, a project, a number of months.
WITH_PARAMETER = frozenset(
    {
        DuoTerm.DS,
        DuoTerm.RS,
        DuoTerm.US,
        DuoTerm.PS,
        DuoTerm.IS,
        DuoTerm.GS,
        DuoTerm.TS,
        DuoTerm.MOR,
    }
)

#: The terms that stop nothing and ask something of whoever uses the data.
OBLIGATIONS = frozenset({DuoTerm.COL, DuoTerm.MOR, DuoTerm.PUB, DuoTerm.RTN})

#: The identifier of each term in the ontology.
DUO_IDS: Mapping[DuoTerm, str] = {
    DuoTerm.NRES: "DUO:0000004",
    DuoTerm.GRU: "DUO:0000042",
    DuoTerm.HMB: "DUO:0000006",
    DuoTerm.DS: "DUO:0000007",
    DuoTerm.POA: "DUO:0000011",
    DuoTerm.RS: "DUO:0000012",
    DuoTerm.GSO: "DUO:0000016",
    DuoTerm.NMDS: "DUO:0000015",
    DuoTerm.NPOA: "DUO:0000044",
    DuoTerm.NPU: "DUO:0000045",
    DuoTerm.NCU: "DUO:0000046",
    DuoTerm.NPUNCU: "DUO:0000018",
    DuoTerm.IRB: "DUO:0000021",
    DuoTerm.US: "DUO:0000026",
    DuoTerm.PS: "DUO:0000027",
    DuoTerm.IS: "DUO:0000028",
    DuoTerm.GS: "DUO:0000022",
    DuoTerm.TS: "DUO:0000025",
    DuoTerm.MOR: "DUO:0000024",
    DuoTerm.PUB: "DUO:0000019",
    DuoTerm.COL: "DUO:0000020",
    DuoTerm.RTN: "DUO:0000029",
    DuoTerm.CC: "DUO:0000043",
}

#: The member states of the European Union (ISO 3166-1 alpha-2), and those of the European
#: Economic Area, where the GDPR applies as well.
EU_AND_EEA = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
        "IS",
        "LI",
        "NO",
    ]
)

#: A country that nobody has written down: outside the Economic Area, as far as anybody knows.
UNKNOWN_COUNTRY = "ZZ"

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY "
    "HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA "
    "LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
    "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH "
    "TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)

#: Every country that a recipient can be in (ISO 3166-1 alpha-2).
COUNTRIES = frozenset(_COUNTRIES.split())

LABELS: Labels = {
    ResearchCategory: {
        ResearchCategory.GENERAL: T("Any research"),
        ResearchCategory.HEALTH: T("Health or biomedical research"),
        ResearchCategory.DISEASE: T("Research on named diseases"),
        ResearchCategory.ANCESTRY: T("Research on origins and populations"),
        ResearchCategory.METHODS: T("Development of methods"),
    },
    RecipientKind: {
        RecipientKind.INSTITUTE: T("The institute itself"),
        RecipientKind.PUBLIC: T("Hospital, university or public research organisation"),
        RecipientKind.NON_PROFIT: T("Association or foundation"),
        RecipientKind.COMPANY: T("Company"),
    },
    DuoTerm: {
        DuoTerm.NRES: T("No restriction"),
        DuoTerm.GRU: T("Any research use"),
        DuoTerm.HMB: T("Health or biomedical research only"),
        DuoTerm.DS: T("Research on one disease only"),
        DuoTerm.POA: T("Research on origins only"),
        DuoTerm.RS: T("One type of research only"),
        DuoTerm.GSO: T("Genetic studies only"),
        DuoTerm.NMDS: T("No development of methods"),
        DuoTerm.NPOA: T("No research on origins"),
        DuoTerm.NPU: T("Not-for-profit organisations only"),
        DuoTerm.NCU: T("No commercial use"),
        DuoTerm.NPUNCU: T("Not-for-profit organisations only, and no commercial use"),
        DuoTerm.IRB: T("An ethics committee has approved the project"),
        DuoTerm.US: T("Named users only"),
        DuoTerm.PS: T("One project only"),
        DuoTerm.IS: T("One institution only"),
        DuoTerm.GS: T("One country or region only"),
        DuoTerm.TS: T("For a number of months only"),
        DuoTerm.MOR: T("No publication before a date"),
        DuoTerm.PUB: T("Results are published"),
        DuoTerm.COL: T("In collaboration with the institute"),
        DuoTerm.RTN: T("Derived data are returned to the institute"),
        DuoTerm.CC: T("Clinical care is allowed as well"),
    },
}
