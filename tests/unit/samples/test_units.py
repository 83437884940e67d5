"""A quantity in another unit is the same quantity, or it is refused."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registry.kernel.errors import InvalidInput
from registry.samples.policies import check_quantity, convert
from registry.vocab import limits
from registry.vocab.samples import DIMENSIONS, Unit, powers

QUANTITIES = st.integers(1, int(limits.QUANTITY_MAX) * 10**limits.QUANTITY_PLACES).map(
    lambda millionths: Decimal(millionths).scaleb(-limits.QUANTITY_PLACES)
)


def test_every_unit_has_one_dimension():
    assert sorted(unit for dimension in DIMENSIONS for unit in dimension) == sorted(Unit)


@given(QUANTITIES, st.sampled_from(Unit), st.data())
def test_what_is_converted_comes_back_the_same(quantity, unit, data):
    other = data.draw(st.sampled_from(sorted(powers(unit))))
    try:
        there = convert(quantity, unit, other)
    except InvalidInput:
        # Nothing is rounded: what is refused has more digits than a ledger keeps.
        with pytest.raises(InvalidInput):
            check_quantity(quantity.scaleb(powers(unit)[unit] - powers(unit)[other]))
    else:
        check_quantity(there)
        assert convert(there, other, unit) == quantity


@pytest.mark.parametrize(
    ("typed", "unit", "to", "converted"),
    [
        ("250", Unit.MICROLITRE, Unit.MILLILITRE, "0.25"),
        ("0.25", Unit.MILLILITRE, Unit.MICROLITRE, "250"),
        ("1.5", Unit.GRAM, Unit.MILLIGRAM, "1500"),
        ("3", Unit.MILLION_CELLS, Unit.MILLION_CELLS, "3"),
    ],
)
def test_units_of_a_dimension_convert(typed, unit, to, converted):
    assert convert(Decimal(typed), unit, to) == Decimal(converted)


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "0", "-1", "100001", "0.0000001"])
def test_what_no_container_holds_is_not_converted(quantity):
    with pytest.raises(InvalidInput):
        convert(Decimal(quantity), Unit.MICROLITRE, Unit.MILLILITRE)


def test_no_quantity_crosses_dimensions():
    with pytest.raises(InvalidInput, match="cannot be converted") as refused:
        convert(Decimal(1), Unit.MILLION_CELLS, Unit.MILLILITRE)
    assert refused.value.field == "unit"
