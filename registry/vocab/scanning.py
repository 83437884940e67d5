"""What is scanned to say what to do: barcodes on a card beside the keyboard."""

from enum import StrEnum

from registry.kernel.messages import Labels, T


class ScanCommand(StrEnum):
    """A command; its value is what the barcode says."""

    VALIDATE = "VALIDER"
    PRINT = "P"
    CLOSE = "FERMER"
    UNDO = "ANNULER"


#: The command to close, as a scanner types it: on a French keyboard too.
CLOSE_COMMANDS = (ScanCommand.CLOSE.value, "FER,ER", "FER?ER")
#: The command to confirm, likewise.
VALIDATE_COMMANDS = (ScanCommand.VALIDATE.value, "VQLIDER")
#: The command to undo, likewise.
UNDO_COMMANDS = (ScanCommand.UNDO.value, "QNNULER")


LABELS: Labels = {
    ScanCommand: {
        ScanCommand.VALIDATE: T("Register what is on the page"),
        ScanCommand.PRINT: T("Print the tube’s label again"),
        ScanCommand.CLOSE: T("Close the bag or the list"),
        ScanCommand.UNDO: T("Take the last scan back, or undo what was done last"),
    },
}
