"""Where key material comes from: a file, the environment, or a file that a token unseals.

A source hands over the content of a key file whole and takes a new one whole.
Whether the content may have changed is told without reading it, so that a
running process can ask before each unit of work.
"""

import base64
import binascii
import os
import stat
import tempfile
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from registry.crypto.errors import (
    KeysExist,
    KeysExposed,
    KeysMissing,
    KeysReadOnly,
    KeysUnusable,
)

_FILE_MODE = 0o600


class KeySource(Protocol):
    """Where one key file's content is kept."""

    @property
    def name(self) -> str:
        """What people know it by: a file's name or a setting's, never a secret."""

    def read(self) -> bytes:
        """The content.

        :raises KeysMissing: there is none.
        :raises KeysExposed: others than the owner can reach it.
        :raises KeysUnusable: it is damaged.
        """

    def write(self, content: bytes) -> None:
        """Put `content` in the place of what is there, wholly or not at all.

        :raises KeysReadOnly: this program cannot; says how it is done by hand.
        """

    def state(self) -> Hashable:
        """Something that changes whenever the content may have changed."""


@dataclass(frozen=True)
class FileSource:
    """A file that its owner alone can reach."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def read(self) -> bytes:
        """The file, checked while it is open so that it cannot be exchanged in between."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise KeysMissing(f"{self.name} is not in the key directory") from None
        except OSError as error:
            raise KeysExposed(f"{self.name} cannot be opened: {error.strerror}") from None
        with os.fdopen(handle, "rb") as file:
            _check_not_exposed(os.fstat(handle), self.path.parent.stat(), self.name)
            return file.read()

    def write(self, content: bytes) -> None:
        """Write beside the file and put the whole in its place."""
        beside = _beside(self.path, content)
        beside.replace(self.path)
        _settle(self.path.parent)

    def write_new(self, content: bytes) -> None:
        """Write the file where there is none.

        :raises KeysExist: there is one; it is not touched.
        """
        beside = _beside(self.path, content)
        try:
            self.path.hardlink_to(beside)
        except FileExistsError:
            raise KeysExist(f"{self.name} is already there and is not overwritten") from None
        finally:
            beside.unlink()
        _settle(self.path.parent)

    def state(self) -> Hashable:
        """The file's number, length and last change; None while there is no file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(frozen=True)
class EnvironmentSource:
    """A setting that holds the content in base 64: given once, at the start of the process."""

    name: str
    text: str = field(repr=False)

    def read(self) -> bytes:
        """The content."""
        try:
            return base64.b64decode("".join(self.text.split()), validate=True)
        except binascii.Error:
            raise KeysUnusable(f"{self.name} is not the base 64 of a key file") from None

    def write(self, content: bytes) -> None:
        """Refuse: no process can change another's environment."""
        raise KeysReadOnly(
            f"the keys come from {self.name}, which no program can change. Add --out FILE, put "
            f"the content of FILE into {self.name} wherever the registry runs, start every "
            "process anew, and destroy FILE"
        )

    def state(self) -> Hashable:
        """Always the same."""
        return self.name


def encoded_for_setting(content: bytes) -> bytes:
    """A key file's content as a setting holds it: one line of base 64."""
    return base64.b64encode(content) + b"\n"


def _beside(path: Path, content: bytes) -> Path:
    """A file of the same directory with this content, on disk, its owner's alone."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_FILE_MODE)
    except BaseException:
        beside.unlink()
        raise
    return beside


def _settle(directory: Path) -> None:
    """Make a change of the directory survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_not_exposed(file: os.stat_result, directory: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(file.st_mode):
        raise KeysExposed(f"{name} is not a regular file")
    if file.st_uid != os.geteuid():
        raise KeysExposed(f"{name} belongs to another user than the one who runs the registry")
    if stat.S_IMODE(file.st_mode) & 0o177:
        raise KeysExposed(f"{name} must be readable by its owner alone: chmod 600 {name}")
    if directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KeysExposed(f"others can replace {name}: chmod 700 its directory")
