"""What was done here with tubes of partners."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.custody.exchange.models import ForeignShipment
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.consent import Use
from registry.vocab.exchange import RECALL_ENDS, GuestActKind, RecalledState

_IS_GONE = sa.column("kind") == GuestActKind.GONE.value


class GuestAct(RegistryModel):
    """One act on a tube that arrived with a partner's shipment."""

    __tablename__ = "guest_act"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shipment_id: Mapped[int] = mapped_column(sa.ForeignKey(ForeignShipment.id), index=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), index=True)
    kind: Mapped[GuestActKind] = enum_column(GuestActKind)
    #: Where it was put, in words.
    place: Mapped[str | None] = mapped_column(sa.String(limits.NAME_MAX))
    use: Mapped[Use | None] = enum_column(Use)
    outcome: Mapped[RecalledState | None] = enum_column(RecalledState, name="outcome")
    note: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    __table_args__ = (
        sa.CheckConstraint("(kind = 'put_away') = (place IS NOT NULL)", name="put_somewhere"),
        sa.CheckConstraint("(kind = 'used') = (use IS NOT NULL)", name="used_for_something"),
        sa.CheckConstraint("(kind = 'gone') = (outcome IS NOT NULL)", name="gone_somehow"),
        sa.CheckConstraint(
            sa.column("outcome").in_([one.value for one in RECALL_ENDS]), name="outcome_ends"
        ),
        # A tube is gone once.
        sa.Index(
            "uq_guest_act_gone",
            "shipment_id",
            "code",
            unique=True,
            sqlite_where=_IS_GONE,
            postgresql_where=_IS_GONE,
        ),
    )


append_only(GuestAct.__table__)  # type: ignore[arg-type]
