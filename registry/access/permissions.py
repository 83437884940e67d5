"""Everything that needs leave, in sentences that a data protection officer can read."""

from enum import StrEnum


class Permission(StrEnum):
    """A thing that somebody may be allowed to do; the sentence under each says what it opens."""

    AUDIT_READ = "audit:read"
    """Read the journal of who did and saw what, at any site; it holds no identity."""

    AUDIT_VERIFY = "audit:verify"
    """Recompute the journal's chain and learn whether an entry was changed or removed."""
