"""Small files that are what they say: a specimen of a scan, and strokes of a signature."""

import hashlib
import zlib

_HEAD = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + check


def png(seed: str = "paper") -> bytes:
    """A grey square as PNG; another one for another seed."""
    shade = hashlib.sha256(seed.encode()).digest()
    rows = b"".join(b"\x00" + shade[:8] for _ in range(8))
    head = (8).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return (
        _HEAD
        + _chunk(b"IHDR", head)
        + _chunk(b"tEXt", b"Comment\x00" + seed.encode())
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def pdf(seed: str = "paper") -> bytes:
    """What begins and ends as a PDF does."""
    return b"%PDF-1.7\n% " + seed.encode() + b"\n%%EOF\n"


def jpeg(seed: str = "paper") -> bytes:
    """What begins and ends as a JPEG does."""
    return b"\xff\xd8\xff\xe0" + seed.encode() + b"\xff\xd9"


#: A signature as the browser sends it: two strokes.
STROKES = (
    "40,120 60,90 80,70 100,95 120,130 140,110 160,80 180,100;220,100 240,60 260,140 280,90 300,100"
)
