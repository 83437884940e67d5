"""Signatures that anybody can check who has the public key: Ed25519 (RFC 8032)."""

from base64 import b64decode, b64encode
from binascii import Error

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from registry.crypto.derivation import derive

_SALT = b"signatures/v1"


def _key(secret: bytes, purpose: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derive(secret, _SALT, purpose))


def sign(secret: bytes, purpose: str, content: bytes) -> str:
    """The signature of `content`, in base 64, by the key that `secret` gives for `purpose`."""
    return b64encode(_key(secret, purpose).sign(content)).decode()


def public_key(secret: bytes, purpose: str) -> str:
    """What checks those signatures, in base 64; it tells nothing of the secret."""
    return b64encode(_key(secret, purpose).public_key().public_bytes_raw()).decode()


def is_signed(public: str, signature: str, content: bytes) -> bool:
    """Whether the signature is of exactly this content, by the key's owner."""
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        key.verify(b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError, Error):
        return False
    return True
