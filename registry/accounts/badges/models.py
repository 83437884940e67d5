"""Badges and how each ended."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.accounts.models import DIGEST_CHARACTERS
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.vocab import limits
from registry.vocab.people import BadgeEnd

_LIVE = sa.column("ended_at").is_(None)


class Badge(RegistryModel):
    """A badge that one person carries, from its enrolment until it is lost or given back."""

    __tablename__ = "badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    #: A keyed digest of what its barcode says.
    code_digest: Mapped[str] = mapped_column(sa.String(DIGEST_CHARACTERS), index=True)
    #: None until its owner has chosen a PIN.
    pin_hash: Mapped[str | None] = mapped_column(sa.String(255))
    #: Since the last right one; each is counted before the PIN is looked at.
    wrong_pins: Mapped[int] = mapped_column(default=0)
    enrolled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolled_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: None while it serves.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ending: Mapped[BadgeEnd | None] = enum_column(BadgeEnd)

    __table_args__ = (
        sa.CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_is_whole"),
        sa.CheckConstraint(
            f"wrong_pins BETWEEN 0 AND {limits.PIN_WRONG_MAX}", name="wrong_pins_counted"
        ),
        *(
            sa.Index(
                f"uq_badge_live_{column}",
                column,
                unique=True,
                sqlite_where=_LIVE,
                postgresql_where=_LIVE,
            )
            for column in ("user_id", "code_digest")
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"badge:{self.id}"

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong PINs were typed since the last right one."""
        return self.wrong_pins >= limits.PIN_WRONG_MAX

    @property
    def can_sign(self) -> bool:
        """Whether it proves anything now."""
        return self.pin_hash is not None and not self.is_locked
