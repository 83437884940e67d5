"""What people read: every choice labelled, every sentence in French, none left over."""

import importlib
import pkgutil
import re
from enum import StrEnum
from pathlib import Path

import pytest

from registry import vocab
from registry.kernel.messages import Message
from registry.vocab.labels import label
from tests import catalogue


def enumerations() -> list[type[StrEnum]]:
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(vocab.__path__, f"{vocab.__name__}.")
    ]
    return sorted(
        {
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
        },
        key=lambda enumeration: enumeration.__name__,
    )


@pytest.mark.parametrize("enumeration", enumerations(), ids=lambda one: one.__name__)
def test_every_choice_has_a_label(enumeration: type[StrEnum]):
    without = [member.name for member in enumeration if not has_label(member)]

    assert not without, f"Add these to the LABELS of {enumeration.__module__}: {without}"


def has_label(member: StrEnum) -> bool:
    try:
        return isinstance(label(member), Message)
    except KeyError:
        return False


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every sentence that the code and the templates mark for translation."""
    target = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    return set(catalogue.sentences(catalogue.extract(target)))


@pytest.fixture(scope="module")
def french() -> dict[str, catalogue.Message]:
    return catalogue.sentences(catalogue.read(catalogue.FRENCH))


def test_the_french_catalogue_holds_what_the_code_says_and_nothing_else(
    said: set[str], french: dict[str, catalogue.Message]
):
    assert {"missing": said - set(french), "left over": set(french) - said} == {
        "missing": set(),
        "left over": set(),
    }, "Run `make translations`."


def test_every_sentence_is_translated(french: dict[str, catalogue.Message]):
    missing = [text for text, message in french.items() if not catalogue.is_translated(message)]

    assert not missing


def test_no_translation_is_a_guess(french: dict[str, catalogue.Message]):
    assert not [text for text, message in french.items() if message.fuzzy]


def test_translations_fill_the_same_places(french: dict[str, catalogue.Message]):
    def places(text: str) -> set[str]:
        return set(re.findall(r"\{(\w*)[^}]*\}|%\((\w+)\)", text))

    wrong = [
        text
        for text, message in french.items()
        if isinstance(message.string, str) and places(text) != places(message.string)
    ]

    assert not wrong


def test_no_sentence_is_glued_from_pieces():
    """`_('a') ~ x` cannot be put in another order in another language."""
    templates = Path(vocab.__file__).parents[1] / "web" / "templates"
    glued = [
        f"{path.name}: {match.group(0)}"
        for path in templates.rglob("*.html")
        for match in re.finditer(r"_\([^()]*\)\s*~\s*|~\s*_\(", path.read_text(encoding="utf-8"))
    ]

    assert not glued
