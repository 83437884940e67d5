"""Printing: label stocks, what a label may say, and where its symbol stands."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class LabelStock(StrEnum):
    """A kind of label material; its measures are in ``labels.sheets``."""

    CRYO_SHEET = "cryo_33x13_a4"
    CRYO_ROLL = "cryo_33x13_roll"
    TUBE_SHEET = "tube_38x21_a4"
    PLACE_SHEET = "place_63x38_a4"


class LabelPurpose(StrEnum):
    """What a label is stuck on; each has a template of its own."""

    PRIMARY = "primary"
    ALIQUOT = "aliquot"
    DERIVATIVE = "derivative"
    PLACE = "place"
    PARTICIPANT = "participant"


class Token(StrEnum):
    """What a line of a label may say, written ``{token}``: nothing here names or dates a person."""

    CODE = "code"
    PARTICIPANT = "participant"
    COHORT = "cohort"
    SITE = "site"
    TYPE = "type"
    TYPE_NAME = "type_name"
    CONTAINER = "container"
    VOLUME = "volume"
    DATE = "date"
    TIME = "time"
    YEAR = "year"
    SEQUENCE = "sequence"
    PARENT = "parent"
    NAME = "name"
    KIND = "kind"
    TEMPERATURE = "temperature"
    INSIDE = "inside"
    CELLS = "cells"


_TUBE = (
    Token.CODE, Token.PARTICIPANT, Token.COHORT, Token.SITE, Token.TYPE, Token.TYPE_NAME,
    Token.CONTAINER, Token.VOLUME, Token.DATE, Token.TIME, Token.YEAR,
)  # fmt: skip
_CHILD = (*_TUBE, Token.SEQUENCE, Token.PARENT)

#: What the template of each purpose can say.
TOKENS_OF: dict[LabelPurpose, tuple[Token, ...]] = {
    LabelPurpose.PRIMARY: _TUBE,
    LabelPurpose.ALIQUOT: _CHILD,
    LabelPurpose.DERIVATIVE: _CHILD,
    LabelPurpose.PLACE: (
        Token.CODE, Token.NAME, Token.KIND, Token.TEMPERATURE, Token.INSIDE, Token.CELLS,
        Token.SITE,
    ),
    LabelPurpose.PARTICIPANT: (
        Token.CODE, Token.PARTICIPANT, Token.COHORT, Token.SITE, Token.DATE, Token.YEAR,
    ),
}  # fmt: skip


class SymbolSide(StrEnum):
    """Where the DataMatrix stands on a label."""

    LEFT = "left"
    RIGHT = "right"


LABELS: Labels = {
    LabelStock: {
        LabelStock.CRYO_SHEET: T("A4 sheet, 5 × 20 cryotube labels of 33 × 13 mm"),
        LabelStock.CRYO_ROLL: T("Roll of cryotube labels of 33 × 13 mm"),
        LabelStock.TUBE_SHEET: T("A4 sheet, 5 × 13 labels of 38.1 × 21.2 mm"),
        LabelStock.PLACE_SHEET: T("A4 sheet, 3 × 7 labels of 63.5 × 38.1 mm"),
    },
    LabelPurpose: {
        LabelPurpose.PRIMARY: T("Primary tube"),
        LabelPurpose.ALIQUOT: T("Aliquot"),
        LabelPurpose.DERIVATIVE: T("Derivative"),
        LabelPurpose.PLACE: T("Box or freezer"),
        LabelPurpose.PARTICIPANT: T("Participant’s file"),
    },
    Token: {
        Token.CODE: T("The code that the symbol bears"),
        Token.PARTICIPANT: T("The participant’s code"),
        Token.COHORT: T("The cohort’s code"),
        Token.SITE: T("The site’s code"),
        Token.TYPE: T("The type’s SPREC code"),
        Token.TYPE_NAME: T("The type’s name"),
        Token.CONTAINER: T("The container’s SPREC code"),
        Token.VOLUME: T("What is in it, with the unit"),
        Token.DATE: T("The day of collection or inclusion"),
        Token.TIME: T("The time of collection"),
        Token.YEAR: T("The year of collection or inclusion"),
        Token.SEQUENCE: T("Which of its parent’s tubes it is, such as 3/8"),
        Token.PARENT: T("The parent’s code"),
        Token.NAME: T("The place’s name"),
        Token.KIND: T("The kind of place"),
        Token.TEMPERATURE: T("The temperature of the place"),
        Token.INSIDE: T("The places that it is in"),
        Token.CELLS: T("The rows and columns of a box"),
    },
    SymbolSide: {
        SymbolSide.LEFT: T("On the left"),
        SymbolSide.RIGHT: T("On the right"),
    },
}
