"""The form in which identities are compared, and the keys that find them.

Nobody is hidden by how they are written: security requirement 10, first half.
"""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from registry.crypto.keyring import Keyring
from registry.identity.keys import OpenVault
from registry.identity.likeness import BlockingKey, Likeness
from registry.identity.traits import HospitalId, Traits
from registry.vocab.people import Sex
from tests.factories.identity import make_traits

NAMES = st.text(
    alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéèêëàâîïôùûüçñœ'- ",
    min_size=2,
    max_size=25,
)
DATES = st.dates(min_value=date(1875, 1, 1), max_value=date(2026, 1, 1))


def keys(traits: Traits) -> set[tuple[BlockingKey, str]]:
    return set(Likeness.of(traits, None).blocking_keys())


@given(NAMES, NAMES, NAMES, DATES, st.sampled_from(Sex))
def test_what_was_sealed_comes_back(birth, given_names, used, born, sex):
    likeness = Likeness.of(
        Traits(birth, given_names, used, born, sex, "Bastia", "20200", "Bastia"),
        HospitalId("PAR", "12"),
    )
    assert Likeness.decoded(likeness.encoded()) == likeness


def test_an_empty_identity_has_no_key():
    assert Likeness.of(Traits(), None).blocking_keys() == []


def test_no_key_is_a_name_a_sex_or_a_place_alone():
    only_names = keys(Traits(birth_name="Durand", sex=Sex.MALE, town="Paris", postal_code="75014"))
    assert only_names == set()
    assert keys(Traits(given_names="Anne", birth_place="Paris")) == set()


def test_the_kinds_of_keys_are_those_that_are_stored():
    assert {key.name: key.value for key in BlockingKey} == {
        "IDENTIFIER": 1,
        "BOTH_NAMES": 3,
        "BIRTH_DATE": 8,
        "BIRTH_NAME_AND_DATE": 9,
        "GIVEN_NAME_AND_DATE": 10,
    }


class TestFindingTheSamePerson:
    """Each variation of one identity shares a key with it."""

    @given(NAMES, NAMES, DATES)
    def test_accents_case_and_hyphens_never_hide_anybody(self, birth, given_names, born):
        plain = Traits(birth_name=birth, given_names=given_names, birth_date=born)
        other = Traits(
            birth_name=birth.upper().replace("É", "E").replace("-", " "),
            given_names=given_names.lower().replace("ç", "c").replace("'", "’"),
            birth_date=born,
        )
        assert keys(plain) == keys(other)

    @pytest.mark.parametrize(
        "changes",
        [
            {"birth_date": None},
            {"birth_name": None},
            {"given_names": None},
            {"birth_date": date(1926, 4, 17)},
            {"birth_date": date(1962, 11, 30)},
            {"birth_name": "Quelqu'un d'autre", "given_names": "Autrement"},
            {"birth_name": "Durand", "birth_date": date(1926, 11, 30)},
            {"birth_name": "Lefevre", "birth_date": date(1926, 11, 30)},
            {"given_names": "Amélie", "birth_date": date(1926, 11, 30)},
            {"birth_name": "Amélie Rose", "given_names": "Lefèbvre-Durand", "birth_date": None},
            {"birth_name": "Petit", "used_name": "Lefèbvre-Durand"},
        ],
    )
    def test_one_or_two_wrong_traits_do_not_hide_her(self, changes):
        assert keys(make_traits()) & keys(make_traits(**changes))

    def test_day_and_month_exchanged_do_not_hide_her(self):
        one = make_traits(given_names=None, birth_date=date(1962, 4, 7))
        other = make_traits(given_names=None, birth_date=date(1926, 7, 4))
        assert keys(one) & keys(other)

    def test_a_stranger_shares_nothing(self):
        assert not keys(make_traits()) & keys(
            Traits(birth_name="Nguyen", given_names="Paul", birth_date=date(1980, 1, 2))
        )


class TestTokens:
    @pytest.fixture
    def vault(self, tmp_path):
        return OpenVault(Keyring.generate(tmp_path / "keys").vault())

    def test_each_kind_of_key_has_an_index_key_of_its_own(self, vault):
        made = {vault.tokens_for(kind, "MARTIN|1962")[0] & (2**40 - 1) for kind in BlockingKey}
        assert len(made) == len(BlockingKey)

    def test_a_token_fits_a_signed_64_bit_column_and_tells_its_kind(self, vault):
        for kind in BlockingKey:
            (token,) = vault.tokens_for(kind, "MARTIN|1962")
            assert 0 < token < 2**63
            assert token >> 40 & 0xFF == kind
            assert token >> 48 == vault.index_number == 1

    def test_another_vault_has_other_tokens(self, vault, tmp_path):
        other = OpenVault(Keyring.generate(tmp_path / "other").vault())
        traits = Likeness.of(make_traits(), HospitalId("PAR", "12"))
        assert not set(vault.tokens(traits)) & set(other.tokens(traits))

    def test_a_number_belongs_to_its_site(self, vault):
        assert vault.number_index("PAR", "12") != vault.number_index("LYO", "12")
        assert vault.number_index("PAR1", "2") != vault.number_index("PAR", "12")
