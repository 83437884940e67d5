"""Carts, and the tubes on them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.accounts.models import Site, User
from registry.persistence import RegistryModel, UtcDateTime
from registry.persistence.base import BigId
from registry.vocab import limits


class Cart(RegistryModel):
    """A list of tubes with a name, for the people of one site."""

    __tablename__ = "cart"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What its label says.
    code: Mapped[str] = mapped_column(sa.String(limits.CODE_MAX), unique=True)
    name: Mapped[str] = mapped_column(sa.String(limits.NAME_MAX))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: When a tube came onto it or left it last.
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None while it is in use; the next tube opens it again.
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)
    opened_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("site_id", "name"),)

    @property
    def audit_ref(self) -> str:
        return f"cart:{self.code}"


class CartTube(RegistryModel):
    """A tube on a cart, in the order in which they were scanned."""

    __tablename__ = "cart_tube"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    cart_id: Mapped[int] = mapped_column(sa.ForeignKey("cart.id"))
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("sample.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    #: Why the last act on it was refused: the sentence in each language.
    refusal: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))

    __table_args__ = (sa.UniqueConstraint("cart_id", "sample_id"),)
