"""Everything that needs leave, in sentences that a data protection officer can read."""

from enum import StrEnum


class Permission(StrEnum):
    """A thing that somebody may be allowed to do; the sentence under each says what it opens."""

    SIGN_IN = "account:sign_in"
    """Check a name and a password: asked by the sign-in itself, before anybody is known."""

    ACCOUNT_OWN = "account:own"
    """Change one's own password and preferences, and sign out."""

    ACCOUNT_MANAGE = "account:manage"
    """Create sites and accounts, give and take roles, disable accounts; never one's own."""

    AUDIT_READ = "audit:read"
    """Read the journal of who did and saw what, at any site; it holds no identity."""

    AUDIT_VERIFY = "audit:verify"
    """Recompute the journal's chain and learn whether an entry was changed or removed."""
