"""Sealing values and keys with AES-256-GCM, bound to the place where they are stored.

A blob is ``version(1) ‖ algorithm(1) ‖ key number(4) ‖ nonce(12) ‖ ciphertext ‖
tag(16)``.  The associated data is the application, table, column, row and the
blob's header, each after its length: a blob copied to another row, column or
table, or given another header, does not open.
"""

import os
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.crypto.encoding import framed
from registry.crypto.errors import SealBroken
from registry.crypto.keyset import KEY_BYTES, KeySet

APPLICATION = b"cohort-registry"
VERSION = 1
AES_256_GCM = 1
HEADER_BYTES = 6
NONCE_BYTES = 12
TAG_BYTES = 16
OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES
#: The smallest length that a sealed value shows; each next one is twice as long.
BUCKET_BYTES_MIN = 32
#: Every data key is its owner's first: a key-encryption key is changed by
#: wrapping the data key again, not by drawing another.
DATA_KEY_NUMBER = 1

_PADDING_MARK = b"\x80"


class Place(NamedTuple):
    """Where a blob is stored: it opens nowhere else."""

    table: str
    column: str
    row: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}:{self.row}"

    def bound_to(self, header: bytes) -> bytes:
        """The associated data of a blob with this header, stored here."""
        return _bound_to_column(self.table, self.column) + _bound_to_row(self.row, header)


@cache
def _bound_to_column(table: str, column: str) -> bytes:
    return framed(APPLICATION, table.encode(), column.encode())


@lru_cache(maxsize=64)
def _bound_to_row(row: str, header: bytes) -> bytes:
    """The values of one row follow each other: this is worked out for the first of them."""
    return framed(row.encode(), header)


class DataKey:
    """The key of one owner (a person, a file): seals and unseals that owner's values."""

    __slots__ = ("_cipher", "_secret")

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._cipher = AESGCM(secret)

    @classmethod
    def new(cls) -> "DataKey":
        """A fresh random key."""
        return cls(os.urandom(KEY_BYTES))

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """The blob that holds `plaintext` at `place`; its length shows only a bucket."""
        return _encrypt(self._cipher, DATA_KEY_NUMBER, _padded(plaintext), place)

    def unseal(self, blob: bytes, place: Place) -> bytes:
        """What was sealed at `place`.

        :raises SealBroken: changed, moved from elsewhere, or under another key.
        """
        if _number_in(blob, place) != DATA_KEY_NUMBER:
            raise SealBroken("a sealed value names a key that its owner never had", str(place))
        return _unpadded(_decrypt(self._cipher, blob, place))


class KeyWrapper(Protocol):
    """Whoever keeps key-encryption keys: a key file here, a hardware module elsewhere."""

    def wrap(self, key: DataKey, place: Place) -> bytes:
        """The data key, sealed under the active key-encryption key."""

    def unwrap(self, blob: bytes, place: Place) -> DataKey:
        """The data key that was wrapped at `place`."""


@dataclass(frozen=True)
class FileKeyWrapper:
    """Wraps data keys with the key-encryption keys of the key file."""

    keys: KeySet
    _ciphers: dict[int, AESGCM] = field(default_factory=dict, init=False, repr=False)

    def _cipher(self, kid: int) -> AESGCM:
        if kid not in self._ciphers:
            self._ciphers[kid] = AESGCM(self.keys.get(kid))
        return self._ciphers[kid]

    def wrap(self, key: DataKey, place: Place) -> bytes:
        """The data key, sealed under the active key-encryption key: 66 bytes."""
        active = self.keys.active
        return _encrypt(self._cipher(active), active, key._secret, place)

    def unwrap(self, blob: bytes, place: Place) -> DataKey:
        """The data key that was wrapped at `place`.

        The header alone chooses the key; no other one is tried.

        :raises UnknownKey: the header names a key that the file does not hold.
        :raises SealBroken: changed, moved from elsewhere, or under another key.
        """
        return DataKey(_decrypt(self._cipher(_number_in(blob, place)), blob, place))


def key_number(blob: bytes) -> int:
    """The number of the key that the blob's header names.

    :raises SealBroken: the blob is cut short or of an unknown version or algorithm.
    """
    if len(blob) < OVERHEAD_BYTES or blob[0] != VERSION or blob[1] != AES_256_GCM:
        raise SealBroken("not a sealed value of a known version")
    return int.from_bytes(blob[2:HEADER_BYTES], "big")


def _number_in(blob: bytes, place: Place) -> int:
    try:
        return key_number(blob)
    except SealBroken as error:
        raise SealBroken(str(error), str(place)) from None


@cache
def _header(kid: int) -> bytes:
    return bytes((VERSION, AES_256_GCM)) + kid.to_bytes(4, "big")


def _encrypt(cipher: AESGCM, kid: int, plaintext: bytes, place: Place) -> bytes:
    header = _header(kid)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + cipher.encrypt(nonce, plaintext, place.bound_to(header))


def _decrypt(cipher: AESGCM, blob: bytes, place: Place) -> bytes:
    header, nonce = blob[:HEADER_BYTES], blob[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    try:
        return cipher.decrypt(nonce, blob[HEADER_BYTES + NONCE_BYTES :], place.bound_to(header))
    except InvalidTag:
        raise SealBroken(
            "a sealed value does not open: changed, moved or another key", str(place)
        ) from None


def _padded(plaintext: bytes) -> bytes:
    """The plaintext, a mark and zeros up to 32, 64, 128 … bytes: its own length stays hidden."""
    bucket = BUCKET_BYTES_MIN
    while bucket <= len(plaintext):
        bucket *= 2
    return (plaintext + _PADDING_MARK).ljust(bucket, b"\0")


def _unpadded(padded: bytes) -> bytes:
    plaintext, mark, _zeros = padded.rpartition(_PADDING_MARK)
    if not mark:
        raise SealBroken("a sealed value opened without its padding")
    return plaintext
