"""What is scanned to say what to do: barcodes on a card beside the keyboard."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ScanCommand(StrEnum):
    """A command; its value is what the barcode says."""

    VALIDATE = "VALIDER"
    PRINT = "P"


LABELS: Labels = {
    ScanCommand: {
        ScanCommand.VALIDATE: T("Register what is on the page"),
        ScanCommand.PRINT: T("Print the tube’s label again"),
    },
}
