"""Keyed digests: what is only ever compared, never read back.

Without the key nobody can try all addresses or all sign-in names against them.
"""

import hashlib
import hmac

from registry.crypto.derivation import derive
from registry.crypto.keyset import KeySet

_SALT = b"accounts/v1"
_keys: KeySet | None = None


def use_keys(keys: KeySet) -> None:
    """Digest with these keys from now on; set once by the composition root."""
    global _keys  # noqa: PLW0603 - one key set per process
    _keys = keys


def keyed(purpose: str, *values: str) -> str:
    """The digest of `values` for `purpose`, as 64 hexadecimal characters."""
    if _keys is None:
        raise RuntimeError("the accounts have no keys: registry.accounts.digests.use_keys")
    message = "\x1f".join(values).encode("utf-8", "surrogatepass")
    return hmac.new(derive(_keys.secret, _SALT, purpose), message, hashlib.sha256).hexdigest()
