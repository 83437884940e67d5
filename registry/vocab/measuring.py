"""Measurements of what is in a tube: what is measured, in which unit, within which bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from registry.kernel.messages import Labels, T
from registry.vocab.samples import SampleType


class Measure(StrEnum):
    """What is measured."""

    CONCENTRATION = "concentration"
    CELLS = "cells"
    VIABILITY = "viability"
    A260_280 = "a260_280"
    A260_230 = "a260_230"
    RIN = "rin"
    DIN = "din"


class MeasureUnit(StrEnum):
    """UCUM units of what is measured; 1 is a pure number."""

    NANOGRAM_PER_MICROLITRE = "ng/uL"
    MILLIGRAM_PER_MILLILITRE = "mg/mL"
    MILLION_PER_MILLILITRE = "10*6/mL"
    PERCENT = "%"
    ONE = "1"


class Method(StrEnum):
    """How it was measured."""

    ABSORBANCE = "absorbance"
    FLUORESCENCE = "fluorescence"
    ELECTROPHORESIS = "electrophoresis"
    QPCR = "qpcr"
    COUNTING_CHAMBER = "counting_chamber"
    CELL_COUNTER = "cell_counter"
    OTHER = "other"


@dataclass(frozen=True)
class Scale:
    """In which units something is measured, and between which values it can lie."""

    units: tuple[MeasureUnit, ...]
    least: Decimal
    most: Decimal
    #: The types of which it can be measured; None: of any.
    of: frozenset[SampleType] | None = None


_NUCLEIC = frozenset({SampleType.DNA, SampleType.RNA, SampleType.OTHER})
_RATIO = ((MeasureUnit.ONE,), Decimal("0.01"), Decimal(5), _NUCLEIC)
#: RIN and DIN run from 1, degraded, to 10, intact.
_INTEGRITY = ((MeasureUnit.ONE,), Decimal(1), Decimal(10))

SCALES: Mapping[Measure, Scale] = {
    Measure.CONCENTRATION: Scale(
        (MeasureUnit.NANOGRAM_PER_MICROLITRE, MeasureUnit.MILLIGRAM_PER_MILLILITRE),
        Decimal("0.000001"),
        Decimal(1_000_000),
    ),
    Measure.CELLS: Scale(
        (MeasureUnit.MILLION_PER_MILLILITRE,), Decimal("0.000001"), Decimal(1_000_000)
    ),
    Measure.VIABILITY: Scale((MeasureUnit.PERCENT,), Decimal(0), Decimal(100)),
    Measure.A260_280: Scale(*_RATIO),
    Measure.A260_230: Scale(*_RATIO),
    Measure.RIN: Scale(*_INTEGRITY, frozenset({SampleType.RNA, SampleType.OTHER})),
    Measure.DIN: Scale(*_INTEGRITY, frozenset({SampleType.DNA, SampleType.OTHER})),
}

#: How much of a microgram, or of a million cells, a millilitre holds at a concentration of one.
PER_MILLILITRE: Mapping[MeasureUnit, Decimal] = {
    MeasureUnit.NANOGRAM_PER_MICROLITRE: Decimal(1),
    MeasureUnit.MILLIGRAM_PER_MILLILITRE: Decimal(1000),
    MeasureUnit.MILLION_PER_MILLILITRE: Decimal(1),
}

LABELS: Labels = {
    Measure: {
        Measure.CONCENTRATION: T("Concentration"),
        Measure.CELLS: T("Concentration of cells"),
        Measure.VIABILITY: T("Living cells"),
        Measure.A260_280: T("Purity A260/A280"),
        Measure.A260_230: T("Purity A260/A230"),
        Measure.RIN: T("RNA integrity number (RIN)"),
        Measure.DIN: T("DNA integrity number (DIN)"),
    },
    MeasureUnit: {
        MeasureUnit.NANOGRAM_PER_MICROLITRE: T("ng/µL"),
        MeasureUnit.MILLIGRAM_PER_MILLILITRE: T("mg/mL"),
        MeasureUnit.MILLION_PER_MILLILITRE: T("million/mL"),
        MeasureUnit.PERCENT: T("%"),
        MeasureUnit.ONE: T("(no unit)"),
    },
    Method: {
        Method.ABSORBANCE: T("Absorbance"),
        Method.FLUORESCENCE: T("Fluorescence"),
        Method.ELECTROPHORESIS: T("Electrophoresis"),
        Method.QPCR: T("Quantitative PCR"),
        Method.COUNTING_CHAMBER: T("Counting chamber"),
        Method.CELL_COUNTER: T("Cell counter"),
        Method.OTHER: T("Other, named in the comment"),
    },
}
