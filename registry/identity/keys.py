"""The vault's keys, once it is open: everything else of the package asks here.

Several numbers of one purpose may be held at once, while keys are changed.
What is sealed names its key.  What is indexed is written under every number
where a row can have several entries, under the active number where it has
one, and is always looked for under all of them.
"""

from collections.abc import Callable, Collection, Iterable

from registry.crypto.blind_index import UNIQUE_BITS, BlindIndex
from registry.crypto.derivation import derive
from registry.crypto.encoding import framed
from registry.crypto.errors import UnknownKey
from registry.crypto.keyring import VaultKeys
from registry.crypto.keyset import KeySet
from registry.crypto.pseudonyms import ProjectPseudonyms
from registry.crypto.sealing import DataKey, FileKeyWrapper, KeyWrapper, Place
from registry.identity.likeness import BlockingKey, Likeness
from registry.kernel.errors import Unavailable
from registry.kernel.messages import T

# An index shorter than the number of entries makes strangers share them; each chance
# sharer costs one decryption.  24 bits: one in every fifteenth key at a million persons.
# The key of both names has no date to split what is frequent: with 18 bits, strangers
# hide the commonest pairs from whoever steals the index and knows how frequent names are.
_KEY_BITS = dict.fromkeys(BlockingKey, 24) | {
    BlockingKey.IDENTIFIER: 40,
    BlockingKey.BOTH_NAMES: 18,
}
_KIND_SHIFT, EPOCH_SHIFT = 40, 48
_KIND_MASK = 0xFF
_CHECK_SALT = b"check/v1"
_ANSWER_BYTES = 16
#: The purposes whose keys wrap data keys, and those whose keys can be changed at all: a
#: project's pseudonyms are made with the first key for ever.
WRAPPING = ("encryption", "national")
ROTATED = (*WRAPPING, "index")


def is_of_number(token: int) -> bool:
    """Whether a record has this token because of its hospital number."""
    return token >> _KIND_SHIFT & _KIND_MASK == BlockingKey.IDENTIFIER


def wrong_keys() -> Unavailable:
    """What is said when the keys are not those that the vault was sealed with."""
    return Unavailable(
        T(
            "The identity vault is closed: its key file is not the one it was sealed with. "
            "Samples, storage and requests still work. Tell the administrator."
        )
    )


class KeyedIndex:
    """One index of one table under every held number of the index key."""

    __slots__ = ("_by_number", "active", "numbered")

    def __init__(self, keys: KeySet, table: str, name: str, bits: int = UNIQUE_BITS) -> None:
        #: The number under which a row with room for one digest is written.
        self.active = keys.active
        newest_first = sorted(keys.keys, reverse=True)
        self._by_number = {
            number: BlindIndex(keys.get(number), table=table, index=name, epoch=number, bits=bits)
            for number in newest_first
        }
        #: Each key number as a token begins with it, and what gives the truncated index under it.
        self.numbered = [
            (number << EPOCH_SHIFT, index.number) for number, index in self._by_number.items()
        ]

    def digest(self, value: bytes) -> bytes:
        """What is written for `value` where there is room for one digest."""
        return self._by_number[self.active].digest(value)

    def digests(self, value: bytes) -> list[bytes]:
        """Everything that `value` may have been written as: what to look for."""
        return [index.digest(value) for index in self._by_number.values()]


class _FollowingWrapper:
    """Wraps with the keys it was given; unwraps with newer ones too, once they are there.

    A row may be read that another process has just wrapped under a key which
    this one has not heard of: the keys are then read again, and the blob's
    header alone still says which one opens it.
    """

    def __init__(self, keys: KeySet, newer: Callable[[], KeyWrapper | None]) -> None:
        self._own = FileKeyWrapper(keys)
        self._newer = newer

    def wrap(self, key: DataKey, place: Place) -> bytes:
        """The data key, sealed under the active key-encryption key."""
        return self._own.wrap(key, place)

    def unwrap(self, blob: bytes, place: Place) -> DataKey:
        """The data key that was wrapped at `place`; raises as :class:`FileKeyWrapper` does."""
        try:
            return self._own.unwrap(blob, place)
        except UnknownKey:
            newer = self._newer()
            if newer is None or newer is self:
                raise
        return newer.unwrap(blob, place)


class OpenVault:
    """What the vault's keys can do, each key with its one purpose."""

    def __init__(
        self, keys: VaultKeys, newer: Callable[[], "OpenVault | None"] = lambda: None
    ) -> None:
        self._keys = keys
        self._newer = newer
        self._narrowed: dict[frozenset[int], OpenVault] = {}
        self.answers = _answers(keys)
        self.wrapper: KeyWrapper = _FollowingWrapper(
            keys.encryption, lambda: found.wrapper if (found := newer()) else None
        )
        #: Wraps the data keys of the national identifiers, and of nothing else.
        self.national_wrapper: KeyWrapper = _FollowingWrapper(
            keys.national, lambda: found.national_wrapper if (found := newer()) else None
        )
        self.key_number = keys.encryption.active
        self.national_key_number = keys.national.active
        self.index_number = keys.index.active
        self._blocking = {
            key: self.index("index_entry", key.name.lower(), _KEY_BITS[key]).numbered
            for key in BlockingKey
        }
        self._number = self.index("hospital_identifier", "value")
        self._content = self.index("identity_record", "content_digest")
        self._source = self.index("source_row", "row_digest")

    def index(self, table: str, name: str, bits: int = UNIQUE_BITS) -> KeyedIndex:
        """The index of this name, with keys of its own: for a sub-package's own table."""
        return KeyedIndex(self._keys.index, table, name, bits)

    def held(self, purpose: str) -> KeySet:
        """The keys of one purpose, for the change of keys alone."""
        return self._keys.of(purpose)

    def without(self, numbers: Collection[int]) -> "OpenVault":
        """The same without these numbers of the index key: nothing is written under them."""
        dropped = frozenset(numbers).intersection(self._keys.index.keys)
        if not dropped:
            return self
        if dropped not in self._narrowed:
            index = self._keys.index
            for number in dropped:
                index = index.without(number)
            self._narrowed[dropped] = OpenVault(self._keys.changed("index", index), self._newer)
        return self._narrowed[dropped]

    def tokens_for(self, key: BlockingKey, value: str) -> list[int]:
        """The numbers under which a value of this kind may be indexed."""
        encoded = value.encode()
        kind = key << _KIND_SHIFT
        return [epoch | kind | number(encoded) for epoch, number in self._blocking[key]]

    def tokens(self, likeness: Likeness) -> list[int]:
        """Every number under which this identity may be found: what to search."""
        found: set[int] = set()
        for key, value in likeness.blocking_keys():
            found.update(self.tokens_for(key, value))
        return list(found)

    def tokens_to_write(self, likeness: Likeness) -> list[int]:
        """Every number under which this identity is indexed: one of each held key, so that
        whoever holds any of them finds it.
        """
        return self.tokens(likeness)

    def number_index(self, site: str, number: str) -> bytes:
        """The unique index of a hospital number at its site, as it is written."""
        return self._number.digest(framed(site.encode(), number.encode()))

    def number_indexes(self, site: str, number: str) -> list[bytes]:
        """Everything that a hospital number may have been indexed as: what to look for."""
        return self._number.digests(framed(site.encode(), number.encode()))

    def content_digest(self, parts: Iterable[str]) -> bytes:
        """The keyed digest of everything in a record, to know the same one again."""
        return self._content.digest(_joined(parts))

    def content_digests(self, parts: Iterable[str]) -> list[bytes]:
        """Every digest that the same record may have been written with."""
        return self._content.digests(_joined(parts))

    def row_digest(self, system: str, row: str) -> bytes:
        """The keyed digest of another system's row number, which may itself identify."""
        return self._source.digest(framed(system.encode(), row.encode()))

    def row_digests(self, system: str, row: str) -> list[bytes]:
        """Every digest that the row number may have been written as."""
        return self._source.digests(framed(system.encode(), row.encode()))

    def pseudonyms(self, application: str) -> ProjectPseudonyms:
        """The pseudonyms of one application's project.

        Made with the first key, whichever is active: another one would keep a
        renewed extract from being joined to the first.
        """
        held = self._keys.pseudonyms
        return ProjectPseudonyms(held.get(min(held.keys)), application=application)


def _joined(parts: Iterable[str]) -> bytes:
    return framed(*(part.encode() for part in parts))


def _answers(keys: VaultKeys) -> dict[tuple[str, int], bytes]:
    """What each key answers when it is checked; the answer tells nothing about the key."""
    return {
        (purpose, number): derive(secret, _CHECK_SALT, purpose, str(number))[:_ANSWER_BYTES]
        for purpose in VaultKeys.PURPOSES
        for number, secret in getattr(keys, purpose).keys.items()
    }
