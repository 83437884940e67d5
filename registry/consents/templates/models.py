"""Templates, their items, and what each item covers."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.documents.models import Document
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.vocab import limits
from registry.vocab.consent import Audience, ChangeRule, Language, Regime, TemplateStatus, Use
from registry.vocab.research import DuoTerm


class ConsentTemplate(RegistryModel):
    """One version of a form, in one language."""

    __tablename__ = "consent_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The same for every version and language of one form.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    number: Mapped[int] = mapped_column("version")
    language: Mapped[Language] = enum_column(Language)
    title: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    regime: Mapped[Regime] = enum_column(Regime)
    status: Mapped[TemplateStatus] = enum_column(TemplateStatus)
    audience: Mapped[Audience] = enum_column(Audience, server_default=Audience.ADULT.value)
    #: What this version asks of those who signed an older one, and by which day.
    change_rule: Mapped[ChangeRule] = enum_column(
        ChangeRule, server_default=ChangeRule.NOTHING.value
    )
    change_by: Mapped[date | None]
    #: How many days after its record a consent may stand without its scan; None: no scan is asked.
    proof_within_days: Mapped[int | None]
    #: The days on which it may be signed.
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    #: Of the text that is signed; set when the template becomes final.
    document_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    #: The form as people read and sign it, a PDF; set when the template becomes final.
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    items: Mapped[list["ConsentItem"]] = relationship(
        back_populates="template", order_by="ConsentItem.position", cascade="all, delete-orphan"
    )
    document: Mapped[Document | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("code", "version", "language"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        sa.CheckConstraint(
            "status = 'draft' OR document_sha256 IS NOT NULL", name="final_has_document"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"consent_template:{self.code}:{self.number}:{self.language.value}"


class ConsentItem(RegistryModel):
    """One thing that a form asks."""

    __tablename__ = "consent_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_template.id"))
    #: The same for every version and language in which the item appears.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(limits.PURPOSE_MAX))
    #: Without it, the rest of the form allows nothing.
    mandatory: Mapped[bool]
    #: How long an answer holds after it was signed; None for as long as the cohort lives.
    valid_months: Mapped[int | None]

    template: Mapped[ConsentTemplate] = relationship(back_populates="items")
    covers: Mapped[list["ConsentItemUse"]] = relationship(
        order_by="ConsentItemUse.use", cascade="all, delete-orphan", lazy="selectin"
    )
    terms: Mapped[list["ConsentItemTerm"]] = relationship(
        order_by="ConsentItemTerm.term, ConsentItemTerm.parameter",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    __table_args__ = (
        sa.UniqueConstraint("template_id", "code"),
        sa.UniqueConstraint("template_id", "position"),
        sa.CheckConstraint("valid_months IS NULL OR valid_months > 0", name="valid_months"),
    )

    @property
    def uses(self) -> frozenset[Use]:
        """The uses that the answer to this item decides."""
        return frozenset(covered.use for covered in self.covers)


class ConsentItemUse(RegistryModel):
    """A use that an item covers."""

    __tablename__ = "consent_item_use"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_item.id"), primary_key=True)
    use: Mapped[Use] = enum_column(Use, primary_key=True)


class ConsentItemTerm(RegistryModel):
    """A condition (DUO) under which what the item covers is agreed to."""

    __tablename__ = "consent_item_term"

    item_id: Mapped[int] = mapped_column(sa.ForeignKey("consent_item.id"), primary_key=True)
    term: Mapped[DuoTerm] = enum_column(DuoTerm, primary_key=True)
    #: The disease, country, project, institution or number of months; empty where none is needed.
    parameter: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), primary_key=True)
