"""What the audit record can say: ``noun:verb``, one tag for each kind of act."""

from enum import StrEnum


class AuditTag(StrEnum):
    ACCESS_REFUSED = "access:refused"
    SIGN_IN = "sign_in:accepted"
    SIGN_IN_REFUSED = "sign_in:refused"
    SIGN_OUT = "sign_in:ended"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFIED = "audit:verified"
