"""Finding a sealed value again without opening it.

A blind index is a keyed hash: equal values have equal hashes, and nobody
without the key can compute or reverse one.  The key is not in the database:
it, not the truncation, is what protects against guessing.
"""

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from registry.crypto.derivation import derive

SALT = b"bidx/v1"
UNIQUE_BITS = 128


class BlindIndex:
    """One index of one table in one epoch, with a key of its own."""

    __slots__ = ("_keyed", "bits")

    def __init__(
        self, master: bytes, *, table: str, index: str, epoch: int, bits: int = UNIQUE_BITS
    ) -> None:
        if not 0 < bits <= UNIQUE_BITS:
            raise ValueError(f"an index has at most {UNIQUE_BITS} bits")
        self.bits = bits
        key = derive(master, SALT, table, index, str(epoch))
        # Keyed once and copied for each value: half the time of a new HMAC.
        self._keyed = HMAC(key, SHA256())

    def digest(self, value: bytes) -> bytes:
        """The index of `value` as 128 bits, for values that are unique or compared exactly."""
        keyed = self._keyed.copy()
        keyed.update(value)
        return keyed.finalize()[: UNIQUE_BITS // 8]

    def number(self, value: bytes) -> int:
        """The first ``bits`` bits of the index of `value`.

        A short index makes unrelated values share a number on purpose: whoever
        steals the table cannot tell a true match from a chance one.
        """
        return int.from_bytes(self.digest(value), "big") >> (UNIQUE_BITS - self.bits)
