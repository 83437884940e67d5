"""Joining byte strings so that no two different lists give the same bytes."""

_LENGTH_BYTES = 4


def framed(*parts: bytes) -> bytes:
    """The parts, each after its length as four big-endian bytes."""
    framing = b""
    for part in parts:
        framing += len(part).to_bytes(_LENGTH_BYTES, "big") + part
    return framing
