"""The pseudonyms that leave with an extract: different for each project, stable within it."""

import base64
import hashlib
import hmac

from registry.crypto.derivation import derive

SALT = b"pseudonym/v1"
#: 80 bits, 16 symbols: two of a million participants share one once in 10**12 projects.
PSEUDONYM_BYTES = 10


class ProjectPseudonyms:
    """The pseudonyms of one application's project.

    The same application always gives a participant the same pseudonym, so that
    a renewed extract can be joined to the first; two applications give
    unrelated ones, so that two recipients cannot join theirs.
    """

    __slots__ = ("_key",)

    def __init__(self, secret: bytes, *, application: str) -> None:
        self._key = derive(secret, SALT, application)

    def of(self, subject: str) -> str:
        """The pseudonym of `subject` (any stable internal code): 16 letters and digits."""
        digest = hmac.digest(self._key, subject.encode(), hashlib.sha256)
        return base64.b32encode(digest[:PSEUDONYM_BYTES]).decode()
