"""What labels say, for printing without a database."""

from collections.abc import Sequence
from decimal import Decimal

from registry.kernel.codes import participant, tube
from registry.labels.contents import Speech
from registry.labels.design import STARTERS
from registry.labels.layout import Content
from registry.labels.sheets import sheet
from registry.vocab.printing import LabelPurpose, LabelStock, Token

PARTICIPANT = participant.show(participant.make("0123AC"))

ENGLISH = Speech(
    language="en",
    translate=str,
    day=lambda value: value.isoformat(),
    number=lambda amount: format(Decimal(amount).normalize(), "f"),
)


def make_contents(count: int, **changes: str) -> list[Content]:
    """Labels of aliquots with codes of our own."""
    codes = [code for number in range(1, 2 * count + 9) if (code := tube.make("B", number))]
    return [
        make_content(code, **{"sequence": f"{number}/{count}", **changes})
        for number, code in enumerate(codes[:count], start=1)
    ]


def make_content(code: str, **changes: str) -> Content:
    """The label of one aliquot."""
    values = {
        Token.TYPE: "PL1",
        Token.TYPE_NAME: "Plasma",
        Token.PARTICIPANT: PARTICIPANT,
        Token.DATE: "28/03/2026",
        **{Token(name): value for name, value in changes.items()},
    }
    return Content(LabelPurpose.ALIQUOT, code, values)


def print_sheet(
    contents: Sequence[Content], stock: LabelStock = LabelStock.CRYO_SHEET, *, first: int = 1
) -> bytes:
    """The PDF of these labels, as the starter templates make it."""
    return sheet(contents, STARTERS, stock, first=first, title="Étiquettes", language="fr")
