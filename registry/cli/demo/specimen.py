"""A specimen of a scanned form: grey lines, two boxes, a scrawl; nothing to read but a code.

Each is another file, as the scan of another paper would be.
"""

import zlib
from functools import cache

_WIDTH, _HEIGHT = 420, 594
_MARGIN, _LINE_EVERY, _INK, _PAPER, _GREY = 40, 22, 40, 250, 190
_BOXES = range(180, 420, 60)


def scan(code: str) -> bytes:
    """The scan of the form with this code, as PNG."""
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(
                b"IHDR",
                _WIDTH.to_bytes(4, "big") + _HEIGHT.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0]),
            ),
            _chunk(b"tEXt", b"Comment\x00Specimen " + code.encode("ascii")),
            _chunk(b"IDAT", _page()),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + kind + data + check


@cache
def _page() -> bytes:
    rows = (bytes(_shade(x, y) for x in range(_WIDTH)) for y in range(_HEIGHT))
    return zlib.compress(b"".join(b"\x00" + row for row in rows), 9)


def _shade(x: int, y: int) -> int:
    """How bright the page is at a point."""
    inside = _MARGIN <= x < _WIDTH - _MARGIN and _MARGIN <= y < _HEIGHT - _MARGIN
    if not inside:
        return _PAPER
    for top in _BOXES:
        if top <= y <= top + 14 and _MARGIN <= x <= _MARGIN + 14:
            on_edge = y in (top, top + 14) or x in (_MARGIN, _MARGIN + 14)
            return _INK if on_edge or x - _MARGIN == y - top else _PAPER
    if _HEIGHT - 110 <= y < _HEIGHT - 60 and 240 <= x < 360:
        wave = _HEIGHT - 85 + (abs((x * 3) % 60 - 30) - 15) * (1 - (x - 240) / 160)
        return _INK if abs(y - wave) <= 1 else _PAPER
    return _GREY if y % _LINE_EVERY < 3 and x < _WIDTH - _MARGIN - (y * 7) % 90 else _PAPER
