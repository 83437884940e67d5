"""What can go wrong with a key or a sealed value; none of these carries a secret."""


class CryptoError(Exception):
    """A key or a sealed value cannot be used."""


class KeysMissing(CryptoError):
    """The key file is not there: what it opens stays closed."""


class KeysExist(CryptoError):
    """A key file is already there; writing over it would lose what it sealed."""


class KeysExposed(CryptoError):
    """Somebody else than the owner can reach the key file."""


class KeysUnusable(CryptoError):
    """The key file is damaged, or holds a key that is too weak."""


class KeysReadOnly(CryptoError):
    """The keys come from where this program cannot write; says how to change them by hand."""


class TokenUnusable(CryptoError):
    """The hardware token is not there, does not let us in, or lacks the key."""


class SharesUnusable(CryptoError):
    """The shares of a backup key do not fit together."""


class UnknownKey(CryptoError):
    """The blob names a key that this keyring does not hold."""

    def __init__(self, kid: int) -> None:
        super().__init__(f"key number {kid} is not in the keyring")
        self.kid = kid


class SealBroken(CryptoError):
    """The blob was changed, stored in another place, or sealed with another key.

    ``place`` says where it was read: ``table.column:row``, never what it holds.
    """

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(f"{sentence} ({place})" if place else sentence)
        self.place = place
