"""What the audit record can say: ``noun:verb``, one tag for each kind of act."""

from enum import StrEnum


class AuditTag(StrEnum):
    ACCESS_REFUSED = "access:refused"
    SIGN_IN = "sign_in:accepted"
    SIGN_IN_REFUSED = "sign_in:refused"
    SIGN_OUT = "sign_in:ended"
    SITE_CREATED = "site:created"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_CHANGED = "account:changed"
    ACCOUNT_DISABLED = "account:disabled"
    ACCOUNT_ENABLED = "account:enabled"
    PASSWORD_CHANGED = "account:password_changed"
    PASSWORD_RESET = "account:password_reset"
    ROLE_GRANTED = "role:granted"
    ROLE_REVOKED = "role:revoked"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFIED = "audit:verified"
