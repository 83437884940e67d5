"""Enrolling: once per cohort, under a random code, at one's own site."""

from datetime import date, timedelta

import pytest

from registry.kernel import ages, clock
from registry.kernel.codes import participant as participant_code
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants import queries, service
from registry.participants.queries import Wanted
from registry.vocab import limits
from registry.vocab.people import ParticipantStatus, Sex
from tests.factories.accounts import People, Sites
from tests.factories.participants import OPERATOR, make_cohort, make_participant

pytestmark = pytest.mark.usefixtures("app")

PERSON = "0123456789abcdef" * 2


class TestEnrol:
    def test_it_gives_a_code_that_can_be_checked(self, actors: People):
        participant = make_participant(actors)

        assert participant_code.is_valid(participant.code)
        assert queries.get(actors.nurse, participant.code).id == participant.id

    def test_a_code_that_is_taken_is_drawn_again(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        taken = make_participant(actors).code
        drawn = iter([taken, taken, participant_code.make("000001")])
        monkeypatch.setattr(participant_code, "new", lambda: next(drawn))

        assert make_participant(actors).code == participant_code.make("000001")

    def test_it_records_no_identity(self, actors: People, audit_tags):
        make_participant(actors)

        assert audit_tags()[-1] == "participant:enrolled"

    def test_the_same_person_in_the_same_cohort_is_the_same_participant(self, actors: People):
        first = make_participant(actors, person_uid=PERSON)
        again = make_participant(actors, person_uid=PERSON)

        assert again.id == first.id

    def test_the_same_person_in_another_cohort_is_another_participant(self, actors: People):
        first = make_participant(actors, person_uid=PERSON)
        other = make_participant(actors, person_uid=PERSON, cohort=make_cohort("RA"))

        assert other.code != first.code

    def test_a_person_in_doubt_is_in_doubt_in_every_cohort(self, actors: People):
        make_participant(actors, person_uid=PERSON, status=ParticipantStatus.TENTATIVE)
        other = make_participant(actors, person_uid=PERSON, cohort=make_cohort("RA"))

        assert other.status is ParticipantStatus.TENTATIVE

    def test_what_was_missing_is_added_when_the_person_comes_again(self, actors: People):
        make_participant(actors, person_uid=PERSON, birth_year=None, is_incomplete=True)
        again = make_participant(actors, person_uid=PERSON, birth_year=1971)

        assert (again.birth_year, again.is_incomplete) == (1971, False)

    def test_a_person_followed_elsewhere_in_the_cohort_is_not_shown(self, actors: People):
        make_participant(actors, person_uid=PERSON)

        with pytest.raises(RuleBroken, match="at another site"):
            make_participant(actors, person_uid=PERSON, by=actors.other_site_nurse)

    def test_a_nurse_enrols_at_her_own_site_only(self, actors: People, sites: Sites):
        with pytest.raises(NotPermitted):
            make_participant(actors, site_id=sites.lyon)

    def test_a_cohort_that_does_not_exist_is_named(self, actors: People, sites: Sites):
        with pytest.raises(NotFound, match="cohort"):
            service.enrol(
                actors.nurse,
                person_uid=PERSON,
                cohort_id=999,
                site_id=sites.paris,
                birth_year=1980,
                sex=Sex.MALE,
            )

    def test_nobody_is_included_before_being_born(self, app, actors):
        with pytest.raises(InvalidInput, match="before the birth"):
            make_participant(actors, birth_year=1985, included_on=date(1984, 3, 12))

    def test_an_inclusion_still_to_come_is_refused(self, actors: People):
        with pytest.raises(InvalidInput, match="still to come"):
            make_participant(actors, included_on=clock.today() + timedelta(days=1))


class TestSource:
    def test_a_participant_is_found_by_the_number_of_another_system(self, actors: People):
        participant = make_participant(actors, source=("FEBRL", "rec-1-org"))

        found = queries.find_by_source(OPERATOR, system="FEBRL", source_code="rec-1-org")

        assert found is not None
        assert found.id == participant.id

    def test_naming_it_twice_has_no_effect(self, actors: People, audit_tags):
        participant = make_participant(actors, source=("FEBRL", "rec-1-org"))
        before = audit_tags()

        service.add_source(actors.nurse, participant.id, source=("FEBRL", "rec-1-org"))

        assert audit_tags() == before

    def test_a_number_belongs_to_one_participant(self, actors: People):
        make_participant(actors, source=("FEBRL", "rec-1-org"))

        with pytest.raises(RuleBroken, match="another participant"):
            make_participant(actors, source=("FEBRL", "rec-1-org"))


class TestScope:
    def test_a_participant_of_another_site_is_not_found(self, actors: People):
        participant = make_participant(actors)

        with pytest.raises(NotFound):
            queries.get(actors.other_site_nurse, participant.code)
        with pytest.raises(NotFound):
            queries.get_by_id(actors.other_site_nurse, participant.id)

    def test_the_refusal_is_the_one_for_a_code_that_nobody_has(self, actors: People):
        participant = make_participant(actors)

        with pytest.raises(NotFound) as elsewhere:
            queries.get(actors.other_site_nurse, participant.code)
        with pytest.raises(NotFound) as nowhere:
            queries.get(actors.nurse, participant_code.make("ZZZZZZ"))

        assert str(elsewhere.value) == str(nowhere.value)

    def test_lists_and_persons_stop_at_the_site(self, actors: People):
        make_participant(actors, person_uid=PERSON)

        assert queries.page(actors.other_site_nurse, Wanted()).rows == []
        assert queries.of_persons(actors.other_site_nurse, [PERSON]) == []

    def test_an_investigator_sees_no_participant(self, actors: People):
        with pytest.raises(NotPermitted):
            queries.page(actors.investigator, Wanted())

    def test_a_slip_in_the_code_is_put_right(self, actors: People):
        participant = make_participant(actors)
        swapped = participant.code[1] + participant.code[0] + participant.code[2:]

        assert queries.get(actors.nurse, swapped.lower()).id == participant.id


class TestPage:
    def test_it_goes_through_everybody_once_newest_first(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        made = [make_participant(actors).code for _ in range(5)]

        seen, after = [], None
        while True:
            page = queries.page(actors.nurse, Wanted(), after=after)
            seen += [row.code for row in page.rows]
            after = page.next_after
            if after is None:
                break

        assert seen == made[::-1]

    def test_it_filters_by_cohort_status_and_completeness(self, actors: People):
        make_participant(actors)
        wanted = make_participant(
            actors,
            cohort=make_cohort("RA"),
            status=ParticipantStatus.TENTATIVE,
            is_incomplete=True,
        )

        for filters in (
            Wanted(cohort_id=wanted.cohort_id),
            Wanted(status=ParticipantStatus.TENTATIVE),
            Wanted(is_incomplete=True),
        ):
            rows = queries.page(actors.nurse, filters).rows
            assert [row.code for row in rows] == [wanted.code]


class TestComingOfAge:
    def test_of_a_minor_the_month_of_majority_is_kept(self, actors: People):
        included = date(2026, 3, 12)

        participant = make_participant(
            actors, birth_year=2010, adult_from=date(2028, 5, 1), included_on=included
        )

        assert participant.adult_from == date(2028, 5, 1)

    def test_of_an_adult_only_the_year_of_birth_is_kept(self, actors: People):
        participant = make_participant(actors, birth_year=1971, adult_from=date(1989, 5, 1))

        assert participant.adult_from is None

    @pytest.mark.parametrize(
        ("born", "adult"),
        [(date(2010, 5, 31), date(2028, 5, 1)), (date(2012, 2, 29), date(2030, 2, 1))],
    )
    def test_it_is_the_first_day_of_a_month(self, born: date, adult: date):
        assert ages.adult_from(born) == adult
