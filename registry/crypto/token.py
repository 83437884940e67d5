"""Keys under a hardware token: the key file is sealed by a key that never leaves the token.

The file holds a random file key, encrypted inside the token with AES-CBC (what
every token with AES keys can do), and the key file's content, sealed with that
file key by AES-256-GCM.  Whoever changes either part gets a file that does not
open: the seal is bound to the encrypted file key as well.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Protocol, TypeVar

from registry.crypto.errors import KeysUnusable, SealBroken, TokenUnusable
from registry.crypto.keyset import KEY_BYTES
from registry.crypto.sealing import DataKey, Place
from registry.crypto.sources import FileSource

SEALED_FILE = "identity.sealed"
_FORMAT = 1
_IV_BYTES = 16
_AES_BITS = 256
_one_at_a_time = Lock()

R = TypeVar("R")


class TokenSettings(Protocol):
    """Which key of which token, and how to be let in."""

    @property
    def module(self) -> str:
        """The path of the maker's PKCS#11 library."""

    @property
    def token(self) -> str:
        """The token's label."""

    @property
    def key(self) -> str:
        """The label of the AES key on the token."""

    @property
    def pin(self) -> str:
        """The user's PIN."""


@dataclass(frozen=True)
class Token:
    """One AES key of one token."""

    settings: TokenSettings = field(repr=False)

    def make_key(self) -> None:
        """Make the key on the token, where it stays; nothing when it is there already.

        :raises TokenUnusable: the token cannot be reached or makes no such key.
        """

        def make(session: Any, pkcs11: Any) -> None:
            label = self.settings.key
            attribute = pkcs11.Attribute
            wanted = {attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY, attribute.LABEL: label}
            if not list(session.get_objects(wanted)):
                session.generate_key(
                    pkcs11.KeyType.AES,
                    _AES_BITS,
                    label=label,
                    store=True,
                    template={
                        attribute.SENSITIVE: True,
                        attribute.EXTRACTABLE: False,
                        attribute.ENCRYPT: True,
                        attribute.DECRYPT: True,
                        attribute.WRAP: False,
                        attribute.UNWRAP: False,
                    },
                )

        self._inside(make, writes=True)

    def encrypt(self, secret: bytes) -> bytes:
        """The secret, encrypted inside the token."""
        vector = os.urandom(_IV_BYTES)

        def work(session: Any, pkcs11: Any) -> bytes:
            encrypted: bytes = self._key(session, pkcs11).encrypt(
                secret, mechanism=pkcs11.Mechanism.AES_CBC_PAD, mechanism_param=vector
            )
            return vector + encrypted

        return self._inside(work)

    def decrypt(self, encrypted: bytes) -> bytes:
        """What was encrypted inside the token."""

        def work(session: Any, pkcs11: Any) -> bytes:
            secret: bytes = self._key(session, pkcs11).decrypt(
                encrypted[_IV_BYTES:],
                mechanism=pkcs11.Mechanism.AES_CBC_PAD,
                mechanism_param=encrypted[:_IV_BYTES],
            )
            return secret

        return self._inside(work)

    def _key(self, session: Any, pkcs11: Any) -> Any:
        return session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=self.settings.key)

    def _inside(self, work: Callable[[Any, Any], R], *, writes: bool = False) -> R:
        """Do `work` in a session of its own, which ends with it."""
        # Only a process with a token needs its library.
        import pkcs11

        try:
            with _one_at_a_time, _library(pkcs11, self.settings.module) as library:
                token = library.get_token(token_label=self.settings.token)
                with token.open(user_pin=self.settings.pin, rw=writes) as session:
                    return work(session, pkcs11)
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            # What a library says of itself never holds a PIN, but may be empty.
            raise TokenUnusable(
                f"the token {self.settings.token} cannot be used: {type(error).__name__}. Check "
                "the module, the labels and the PIN"
            ) from None


@contextmanager
def _library(pkcs11: Any, module: str) -> Iterator[Any]:
    """The maker's library for one piece of work: kept loaded, it would not survive a fork."""
    try:
        yield pkcs11.lib(module)
    finally:
        pkcs11.unload(module)


@dataclass(frozen=True)
class TokenSource:
    """A key file that only the token opens."""

    file: FileSource
    token: Token

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    def read(self) -> bytes:
        """The content, unsealed.

        :raises TokenUnusable: the token cannot be reached, or lacks the key.
        :raises KeysUnusable: the file was changed, or is another token's.
        """
        try:
            held = json.loads(self.file.read())
            wrapped, sealed = b64decode(held["key"]), b64decode(held["content"])
            if held["format"] != _FORMAT:
                raise KeysUnusable(f"{self.name} has an unknown format")
        except (ValueError, KeyError, TypeError):
            raise KeysUnusable(f"{self.name} is damaged: restore it from its backup") from None
        try:
            return _file_key(self.token.decrypt(wrapped)).unseal(sealed, _place(wrapped))
        except SealBroken:
            raise KeysUnusable(f"{self.name} was changed since it was sealed") from None

    def write(self, content: bytes) -> None:
        """Seal the content with a new file key and put the file in place."""
        self.file.write(self._sealed(content))

    def write_new(self, content: bytes) -> None:
        """Seal the content into a file that is not there yet.

        :raises KeysExist: it is there; it is not touched.
        """
        self.file.write_new(self._sealed(content))

    def _sealed(self, content: bytes) -> bytes:
        secret = os.urandom(KEY_BYTES)
        wrapped = self.token.encrypt(secret)
        sealed = DataKey(secret).seal(content, _place(wrapped))
        held = {
            "format": _FORMAT,
            "key": b64encode(wrapped).decode(),
            "content": b64encode(sealed).decode(),
        }
        return json.dumps(held, indent=2).encode("ascii")

    def state(self) -> Hashable:
        """The file's."""
        return self.file.state()


def _file_key(secret: bytes) -> DataKey:
    if len(secret) != KEY_BYTES:
        raise SealBroken("the token gave no key")
    return DataKey(secret)


def _place(wrapped: bytes) -> Place:
    return Place("key_file", SEALED_FILE, wrapped.hex())
