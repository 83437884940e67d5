"""What a shipment holds, signed: tubes by their codes alone, of nobody in particular.

What was signed on sending is kept word for word: given again, it is the same.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from registry.consents.decision import Asked
from registry.custody.shipments import conditions
from registry.custody.shipments.models import Shipment, ShipmentLine
from registry.documents import signatures
from registry.documents.signatures import Signed
from registry.samples.quantities import written

FORMAT = "shipment-manifest/1"
#: Whose key signs, and checks, what is exchanged about shipments.
PURPOSE = "shipment manifest"


def tubes(lines: Sequence[ShipmentLine]) -> list[dict[str, str]]:
    """The tubes as a manifest names them."""
    return [
        {
            "code": line.sample.code,
            "type": line.sample.sample_type.value,
            "container": line.sample.container_type.value,
            "quantity": written(line.sample.remaining),
            "unit": line.sample.unit.value,
        }
        for line in lines
    ]


def content(
    shipment: Shipment, lines: Sequence[ShipmentLine], asked: Asked, recipient_key: str | None
) -> dict[str, Any]:
    """Everything that the manifest says.

    `asked` is what the consents were asked; `recipient_key` is the key of who alone
    takes it in.
    """
    partner = shipment.partner
    return {
        "format": FORMAT,
        "shipment": shipment.code,
        "from": shipment.site.name,
        "to": shipment.destination,
        "recipient_key": recipient_key,
        "country": None if partner is None else partner.country,
        "request": shipment.request,
        "conditions": conditions.written(asked),
        "sent_at": None if shipment.sent_at is None else shipment.sent_at.isoformat(),
        "packing": shipment.packing.value,
        "courier": shipment.courier,
        "tracking": shipment.tracking,
        "tubes": tubes(lines),
    }


def sign(
    shipment: Shipment,
    lines: Sequence[ShipmentLine],
    *,
    asked: Asked,
    recipient_key: str | None = None,
) -> None:
    """Write down what is sent, and sign it for the installation that has `recipient_key`."""
    text = json.dumps(
        content(shipment, lines, asked, recipient_key),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    shipment.manifest = text
    shipment.signature = json.dumps(asdict(signatures.sign(PURPOSE, text.encode())))


def signed(shipment: Shipment) -> bytes | None:
    """The file: what is said as the very text that was signed, and the signature.

    None before the shipment is sent.
    """
    if shipment.manifest is None or shipment.signature is None:
        return None
    return enveloped("manifest", shipment.manifest, shipment.signature)


def enveloped(part: str, text: str, signature: str) -> bytes:
    """The file that holds `text` as the very text that was signed, and its signature."""
    file = {part: text, "signature": json.loads(signature)}
    return json.dumps(file, ensure_ascii=False, indent=2).encode()


def read(file: bytes, part: str = "manifest") -> tuple[dict[str, Any], Signed] | None:
    """What a signed file says, and by whose key; None when anything in it was changed."""
    try:
        given = json.loads(file)
        signature = Signed(**given["signature"])
        if not signatures.holds(signature, given[part].encode()):
            return None
        said = json.loads(given[part])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return (said, signature) if isinstance(said, dict) else None
