"""Passwords: what is stored, and what is too easily guessed."""

from collections.abc import Iterator

import argon2
import pytest

from registry.accounts import passwords
from registry.kernel.errors import InvalidInput
from registry.vocab import limits

FLOOR_MEMORY_KIB = 46 * 1024


@pytest.fixture
def cheap() -> Iterator[None]:
    """Insecure but fast."""
    passwords.use_cost(memory_kib=8, passes=1, lanes=1)
    yield
    passwords.use_cost(memory_kib=64 * 1024, passes=3, lanes=1)


def check(password: str) -> None:
    passwords.check(password, login="claire.martin", name="Claire Martin")


def test_the_stored_hash_is_argon2id_above_the_floor():
    passwords.use_cost(memory_kib=64 * 1024, passes=3, lanes=1)

    found = argon2.extract_parameters(passwords.hashed("vache lilas tunnel bleu"))

    assert found.type is argon2.Type.ID
    assert found.memory_cost >= FLOOR_MEMORY_KIB
    assert (found.time_cost, found.parallelism, found.salt_len) == (3, 1, 16)


@pytest.mark.usefixtures("cheap")
class TestMatching:
    def test_only_the_same_password_matches(self):
        stored = passwords.hashed("vache lilas tunnel bleu")

        assert passwords.matches("vache lilas tunnel bleu", stored)
        assert not passwords.matches("vache lilas tunnel bleu ", stored)

    def test_64_unicode_characters_are_taken_unaltered(self):
        password = "é\u0065\u0301 パスé🔑" * 8
        assert len(password) == 64
        stored = passwords.hashed(password)

        assert passwords.matches(password, stored)
        assert not passwords.matches(password.replace("\u0065\u0301", "é"), stored)

    def test_nobody_matches_and_costs_the_same_work(self, monkeypatch: pytest.MonkeyPatch):
        verified: list[str] = []
        real = argon2.PasswordHasher.verify

        def counted(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
            verified.append(stored)
            return real(self, stored, password)

        monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)

        assert not passwords.matches("nobody signs in with this", None)
        assert not passwords.matches("wrong", passwords.hashed("right"))
        ours, theirs = (argon2.extract_parameters(stored) for stored in verified)
        assert ours == theirs

    def test_a_damaged_hash_matches_nothing(self):
        assert not passwords.matches("anything at all", "$argon2id$damaged")

    def test_a_hash_of_other_parameters_is_renewed(self):
        stored = passwords.hashed("vache lilas tunnel bleu")
        assert not passwords.needs_rehash(stored)

        passwords.use_cost(memory_kib=16, passes=1, lanes=1)

        assert passwords.needs_rehash(stored)


@pytest.mark.parametrize(
    "obvious",
    [
        "motdepasse12345",
        "MotDePasse2026!!",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "azertyuiopqsdfg",
        "123456789012345",
        "98765432109876543210",
        "P@ssw0rdP@ssw0rd!",
        "claire.martin.2026!",
        "Martin-Claire-1985",
        "hopitalbiobanque1",
        "abcdefghijklmnop",
        "Bienvenue2026!!!",
        "nhy6bgt5vfr4cde3",
        "  azerty  azerty  qwerty ",
    ],
)
def test_an_obvious_password_is_refused(obvious: str):
    with pytest.raises(InvalidInput, match="easily guessed"):
        check(obvious)


@pytest.mark.parametrize(
    "good",
    [
        "correct horse battery",
        "vache-lilas-tunnel",
        "le chat gris mange",
        "ôéàü ñ 你好 лес дом река",
        "x7Gk2pQ9vL4mZ8w",
        "all lower case words",
        "83927465018273645091827",
    ],
)
def test_no_kind_of_character_is_demanded(good: str):
    assert check(good) is None


def test_a_short_password_is_refused():
    with pytest.raises(InvalidInput, match="at least 15") as caught:
        check("vache lilas tu")

    assert list(caught.value.errors) == ["password"]


def test_a_password_that_would_choke_the_hash_is_refused():
    with pytest.raises(InvalidInput, match="at most 128"):
        check("vache lilas tunnel " * 10)
    assert limits.PASSWORD_MAX == 128
