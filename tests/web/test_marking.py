"""What differs between two written values is marked, letter by letter."""

import pytest

from registry.web import marking


@pytest.mark.parametrize(
    ("one", "other", "left", "right", "letters"),
    [
        ("Durand", "Durant", "Duran<mark>d</mark>", "Duran<mark>t</mark>", 1),
        ("Lefèbvre-Durand", "LEFEBVRE DURAND", "Lefèbvre-Durand", "LEFEBVRE DURAND", 0),
        ("Rosa", "Rosaa", "Rosa", "Rosa<mark>a</mark>", 1),
        ("07/04/1962", "04/07/1962", "0<mark>7</mark>/0<mark>4</mark>/1962",
         "0<mark>4</mark>/0<mark>7</mark>/1962", 2),
        ("", "Paul", "", "<mark>Paul</mark>", 4),
        ("<b>", "<b>", "&lt;b&gt;", "&lt;b&gt;", 0),
    ],
)  # fmt: skip
def test_the_letters_that_differ_are_marked(one, other, left, right, letters):
    assert marking.marked(one, other) == (left, right)
    assert marking.count(one, other) == letters
