"""Taking identities in: each person once."""

from datetime import date, timedelta

import pytest

from registry.identity import service
from registry.identity.models import (
    HospitalIdentifier,
    IdentityRecord,
    Person,
)
from registry.identity.traits import Traits
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted
from registry.vocab.identity import EnrolmentOutcome, Standing, Trait
from tests.factories.identity import make_person, make_traits

SAME, REVIEW = EnrolmentOutcome.SAME, EnrolmentOutcome.REVIEW
NEW, ALREADY = EnrolmentOutcome.NEW, EnrolmentOutcome.ALREADY


class TestANewPerson:
    def test_she_gets_a_random_name_and_is_established(self, app, actors, rows_of, audit_tags):
        enrolment = make_person(actors.nurse)

        (person,) = rows_of(Person)
        assert enrolment.outcome is NEW
        assert enrolment.person_uid == person.uid
        assert len(person.uid) == 32
        assert person.standing is Standing.ESTABLISHED
        assert audit_tags() == ["identity:enrolled"]

    def test_only_blobs_are_stored_of_her(self, app, actors, rows_of):
        make_person(actors.nurse, used_name="Petit", used_given_names="Rose")

        (record,) = rows_of(IdentityRecord)
        sealed = [getattr(record, trait.value) for trait in Trait]
        sealed += [record.hospital_number, record.likeness]
        sealed += [rows_of(Person)[0].wrapped_key, rows_of(HospitalIdentifier)[0].value]
        for blob in sealed:
            assert blob[:2] == b"\x01\x01"

    def test_two_strangers_are_two_persons(self, app, actors):
        one = make_person(actors.nurse)
        other = make_person(
            actors.nurse,
            number="77",
            birth_name="Nguyen",
            given_names="Paul",
            birth_date=date(1990, 1, 2),
        )
        assert other.outcome is NEW
        assert other.person_uid != one.person_uid

    def test_the_same_number_at_another_site_is_another_number(self, app, actors, rows_of):
        make_person(actors.nurse, number="12")
        other = make_person(
            actors.other_site_nurse,
            number="12",
            site="LYO",
            birth_name="Nguyen",
            given_names="Paul",
            birth_date=date(1990, 1, 2),
        )
        assert other.outcome is NEW
        assert len(rows_of(HospitalIdentifier)) == 2


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"birth_date": date(1874, 12, 31)}, "birth_date"),
            ({"birth_name": "x" * 121}, "birth_name"),
            ({"town": "x" * 121}, "town"),
        ],
    )
    def test_impossible_values(self, app, actors, rows_of, changes, field):
        with pytest.raises(InvalidInput) as refused:
            make_person(actors.nurse, **changes)
        assert list(refused.value.errors) == [field]
        assert rows_of(Person) == []

    def test_a_birth_date_still_to_come(self, app, actors):
        with pytest.raises(InvalidInput):
            make_person(actors.nurse, birth_date=clock.today() + timedelta(days=1))
        assert make_person(actors.nurse, birth_date=clock.today()).outcome is NEW

    def test_a_blank_is_a_missing_trait(self, app, actors):
        with pytest.raises(InvalidInput) as refused:
            make_person(actors.nurse, number=None, birth_name="  ")
        assert set(refused.value.errors) == {"birth_name"}

    @pytest.mark.parametrize("field", ["birth_name", "given_names", "used_name"])
    @pytest.mark.parametrize("name", ["محمد", "王", "Иванов", "12"])
    def test_a_name_by_which_nobody_would_be_found_again(self, app, actors, rows_of, field, name):
        with pytest.raises(InvalidInput) as refused:
            make_person(actors.nurse, **{field: name})
        assert list(refused.value.errors) == [field]
        assert rows_of(Person) == []

    @pytest.mark.parametrize("name", ["Óscar", "Łętowski", "Ølund", "O’Brien", "محمد (Mohamed)"])
    def test_a_name_of_which_latin_letters_are_left_is_taken(self, app, actors, name):
        assert make_person(actors.nurse, birth_name=name).outcome is NEW

    def test_a_missing_trait_without_a_hospital_number(self, app, actors):
        with pytest.raises(InvalidInput) as refused:
            make_person(actors.nurse, number=None, birth_date=None, given_names=None)
        assert set(refused.value.errors) == {"birth_date", "given_names"}

    @pytest.mark.parametrize("number", ["  ", "-- ?", "1" * 41])
    def test_a_number_that_is_none(self, app, actors, number):
        with pytest.raises(InvalidInput):
            make_person(actors.nurse, number=number)

    @pytest.mark.parametrize("site", [None, "XYZ"])
    def test_a_site_that_is_none(self, app, actors, site):
        with pytest.raises(InvalidInput) as refused:
            service.enrol(actors.nurse, traits=make_traits(), site=site)
        assert refused.value.field == "site"

    def test_a_nurse_of_another_site(self, app, actors, rows_of):
        with pytest.raises(NotPermitted):
            make_person(actors.other_site_nurse)
        assert rows_of(Person) == []

    @pytest.mark.parametrize("role", ["technician", "investigator", "data_manager", "dpo", "admin"])
    def test_everybody_but_nurses(self, app, actors, role):
        with pytest.raises(NotPermitted):
            make_person(getattr(actors, role))

    def test_no_sentence_quotes_what_was_given(self, app, actors):
        with pytest.raises(InvalidInput) as refused:
            make_person(actors.nurse, birth_name="Zwierzynski" * 12)
        said = f"{refused.value} {refused.value.errors}"
        assert "Zwierzynski" not in said


class TestAMissingTrait:
    def test_it_is_taken_with_a_hospital_number_and_named(self, app, actors):
        enrolment = make_person(actors.nurse, birth_date=None, given_names="")
        assert enrolment.outcome is NEW
        assert enrolment.missing == (Trait.GIVEN_NAMES, Trait.BIRTH_DATE)

    def test_a_more_complete_record_takes_the_place_of_the_reference(self, app, actors):
        make_person(actors.nurse, birth_date=None)
        enrolment = make_person(actors.nurse)

        shown = service.reveal(actors.nurse, enrolment.person_uid, reason="vérification")
        assert enrolment.outcome is SAME
        assert enrolment.missing == ()
        assert shown.traits == make_traits()

    def test_a_less_complete_one_does_not(self, app, actors):
        make_person(actors.nurse)
        enrolment = make_person(actors.nurse, birth_date=None)

        shown = service.reveal(actors.nurse, enrolment.person_uid, reason="vérification")
        assert enrolment.missing == ()
        assert shown.traits == make_traits()


class TestTheSamePersonAgain:
    def test_the_very_same_identity_adds_nothing(self, app, actors, rows_of, audit_tags):
        first = make_person(actors.nurse)
        again = make_person(actors.nurse)

        assert again.outcome is SAME
        assert again.person_uid == first.person_uid
        assert len(rows_of(Person)) == len(rows_of(IdentityRecord)) == 1
        assert len(rows_of(HospitalIdentifier)) == 1
        assert audit_tags() == ["identity:enrolled", "identity:attached"]

    def test_another_spelling_is_kept_and_found_from_then_on(self, app, actors, rows_of):
        first = make_person(actors.nurse)
        married = make_person(actors.nurse, birth_name="Petit")

        assert married.person_uid == first.person_uid
        assert len(rows_of(IdentityRecord)) == 2
        (found,) = service.search(
            actors.nurse, traits=Traits("Petit", "Amélie", birth_date=date(1962, 4, 17))
        )
        assert found.person_uid == first.person_uid

    def test_another_number_of_the_same_site_becomes_an_alias(self, app, actors, rows_of):
        first = make_person(actors.nurse, number="12")
        again = make_person(actors.nurse, number="7731")

        assert again.person_uid == first.person_uid
        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False, True]
        assert make_person(actors.nurse, number="7731").person_uid == first.person_uid

    def test_a_number_of_another_site_is_no_alias(self, app, actors, rows_of):
        first = make_person(actors.nurse, number="12")
        elsewhere = make_person(actors.other_site_nurse, number="12", site="LYO")

        assert elsewhere.outcome is SAME
        assert elsewhere.person_uid == first.person_uid
        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False, False]

    def test_a_first_number_is_added_to_a_person_who_had_none(self, app, actors, rows_of):
        first = make_person(actors.nurse, number=None)
        again = make_person(actors.nurse, number="12")

        assert again.person_uid == first.person_uid
        assert [row.is_alias for row in rows_of(HospitalIdentifier)] == [False]
