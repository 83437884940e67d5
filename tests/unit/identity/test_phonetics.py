"""Names that sound alike in French share a key; names that do not, do not."""

import pytest
from hypothesis import given, strategies as st

from registry.identity import normalise, phonetics
from registry.identity.likeness import Name


def key(name: str) -> str:
    found = Name.of(normalise.name(name))
    return found.sound if found else ""


@pytest.mark.parametrize(
    "alike",
    [
        "Dupont Dupond",
        "Lefebvre Lefèvre Lefevre",
        "Thibault Thibaut Thibaud Tibo",
        "Meyer Maier Mayer Meier",
        "Philippe Filippe Philipe",
        "Martin Martain Martein",
        "Durand Durant Durrand",
        "Benoît Benoist Benoit",
        "Mathieu Matthieu Mathieux",
        "Nathalie Natalie Nathaly",
        "Catherine Katherine Catherinne",
        "Rousseau Rousseaux Roussot",
        "Guérin Guerrin",
        "Moreau Moraud Moreaux Morot",
        "Henri Henry",
        "Christophe Kristof Christof",
        "Hervé Hervet Ervé",
        "Lemaître Lemaistre",
        "Joël Joelle",
        "Quentin Kentin Quantin",
        "Schmitt Schmidt Schmit",
        "Guillaume Guillaumme",
        "Gauthier Gautier Gothier Gaultier",
        "Renaud Renault Reynaud Raynaud",
        "Élisabeth Elizabeth",
        "Geoffroy Joffroi",
        "Deschamps Dechamp",
        "Jacques Jacque",
        "Georges George",
        "Louis Luis",
        "Éric Erik Érick",
        "Clarke Clark",
        "White Whyte",
        "Macgowan Mcgowan",
        "Isabella Izabela",
        "Anthony Antony",
    ],
)
def test_spellings_that_sound_alike_share_a_key(alike):
    assert len({key(name) for name in alike.split()}) == 1


@pytest.mark.parametrize(
    "apart",
    [
        "Martin Morin Marin Martinet",
        "Durand Dumont Dupont Dubois",
        "Jean Jeanne",
        "Léa Léo Lou",
        "Simon Simone",
        "Michel Mickaël",
        "Marie Marc Marine",
        "Bernard Renard Girard",
        "Robert Roger",
        "Campbell Clarke Carter",
    ],
)
def test_names_that_sound_different_do_not(apart):
    names = apart.split()
    assert len({key(name) for name in names}) == len(names)


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=25))
def test_every_name_of_two_letters_or_more_has_a_short_key(name):
    found = phonetics.key(name)
    assert len(found) <= len(name) + name.count("X") + name.count("O")
    assert name == "H" * len(name) or found


def test_no_name_has_no_key():
    assert phonetics.key("") == ""


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ123 5", max_size=12))
def test_a_rule_changes_no_word_that_lacks_its_letters(word: str) -> None:
    for letters, replaced, replacement in phonetics._COMPILED:
        if letters not in word:
            assert replaced(replacement, word) == word
