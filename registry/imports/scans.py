"""Scans handed in as one ZIP file: read by name, one at a time, never unpacked to disk."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.kernel.errors import InvalidInput
from registry.kernel.messages import T
from registry.vocab import limits


class Scans:
    """The files of the archive, and which of them were used."""

    def __init__(self, archive: zipfile.ZipFile | None) -> None:
        self._archive = archive
        self._files = {} if archive is None else {one.filename: one for one in archive.infolist()}
        self._used: set[str] = set()

    def read(self, name: str, *, field: str) -> bytes:
        """The content of one file.

        :raises InvalidInput: there is none of this name, or it is too large.
        """
        known = self._files.get(name)
        if self._archive is None or known is None or known.is_dir():
            raise InvalidInput(T("The ZIP file holds no file of this name."), field=field)
        if known.file_size > limits.SCAN_BYTES_MAX:
            raise InvalidInput(
                T("The file is larger than {most} MB. Scan with fewer dots or in several files.",
                  most=limits.SCAN_BYTES_MAX // 2**20),
                field=field,
            )  # fmt: skip
        try:
            with self._archive.open(known) as file:
                # The size that the archive names may be a lie: no more than it is read.
                content = file.read(known.file_size + 1)
        except (zipfile.BadZipFile, RuntimeError, OSError):
            raise InvalidInput(T("The file in the ZIP cannot be read."), field=field) from None
        self._used.add(name)
        return content

    @property
    def unused(self) -> int:
        """How many files no row has named."""
        return sum(not one.is_dir() for one in self._files.values()) - len(self._used)


@contextmanager
def opened(path: Path | None) -> Iterator[Scans]:
    """The scans at `path`; none when there is no path.

    :raises InvalidInput: it is no ZIP file.
    """
    if path is None:
        yield Scans(None)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError):
        raise InvalidInput(T("This is no ZIP file that can be read."), field="scans") from None
    with archive:
        yield Scans(archive)
