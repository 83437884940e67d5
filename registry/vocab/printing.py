"""Printing: label stocks, what a label may say, where its symbol stands, printers."""

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


class PrinterResolution(StrEnum):
    """Dots in an inch."""

    DPI_203 = "203"
    DPI_300 = "300"
    DPI_600 = "600"


class PrintMethod(StrEnum):
    """How a label printer makes its dots: the roll that is in it decides."""

    TRANSFER = "transfer"
    DIRECT = "direct"


class PrintSubject(StrEnum):
    """What the codes of a print job name."""

    SAMPLE = "sample"
    PLACE = "storage"


class PrintState(StrEnum):
    """Where a print job stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class PrintAct(StrEnum):
    """What happens to a print job."""

    TAKE = "take"
    DELIVER = "deliver"
    BREAK_OFF = "break_off"
    RETRY = "retry"


class PrintFailure(StrEnum):
    """Why labels did not reach their printer."""

    UNREACHABLE = "unreachable"
    BROKEN_OFF = "broken_off"
    INTERRUPTED = "interrupted"


LABELS: Labels = {
    PrinterResolution: {
        PrinterResolution.DPI_203: T("203 dots an inch"),
        PrinterResolution.DPI_300: T("300 dots an inch"),
        PrinterResolution.DPI_600: T("600 dots an inch"),
    },
    PrintMethod: {
        PrintMethod.TRANSFER: T("Thermal transfer, with a ribbon"),
        PrintMethod.DIRECT: T("Direct thermal, without a ribbon"),
    },
    PrintSubject: {
        PrintSubject.SAMPLE: T("Tubes"),
        PrintSubject.PLACE: T("Places"),
    },
    PrintState: {
        PrintState.WAITING: T("Waiting"),
        PrintState.SENDING: T("On its way"),
        PrintState.SENT: T("Sent to the printer"),
        PrintState.FAILED: T("Not printed"),
    },
    PrintAct: {
        PrintAct.TAKE: T("Take up"),
        PrintAct.DELIVER: T("Deliver"),
        PrintAct.BREAK_OFF: T("Break off"),
        PrintAct.RETRY: T("Try again"),
    },
    PrintFailure: {
        PrintFailure.UNREACHABLE: T(
            "The printer did not answer. Is it switched on and on the network? Try again, "
            "or print the PDF."
        ),
        PrintFailure.BROKEN_OFF: T(
            "The printer broke off. See which labels came out, then try again or print the PDF."
        ),
        PrintFailure.INTERRUPTED: T(
            "The sending was interrupted. See whether the labels came out, then try again."
        ),
    },
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
