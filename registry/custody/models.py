"""Acts, the holder that they lead to, and loans."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.custody.wear import Wear
from registry.persistence import RegistryModel, UtcDateTime, append_only, enum_column
from registry.persistence.base import BigId
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind

PLACE_MAX = 400
CLIENT_KEY_MAX = 36

_HOLDER_RULES = (
    ("(box_id IS NULL) = (row IS NULL) AND (row IS NULL) = (col IS NULL)", "cell_is_whole"),
    ("({kind} = 'person') = (person_id IS NOT NULL)", "person_is_named"),
    ("{kind} <> 'position' OR box_id IS NOT NULL", "position_has_cell"),
    (
        "{kind} NOT IN ('collection_site', 'bench', 'shipment', 'partner', 'destroyed')"
        " OR box_id IS NULL",
        "others_have_no_cell",
    ),
    (f"row BETWEEN 1 AND {limits.BOX_SIDE_MAX}", "row"),
    (f"col BETWEEN 1 AND {limits.BOX_SIDE_MAX}", "col"),
)


def _holder_checks(kind: str) -> tuple[sa.CheckConstraint, ...]:
    return tuple(
        sa.CheckConstraint(rule.format(kind=kind), name=name) for rule, name in _HOLDER_RULES
    )


class Holding(RegistryModel):
    """Who or what holds a sample now: one row for each sample, the outcome of its acts."""

    __tablename__ = "holding"

    sample_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sample.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[HolderKind] = enum_column(HolderKind)
    #: Where it is, which may be another site than the one that collected it.
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    #: The cell it is in or, while a person holds it, the cell that is kept for it.
    box_id: Mapped[int | None] = mapped_column(sa.ForeignKey("box.id"))
    row: Mapped[int | None]
    col: Mapped[int | None]
    #: The holder in words, as in the act that led here.
    place: Mapped[str] = mapped_column(sa.String(PLACE_MAX))
    #: When this holder got it.
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    #: How many acts there are on the sample.
    acts: Mapped[int]
    # What it has been through: the four values of a `Wear`, kept in the same row as the holder,
    # so that an act writes nothing more for them.
    thaws: Mapped[int] = mapped_column(server_default="0")
    is_thawed: Mapped[bool] = mapped_column(server_default=sa.false())
    out_of_store: Mapped[timedelta | None]
    out_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column()

    sample: Mapped[Sample] = relationship(lazy="joined", innerjoin=True)

    @property
    def wear(self) -> Wear:
        """What the sample has been through, its ancestors' thaws included."""
        return Wear(self.thaws, self.is_thawed, self.out_of_store, self.out_from)

    @wear.setter
    def wear(self, wear: Wear) -> None:
        for name, value in vars(wear).items():
            setattr(self, name, value)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("box_id", "row", "col"),
        sa.Index("ix_holding_kind_since", "kind", "since", "sample_id"),
        # Few samples were ever thawed: a search for those reads them alone.
        sa.Index(
            "ix_holding_thawed",
            "sample_id",
            "thaws",
            sqlite_where=sa.column("thaws") > 0,
            postgresql_where=sa.column("thaws") > 0,
        ),
        sa.CheckConstraint("thaws >= 0", name="thaws"),
        sa.CheckConstraint(
            "out_from IS NULL OR out_of_store IS NOT NULL", name="out_after_it_was_in"
        ),
        *_holder_checks("kind"),
    )


class CustodyAct(RegistryModel):
    """One link of a sample's chain: who did what, when, where and why, and who held it after."""

    __tablename__ = "custody_act"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"))
    #: Consecutive from 1 within the sample.
    seq: Mapped[int]
    kind: Mapped[ActKind] = enum_column(ActKind)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The account, or None for the command line.
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    actor_login: Mapped[str] = mapped_column(sa.String(limits.LOGIN_MAX))
    #: A code of the vocabulary that belongs to the kind of act.
    reason: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    comment: Mapped[str | None] = mapped_column(sa.String(limits.REASON_MAX))
    holder_before: Mapped[HolderKind | None] = enum_column(HolderKind, name="holder_before")
    place_before: Mapped[str | None] = mapped_column(sa.String(PLACE_MAX))
    holder_after: Mapped[HolderKind] = enum_column(HolderKind, name="holder_after")
    #: The holder after the act, in words as they were then.
    place: Mapped[str] = mapped_column(sa.String(PLACE_MAX))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    box_id: Mapped[int | None] = mapped_column(sa.ForeignKey("box.id"))
    row: Mapped[int | None]
    col: Mapped[int | None]
    #: What only this kind of act has: condition at receipt, volume drawn, children.
    fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    #: The version of the definition by which a defined act was done.
    definition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("act_definition.id"))
    #: The act that this one puts right; an act is put right once.
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("custody_act.id"), unique=True)
    #: What was done at once, such as the tubes of one scan list, bears the same number.
    batch: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Made by whoever asked, so that asking again has no second effect.
    client_key: Mapped[str | None] = mapped_column(sa.String(CLIENT_KEY_MAX))

    __table_args__ = (
        sa.UniqueConstraint("sample_id", "seq"),
        sa.UniqueConstraint("sample_id", "client_key"),
        sa.Index("ix_custody_act_actor_id_recorded_at", "actor_id", "recorded_at"),
        sa.Index(
            "ix_custody_act_box_id",
            "box_id",
            "happened_at",
            sqlite_where=sa.column("box_id").is_not(None),
            postgresql_where=sa.column("box_id").is_not(None),
        ),
        sa.CheckConstraint("seq > 0", name="seq"),
        sa.CheckConstraint("(seq = 1) = (holder_before IS NULL)", name="first_has_no_before"),
        sa.CheckConstraint(
            "(holder_before IS NULL) = (place_before IS NULL)", name="before_is_whole"
        ),
        sa.CheckConstraint("happened_at <= recorded_at", name="not_in_the_future"),
        sa.CheckConstraint(
            "(kind = 'corrected') = (corrects_id IS NOT NULL)", name="correction_names_act"
        ),
        sa.CheckConstraint(
            "(kind = 'defined') = (definition_id IS NOT NULL)", name="defined_names_definition"
        ),
        *_holder_checks("holder_after"),
    )

    @property
    def audit_ref(self) -> str:
        return f"act:{self.id}"


class Loan(RegistryModel):
    """A sample in a person's hands, from its check-out to its return."""

    __tablename__ = "loan"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    reason: Mapped[CheckoutReason] = enum_column(CheckoutReason)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_act_id: Mapped[int] = mapped_column(sa.ForeignKey("custody_act.id"), unique=True)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_act_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("custody_act.id"), unique=True
    )
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_act_id IS NULL)", name="closed_is_whole"
        ),
        sa.CheckConstraint("closed_at >= opened_at", name="closed_after_opened"),
        sa.Index(
            "uq_loan_open",
            "sample_id",
            unique=True,
            sqlite_where=sa.column("closed_at").is_(None),
            postgresql_where=sa.column("closed_at").is_(None),
        ),
    )


append_only(CustodyAct.__table__)  # type: ignore[arg-type]
