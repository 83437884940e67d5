"""Sites, accounts, the roles they hold, their sessions and failed sign-ins."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.vocab import limits
from registry.vocab.people import Role, SiteKind

DIGEST_CHARACTERS = 64


class Site(RegistryModel):
    """A place with its own staff: a hospital, a biobank, a partner."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    kind: Mapped[SiteKind] = enum_column(SiteKind)

    @property
    def audit_ref(self) -> str:
        return f"site:{self.code}"


class User(RegistryModel):
    """The account of one person who works here; never shared, never deleted."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What the person signs in with: casefolded, unique.
    login: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    email: Mapped[str | None] = mapped_column(sa.String(limits.EMAIL_MAX))
    password_hash: Mapped[str] = mapped_column(sa.String(255))
    #: Somebody else chose the password: it serves once, to choose another.
    must_change_password: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    language: Mapped[str | None] = mapped_column(sa.String(2))
    #: Single-key shortcuts can be switched off (WCAG 2.1.4).
    shortcuts: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    grants: Mapped[list["RoleGrant"]] = relationship(
        back_populates="user", order_by="RoleGrant.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def audit_ref(self) -> str:
        return f"account:{self.id}"


class RoleGrant(RegistryModel):
    """A role that a person holds at one site, or at every site when no site is named."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    role: Mapped[Role] = enum_column(Role)
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="grants")
    site: Mapped[Site | None] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("user_id", "role", "site_id"),
        # NULLs are distinct to a UNIQUE constraint: "every site" needs its own.
        sa.Index(
            "uq_role_grant_everywhere",
            "user_id",
            "role",
            unique=True,
            sqlite_where=sa.column("site_id").is_(None),
            postgresql_where=sa.column("site_id").is_(None),
        ),
    )


class SignInSession(RegistryModel):
    """What the server remembers of one browser; written by `registry.accounts.sessions` alone."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(sa.String(DIGEST_CHARACTERS), unique=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: The person's roles have changed: the next request gets a new token.
    renewal_due: Mapped[bool] = mapped_column(default=False)


class SignInAttempt(RegistryModel):
    """A sign-in that has not succeeded, kept as long as it counts against the limit."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    login_digest: Mapped[str] = mapped_column(sa.String(DIGEST_CHARACTERS), index=True)
    address_digest: Mapped[str] = mapped_column(sa.String(DIGEST_CHARACTERS), index=True)
    attempted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: Stopped by the limit: does not count towards it, or trying again would never end.
    stopped: Mapped[bool] = mapped_column(default=False)
