"""The door of the vault: closed until there are keys, and open with the newest there are."""

import logging
from collections.abc import Hashable
from threading import Lock

from registry.crypto.errors import CryptoError, KeysMissing
from registry.crypto.keyring import VaultKeys
from registry.crypto.sources import KeySource
from registry.identity.keys import OpenVault
from registry.kernel.errors import Unavailable
from registry.kernel.messages import T

log = logging.getLogger("registry.identity")


class Vault:
    """The door of the vault: closed until keys are given or found."""

    def __init__(self) -> None:
        self._open: OpenVault | None = None
        self._source: KeySource | None = None
        self._seen: Hashable = None
        self._reading = Lock()

    def open(self, keys: VaultKeys | None) -> None:
        """Open with `keys` and no others; with None, close."""
        self._source = None
        self._open = None if keys is None else OpenVault(keys)

    def follow(self, source: KeySource) -> None:
        """Open with the keys of `source`, now and whenever they change.

        Without usable keys it stays closed until there are some.
        """
        with self._reading:
            self._open, self._source, self._seen = None, source, source.state()
            self._read(source)

    def _read(self, source: KeySource) -> None:
        try:
            keys = VaultKeys.read(source)
        except KeysMissing:
            log.info("no keys of the identity vault in %s", source.name)
        except CryptoError as error:
            # Keys already in use stay so: a file half copied must not stop the work.
            log.warning("keys of the identity vault cannot be used: %s", error)
        else:
            self._open = OpenVault(keys, self._newer)

    def _newer(self) -> OpenVault | None:
        """What the keys can do now: asked by keys that met a number they do not hold."""
        self._keep_up()
        return self._open

    def _keep_up(self) -> None:
        """Read the keys again if they may have changed: one look at the file's inode."""
        source = self._source
        if source is None or source.state() == self._seen:
            return
        with self._reading:
            state = source.state()
            if state != self._seen:
                self._seen = state
                self._read(source)

    @property
    def is_open(self) -> bool:
        """Whether identities can be read and written now."""
        self._keep_up()
        return self._open is not None

    def opened(self) -> OpenVault:
        """What the keys can do.

        :raises Unavailable: there are no keys; nothing is ever done with others.
        """
        self._keep_up()
        if self._open is None:
            raise Unavailable(
                T(
                    "The identity vault is closed: its key is missing or cannot be used. "
                    "Samples, storage and requests still work. Tell the administrator."
                )
            )
        return self._open


#: This process's door.
vault = Vault()
