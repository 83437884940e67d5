"""A backup of the key file that no single person can open.

The content is sealed with a random backup key; that key is split into shares
(SLIP-39: Shamir's scheme, written as words with a checksum), of which any few
give it back and fewer tell nothing.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from registry.crypto.errors import KeysUnusable, SealBroken, SharesUnusable
from registry.crypto.keyset import KEY_BYTES
from registry.crypto.sealing import DataKey, Place

SHARES_MAX = 16
_FORMAT = 1
_PLACE = Place("key_backup", "identity.json", "1")


@dataclass(frozen=True, repr=False)
class Split:
    """A sealed backup and the words that open it."""

    backup: bytes
    shares: Sequence[str]


def split(content: bytes, *, shares: int, needed: int, passphrase: str = "") -> Split:
    """Seal `content` and split its key: any `needed` of the `shares` open it again.

    Every combination was tried before it is returned.

    :raises SharesUnusable: the numbers or the passphrase cannot be used.
    """
    if not 2 <= needed <= shares <= SHARES_MAX:
        raise SharesUnusable(f"2 or more shares must be needed, of at most {SHARES_MAX}")
    secret = os.urandom(KEY_BYTES)
    try:
        (words,) = generate_mnemonics(1, [(needed, shares)], secret, passphrase.encode())
    except ValueError:
        raise SharesUnusable("a passphrase has letters and signs without accents only") from None
    sealed = {
        "format": _FORMAT,
        "content": b64encode(DataKey(secret).seal(content, _PLACE)).decode(),
    }
    made = Split(json.dumps(sealed, indent=2).encode("ascii"), words)
    for some in combinations(words, needed):
        if join(made.backup, some, passphrase=passphrase) != content:
            raise SharesUnusable("the shares do not open the backup: split it again")
    return made


def needed_with(share: str) -> int:
    """How many shares are needed where this is one of them.

    :raises SharesUnusable: it is no share, or was not written down right.
    """
    try:
        needed: int = Share.from_mnemonic(share).member_threshold
    except MnemonicError as error:
        raise SharesUnusable(f"this is not a share: {error}") from None
    return needed


def join(backup: bytes, shares: Sequence[str], *, passphrase: str = "") -> bytes:
    """What was sealed in the backup.

    :raises SharesUnusable: too few shares, of another backup, or another passphrase.
    :raises KeysUnusable: the backup is damaged.
    """
    try:
        held = json.loads(backup)
        sealed = b64decode(held["content"], validate=True)
        if held["format"] != _FORMAT:
            raise KeysUnusable("the backup has an unknown format")
    except (ValueError, KeyError, TypeError):
        raise KeysUnusable("the backup is damaged: take another copy of it") from None
    try:
        return DataKey(combine_mnemonics(shares, passphrase.encode())).unseal(sealed, _PLACE)
    except MnemonicError as error:
        raise SharesUnusable(f"the shares do not fit together: {error}") from None
    except (SealBroken, ValueError):
        raise SharesUnusable(
            "the shares do not open this backup: they are another's, or the passphrase is wrong"
        ) from None
