"""Writing the ZIP: the same rows always give the same bytes, in flat memory.

CSV as French spreadsheets read it: semicolons, UTF-8 with its mark, decimal
comma.  No cell is a formula to whichever program opens it.
"""

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, Any, Protocol, cast

from registry.kernel import sheets

#: The only moment that does not change from one writing to the next.
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o100600 << 16


class Sink(Protocol):
    """Where bytes go."""

    def write(self, piece: bytes, /) -> int:
        """Take the next bytes."""

    def flush(self) -> None:
        """Pass on what waits."""


class Digested:
    """Bytes on their way, counted and digested."""

    def __init__(self, sink: Sink | IO[bytes]) -> None:
        self._sink = sink
        self._sha256 = hashlib.sha256()
        self.size = 0

    def write(self, piece: bytes) -> int:
        """Pass the bytes on."""
        self._sha256.update(piece)
        self.size += len(piece)
        return self._sink.write(piece)

    def flush(self) -> None:
        """Pass on what waits."""
        self._sink.flush()

    @property
    def sha256(self) -> str:
        """The digest of everything so far."""
        return self._sha256.hexdigest()


@dataclass(frozen=True)
class Written:
    """A file of the archive, as the manifest lists it."""

    name: str
    rows: int
    bytes: int
    sha256: str


class Archive:
    """A ZIP that is being written into a sink."""

    def __init__(self, sink: Sink) -> None:
        self._whole = Digested(sink)
        # zipfile asks only for `write` and `flush` of what it cannot rewind.
        self._zip = zipfile.ZipFile(cast("IO[bytes]", self._whole), "w", zipfile.ZIP_DEFLATED)
        self.files: list[Written] = []

    @property
    def sha256(self) -> str:
        """The digest of the whole file; final once it is closed."""
        return self._whole.sha256

    def close(self) -> None:
        """Write the table of contents."""
        self._zip.close()

    def add_table(self, name: str, lines: Iterable[Sequence[str]]) -> Written:
        """Write a CSV file; its first line holds the headings and is no row."""
        with self._entry(name) as entry:
            entry.write(sheets.MARK)
            writer = csv.writer(
                _Encoded(entry), delimiter=sheets.DELIMITER, lineterminator=sheets.LINE_END
            )
            number = -1
            for number, line in enumerate(lines):  # noqa: B007 - the last number is the count
                writer.writerow([sheets.neutral(cell) for cell in line])
        return self._note(name, number, entry)

    def add_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file; it is not in the list of files, which it may hold."""
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
        with self._entry(name) as entry:
            entry.write(text.encode() + b"\n")

    def listed(self) -> list[dict[str, Any]]:
        """The files so far, for the manifest."""
        return [asdict(file) for file in self.files]

    @contextmanager
    def _entry(self, name: str) -> Iterator[Digested]:
        info = zipfile.ZipInfo(name, date_time=_NO_MOMENT)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = _PLAIN_FILE
        with self._zip.open(info, "w", force_zip64=True) as entry:
            yield Digested(entry)

    def _note(self, name: str, rows: int, entry: Digested) -> Written:
        written = Written(name, rows, entry.size, entry.sha256)
        self.files.append(written)
        return written


class _Encoded:
    """What the CSV writer writes to."""

    def __init__(self, sink: Digested) -> None:
        self._sink = sink

    def write(self, text: str) -> int:
        return self._sink.write(text.encode())
