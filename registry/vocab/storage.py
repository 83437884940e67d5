"""Storage: the tree of places, how boxes are labelled, and temperatures."""

from enum import StrEnum


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


class Labelling(StrEnum):
    """How a box names its rows or its columns."""

    LETTERS = "letters"
    NUMBERS = "numbers"
