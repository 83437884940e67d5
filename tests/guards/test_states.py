"""The drawn state machines are the ones that the tables hold."""

from pathlib import Path

import pytest

from tests import states


@pytest.mark.parametrize("page", states.PAGES, ids=lambda page: page.stem)
def test_the_diagram_shows_the_table_of_today(page: Path):
    assert page.read_text(encoding="utf-8") == states.PAGES[page](), "Run `make architecture`."
