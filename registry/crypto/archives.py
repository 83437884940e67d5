"""A file that leaves the registry: an AES-256 ZIP that any common program opens with its password.

Its key comes from the password by few rounds only (the format's doing), so the
password is made here, of more than 100 random bits, and never chosen.
"""

import io
import secrets

import pyzipper

KEY_BITS = 256
#: Letters and digits that nobody takes for one another, on paper or on the telephone.
_SYMBOLS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUP = 4
_GROUPS = 6


def new_password() -> str:
    """A password of 24 symbols in groups, 118 bits."""
    groups = ("".join(secrets.choice(_SYMBOLS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def sealed_zip(name: str, content: bytes, password: str) -> bytes:
    """A ZIP that holds `content` as the file `name`, made in memory."""
    whole = io.BytesIO()
    with pyzipper.AESZipFile(
        whole, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=KEY_BITS)
        archive.writestr(name, content)
    return whole.getvalue()
