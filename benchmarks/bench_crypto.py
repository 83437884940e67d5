"""Sealing and blind indexes, against the bare cipher and the bare keyed hash."""

import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.harness import Goal, Result, rate
from registry.crypto.blind_index import BlindIndex
from registry.crypto.sealing import DataKey, Place

COUNT = 5_000
NAME = b"Saint-Exup\xc3\xa9ry"
PLACES = [Place("person", "birth_name", str(row)) for row in range(COUNT)]


def run() -> list[Result]:
    """How many values a second are sealed, opened and indexed."""
    key, secret = DataKey.new(), os.urandom(32)
    bare, nonce, data = AESGCM(secret), os.urandom(12), b"x" * 64
    padded = NAME.ljust(32, b"\0")
    sealed = [key.seal(NAME, place) for place in PLACES]
    closed = bare.encrypt(nonce, padded, data)
    index = BlindIndex(os.urandom(32), table="person", index="name", epoch=1)

    def seal() -> None:
        for place in PLACES:
            key.seal(NAME, place)

    def unseal() -> None:
        for place, blob in zip(PLACES, sealed, strict=True):
            key.unseal(blob, place)

    def find() -> None:
        for _ in range(COUNT):
            index.digest(NAME)

    return [
        compare("seal", seal, lambda: bare.encrypt(os.urandom(12), padded, data), at_least=0.25),
        compare("unseal", unseal, lambda: bare.decrypt(nonce, closed, data), at_least=0.25),
        compare(
            "blind index",
            find,
            lambda: hmac.new(secret, NAME, hashlib.sha256).digest(),
            at_least=0.5,
        ),
    ]


def compare(
    name: str, ours: Callable[[], None], floor: Callable[[], Any], *, at_least: float
) -> Result:
    """Our work on COUNT values and the bare primitive the same number of times."""

    def bare() -> None:
        for _ in range(COUNT):
            floor()

    figure, spread = rate(ours, COUNT)
    return Result(
        name=name,
        figure=figure,
        unit="values/s",
        floor=rate(bare, COUNT)[0],
        goal=Goal("ratio", at_least=at_least),
        spread=spread,
    )
