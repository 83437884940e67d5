"""The key files: ``identity.json`` opens the vault, ``registry.json`` serves everything else.

Two files because two trusts: whoever runs the registry without the vault
never needs, nor gets, the first.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from registry.crypto.errors import KeysExist, KeysUnusable
from registry.crypto.keyset import KEY_BYTES, KeySet
from registry.crypto.sources import EnvironmentSource, FileSource, KeySource
from registry.crypto.token import SEALED_FILE, Token, TokenSettings, TokenSource

_FORMAT = 2
_DIRECTORY_MODE = 0o700


class KeySettings(Protocol):
    """What the settings say of keys."""

    @property
    def keys_dir(self) -> Path:
        """The directory of the key files."""

    @property
    def vault_keys(self) -> str | None:
        """The vault's key file in base 64, instead of the file."""

    @property
    def registry_keys(self) -> str | None:
        """The other key file in base 64, instead of the file."""

    @property
    def token_key(self) -> TokenSettings | None:
        """The hardware token's key that seals the vault's key file."""


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

    FILE: ClassVar = "identity.json"
    PURPOSES: ClassVar = ("encryption", "index", "national", "pseudonyms")

    @classmethod
    def read(cls, source: KeySource) -> Self:
        """The keys that `source` holds; raises as :meth:`KeySource.read` does."""
        return cls.decoded(source.read(), source.name)

    @classmethod
    def decoded(cls, content: bytes, name: str) -> Self:
        """The keys of a key file's content, which people know by `name`.

        :raises KeysUnusable: it is damaged, or a key is weak.
        """
        return cls(**_decoded(content, cls.PURPOSES, name))

    def of(self, purpose: str) -> KeySet:
        """The keys of one purpose."""
        found: KeySet = getattr(self, purpose)
        return found

    def changed(self, purpose: str, keys: KeySet) -> "VaultKeys":
        """The same with other keys of one purpose."""
        return replace(self, **{purpose: keys})

    def encoded(self) -> bytes:
        """The content of a key file that holds them."""
        return _encoded({purpose: self.of(purpose) for purpose in self.PURPOSES})


@dataclass(frozen=True)
class RegistryKeys:
    """The secrets of everything outside the vault, one set for each purpose."""

    accounts: KeySet
    audit: KeySet
    documents: KeySet
    signing: KeySet

    FILE: ClassVar = "registry.json"
    PURPOSES: ClassVar = ("accounts", "audit", "documents", "signing")

    @classmethod
    def read(cls, source: KeySource) -> Self:
        """The keys that `source` holds; raises as :meth:`KeySource.read` does."""
        return cls(**_decoded(source.read(), cls.PURPOSES, source.name))


@dataclass(frozen=True)
class Keyring:
    """Where the two key files are: in one directory, unless a setting says otherwise."""

    directory: Path
    vault_elsewhere: KeySource | None = field(default=None, repr=False)
    registry_elsewhere: KeySource | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: KeySettings) -> Self:
        """The keyring of a registry's settings."""
        token = settings.token_key
        vault: KeySource | None = None
        if settings.vault_keys:
            vault = EnvironmentSource("REGISTRY_VAULT_KEYS", settings.vault_keys)
        elif token:
            vault = TokenSource(FileSource(settings.keys_dir / SEALED_FILE), Token(token))
        registry = (
            EnvironmentSource("REGISTRY_KEYS", settings.registry_keys)
            if settings.registry_keys
            else None
        )
        return cls(settings.keys_dir, vault, registry)

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
            FileSource(directory / kind.FILE).write_new(_fresh(kind.PURPOSES))
        return cls(directory)

    @property
    def vault_source(self) -> KeySource:
        """Where the vault's keys are."""
        return self.vault_elsewhere or FileSource(self.directory / VaultKeys.FILE)

    @property
    def registry_source(self) -> KeySource:
        """Where the keys of everything else are."""
        return self.registry_elsewhere or FileSource(self.directory / RegistryKeys.FILE)

    def vault(self) -> VaultKeys:
        """The keys of the identity vault; raises as :meth:`KeySource.read` does."""
        return VaultKeys.read(self.vault_source)

    def registry(self) -> RegistryKeys:
        """The keys of everything else; raises as :meth:`KeySource.read` does."""
        return RegistryKeys.read(self.registry_source)


def _fresh(purposes: Iterable[str]) -> bytes:
    return _encoded(
        {purpose: KeySet({1: secrets.token_bytes(KEY_BYTES)}, active=1) for purpose in purposes}
    )


def _encoded(sets: Mapping[str, KeySet]) -> bytes:
    content = {
        purpose: {
            "active": keys.active,
            "keys": {
                str(number): base64.b64encode(secret).decode()
                for number, secret in sorted(keys.keys.items())
            },
        }
        for purpose, keys in sets.items()
    }
    return json.dumps({"format": _FORMAT, **content}, indent=2).encode("ascii")


def _decoded(raw: bytes, purposes: Iterable[str], name: str) -> dict[str, KeySet]:
    try:
        content = json.loads(raw)
        if content["format"] != _FORMAT:
            raise KeysUnusable(f"{name} has an unknown format")
        sets = {purpose: _key_set(content[purpose]) for purpose in purposes}
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        # The cause would quote what it could not read, that is, a key.
        raise KeysUnusable(f"{name} is damaged: restore it from its backup") from None
    _check_all_different(sets.values(), name)
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
