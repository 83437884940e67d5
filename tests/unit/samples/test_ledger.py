"""Quantities are conserved, and the database does not depend on the program for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from registry.kernel.errors import InvalidInput
from registry.persistence import db
from registry.samples import policies
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.samples import LedgerReason
from tests.factories.custody import divide, make_received
from tests.factories.samples import make_tube

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def tamper(statement: Any) -> None:
    """Carry a statement out behind the program's back."""
    with db.engines["registry"].begin() as connection:
        connection.execute(statement)


def entry(sample: Sample, *, seq: int, delta: str, balance: str) -> Any:
    return sa.insert(QuantityEntry).values(
        sample_id=sample.id,
        seq=seq,
        delta=Decimal(delta),
        balance=Decimal(balance),
        reason=LedgerReason.CORRECTED,
        recorded_at=NOW,
    )


def remaining(sample: Sample) -> Decimal:
    with db.engines["registry"].connect() as connection:
        return connection.scalar(sa.select(Sample.remaining).where(Sample.id == sample.id))


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("seq", "delta", "balance"),
        [
            (2, "-1", "3.9"),  # more disappears than was taken
            (2, "1", "5"),  # nothing is added
            (2, "-6", "-1"),  # below zero
            (2, "0", "5"),  # nothing happens
            (3, "-1", "4"),  # a gap
            (1, "5", "5"),  # once more from the beginning
        ],
    )
    def test_refuses_an_entry_that_does_not_follow(self, app, actors, seq, delta, balance):
        tube = make_tube(actors, "5")
        with pytest.raises(sa.exc.IntegrityError):
            tamper(entry(tube, seq=seq, delta=delta, balance=balance))
        assert remaining(tube) == 5

    def test_carries_the_balance_of_an_entry_that_does(self, app, actors):
        tube = make_tube(actors, "5")
        tamper(entry(tube, seq=2, delta="-1.25", balance="3.75"))
        assert remaining(tube) == Decimal("3.75")

    @pytest.mark.parametrize("number", ["6", "4", "0"])
    def test_lets_nobody_write_the_balance_elsewhere(self, app, actors, number):
        tube = make_tube(actors, "5")
        with pytest.raises(sa.exc.IntegrityError):
            tamper(sa.update(Sample).where(Sample.id == tube.id).values(remaining=Decimal(number)))

    def test_lets_no_sample_begin_full(self, app, actors):
        tube = make_tube(actors, "5")
        copied = [
            column
            for column in Sample.__table__.columns
            if column.name not in ("id", "code", "remaining")
        ]
        names = ["code", "remaining", *(column.name for column in copied)]
        full = sa.select(
            sa.literal("OTHER"), sa.literal(Decimal(1), Sample.remaining.type), *copied
        ).where(Sample.id == tube.id)
        with pytest.raises(sa.exc.IntegrityError):
            tamper(sa.insert(Sample).from_select(names, full))

    @pytest.mark.parametrize(
        "change", [lambda: sa.delete(QuantityEntry), lambda: sa.update(QuantityEntry).values(seq=9)]
    )
    def test_forgets_no_entry(self, app, actors, change: Callable[[], Any]):
        make_tube(actors)
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            tamper(change())


class TestQuantities:
    @pytest.mark.parametrize("wrong", ["0", "-1", "100001", "0.0000001", "NaN", "Infinity"])
    def test_a_container_holds_something_and_not_too_much(self, wrong):
        with pytest.raises(InvalidInput):
            policies.check_quantity(Decimal(wrong))

    @pytest.mark.parametrize("right", ["0.000001", "100000", "5.0000000", "1E+2"])
    def test_what_can_be_measured_is_taken(self, right):
        policies.check_quantity(Decimal(right))

    def test_what_children_received_their_parent_gave(self, app, actors):
        parent = make_received(actors, "5")
        children = divide(actors, parent.code, "1.5", "0.000001", loss=Decimal("0.1"))
        assert [remaining(child) for child in children] == [Decimal("1.5"), Decimal("0.000001")]
        assert remaining(parent) == Decimal("3.399999")
