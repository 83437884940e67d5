"""Terms that an administrator added, and terms of the rules that are no longer offered."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.kernel.messages import Bilingual
from registry.persistence import RegistryModel, UtcDateTime, enum_column
from registry.vocab import limits
from registry.vocab.terms import Vocabulary


class Term(RegistryModel):
    """A term of a vocabulary; without `refines` it is the rules' own, here since it was retired."""

    __tablename__ = "term"

    id: Mapped[int] = mapped_column(primary_key=True)
    vocabulary: Mapped[Vocabulary] = enum_column(Vocabulary)
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX))
    #: The value of the term of the rules that holds where this one was chosen.
    refines: Mapped[str | None] = mapped_column(sa.String(limits.CODE_MAX))
    fr: Mapped[str | None] = mapped_column(sa.String(limits.LABEL_MAX))
    en: Mapped[str | None] = mapped_column(sa.String(limits.LABEL_MAX))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        sa.UniqueConstraint("vocabulary", "code"),
        sa.CheckConstraint(
            "(refines IS NULL) = (fr IS NULL) AND (fr IS NULL) = (en IS NULL)", name="is_whole"
        ),
    )

    @property
    def audit_ref(self) -> str:
        return f"term:{self.vocabulary}/{self.code}"

    @property
    def name(self) -> Bilingual:
        """What a term of the place is called."""
        return Bilingual(self.en or "", fr=self.fr or "")
