"""The numbered keys of one purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from registry.crypto.errors import KeysUnusable, UnknownKey

KEY_BYTES = 32
#: 32 random bytes have about 30 distinct values; fewer than 16 happens less than
#: once in 2**50 keys.
_DISTINCT_MIN = 16
#: Successive differences of 32 random bytes vary as much; those of a counter do not.
_STEPS_MIN = 12


def check_strength(secret: bytes) -> None:
    """Refuse a key that nobody drew at random.

    :raises KeysUnusable: it has not exactly 32 bytes, repeats itself, counts up
        or is text that somebody typed.
    """
    if len(secret) != KEY_BYTES:
        raise KeysUnusable(f"a key has exactly {KEY_BYTES} bytes, not {len(secret)}")
    steps = {(after - before) % 256 for before, after in pairwise(secret)}
    typed = all(0x20 <= byte < 0x7F for byte in secret)
    if len(set(secret)) < _DISTINCT_MIN or len(steps) < _STEPS_MIN or typed:
        raise KeysUnusable("a key is not random: generate one instead of choosing it")


@dataclass(frozen=True)
class KeySet:
    """Keys of one purpose by number, and the number that new things are made with.

    Older numbers stay until nothing made with them is left.
    """

    keys: Mapping[int, bytes] = field(repr=False)
    active: int

    def __post_init__(self) -> None:
        for kid, secret in self.keys.items():
            if not 0 < kid < 2**32:
                raise KeysUnusable(f"{kid} is not a key number")
            check_strength(secret)
        if self.active not in self.keys:
            raise KeysUnusable(f"the active key, number {self.active}, is missing")
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))

    @property
    def secret(self) -> bytes:
        """The key that new things are made with."""
        return self.keys[self.active]

    def added(self, number: int, secret: bytes) -> "KeySet":
        """The same with one more key, which nothing new is made with yet."""
        return KeySet({**self.keys, number: secret}, self.active)

    def promoted(self, number: int) -> "KeySet":
        """The same, with new things made with the key of this number."""
        return KeySet(self.keys, number)

    def without(self, number: int) -> "KeySet":
        """The same without one key, which may not be the active one."""
        rest = {held: secret for held, secret in self.keys.items() if held != number}
        return KeySet(rest, self.active)

    def get(self, kid: int) -> bytes:
        """The key of this number.

        :raises UnknownKey: there is none; no other key is tried.
        """
        try:
            return self.keys[kid]
        except KeyError:
            raise UnknownKey(kid) from None
