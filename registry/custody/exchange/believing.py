"""What a partner's installation signed: believed only whole, from a key that counts, and for us."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.custody.exchange import keys, own
from registry.custody.exchange.models import PartnerKey
from registry.custody.shipments import manifest
from registry.kernel.actor import Actor
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.kernel.messages import Message, T
from registry.vocab import limits
from registry.vocab.exchange import KeyState

_KEY_REFUSALS: Mapping[KeyState, Message] = {
    KeyState.RECORDED: T(
        "The key of {partner} that signed this waits to be compared: let a colleague compare it."
    ),
    KeyState.RETIRED: T("The key of {partner} that signed this is retired. Ask the partner why."),
}


@dataclass(frozen=True)
class Kind:
    """One kind of signed file."""

    #: Where the file holds the text that was signed.
    part: str
    format: str
    #: What is said of a file that is none of the kind.
    refusal: Message

    def unreadable(self) -> InvalidInput:
        """The refusal of a file that is none."""
        return InvalidInput(self.refusal, field="file")


@dataclass(frozen=True)
class Believed:
    """What a file says, and who signed it."""

    signer: PartnerKey
    said: Mapping[str, Any]
    #: The very text that was signed.
    text: str


def open_(actor: Actor, file: bytes, kind: Kind) -> Believed:
    """What the file says, if it may be believed here.

    :raises InvalidInput: it is of another kind, was changed, or is signed by a
        key that nobody recorded.
    :raises RuleBroken: its key does not count, or it is for another installation.
    """
    if len(file) > limits.MANIFEST_BYTES_MAX:
        raise kind.unreadable()
    try:
        read = manifest.read(file, kind.part)
    except RecursionError:
        raise kind.unreadable() from None
    if read is None:
        raise _changed_or_unreadable(file, kind)
    said, signature = read
    signer = _signer(signature.public_key)
    if said.get("format") != kind.format:
        raise kind.unreadable()
    if said.get("recipient_key") != own.key(actor).public_key:
        raise RuleBroken(
            T(
                "This file of {partner} is for another installation. Ask them to record the "
                "key of this one and to send it anew.",
                partner=signer.partner.name,
            ),
            field="file",
        )
    return Believed(signer, said, json.loads(file)[kind.part])


def _signer(public_key: str) -> PartnerKey:
    known = keys.of_signer(public_key)
    if known is None:
        raise InvalidInput(
            T("Nobody recorded the key that signed this: it is of no partner."), field="file"
        )
    if known.state is not KeyState.COUNTS:
        sentence = _KEY_REFUSALS[known.state]
        raise RuleBroken(Message(sentence.msgid, {"partner": known.partner.name}), field="file")
    return known


def _changed_or_unreadable(file: bytes, kind: Kind) -> InvalidInput:
    """A file with all the parts of a signed one was changed after it was signed."""
    try:
        said = json.loads(file)
        signed = isinstance(said[kind.part], str) and isinstance(said["signature"], dict)
    except (ValueError, KeyError, TypeError):
        signed = False
    if not signed:
        return kind.unreadable()
    return InvalidInput(
        T("This file was changed after it was signed. Ask the partner for it once more."),
        field="file",
    )
