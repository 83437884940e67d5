"""The drawn architecture is the one that the code has."""

from tests import architecture


def test_the_page_shows_the_packages_and_imports_of_today():
    assert architecture.DOCUMENT.read_text(encoding="utf-8") == architecture.drawn(), (
        "docs/architecture.md is out of date: run `make architecture`"
    )
