"""Storage: the tree of places, how boxes are labelled, and temperatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from registry.kernel.messages import Labels, T


class UnitKind(StrEnum):
    """What a node of the storage tree is, from the outside in."""

    ROOM = "room"
    FREEZER = "freezer"
    TANK = "tank"
    RACK = "rack"
    BOX = "box"


class StorageClass(StrEnum):
    """MIABIS storage temperature (SAMPLE-03)."""

    ROOM = "RT"
    FRIDGE = "2to10"
    FREEZER = "-18to-35"
    ULTRA_LOW = "-60to-85"
    NITROGEN = "LN"


#: The classes in which a sample is frozen: there, colder keeps as well.
FROZEN = (StorageClass.FREEZER, StorageClass.ULTRA_LOW, StorageClass.NITROGEN)


@dataclass(frozen=True)
class Alarm:
    """What a place of some class keeps to, and how long it may not do so."""

    lowest: Decimal | None
    highest: Decimal | None
    smallest: timedelta


#: The degrees are those of the MIABIS classes (SAMPLE-03; nitrogen: below -135 °C) and, for room
#: temperature, of SPREC (18-28 °C); frozen is never too cold.  The times are the registry's own.
ALARMS: Mapping[StorageClass, Alarm] = {
    StorageClass.ROOM: Alarm(Decimal(18), Decimal(28), timedelta(minutes=60)),
    StorageClass.FRIDGE: Alarm(Decimal(2), Decimal(10), timedelta(minutes=30)),
    StorageClass.FREEZER: Alarm(None, Decimal(-18), timedelta(minutes=30)),
    StorageClass.ULTRA_LOW: Alarm(None, Decimal(-60), timedelta(minutes=15)),
    StorageClass.NITROGEN: Alarm(None, Decimal(-135), timedelta(0)),
}


class LoggerClock(StrEnum):
    """How a logger's clock is set; what the file itself says of its zone goes before."""

    UTC = "UTC"
    #: The wall clock, which summer time changes.
    PARIS = "Europe/Paris"
    #: Set in winter, and left alone (the sign is the one of the name, which is turned round).
    WINTER = "Etc/GMT-1"
    SUMMER = "Etc/GMT-2"


class DayOrder(StrEnum):
    """How a logger writes days such as 03/04/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class ExposureDecision(StrEnum):
    """What is decided of a sample that was in a place while it was out of its limits."""

    KEPT = "kept"
    INCIDENT = "incident"


class ExposureState(StrEnum):
    """Whether a sample was ever in a place out of its limits, and whether that is decided."""

    NEVER = "never"
    WAITING = "waiting"
    DECIDED = "decided"


class Labelling(StrEnum):
    """How a box names its rows or its columns."""

    LETTERS = "letters"
    NUMBERS = "numbers"


class CellStatus(StrEnum):
    """What a box map shows of one cell."""

    FREE = "free"
    FILLED = "filled"
    #: Kept for a sample that is checked out.
    KEPT = "kept"
    #: For a tube that somebody is about to put there.
    RESERVED = "reserved"


class Ground(StrEnum):
    """Why a cell is proposed for a tube, the best reason first."""

    SIBLING = "sibling"
    PARTICIPANT = "participant"
    #: In the fullest begun box of its cohort.
    COHORT = "cohort"
    EMPTY = "empty"
    #: In a box begun for others: there is no other room.
    LEFT = "left"


class Fit(StrEnum):
    """What comes of a tube that a rack scan shows in one cell of a box."""

    #: From the bench into a free cell.
    FITS = "fits"
    #: From another cell, of this box or of another.
    MOVES = "moves"
    #: It is recorded there already.
    THERE = "there"
    OCCUPIED = "occupied"
    UNKNOWN = "unknown"
    OTHER_SITE = "other_site"
    NOT_RECEIVED = "not_received"
    #: With a person, a carrier or a partner, or destroyed.
    AWAY = "away"
    NOT_ACCEPTED = "not_accepted"
    #: Its plan asks for another temperature.
    NOT_KEPT = "not_kept"

    @property
    def is_possible(self) -> bool:
        """Whether the tube can be taken for being there."""
        return self in (Fit.FITS, Fit.MOVES, Fit.THERE)


class Finding(StrEnum):
    """What the inventory of a box found of one tube."""

    PRESENT = "present"
    #: In this box, but recorded in another of its cells.
    OTHER_CELL = "other_cell"
    #: Recorded elsewhere, and found here.
    UNEXPECTED = "unexpected"
    #: Recorded here, and not found.
    MISSING = "missing"
    UNKNOWN = "unknown"
    #: Found where by its record it cannot be: somebody has it, or the cell is another's.
    IMPOSSIBLE = "impossible"


LABELS: Labels = {
    UnitKind: {
        UnitKind.ROOM: T("Room"),
        UnitKind.FREEZER: T("Freezer"),
        UnitKind.TANK: T("Nitrogen tank"),
        UnitKind.RACK: T("Rack"),
        UnitKind.BOX: T("Box"),
    },
    StorageClass: {
        StorageClass.ROOM: T("Room temperature"),
        StorageClass.FRIDGE: T("2 to 10 °C"),
        StorageClass.FREEZER: T("-18 to -35 °C"),
        StorageClass.ULTRA_LOW: T("-60 to -85 °C"),
        StorageClass.NITROGEN: T("Liquid nitrogen"),
    },
    LoggerClock: {
        LoggerClock.UTC: T("UTC"),
        LoggerClock.PARIS: T("Paris, changed with summer time"),
        LoggerClock.WINTER: T("Winter time all year (UTC+1)"),
        LoggerClock.SUMMER: T("Summer time all year (UTC+2)"),
    },
    DayOrder: {
        DayOrder.DAY_FIRST: T("The day comes first: 03/04 is in April"),
        DayOrder.MONTH_FIRST: T("The month comes first: 03/04 is in March"),
    },
    ExposureState: {
        ExposureState.NEVER: T("Never out of the limits"),
        ExposureState.WAITING: T("Was out of the limits: to decide"),
        ExposureState.DECIDED: T("Was out of the limits: decided"),
    },
    ExposureDecision: {
        ExposureDecision.KEPT: T("Keep it: fit for use, with this remark"),
        ExposureDecision.INCIDENT: T("Open a quality incident: in quarantine until judged"),
    },
    Labelling: {
        Labelling.LETTERS: T("Letters"),
        Labelling.NUMBERS: T("Numbers"),
    },
    CellStatus: {
        CellStatus.FREE: T("Free"),
        CellStatus.FILLED: T("Filled"),
        CellStatus.KEPT: T("Kept for a sample that is checked out"),
        CellStatus.RESERVED: T("Reserved for a tube on its way"),
    },
    Ground: {
        Ground.SIBLING: T("with its sibling"),
        Ground.PARTICIPANT: T("with a tube of the same participant"),
        Ground.COHORT: T("fullest box of the cohort"),
        Ground.EMPTY: T("empty box"),
        Ground.LEFT: T("only room left"),
    },
    Finding: {
        Finding.PRESENT: T("As recorded"),
        Finding.OTHER_CELL: T("In another cell"),
        Finding.UNEXPECTED: T("Unexpected"),
        Finding.MISSING: T("Not found"),
        Finding.UNKNOWN: T("Unknown at your sites"),
        Finding.IMPOSSIBLE: T("Cannot be here"),
    },
    Fit: {
        Fit.FITS: T("Fits"),
        Fit.MOVES: T("Moves here"),
        Fit.THERE: T("Already there"),
        Fit.OCCUPIED: T("Cell taken"),
        Fit.UNKNOWN: T("Unknown at your sites"),
        Fit.OTHER_SITE: T("At another site"),
        Fit.NOT_RECEIVED: T("Not received"),
        Fit.AWAY: T("Not here"),
        Fit.NOT_ACCEPTED: T("Type not accepted"),
        Fit.NOT_KEPT: T("Not at the planned temperature"),
    },
}
