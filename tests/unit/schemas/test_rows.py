"""A row of a file is read as its shape would read it."""

import pytest
from hypothesis import given, strategies as st
from marshmallow import ValidationError

from schemas.base import Shape, errors_of, read_row
from schemas.imports import PARTICIPANT_HEADINGS, SAMPLE_HEADINGS, ParticipantRow, SampleRow

CELLS = st.one_of(
    st.sampled_from(["", "  ", "12/03/1985", "31/02/1985", "F", "h", "x" * 130, "B\u202e", "0,5"]),
    st.text(max_size=12),
)


def answer(read):
    """The values, or the errors by field."""
    try:
        return read()
    except ValidationError as refusal:
        return {field: [str(one) for one in many] for field, many in errors_of(refusal).items()}


@pytest.mark.parametrize(
    ("shape", "fields"),
    [(ParticipantRow(), PARTICIPANT_HEADINGS), (SampleRow(), SAMPLE_HEADINGS)],
)
@given(data=st.data())
def test_the_short_way_and_the_long_way_say_the_same(shape: Shape, fields, data) -> None:
    names = st.sampled_from([*fields, "unheard_of"])
    values = data.draw(st.dictionaries(names, CELLS))
    assert answer(lambda: read_row(shape, values)) == answer(lambda: shape.load(values))
