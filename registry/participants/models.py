"""Cohorts with their protocols; participants with their visits."""

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site
from registry.kernel.codes import participant as participant_code
from registry.participants.terms.kinds import KindTerms
from registry.persistence import Quantity, RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.vocab import limits
from registry.vocab.people import MissingTubeReason, ParticipantStatus, Sex
from registry.vocab.samples import ContainerType, SampleType, Unit

#: The characters of a person_uid: 128 random bits in hexadecimal.
PERSON_UID_LENGTH = 32


class Cohort(RegistryModel):
    """A group of people followed under one protocol."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))

    visit_plans: Mapped[list["VisitPlan"]] = relationship(
        back_populates="cohort", order_by="VisitPlan.day_offset, VisitPlan.id"
    )
    kits: Mapped[list["KitDefinition"]] = relationship(
        back_populates="cohort", order_by="KitDefinition.code"
    )

    @property
    def audit_ref(self) -> str:
        return f"cohort:{self.code}"


class VisitPlan(RegistryModel):
    """A visit that the protocol foresees, so many days after the inclusion."""

    __tablename__ = "visit_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    day_offset: Mapped[int]
    #: The window: how many days early or late the visit may be.
    days_before: Mapped[int]
    days_after: Mapped[int]

    cohort: Mapped[Cohort] = relationship(back_populates="visit_plans")
    kits: Mapped[list["KitDefinition"]] = relationship(
        secondary="visit_plan_kit", back_populates="visit_plans", order_by="KitDefinition.code"
    )

    __table_args__ = (
        sa.UniqueConstraint("cohort_id", "code"),
        sa.CheckConstraint("days_before >= 0 AND days_after >= 0", name="window"),
    )

    @property
    def audit_ref(self) -> str:
        return f"visit_plan:{self.code}"


class KitDefinition(RegistryModel):
    """A set of tubes that is drawn at once."""

    __tablename__ = "kit_definition"

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))

    cohort: Mapped[Cohort] = relationship(back_populates="kits")
    tubes: Mapped[list["KitTube"]] = relationship(
        back_populates="kit", order_by="KitTube.position", cascade="all, delete-orphan"
    )
    visit_plans: Mapped[list[VisitPlan]] = relationship(
        secondary="visit_plan_kit", back_populates="kits", order_by="VisitPlan.day_offset"
    )

    __table_args__ = (sa.UniqueConstraint("cohort_id", "code"),)

    @property
    def audit_ref(self) -> str:
        return f"kit:{self.code}"


class KitTube(KindTerms, RegistryModel):
    """One tube that a kit expects."""

    __tablename__ = "kit_tube"

    id: Mapped[int] = mapped_column(primary_key=True)
    kit_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_definition.id"))
    position: Mapped[int]
    sample_type: Mapped[SampleType] = enum_column(SampleType)
    container_type: Mapped[ContainerType] = enum_column(ContainerType)
    nominal_volume: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[Unit] = enum_column(Unit)

    kit: Mapped[KitDefinition] = relationship(back_populates="tubes")

    __table_args__ = (
        sa.UniqueConstraint("kit_id", "position"),
        sa.CheckConstraint("position > 0", name="position"),
        sa.CheckConstraint("nominal_volume > 0", name="nominal_volume"),
    )


visit_plan_kit = sa.Table(
    "visit_plan_kit",
    RegistryModel.metadata,
    sa.Column("visit_plan_id", sa.ForeignKey("visit_plan.id"), primary_key=True),
    sa.Column("kit_id", sa.ForeignKey("kit_definition.id"), primary_key=True, index=True),
)


class Participant(RegistryModel):
    """A person in a cohort, pseudonymous."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(participant_code.LENGTH), unique=True)
    #: The one thread to the identity vault.
    person_uid: Mapped[str] = mapped_column(sa.String(PERSON_UID_LENGTH))
    cohort_id: Mapped[int] = mapped_column(sa.ForeignKey("cohort.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    included_on: Mapped[date]
    birth_year: Mapped[int | None]
    #: First day of the month in which somebody included as a minor comes of age; else None.
    #: Whatever changes it adds a ParticipantMajority.
    adult_from: Mapped[date | None]
    sex: Mapped[Sex] = enum_column(Sex)
    #: A code of whichever terminology the institute has loaded.
    diagnosis_code: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    status: Mapped[ParticipantStatus] = enum_column(ParticipantStatus)
    #: Who stands for this participant since the two were found to be one person.
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    #: A trait of the identity is missing.
    is_incomplete: Mapped[bool]
    #: Since when nobody can tell who this is any more: the vault has destroyed the identity.
    identity_erased_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    cohort: Mapped[Cohort] = relationship()
    site: Mapped[Site] = relationship()
    merged_into: Mapped["Participant | None"] = relationship(remote_side="Participant.id")
    sources: Mapped[list["ParticipantSource"]] = relationship(
        back_populates="participant", order_by="ParticipantSource.id"
    )
    visits: Mapped[list["Visit"]] = relationship(
        back_populates="participant", order_by="Visit.occurred_on, Visit.id"
    )

    __table_args__ = (
        sa.UniqueConstraint("person_uid", "cohort_id"),
        sa.CheckConstraint(
            f"birth_year BETWEEN {limits.BIRTH_YEAR_MIN} AND 2200", name="birth_year"
        ),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_has_survivor"
        ),
        sa.Index("ix_participant_site_id_id", "site_id", "id"),
        sa.Index("ix_participant_cohort_id_id", "cohort_id", "id"),
        # Everything that a count asks of participants, in the order of its groups.
        sa.Index("ix_participant_counted", "cohort_id", "sex", "birth_year", "included_on", "id"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def audit_ref(self) -> str:
        return f"participant:{self.code}"

    @property
    def shown_code(self) -> str:
        """The code as people read it."""
        return participant_code.show(self.code)


class ParticipantHistory(RegistryModel):
    """What a participant was from a moment on: the past can be asked, and a merge undone."""

    __tablename__ = "participant_history"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    status: Mapped[ParticipantStatus] = enum_column(ParticipantStatus)
    person_uid: Mapped[str] = mapped_column(sa.String(PERSON_UID_LENGTH))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    #: The person whose merge into another brought this; undoing it goes back to the row before.
    merge_of: Mapped[str | None] = mapped_column(sa.String(PERSON_UID_LENGTH), index=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParticipantMajority(RegistryModel):
    """When a participant comes of age, as it was known from a moment on."""

    __tablename__ = "participant_majority"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    #: None: the identity was corrected, and the participant was no minor on inclusion.
    adult_from: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ParticipantSource(RegistryModel):
    """The number under which another system knows the participant."""

    __tablename__ = "participant_source"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    #: Which system or file series the number belongs to.
    system: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    source_code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))

    participant: Mapped[Participant] = relationship(back_populates="sources")

    __table_args__ = (sa.UniqueConstraint("system", "source_code"),)


class Visit(RegistryModel):
    """A visit that took place, foreseen by the protocol or not."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participant.id"), index=True)
    #: None for a visit that the protocol does not foresee.
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visit_plan.id"), index=True)
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    participant: Mapped[Participant] = relationship(back_populates="visits")
    plan: Mapped[VisitPlan | None] = relationship()
    kits: Mapped[list["KitCollection"]] = relationship(
        back_populates="visit", order_by="KitCollection.collected_at, KitCollection.id"
    )

    # NULLs are distinct: a planned visit takes place once, an unplanned one as often as need be.
    __table_args__ = (sa.UniqueConstraint("participant_id", "plan_id"),)


class KitCollection(RegistryModel):
    """A kit that was drawn at a visit."""

    __tablename__ = "kit_collection"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visit.id"), index=True)
    kit_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_definition.id"), index=True)
    collected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    visit: Mapped[Visit] = relationship(back_populates="kits")
    kit: Mapped[KitDefinition] = relationship()
    missing: Mapped[list["MissingTube"]] = relationship(
        back_populates="collection", order_by="MissingTube.kit_tube_id"
    )


class MissingTube(RegistryModel):
    """A tube that the kit expected and that was not drawn, and why."""

    __tablename__ = "missing_tube"

    collection_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_collection.id"), primary_key=True)
    kit_tube_id: Mapped[int] = mapped_column(sa.ForeignKey("kit_tube.id"), primary_key=True)
    reason: Mapped[MissingTubeReason] = enum_column(MissingTubeReason)

    collection: Mapped[KitCollection] = relationship(back_populates="missing")
    kit_tube: Mapped[KitTube] = relationship()


for _model in (ParticipantHistory, ParticipantMajority, KitCollection, MissingTube):
    append_only(_model.__table__)  # type: ignore[arg-type]
