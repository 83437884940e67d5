"""Verifying the journal, against the bare hashes of entries as long."""

import hashlib
import os

from benchmarks.harness import Result, rate
from registry.audit import chain
from registry.kernel import clock

COUNT = 20_000


def run() -> list[Result]:
    """How many entries a second are recomputed."""
    entries, previous = [], chain.GENESIS
    for seq in range(1, COUNT + 1):
        entry = {
            "seq": seq,
            "at": clock.now(),
            "actor_id": 7,
            "actor_login": "technician",
            "tag": "sample:placed",
            "object_ref": "sample:B000000127",
            "site_id": 1,
            "reason": None,
            "request_id": os.urandom(8).hex(),
            "details": {"act": "placed", "box": "BIO-SER-017", "cell": "C7"},
            "previous": previous,
        }
        previous = entry["digest"] = chain.digest(previous, entry)
        entries.append(entry)
    length = len(chain.canonical(entries[0]))
    plain = os.urandom(length + 33)

    def bare() -> None:
        for _ in range(COUNT):
            hashlib.sha256(plain).digest()

    figure, spread = rate(lambda: chain.verify(entries), COUNT)
    floor, _ = rate(bare, COUNT)
    return [Result("verify", figure, "entries/s", floor=floor, spread=spread)]
