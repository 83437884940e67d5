"""Blind indexes and pseudonyms: equal inputs meet, everything else stays apart."""

import hashlib
import hmac
import secrets

import pytest
from hypothesis import given, strategies as st

from registry.crypto.blind_index import BlindIndex
from registry.crypto.derivation import derive
from registry.crypto.encoding import framed
from registry.crypto.pseudonyms import ProjectPseudonyms

MASTER = bytes.fromhex("c3d2" * 16)


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block, from the standard library alone."""
    extracted = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


class TestDerivation:
    def test_it_is_hkdf_sha256_over_length_prefixed_purposes(self):
        assert derive(MASTER, b"bidx/v1", "person", "birth", "1") == hkdf_sha256(
            MASTER, b"bidx/v1", framed(b"person", b"birth", b"1")
        )

    def test_neighbouring_purposes_give_unrelated_keys(self):
        assert derive(MASTER, b"s", "ab", "c") != derive(MASTER, b"s", "a", "bc")

    @given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
    def test_framing_never_confuses_two_lists(self, one, other):
        assert (framed(*one) == framed(*other)) == (one == other)


class TestBlindIndex:
    def test_it_is_hmac_sha256_under_its_own_key(self):
        index = BlindIndex(MASTER, table="hospital_identifier", index="number", epoch=1)
        key = hkdf_sha256(MASTER, b"bidx/v1", framed(b"hospital_identifier", b"number", b"1"))
        assert index.digest(b"7364009") == hmac.digest(key, b"7364009", hashlib.sha256)[:16]

    def test_a_short_index_is_the_beginning_of_the_long_one(self):
        index = BlindIndex(MASTER, table="t", index="i", epoch=1, bits=20)
        assert index.number(b"x") == int.from_bytes(index.digest(b"x"), "big") >> 108
        assert index.number(b"x") < 2**20

    def test_the_same_value_has_another_index_in_each_table_index_and_epoch(self):
        made = {
            BlindIndex(master, table=table, index=index, epoch=epoch).digest(b"same")
            for master in (MASTER, secrets.token_bytes(32))
            for table in ("a", "b", "ab")
            for index in ("b", "c", "bc")
            for epoch in (1, 2, 11)
        }
        assert len(made) == 2 * 3 * 3 * 3

    def test_the_key_copied_for_each_value_does_not_remember_the_one_before(self):
        index = BlindIndex(MASTER, table="t", index="i", epoch=1)
        first = index.digest(b"one")
        index.digest(b"two")
        assert index.digest(b"one") == first

    @pytest.mark.parametrize("bits", [0, -1, 129])
    def test_an_impossible_length_is_refused(self, bits):
        with pytest.raises(ValueError, match="bits"):
            BlindIndex(MASTER, table="t", index="i", epoch=1, bits=bits)

    def test_short_indexes_are_spread_evenly(self):
        index = BlindIndex(MASTER, table="t", index="i", epoch=1, bits=8)
        counts = [0] * 256
        for value in range(25_600):
            counts[index.number(str(value).encode())] += 1
        assert max(counts) < 160
        assert min(counts) > 50


class TestProjectPseudonyms:
    def test_a_renewed_extract_gives_the_same_pseudonyms(self):
        first = ProjectPseudonyms(MASTER, application="2026-0007")
        again = ProjectPseudonyms(MASTER, application="2026-0007")
        assert first.of("AC4K7DZ2") == again.of("AC4K7DZ2")

    def test_two_projects_and_two_participants_never_share_one(self):
        made = {
            ProjectPseudonyms(MASTER, application=f"2026-{project:04}").of(f"subject{number}")
            for project in range(20)
            for number in range(200)
        }
        assert len(made) == 4_000

    def test_a_pseudonym_is_sixteen_letters_and_digits(self):
        pseudonym = ProjectPseudonyms(MASTER, application="2026-0007").of("AC4K7DZ2")
        assert len(pseudonym) == 16
        assert pseudonym.isalnum()

    def test_it_cannot_be_computed_without_the_key(self):
        other = ProjectPseudonyms(secrets.token_bytes(32), application="2026-0007")
        assert other.of("AC4K7DZ2") != ProjectPseudonyms(MASTER, application="2026-0007").of(
            "AC4K7DZ2"
        )
