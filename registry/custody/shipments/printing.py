"""The manifest that travels with a bag: tubes by their codes, and the bag's own as a DataMatrix.

Before the bag leaves it is the packing slip, which says so.
"""

from collections.abc import Sequence
from typing import Any

from registry import typeset
from registry.custody.forms import Printing
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.kernel.messages import Message, T
from registry.vocab.labels import label
from registry.vocab.scanning import ScanCommand
from registry.vocab.shipping import LineStatus, ShipmentState

_WORDS: dict[str, Message] = {
    "tubes": T("Tubes"),
    "number": T("No."),
    "code": T("Sample code"),
    "kind": T("Type"),
    "container": T("Container"),
    "quantity": T("Quantity"),
    "checked": T("Arrived"),
    "close": T("Scan to close the bag"),
    "received": T("Received by"),
    "signature": T("Name, date and time, signature"),
    "page": T("Page"),
    "none": T("No tube is in the bag."),
}
_SLIP = (ShipmentState.DRAFT, ShipmentState.SEALED, ShipmentState.CANCELLED)


def manifest(shipment: Shipment, lines: Sequence[ShipmentLine], printing: Printing) -> bytes:
    """The manifest as a tagged PDF (PDF/UA-1), A4, in one language."""
    is_slip = shipment.state in _SLIP
    title = T("Packing slip: not sent yet") if is_slip else T("Shipment manifest")
    shown = [line for line in lines if line.status is not LineStatus.TAKEN_OUT]
    data = {
        "language": printing.language,
        "words": {name: printing.words(words) for name, words in _WORDS.items()},
        "title": printing.words(title),
        "symbol": typeset.data_matrix(shipment.code),
        "close": typeset.data_matrix(ScanCommand.CLOSE.value)
        if shipment.state is ShipmentState.DRAFT
        else None,
        "facts": _facts(shipment, len(shown), printing),
        "tubes": [_tube(number, line, printing) for number, line in enumerate(shown, start=1)],
    }
    moment = shipment.sent_at or shipment.opened_at
    return typeset.pdf("registry.custody.shipments", "manifest", data, moment=moment)


def _facts(shipment: Shipment, count: int, printing: Printing) -> list[list[str]]:
    say = printing.words
    country = "" if shipment.partner is None else f" ({shipment.partner.country})"
    facts: list[tuple[Message, str]] = [
        (T("Leaves from"), shipment.site.name),
        (T("Goes to"), f"{shipment.destination}{country}"),
        (T("Request"), shipment.request or ""),
        (T("Packing"), say(label(shipment.packing))),
        (T("Courier"), " · ".join(filter(None, (shipment.courier, shipment.tracking)))),
        (T("Sent on"), printing.moment(shipment.sent_at)),
        (T("Number of tubes"), str(count)),
    ]
    return [[say(name), value or "–"] for name, value in facts]


def _tube(number: int, line: ShipmentLine, printing: Printing) -> list[Any]:
    sample = line.sample
    quantity = f"{printing.number(sample.remaining)} {printing.words(label(sample.unit))}"
    return [
        str(number),
        sample.code,
        printing.words(label(sample.sample_type)),
        printing.words(label(sample.container_type)),
        quantity,
    ]
