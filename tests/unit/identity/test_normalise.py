"""One spelling for what people spell in many ways."""

import pytest
from hypothesis import given, strategies as st

from registry.identity import normalise
from registry.identity.likeness import Name


class TestName:
    @pytest.mark.parametrize(
        ("raw", "normalised"),
        [
            ("Lefèbvre", "LEFEBVRE"),
            ("  de la   Tour ", "DE LA TOUR"),
            ("D’Ormesson", "D ORMESSON"),
            ("d'Ormesson", "D ORMESSON"),
            ("Jean-Pierre", "JEAN PIERRE"),
            ("JEAN, PIERRE", "JEAN PIERRE"),
            ("Œuvrard", "OEUVRARD"),
            ("Ægidius", "AEGIDIUS"),
            ("Strauß", "STRAUSS"),
            ("Łukasz Żądło", "LUKASZ ZADLO"),
            ("Møller", "MOLLER"),
            ("St Martin", "SAINT MARTIN"),
            ("Ste-Marie", "SAINTE MARIE"),
            ("Van'T Hof", "VAN T HOF"),
            ("ﬁlip", "FILIP"),
            ("12 ?", ""),
            ("", ""),
            (None, ""),
        ],
    )
    def test_it_becomes_capital_words(self, raw, normalised):
        assert normalise.name(raw) == normalised

    @given(st.text(max_size=30))
    def test_it_holds_only_capital_letters_and_single_spaces(self, raw):
        normalised = normalise.name(raw)
        assert all(letter == " " or "A" <= letter <= "Z" for letter in normalised)
        assert normalised == " ".join(normalised.split())

    @given(st.text(max_size=30))
    def test_normalising_again_changes_nothing(self, raw):
        once = normalise.name(raw)
        assert normalise.name(once) == once

    @given(st.text(alphabet="éèêëàâäîïôöùûüçœÉÈÇa-z' -", max_size=20))
    def test_case_does_not_matter(self, raw):
        assert normalise.name(raw.upper()) == normalise.name(raw.lower())


class TestPlaceAndNumber:
    @pytest.mark.parametrize(
        ("raw", "normalised"),
        [
            ("St-Étienne Cedex 02", "SAINT ETIENNE"),
            ("PARIS CEDEX", "PARIS"),
            ("Paris 14e", "PARIS 14E"),
            ("2A004", "2A004"),
        ],
    )
    def test_a_place_loses_its_cedex_and_keeps_its_digits(self, raw, normalised):
        assert normalise.place(raw) == normalised

    @pytest.mark.parametrize(
        ("raw", "normalised"),
        [(" 00 12-345 ", "0012345"), ("ab.12", "AB12"), ("", ""), (None, "")],
    )
    def test_a_number_keeps_letters_digits_and_leading_zeros(self, raw, normalised):
        assert normalise.number(raw) == normalised


class TestParts:
    def test_a_name_without_its_particles_is_its_core(self):
        assert Name.of("DE LA TOUR").core == "TOUR"
        assert Name.of("LE GALL").core == "GALL"

    def test_a_name_made_of_particles_alone_stays_whole(self):
        assert Name.of("LE VAN").core == "LEVAN"

    def test_nothing_is_no_name(self):
        assert Name.of("") is None
