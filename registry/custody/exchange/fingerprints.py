"""Fingerprints of verification keys: short enough to be read out by telephone.

The first 128 bits of the key's SHA-256, in eight groups: nobody can make another
key with the same ones.
"""

import hashlib
import re
from base64 import b64decode
from hmac import compare_digest

from registry.vocab import limits

_GROUP = 4


def of(public_key: str) -> str:
    """The fingerprint of a key that is given in base 64, such as ``3F2A 90C1 …``."""
    digest = hashlib.sha256(b64decode(public_key)).digest()[: limits.FINGERPRINT_BYTES]
    digits = digest.hex().upper()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def is_of(public_key: str, typed: str) -> bool:
    """Whether what somebody typed is the whole fingerprint; spaces, points and dashes aside."""
    return compare_digest(_digits(of(public_key)), _digits(typed))


def _digits(fingerprint: str) -> bytes:
    return re.sub(r"[\s.:\-–]", "", fingerprint).upper().encode()
