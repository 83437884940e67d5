"""Links for people without an account: an address and a code, for a while.

Always true here: of the address only the SHA-256 is kept, of the code a digest
under a key that is not in the database; wrong codes are counted on the link for
good, and by address and link within a window; whoever fails learns nothing.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.accounts import attempts
from registry.accounts.digests import keyed
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, TooManyAttempts, Unauthenticated
from registry.kernel.messages import Message, T
from registry.persistence import UtcDateTime
from registry.vocab import limits
from registry.vocab.dossiers import LinkState

DIGEST_LENGTH = 64
_TOKEN = re.compile(r"[a-z2-7]{32}")


class LinkColumns:
    """What every table of links holds; neither the address nor the code can be read back."""

    #: SHA-256 of the random part of the address.
    token_digest: Mapped[str] = mapped_column(sa.String(DIGEST_LENGTH), unique=True)
    #: A keyed digest of the code with the address; None until the code is made.
    code_digest: Mapped[str | None] = mapped_column(sa.String(DIGEST_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Wrong codes so far; a right one takes none back.
    wrong_codes: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def column_rules() -> tuple[sa.CheckConstraint, ...]:
    """What the database itself keeps of a table of links."""
    return (
        sa.CheckConstraint("expires_at > created_at", name="expires_later"),
        sa.CheckConstraint(
            f"wrong_codes BETWEEN 0 AND {limits.LINK_WRONG_CODES_MAX}", name="wrong_codes"
        ),
    )


def state_of(link: LinkColumns) -> LinkState:
    """Whether the link opens at this moment, and why not."""
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.wrong_codes >= limits.LINK_WRONG_CODES_MAX:
        return LinkState.TRIED_TOO_OFTEN
    if link.expires_at <= clock.now():
        return LinkState.EXPIRED
    return LinkState.WITHOUT_CODE if link.code_digest is None else LinkState.OPEN


def new_token() -> str:
    """The random part of a new address."""
    return base64.b32encode(secrets.token_bytes(limits.LINK_TOKEN_BYTES)).decode().lower()


def new_code() -> str:
    """A new code."""
    return "".join(secrets.choice("0123456789") for _ in range(limits.LINK_CODE_DIGITS))


def expiry(now: datetime, days: int) -> datetime:
    """When a link of so many days ends.

    :raises InvalidInput: too many days.
    """
    if not 1 <= days <= limits.LINK_DAYS_MAX:
        raise InvalidInput(
            T("A link lasts from one to {most} days.", most=limits.LINK_DAYS_MAX), field="days"
        )
    return now + timedelta(days=days)


def digest(token: str) -> str:
    """What is kept of the random part of an address, however it was typed."""
    plain = token.replace("-", "").lower()
    plain = plain if _TOKEN.fullmatch(plain) else ""
    return hashlib.sha256(plain.encode()).hexdigest()


def is_of(link: LinkColumns, token: str) -> bool:
    """Whether the address belongs to the link."""
    return hmac.compare_digest(link.token_digest, digest(token))


def code_digest(purpose: str, token_digest: str, code: str) -> str:
    """What is kept of a code; another purpose gives an unrelated one."""
    return keyed(purpose, token_digest, re.sub(r"[\s.-]", "", code))


def is_code(link: LinkColumns, purpose: str, code: str) -> bool:
    """Whether the code is the link's."""
    given = code_digest(purpose, link.token_digest, code)
    return hmac.compare_digest(link.code_digest or "", given)


def within_limits(
    token: str, address: str, tried: Callable[[str], int | None], *, wrong: Message
) -> int:
    """What `tried` gives for the token's digest, unless too many have failed lately.

    :raises TooManyAttempts: too many have, by this link or from this address.
    :raises Unauthenticated: `tried` gives nothing; with the sentence `wrong`.
    """
    kept = digest(token)
    # Apart from the failed sign-ins of the staff, who may share the address.
    attempt = attempts.begin(f"link {kept}", f"link {address}")
    if attempt.too_many:
        raise TooManyAttempts(
            T(
                "Too many codes were wrong. Wait {minutes} minutes, then try again.",
                minutes=limits.SIGN_IN_WINDOW_SECONDS // 60,
            )
        )
    link_id = tried(kept)
    if link_id is None:
        raise Unauthenticated(wrong)
    attempts.succeeded(attempt)
    return link_id
