"""The file of tombstones: which erasures a restore must carry out again.

It lies outside the databases, so that no restored backup takes it back.  Each
line is one erasure as JSON and holds a digest of itself and of the line
before; a line is on disk before the erasure is committed.  A person whose line
is written is erased: if the commit fails, the next opening of the vault
carries it out.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from registry.kernel.errors import Unavailable
from registry.kernel.messages import T
from registry.vocab.erasure import ErasureGround

#: The digest before the first line.
BEGINNING = "0" * 64

Signature = tuple[int, int, int] | None


@dataclass(frozen=True)
class Tombstone:
    """One erasure, as it is written down and certified; no name, no number of anybody."""

    certificate: str
    person_uid: str
    merged_uids: Sequence[str]
    ground: ErasureGround
    reason: str
    erased_at: datetime
    erased_by: str
    destroyed: dict[str, int]
    key_digests: Sequence[str]
    backups_until: date

    @property
    def uids(self) -> tuple[str, ...]:
        """Everybody who was erased: the person and those merged into it."""
        return (self.person_uid, *self.merged_uids)

    def as_json(self) -> dict[str, Any]:
        """What is written and digested: plain values only."""
        values = asdict(self)
        return {
            **values,
            "ground": self.ground.value,
            "merged_uids": list(self.merged_uids),
            "key_digests": list(self.key_digests),
            "erased_at": self.erased_at.isoformat(),
            "backups_until": self.backups_until.isoformat(),
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Tombstone":
        """The erasure that `as_json` wrote.

        :raises ValueError, KeyError, TypeError: it did not write this.
        """
        given = {one.name: values[one.name] for one in fields(cls)}
        return cls(
            **{
                **given,
                "ground": ErasureGround(given["ground"]),
                "erased_at": datetime.fromisoformat(given["erased_at"]),
                "backups_until": date.fromisoformat(given["backups_until"]),
            }
        )

    @property
    def digest(self) -> str:
        """What tells this erasure from any other: the certificate's verification code."""
        return hashlib.sha256(_canonical(self.as_json())).hexdigest()


def _canonical(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _line(previous: str, tombstone: Tombstone) -> tuple[bytes, str]:
    """The line, and its digest for the next one."""
    linked = {**tombstone.as_json(), "previous": previous}
    digest = hashlib.sha256(_canonical(linked)).hexdigest()
    return _canonical({**linked, "digest": digest}) + b"\n", digest


def read(path: Path) -> list[Tombstone]:
    """Every erasure of a file, oldest first; none where there is no file.

    :raises Unavailable: a line was changed, removed or inserted, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable() from error
    return _checked(content)[0]


def _checked(content: bytes) -> tuple[list[Tombstone], str, int]:
    """The erasures, the last line's digest and where the last whole line ends.

    What follows the last line's end was never synced, so nothing was committed on it.
    """
    whole = content.rfind(b"\n") + 1
    found, previous = [], BEGINNING
    for line in content[:whole].splitlines():
        try:
            tombstone = Tombstone.from_json(json.loads(line))
            expected, digest = _line(previous, tombstone)
        except (ValueError, KeyError, TypeError) as error:
            raise unreadable() from error
        if line + b"\n" != expected:
            raise unreadable()
        found.append(tombstone)
        previous = digest
    return found, previous, whole


def append(path: Path, *added: Tombstone) -> None:
    """Write erasures behind the others; they are on disk when this returns.

    :raises Unavailable: the file was changed, or the disk does not take it.
    """
    try:
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _append_to(file, added)
        if is_new:
            _sync_directory(path.parent)
    except OSError as error:
        raise unreadable() from error


def _append_to(file: BinaryIO, added: Sequence[Tombstone]) -> None:
    _, previous, end = _checked(file.read())
    file.seek(end)
    file.truncate()
    for tombstone in added:
        line, previous = _line(previous, tombstone)
        file.write(line)
    file.flush()
    os.fsync(file.fileno())


def signature(path: Path) -> Signature:
    """What changes when the file does; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unreadable() -> Unavailable:
    """What whoever opens the vault is told while it is not known who was erased."""
    return Unavailable(
        T(
            "The identity vault is closed: the file of erasures cannot be read or was changed, "
            "and nobody who was erased may come back. Tell the administrator."
        )
    )


@dataclass(frozen=True)
class Keeping:
    """Where erasures are written down, and for how long backups may still hold a sealed key."""

    path: Path
    backup_days: int


_keeping: Keeping | None = None


def use(path: Path, *, backup_days: int) -> None:
    """Write erasures down in the file at `path`; set once by the composition root."""
    global _keeping  # noqa: PLW0603 - one file per process
    _keeping = Keeping(path, backup_days)


def keeping() -> Keeping:
    """Where erasures are written down.

    :raises RuntimeError: nobody has said where.
    """
    if _keeping is None:
        raise RuntimeError("erasures have no file: registry.identity.erasure.use")
    return _keeping
