"""The certificate that samples were destroyed: what is on record, naming nobody but staff.

It bears the moment of the destruction: printed again, it is the same.
"""

from decimal import Decimal
from typing import Any

from registry import typeset
from registry.custody.destruction.models import Destruction
from registry.custody.forms import Printing
from registry.kernel.messages import Message, T
from registry.vocab.labels import label
from registry.vocab.samples import SampleType, Unit


def certificate(destruction: Destruction, printing: Printing) -> bytes:
    """The certificate as a tagged PDF (PDF/UA-1), A4, in one language."""
    data = {
        "language": printing.language,
        "words": {name: printing.translate(words) for name, words in _WORDS.items()},
        "number": destruction.certificate,
        "facts": _facts(destruction, printing),
        "samples": [_sample(one, printing) for one in destruction.samples],
        "operator": destruction.operator.name,
        "witness": destruction.witness.name,
        "verification": destruction.digest,
    }
    return typeset.pdf(
        "registry.custody.destruction", "certificate", data, moment=destruction.happened_at
    )


_WORDS: dict[str, Message] = {
    "title": T("Certificate of destruction"),
    "samples": T("What was destroyed"),
    "code": T("Sample code"),
    "kind": T("Type"),
    "quantity": T("Quantity"),
    "place": T("Where it was"),
    "statement": T(
        "The containers and all that was in them were destroyed. Nothing of them can be used."
    ),
    "operator": T("Destroyed by"),
    "witness": T("Before the witness, who signed with a password or a badge of their own"),
    "verification": T("Verification code"),
    "page": T("Page"),
}


def _facts(destruction: Destruction, printing: Printing) -> list[list[str]]:
    facts: list[tuple[Message, str]] = [
        (T("Participant"), destruction.participant.shown_code),
        (T("Destroyed on"), printing.moment(destruction.happened_at)),
        (T("Method"), printing.words(label(destruction.method))),
        (T("Ordered for"), ", ".join(sorted({one["cause"] for one in destruction.samples}))),
    ]
    return [[printing.words(name), value] for name, value in facts]


def _sample(one: dict[str, Any], printing: Printing) -> list[str]:
    quantity = printing.number(Decimal(one["quantity"]))
    return [
        one["code"],
        printing.words(label(SampleType(one["type"]))),
        f"{quantity} {printing.words(label(Unit(one['unit'])))}",
        one["place"],
    ]
