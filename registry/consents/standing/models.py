"""Standings: rows that may be forgotten at any time and are made again from the facts."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.consents.standing import forgetting
from registry.persistence import RegistryModel
from registry.persistence.base import BigId

DIGEST_LENGTH = 64


class ConsentProfile(RegistryModel):
    """What is known of consents, the same for everybody whom the decision cannot tell apart."""

    __tablename__ = "consent_profile"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(DIGEST_LENGTH), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ConsentStanding(RegistryModel):
    """Which profile a participant has, and between which days."""

    __tablename__ = "consent_standing"

    participant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participant.id"), primary_key=True, autoincrement=False
    )
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_profile.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]

    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="days"),
        # Everything that a count asks, a profile's participants one after the other.
        sa.Index(
            "ix_consent_standing_counted", "profile_id", "from_on", "until_on", "participant_id"
        ),
    )


forgetting.enforce(RegistryModel.metadata)
