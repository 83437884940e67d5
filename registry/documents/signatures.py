"""Signing what leaves the registry, so that whoever gets it can check where it is from."""

from dataclasses import dataclass

from registry.crypto import signatures
from registry.crypto.keyset import KeySet

_keys: KeySet | None = None


def use_keys(keys: KeySet) -> None:
    """Sign with these keys from now on; set once by the composition root."""
    global _keys  # noqa: PLW0603 - one key set per process
    _keys = keys


@dataclass(frozen=True)
class Signed:
    """A signature with what checks it: both in base 64."""

    value: str
    public_key: str
    algorithm: str = "Ed25519"


def _held() -> KeySet:
    if _keys is None:
        raise RuntimeError("nothing signs: registry.documents.signatures.use_keys")
    return _keys


def sign(purpose: str, content: bytes) -> Signed:
    """The registry's signature of `content`; another purpose has another key."""
    secret = _held().secret
    return Signed(signatures.sign(secret, purpose, content), signatures.public_key(secret, purpose))


def public_key(purpose: str) -> str:
    """What checks the registry's signatures for `purpose`, in base 64."""
    return signatures.public_key(_held().secret, purpose)


def holds(signed: Signed, content: bytes) -> bool:
    """Whether the signature is of exactly this content."""
    return signatures.is_signed(signed.public_key, signed.value, content)
