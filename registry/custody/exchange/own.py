"""This installation's own verification key, as partners are given it."""

import json
from dataclasses import dataclass

from registry.access import Permission, require
from registry.custody.exchange import fingerprints
from registry.custody.shipments import manifest
from registry.documents import signatures
from registry.kernel.actor import Actor

FORMAT = "installation-key/1"
ALGORITHM = "Ed25519"

_name = ""


def use_name(name: str) -> None:
    """Call this installation so from now on; set once by the composition root."""
    global _name  # noqa: PLW0603 - one installation per process
    _name = name


@dataclass(frozen=True)
class OwnKey:
    """What a partner has to know of this installation."""

    installation: str
    public_key: str

    @property
    def fingerprint(self) -> str:
        """What is read out to the partner."""
        return fingerprints.of(self.public_key)

    @property
    def file(self) -> bytes:
        """The same as the file that the partner's installation takes in."""
        said = {
            "format": FORMAT,
            "installation": self.installation,
            "algorithm": ALGORITHM,
            "public_key": self.public_key,
        }
        return json.dumps(said, ensure_ascii=False, indent=2).encode()


def key(actor: Actor) -> OwnKey:
    """The key that checks what this installation signs."""
    require(actor, Permission.SHIPMENT_READ)
    return OwnKey(_name, signatures.public_key(manifest.PURPOSE))
