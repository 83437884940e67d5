"""A backup that two officers of three open, and no one of them alone."""

from itertools import combinations

import pytest

from registry.crypto import shares
from registry.crypto.errors import KeysUnusable, SharesUnusable
from registry.crypto.shares import join, needed_with, split

CONTENT = b'{"format": 2, "encryption": "..."}'


@pytest.fixture(scope="module")
def made() -> shares.Split:
    return split(CONTENT, shares=3, needed=2)


def test_any_two_of_three_open_it(made):
    for two in combinations(made.shares, 2):
        assert join(made.backup, two) == CONTENT


@pytest.mark.parametrize("number", range(3))
def test_no_single_share_opens_it(made, number):
    with pytest.raises(SharesUnusable):
        join(made.backup, [made.shares[number]])


def test_the_backup_does_not_show_its_content(made):
    assert CONTENT not in made.backup


def test_each_share_says_how_many_are_needed(made):
    assert {needed_with(share) for share in made.shares} == {2}


@pytest.mark.parametrize("place", [0, 7, 32])
def test_a_word_written_wrong_is_found(made, place):
    words = made.shares[0].split()
    words[place] = "academic" if words[place] != "academic" else "acid"
    with pytest.raises(SharesUnusable):
        needed_with(" ".join(words))


def test_shares_of_another_backup_do_not_open_it(made):
    other = split(CONTENT, shares=3, needed=2)
    with pytest.raises(SharesUnusable):
        join(made.backup, other.shares[:2])
    with pytest.raises(SharesUnusable):
        join(made.backup, [made.shares[0], other.shares[1]])


def test_a_passphrase_is_needed_as_well():
    made = split(CONTENT, shares=3, needed=2, passphrase="four words of both")
    assert join(made.backup, made.shares[:2], passphrase="four words of both") == CONTENT
    with pytest.raises(SharesUnusable):
        join(made.backup, made.shares[:2])


@pytest.mark.parametrize("damaged", [b"", b"{}", b"[]", b'{"format": 1, "content": "!"}'])
def test_a_damaged_backup_is_refused(made, damaged):
    with pytest.raises(KeysUnusable):
        join(damaged, made.shares[:2])


@pytest.mark.parametrize(("count", "needed"), [(3, 1), (2, 3), (17, 2)])
def test_useless_numbers_are_refused(count, needed):
    with pytest.raises(SharesUnusable):
        split(CONTENT, shares=count, needed=needed)


def test_a_passphrase_with_accents_is_refused():
    with pytest.raises(SharesUnusable):
        split(CONTENT, shares=3, needed=2, passphrase="été")
