"""The vault's keys, once it is open: everything else of the package asks here."""

from collections.abc import Iterable

from registry.crypto.blind_index import BlindIndex
from registry.crypto.derivation import derive
from registry.crypto.encoding import framed
from registry.crypto.keyring import VaultKeys
from registry.crypto.sealing import FileKeyWrapper, KeyWrapper
from registry.identity.likeness import BlockingKey, Likeness
from registry.kernel.errors import Unavailable
from registry.kernel.messages import T

# An index shorter than the number of persons makes strangers share entries; each
# chance sharer costs one decryption.  20 bits: one per key at a million persons.
_KEY_BITS = dict.fromkeys(BlockingKey, 20) | {BlockingKey.IDENTIFIER: 40}
_KIND_SHIFT, _EPOCH_SHIFT = 40, 48
_CHECK_SALT = b"check/v1"
_ANSWER_BYTES = 16


def wrong_keys() -> Unavailable:
    """What is said when the keys are not those that the vault was sealed with."""
    return Unavailable(
        T(
            "The identity vault is closed: its key file is not the one it was sealed with. "
            "Samples, storage and requests still work. Tell the administrator."
        )
    )


class OpenVault:
    """What the vault's keys can do, each key with its one purpose."""

    def __init__(self, keys: VaultKeys) -> None:
        self.epoch = keys.index.active
        self.answers = _answers(keys)
        self.wrapper: KeyWrapper = FileKeyWrapper(keys.encryption)
        self.key_number = keys.encryption.active
        self._blocking = {
            key: self._index(keys, "index_entry", key.name.lower(), _KEY_BITS[key])
            for key in BlockingKey
        }
        self._number = self._index(keys, "hospital_identifier", "value")
        self._content = self._index(keys, "identity_record", "content_digest")
        self._source = self._index(keys, "source_row", "row_digest")

    def _index(self, keys: VaultKeys, table: str, index: str, bits: int = 128) -> BlindIndex:
        return BlindIndex(keys.index.secret, table=table, index=index, epoch=self.epoch, bits=bits)

    def token(self, key: BlockingKey, value: str) -> int:
        """The number under which a value of this kind is indexed."""
        hashed = self._blocking[key].number(value.encode())
        return self.epoch << _EPOCH_SHIFT | key << _KIND_SHIFT | hashed

    def tokens(self, likeness: Likeness) -> list[int]:
        """Every number under which this identity is found."""
        return list({self.token(key, value) for key, value in likeness.blocking_keys()})

    def number_index(self, site: str, number: str) -> bytes:
        """The unique index of a hospital number at its site."""
        return self._number.digest(framed(site.encode(), number.encode()))

    def content_digest(self, parts: Iterable[str]) -> bytes:
        """The keyed digest of everything in a record, to know the same one again."""
        return self._content.digest(framed(*(part.encode() for part in parts)))

    def row_digest(self, system: str, row: str) -> bytes:
        """The keyed digest of another system's row number, which may itself identify."""
        return self._source.digest(framed(system.encode(), row.encode()))


def _answers(keys: VaultKeys) -> dict[tuple[str, int], bytes]:
    """What each key answers when it is checked; the answer tells nothing about the key."""
    return {
        (purpose, number): derive(secret, _CHECK_SALT, purpose, str(number))[:_ANSWER_BYTES]
        for purpose, held in (("encryption", keys.encryption), ("index", keys.index))
        for number, secret in held.keys.items()
    }


class Vault:
    """The door of the vault: closed until keys are given."""

    def __init__(self) -> None:
        self._open: OpenVault | None = None

    def open(self, keys: VaultKeys | None) -> None:
        """Open with `keys`; with None, close."""
        self._open = None if keys is None else OpenVault(keys)

    @property
    def is_open(self) -> bool:
        """Whether identities can be read and written now."""
        return self._open is not None

    def opened(self) -> OpenVault:
        """What the keys can do.

        :raises Unavailable: there are no keys; nothing is ever done with others.
        """
        if self._open is None:
            raise Unavailable(
                T(
                    "The identity vault is closed: its key is missing or cannot be used. "
                    "Samples, storage and requests still work. Tell the administrator."
                )
            )
        return self._open


#: This process's door: the keys are given once, at the start.
vault = Vault()
