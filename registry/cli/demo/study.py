"""The three cohorts: who has the disease, which visits are foreseen, which tubes are drawn and
what the laboratory makes of them."""

from dataclasses import dataclass
from decimal import Decimal

from registry.vocab.samples import ContainerType, SampleType, Unit

#: The visit at which somebody is included.
INCLUSION = "M0"


@dataclass(frozen=True)
class VisitOf:
    """A visit that the protocol foresees."""

    code: str
    name: str
    day: int
    days_before: int
    days_after: int
    kit: str


@dataclass(frozen=True)
class Fraction:
    """What is made of a tube: so many containers of so much."""

    sample_type: SampleType
    count: int
    volume: Decimal


@dataclass(frozen=True)
class Tube:
    """A tube of a kit; without fractions it is kept as it is."""

    sample_type: SampleType
    container_type: ContainerType
    volume: Decimal
    fractions: tuple[Fraction, ...] = ()
    unit: Unit = Unit.MILLILITRE


@dataclass(frozen=True)
class Kit:
    """A set of tubes drawn at once."""

    code: str
    name: str
    tubes: tuple[Tube, ...]


@dataclass(frozen=True)
class Disease:
    """A cohort and the people in it."""

    code: str
    name: str
    #: Of a hundred participants, how many are of this cohort.
    share: int
    women: float
    age: float
    age_spread: float
    #: Codes of its clinical forms, the disease before the point, and how frequent each is.
    forms: tuple[tuple[str, int], ...]
    visits: tuple[VisitOf, ...]
    kits: tuple[Kit, ...]


def _fractions(*of: tuple[SampleType, int, str]) -> tuple[Fraction, ...]:
    return tuple(Fraction(kind, count, Decimal(volume)) for kind, count, volume in of)


def _edta(plasmas: int) -> Tube:
    return Tube(
        SampleType.BLOOD,
        ContainerType.EDTA_K,
        Decimal("6"),
        _fractions(
            (SampleType.PLASMA_DOUBLE_SPUN, plasmas, "0.75"),
            (SampleType.BUFFY_COAT_NONVIABLE, 1, "0.3"),
        ),
    )


def _serum(count: int) -> Tube:
    return Tube(
        SampleType.BLOOD,
        ContainerType.SERUM_CLOT,
        Decimal("8.5"),
        _fractions((SampleType.SERUM, count, "0.9")),
    )


def _urine(count: int) -> Tube:
    return Tube(
        SampleType.URINE_SPOT,
        ContainerType.POLYPROPYLENE,
        Decimal("10"),
        _fractions((SampleType.URINE_SPOT, count, "1.8")),
    )


_CELLS = Tube(
    SampleType.BLOOD,
    ContainerType.CPT,
    Decimal("8"),
    _fractions((SampleType.PBMC_VIABLE, 2, "1")),
)
_RNA = Tube(SampleType.BLOOD, ContainerType.PAXGENE_RNA, Decimal("2.5"))
_DNA = Tube(SampleType.BLOOD, ContainerType.PAXGENE_DNA, Decimal("2.5"))


def _visits(first: str, later: str) -> tuple[VisitOf, ...]:
    return (
        VisitOf(INCLUSION, "Inclusion", 0, 0, 14, first),
        VisitOf("M6", "Visite à 6 mois", 182, 21, 21, later),
        VisitOf("M12", "Visite à 12 mois", 365, 30, 30, later),
        VisitOf("M24", "Visite à 24 mois", 730, 45, 45, later),
    )


LUPUS = Disease(
    code="LUPUS",
    name="Cohorte lupus systémique",
    share=45,
    women=0.89,
    age=37,
    age_spread=12,
    forms=(("LES.CUT", 40), ("LES.REIN", 30), ("LES.ART", 22), ("LES.NEURO", 8)),
    visits=_visits("LUP-INC", "LUP-SUIVI"),
    kits=(
        Kit("LUP-INC", "Lupus – inclusion", (_edta(3), _serum(4), _RNA, _urine(2))),
        Kit("LUP-SUIVI", "Lupus – suivi", (_edta(3), _serum(4), _urine(1))),
    ),
)
ARTHRITIS = Disease(
    code="PR",
    name="Cohorte polyarthrite rhumatoïde",
    share=35,
    women=0.74,
    age=56,
    age_spread=13,
    forms=(("PR.POS", 72), ("PR.NEG", 28)),
    visits=_visits("PR-INC", "PR-SUIVI"),
    kits=(
        Kit("PR-INC", "Polyarthrite – inclusion", (_edta(3), _serum(4), _RNA, _DNA)),
        Kit("PR-SUIVI", "Polyarthrite – suivi", (_edta(3), _serum(4))),
    ),
)
SCLERODERMA = Disease(
    code="SCS",
    name="Cohorte sclérodermie systémique",
    share=20,
    women=0.83,
    age=54,
    age_spread=13,
    forms=(("SCS.LIM", 65), ("SCS.DIFF", 35)),
    visits=_visits("SCS-INC", "SCS-SUIVI"),
    kits=(
        Kit("SCS-INC", "Sclérodermie – inclusion", (_edta(3), _serum(4), _CELLS, _RNA)),
        Kit("SCS-SUIVI", "Sclérodermie – suivi", (_edta(3), _serum(4), _RNA)),
    ),
)

DISEASES = (LUPUS, ARTHRITIS, SCLERODERMA)
