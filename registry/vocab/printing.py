"""Printing: the label stocks that sheets and rolls are laid out for."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class LabelStock(StrEnum):
    """A kind of label material; its measures are in ``samples.labels``."""

    CRYO_SHEET = "cryo_33x13_a4"
    CRYO_ROLL = "cryo_33x13_roll"
    TUBE_SHEET = "tube_38x21_a4"


LABELS: Labels = {
    LabelStock: {
        LabelStock.CRYO_SHEET: T("A4 sheet, 5 × 20 cryotube labels of 33 × 13 mm"),
        LabelStock.CRYO_ROLL: T("Roll of cryotube labels of 33 × 13 mm"),
        LabelStock.TUBE_SHEET: T("A4 sheet, 5 × 13 labels of 38.1 × 21.2 mm"),
    },
}
