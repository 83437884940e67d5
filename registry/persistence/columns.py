"""Column types that mean the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, TypeDecorator
from sqlalchemy.orm import MappedColumn, mapped_column

from registry.vocab import limits


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """What the base gives; for SQLite the same text, written in a third of the time."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def text(value: datetime | None) -> str | None:
            moment = self.process_bind_param(value, dialect)
            return None if moment is None else moment.isoformat(" ", "microseconds")

        return text

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Quantity(TypeDecorator[Decimal]):
    """An exact decimal quantity: an integer count of millionths on both engines.

    SQLite has no exact decimal, and a constraint on a sum needs one.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(limits.QUANTITY_PLACES)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"a quantity has at most {limits.QUANTITY_PLACES} decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        quantity = Decimal(value).scaleb(-limits.QUANTITY_PLACES)
        whole = quantity.to_integral_value()
        return whole if whole == quantity else quantity.normalize()


def enum_column(enum_type: type[StrEnum], *, name: str = "", **options: Any) -> MappedColumn[Any]:
    """A column that holds one of the enumeration's values; the database refuses any other.

    `name` tells the CHECKs apart when one table has two columns of the same enumeration.
    """
    return mapped_column(
        Enum(
            enum_type,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            values_callable=lambda members: [member.value for member in members],
            length=max(len(member) for member in enum_type),
            name=name or enum_type.__name__.lower(),
        ),
        **options,
    )
