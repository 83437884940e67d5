"""One secret, many keys: HKDF-SHA256 with a purpose for each."""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from registry.crypto.encoding import framed
from registry.crypto.keyset import KEY_BYTES


def derive(secret: bytes, salt: bytes, *purpose: str) -> bytes:
    """A 32-byte key for `purpose`; another purpose, however near, gives an unrelated one."""
    info = framed(*(part.encode() for part in purpose))
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)
