"""The hash chain: what is hashed, in which form, and how it is checked.

``digest = SHA-256(0x00 ‖ previous ‖ canonical JSON of the entry)``
(reference: RFC 6962 leaf prefix, so that a Merkle tree may later be built on
the same digests).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = bytes(32)

#: The fields that the digest covers, besides the one before it.
FIELDS = (
    "seq",
    "at",
    "actor_id",
    "actor_login",
    "tag",
    "object_ref",
    "site_id",
    "reason",
    "request_id",
    "details",
)


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The one byte string of an entry: sorted keys, no spaces, UTC microseconds."""

    return _ENCODER.encode({name: entry[name] for name in FIELDS}).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    raise TypeError(f"{type(value).__name__} has no canonical form")


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
)


def digest(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    """The entry's 32-byte digest after `previous`."""
    return hashlib.sha256(b"\x00" + previous + canonical(entry)).digest()


@dataclass(frozen=True)
class Break:
    """The first place where the record is not what was written."""

    seq: int
    what: str


@dataclass(frozen=True)
class Verification:
    """What a walk over the chain found: how many entries hold, and the first that does not."""

    entries: int
    head: bytes
    broken: Break | None


def verify(entries: Iterable[Mapping[str, Any]]) -> Verification:
    """Walk the entries in order of ``seq`` and recompute every digest.

    Finds a changed, removed, inserted or reordered entry.  An entry cut off
    the end is found only against a count or digest kept elsewhere.
    """
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry["seq"] != expected:
            return Verification(expected - 1, previous, Break(expected, "missing"))
        if entry["previous"] != previous:
            return Verification(expected - 1, previous, Break(expected, "detached"))
        if entry["digest"] != digest(previous, entry):
            return Verification(expected - 1, previous, Break(expected, "changed"))
        previous = entry["digest"]
        expected += 1
    return Verification(expected - 1, previous, None)
