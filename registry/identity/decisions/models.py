"""What was decided about pairs, what each merge changed, and which decisions were heard of."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import (
    RegistryModel,
    UtcDateTime,
    VaultModel,
    append_only,
    enum_column,
)
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome, Standing
from registry.vocab.reviews import DecisionKind


class PersonMerge(VaultModel):
    """One person merged into another, with what that changed: enough to undo it."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: The pair about which it was decided; the persons merged may stand for those.
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("match_review.id"), index=True)
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Where both stood before.
    kept_standing: Mapped[Standing] = enum_column(Standing, name="kept_standing")
    merged_standing: Mapped[Standing] = enum_column(Standing, name="merged_standing")
    #: The hospital numbers that became earlier numbers through it.
    aliased: Mapped[list[int]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What the registry recorded of the persons later belongs to a later merge.
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (sa.CheckConstraint("kept_id <> merged_id", name="two_persons"),)


class MatchDecision(VaultModel):
    """One decision about a pair, and what stood before it."""

    __tablename__ = "match_decision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("match_review.id"))
    #: The pair's first decision is 1.
    number: Mapped[int]
    kind: Mapped[DecisionKind] = enum_column(DecisionKind)
    outcome: Mapped[ReviewOutcome] = enum_column(ReviewOutcome)
    #: Why, sealed with the data key of the pair's first person.
    reason: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    #: The merge that answered the question, or whose end raised it again.
    merge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person_merge.id"), index=True)
    previous_outcome: Mapped[ReviewOutcome] = enum_column(ReviewOutcome, name="previous_outcome")
    previous_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    previous_by: Mapped[str | None] = mapped_column(sa.String(limits.LOGIN_MAX))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))

    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)


class HeardDecision(RegistryModel):
    """A decision of the vault that the registry has heard of, in the same commit as what followed.

    The vault commits first: a decision without its line here was lost on the way.
    """

    __tablename__ = "heard_decision"

    decision_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


append_only(MatchDecision.__table__)  # type: ignore[arg-type]
append_only(HeardDecision.__table__)  # type: ignore[arg-type]
