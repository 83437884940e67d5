"""The key files: ``identity.json`` opens the vault, ``registry.json`` serves everything else.

Two files because two trusts: whoever runs the registry without the vault
never needs, nor gets, the first.
"""

import base64
import binascii
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from registry.crypto.errors import KeysExist, KeysExposed, KeysMissing, KeysUnusable
from registry.crypto.keyset import KEY_BYTES, KeySet

_FORMAT = 2
_FILE_MODE = 0o600
_DIRECTORY_MODE = 0o700


@dataclass(frozen=True)
class VaultKeys:
    """What opens the identity vault.

    ``encryption`` wraps each person's data key, ``national`` those of the
    national identifiers; ``index`` makes the blind indexes and its key numbers
    are the index epochs; ``pseudonyms`` makes the projects' codes.  None can be
    derived from another.
    """

    encryption: KeySet
    index: KeySet
    national: KeySet
    pseudonyms: KeySet

    FILE = "identity.json"
    PURPOSES = ("encryption", "index", "national", "pseudonyms")


@dataclass(frozen=True)
class RegistryKeys:
    """The secrets of everything outside the vault, one set for each purpose."""

    accounts: KeySet
    audit: KeySet
    documents: KeySet
    signing: KeySet

    FILE = "registry.json"
    PURPOSES = ("accounts", "audit", "documents", "signing")


@dataclass(frozen=True)
class Keyring:
    """The directory that holds the key files."""

    directory: Path

    @classmethod
    def generate(cls, directory: Path) -> Self:
        """Draw new keys and write both files, readable by their owner alone.

        :raises KeysExist: one of the files is already there; neither is touched.
        """
        for kind in (VaultKeys, RegistryKeys):
            if (directory / kind.FILE).exists():
                raise KeysExist(f"{kind.FILE} is already there and is not overwritten")
        directory.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
        for kind in (VaultKeys, RegistryKeys):
            _write_new(directory / kind.FILE, _fresh(kind.PURPOSES))
        return cls(directory)

    def vault(self) -> VaultKeys:
        """The keys of the identity vault.

        :raises KeysMissing: there is no such file; the vault stays closed.
        :raises KeysExposed: others than the owner can reach the file.
        :raises KeysUnusable: the file is damaged or a key is weak.
        """
        return VaultKeys(**_read(self.directory / VaultKeys.FILE, VaultKeys.PURPOSES))

    def registry(self) -> RegistryKeys:
        """The keys of everything else; raises as :meth:`vault` does."""
        return RegistryKeys(**_read(self.directory / RegistryKeys.FILE, RegistryKeys.PURPOSES))


def _fresh(purposes: Iterable[str]) -> dict[str, Any]:
    def new_set() -> dict[str, Any]:
        secret = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        return {"active": 1, "keys": {"1": secret}}

    return {"format": _FORMAT, **{purpose: new_set() for purpose in purposes}}


def _write_new(path: Path, content: Mapping[str, Any]) -> None:
    """Write beside and link into place: never half a file, never over another one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(content, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_FILE_MODE)
        path.hardlink_to(beside)
    except FileExistsError:
        raise KeysExist(f"{path.name} is already there and is not overwritten") from None
    finally:
        beside.unlink()
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _check_not_exposed(file: os.stat_result, directory: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(file.st_mode):
        raise KeysExposed(f"{name} is not a regular file")
    if file.st_uid != os.geteuid():
        raise KeysExposed(f"{name} belongs to another user than the one who runs the registry")
    if stat.S_IMODE(file.st_mode) & 0o177:
        raise KeysExposed(f"{name} must be readable by its owner alone: chmod 600 {name}")
    if directory.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KeysExposed(f"others can replace {name}: chmod 700 its directory")


def _read(path: Path, purposes: Iterable[str]) -> dict[str, KeySet]:
    try:
        # Checked on the open file, so that it cannot be swapped between check and use.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeysMissing(f"{path.name} is not in the key directory") from None
    except OSError as error:
        raise KeysExposed(f"{path.name} cannot be opened: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        _check_not_exposed(os.fstat(handle), path.parent.stat(), path.name)
        raw = file.read()
    try:
        content = json.loads(raw)
        if content["format"] != _FORMAT:
            raise KeysUnusable(f"{path.name} has an unknown format")
        sets = {purpose: _key_set(content[purpose]) for purpose in purposes}
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        # The cause would quote what it could not read, that is, a key.
        raise KeysUnusable(f"{path.name} is damaged: restore it from its backup") from None
    _check_all_different(sets.values(), path.name)
    return sets


def _key_set(content: Mapping[str, Any]) -> KeySet:
    keys = {
        int(kid): base64.b64decode(secret, validate=True) for kid, secret in content["keys"].items()
    }
    return KeySet(keys, content["active"])


def _check_all_different(sets: Iterable[KeySet], name: str) -> None:
    every = [secret for keys in sets for secret in keys.keys.values()]
    if len(set(every)) != len(every):
        raise KeysUnusable(f"{name} uses one key for two purposes")
