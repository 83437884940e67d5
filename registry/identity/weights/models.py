"""Versions of the weights: chances, no names."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.persistence import UtcDateTime, VaultModel
from registry.persistence.base import BigId
from registry.vocab import limits


class MatchWeights(VaultModel):
    """One version; the newest one counts."""

    __tablename__ = "match_weights"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What a stored comparison names.
    version: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Field → agreement → how often it is seen of one person, and of two.
    chances: Mapped[dict[str, dict[str, tuple[float, float]]]] = mapped_column(sa.JSON)
    #: How often names are exchanged or the used name stands for the birth name; how many
    #: records are of somebody known, or of a known person's twin.
    shares: Mapped[dict[str, float]] = mapped_column(sa.JSON)
    #: How many persons were known, and how many pairs of records of one person bear it out.
    population: Mapped[int]
    pairs: Mapped[int]

    @property
    def audit_ref(self) -> str:
        return f"match_weights:{self.version}"
