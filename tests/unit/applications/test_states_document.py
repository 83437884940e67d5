"""The diagram in the documentation is the table in the code."""

from tests import states


def test_the_diagram_is_drawn_from_the_table():
    written = states.FILE.read_text(encoding="utf-8")

    assert written == states.drawn(), "Run `python -m tests.states`."
