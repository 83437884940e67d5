"""Requests, the steps that each has gone through, and the counter of their numbers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import User
from registry.applications.criteria import Criteria
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.vocab import limits
from registry.vocab.applications import Act, Purpose, State, Variable
from registry.vocab.research import DuoTerm, RecipientKind, ResearchCategory


class Application(RegistryModel):
    """A request for an extract, and the decision on it."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What people call it: ``D-2026-0001``.
    number: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    requester_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    purpose: Mapped[Purpose] = enum_column(Purpose)
    #: The research question, in the requester's words.
    justification: Mapped[str] = mapped_column(sa.String(limits.PURPOSE_MAX))
    #: The organisation that receives the extract.
    recipient: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    recipient_kind: Mapped[RecipientKind] = enum_column(
        RecipientKind, name="recipient_kind", server_default=RecipientKind.PUBLIC.value
    )
    #: Of the recipient, ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(sa.String(2), server_default="FR")
    #: Follows from the country; what older versions of the registry go by.
    outside_eu: Mapped[bool]
    category: Mapped[ResearchCategory] = enum_column(
        ResearchCategory, name="category", server_default=ResearchCategory.HEALTH.value
    )
    #: The codes of the diseases that are studied, when the category is of named diseases.
    asked_diseases: Mapped[list[str] | None] = mapped_column("diseases", sa.JSON)
    #: Whether the data are linked with others about the same people.
    links_data: Mapped[bool] = mapped_column(server_default=sa.false())
    #: The last day on which the project uses what it received.
    ends_on: Mapped[date | None]
    #: The ethics committee's approval, by the committee's reference.
    ethics_reference: Mapped[str | None] = mapped_column(sa.String(limits.NAME_MAX))
    asked_variables: Mapped[list[str]] = mapped_column("variables", sa.JSON)
    asked_criteria: Mapped[dict[str, Any]] = mapped_column("criteria", sa.JSON)
    state: Mapped[State] = enum_column(State, index=True)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    version: Mapped[int] = mapped_column()

    requester: Mapped[User] = relationship(foreign_keys=[requester_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    steps: Mapped[list["ApplicationStep"]] = relationship(
        back_populates="application", order_by="ApplicationStep.id"
    )
    pledges: Mapped[list["ApplicationPledge"]] = relationship(
        back_populates="application", order_by="ApplicationPledge.term"
    )

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("decided_by_id <> requester_id", name="not_decided_by_requester"),
        sa.CheckConstraint(
            "(decided_by_id IS NULL) = (decided_at IS NULL)", name="decision_who_and_when"
        ),
        sa.CheckConstraint(
            "decided_at IS NOT NULL OR state IN ('draft', 'submitted', 'withdrawn')",
            name="decided_states_have_decision",
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR decision_reason IS NOT NULL", name="refusal_has_reason"
        ),
        sa.CheckConstraint(
            "submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')",
            name="sent_states_have_date",
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"application:{self.number}"

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The columns asked for, in the order of the vocabulary."""
        return tuple(variable for variable in Variable if variable.value in self.asked_variables)

    @property
    def criteria(self) -> Criteria:
        """The samples asked for."""
        return Criteria.from_json(self.asked_criteria)

    @property
    def accepted(self) -> frozenset[DuoTerm]:
        """The conditions of the consents that the requester has accepted."""
        return frozenset(pledge.term for pledge in self.pledges)

    @property
    def diseases(self) -> tuple[str, ...]:
        """The codes of the diseases that are studied."""
        return tuple(self.asked_diseases or ())


class ApplicationStep(RegistryModel):
    """One act on a request: it only ever gets longer."""

    __tablename__ = "application_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), index=True)
    act: Mapped[Act] = enum_column(Act)
    from_state: Mapped[State] = enum_column(State, name="from_state")
    to_state: Mapped[State] = enum_column(State, name="to_state")
    #: The account, or None for the command line.
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))

    application: Mapped[Application] = relationship(back_populates="steps")
    actor: Mapped[User | None] = relationship(lazy="joined")


class ApplicationPledge(RegistryModel):
    """A condition of the consents that the requester accepted on sending the request."""

    __tablename__ = "application_pledge"

    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), primary_key=True)
    term: Mapped[DuoTerm] = enum_column(DuoTerm, primary_key=True)

    application: Mapped[Application] = relationship(back_populates="pledges")


class ApplicationCounter(RegistryModel):
    """The last number given in a year."""

    __tablename__ = "application_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


for _model in (ApplicationStep, ApplicationPledge):
    append_only(_model.__table__)  # type: ignore[arg-type]
