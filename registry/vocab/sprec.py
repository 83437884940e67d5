"""The tables of SPREC, version 2.0 (Lehmann et al. 2012, doi 10.1089/bio.2012.0012), for fluids.

Seven elements joined by hyphens say what a fluid is, in what it was drawn, and
what happened to it until it was stored.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from registry.kernel.messages import Labels, T
from registry.vocab.samples import EXTRACTED, ContainerType as Tube, SampleType as Type
from registry.vocab.storage import StorageClass

VERSION = "2.0"
SEPARATOR = "-"

#: In what a code is searched by: any one element.
ANY = "*"

#: What an element says when the record does not: it is never guessed.
UNKNOWN = "X"
#: What it says of a value that is known and that the standard has no letter for.
OTHER = "Z"
#: What it says of a step that was not taken.
NONE = "N"


class Ambient(StrEnum):
    """At what temperature a tube was kept or spun."""

    ROOM = "RT"
    COOL = "2-10C"
    BODY = "35-38C"


class Brake(StrEnum):
    """Whether a centrifuge was braked."""

    ON = "on"
    OFF = "off"


class Bin(NamedTuple):
    """From so many minutes, inclusive, to so many, exclusive; None: without end."""

    least: int
    most: int | None
    letters: Mapping[Ambient, str]


def _letters(room: str, cool: str, body: str | None = None) -> Mapping[Ambient, str]:
    return {Ambient.ROOM: room, Ambient.COOL: cool} | ({Ambient.BODY: body} if body else {})


#: Element 3, from the collection to the first centrifugation or processing.
BEFORE_SPIN = (
    Bin(0, 120, _letters("A", "B", "O")),
    Bin(120, 240, _letters("C", "D")),
    Bin(240, 480, _letters("E", "F")),
    Bin(480, 720, _letters("G", "H")),
    Bin(720, 1440, _letters("I", "J")),
    Bin(1440, 2880, _letters("K", "L")),
    Bin(2880, None, _letters("M", "N")),
)

#: Element 6, from the end of the last centrifugation to the storage.
AFTER_SPIN = (
    Bin(0, 60, _letters("B", "A")),
    Bin(60, 120, _letters("D", "C")),
    Bin(120, 480, _letters("F", "E")),
    Bin(480, 1440, _letters("H", "G")),
    Bin(1440, None, _letters("J", "I")),
)


class SpinBin(NamedTuple):
    """A way to centrifuge: minutes inclusive, times gravity from, inclusive, to, exclusive."""

    minutes: tuple[int, int]
    g: tuple[int, int | None]
    brake: bool
    letters: Mapping[Ambient, str]


_USUAL = (10, 15)

#: Elements 4 and 5.
SPINS = (
    SpinBin(_USUAL, (0, 3000), False, _letters("A", "C")),
    SpinBin(_USUAL, (0, 3000), True, _letters("B", "D")),
    SpinBin(_USUAL, (3000, 6000), True, _letters("E", "F")),
    SpinBin(_USUAL, (6000, 10000), True, _letters("G", "H")),
    SpinBin(_USUAL, (10000, None), True, _letters("I", "J")),
)
#: Element 4 alone: long and gentle, at room temperature.
GENTLE_SPIN = SpinBin((30, 30), (0, 1000), False, {Ambient.ROOM: "M"})

#: The types that no blood is without a centrifugation.
SPUN = frozenset(
    {
        Type.SERUM, Type.PLASMA_SINGLE_SPUN, Type.PLASMA_DOUBLE_SPUN, Type.BUFFY_COAT_VIABLE,
        Type.BUFFY_COAT_NONVIABLE, Type.PBMC_VIABLE, Type.PBMC_NONVIABLE, Type.RED_CELLS,
    }
)  # fmt: skip
#: The types of solids: the standard has other elements for them.
SOLIDS = frozenset({Type.TISSUE})

#: What no version of the standard has a code for, or a later one only: here it is something else.
UNCODED_TYPES = EXTRACTED | {Type.PERITONEAL, Type.SWEAT, Type.BREATH, Type.EXOSOMES}
LATER_TUBES = frozenset(
    {
        Tube.CPT_HEPARIN, Tube.CTC, Tube.GLASS, Tube.HEPARIN_LI_RUBBER, Tube.STOOL_DNA,
        Tube.CITRATE_FLUORIDE,
    }
)  # fmt: skip


class Vessel(StrEnum):
    """What a sample is kept in for long."""

    AS_DRAWN = "as_drawn"
    PP_SMALL = "pp_small"
    PP_MEDIUM = "pp_medium"
    PP_LARGE = "pp_large"
    CRYOTUBE = "cryotube"
    STRAW = "straw"
    PLATE = "plate"
    BAG = "bag"
    BLOCK = "block"
    DRY = "dry"


#: Element 7, by what a sample is kept in and how cold that is.
STORAGE: Mapping[Vessel, Mapping[StorageClass, str]] = {
    Vessel.AS_DRAWN: {StorageClass.FREEZER: "Y", StorageClass.ULTRA_LOW: "Y"},
    Vessel.PP_SMALL: {
        StorageClass.FREEZER: "T", StorageClass.ULTRA_LOW: "S", StorageClass.NITROGEN: "W",
    },
    Vessel.PP_MEDIUM: {
        StorageClass.FREEZER: "B", StorageClass.ULTRA_LOW: "A", StorageClass.NITROGEN: "V",
    },
    Vessel.PP_LARGE: {StorageClass.FREEZER: "K", StorageClass.ULTRA_LOW: "J"},
    Vessel.CRYOTUBE: {StorageClass.ULTRA_LOW: "D", StorageClass.NITROGEN: "C"},
    Vessel.STRAW: {
        StorageClass.FREEZER: "H", StorageClass.ULTRA_LOW: "G", StorageClass.NITROGEN: "F",
    },
    Vessel.PLATE: {StorageClass.FREEZER: "M", StorageClass.ULTRA_LOW: "L"},
    Vessel.BAG: {StorageClass.NITROGEN: "Q"},
    Vessel.BLOCK: {StorageClass.ROOM: "P", StorageClass.FRIDGE: "P"},
    Vessel.DRY: {StorageClass.ROOM: "R"},
}  # fmt: skip
#: The same in nitrogen, after a programme froze it, or after a time at -85 to -60 °C.
PROGRAMMED: Mapping[Vessel, str] = {Vessel.CRYOTUBE: "E", Vessel.STRAW: "I"}
AFTER_ULTRA_LOW: Mapping[Vessel, str] = {Vessel.CRYOTUBE: "N", Vessel.STRAW: "O"}
#: What keeps a sample frozen: being put there ends the delay after centrifugation.
FROZEN = frozenset({StorageClass.FREEZER, StorageClass.ULTRA_LOW, StorageClass.NITROGEN})


class Element(StrEnum):
    """An element of the code, in its order."""

    SAMPLE_TYPE = "type"
    CONTAINER = "container"
    BEFORE_SPIN = "before_spin"
    FIRST_SPIN = "first_spin"
    SECOND_SPIN = "second_spin"
    AFTER_SPIN = "after_spin"
    STORAGE = "storage"


LABELS: Labels = {
    Ambient: {
        Ambient.ROOM: T("Room temperature, 18 to 28 °C"),
        Ambient.COOL: T("Cool, 2 to 10 °C"),
        Ambient.BODY: T("Body temperature, 35 to 38 °C"),
    },
    Brake: {
        Brake.ON: T("With brake"),
        Brake.OFF: T("Without brake"),
    },
    Vessel: {
        Vessel.AS_DRAWN: T("The tube it was drawn in"),
        Vessel.PP_SMALL: T("Polypropylene tube, 40 to 500 µL"),
        Vessel.PP_MEDIUM: T("Polypropylene tube, 0.5 to 2 mL"),
        Vessel.PP_LARGE: T("Polypropylene tube, 5 mL or more"),
        Vessel.CRYOTUBE: T("Cryotube, 1 to 2 mL"),
        Vessel.STRAW: T("Straw"),
        Vessel.PLATE: T("Microplate"),
        Vessel.BAG: T("Bag"),
        Vessel.BLOCK: T("Paraffin block"),
        Vessel.DRY: T("Dry support"),
    },
    Element: {
        Element.SAMPLE_TYPE: T("Type of sample"),
        Element.CONTAINER: T("Primary container"),
        Element.BEFORE_SPIN: T("Delay before centrifugation"),
        Element.FIRST_SPIN: T("Centrifugation"),
        Element.SECOND_SPIN: T("Second centrifugation"),
        Element.AFTER_SPIN: T("Delay after centrifugation"),
        Element.STORAGE: T("Long-term storage"),
    },
}
