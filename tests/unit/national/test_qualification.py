"""The statuses of an identity: which act leads where, what each needs, what lowers them."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.identity import amendment
from registry.identity.models import Person
from registry.identity.national.models import NationalIdentifier
from registry.identity.qualification import policies, queries, retrieval, service
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken, Stale
from registry.persistence import unit_of_work, vault_session
from registry.vocab.national import (
    STRICT_TRAITS,
    DocumentType,
    IdentityAttribute,
    IdentityStatus,
    NumberKind,
    QualificationAct,
)
from registry.vocab.people import Sex
from tests.factories.identity import make_person
from tests.factories.national import (
    BIRTH_PLACE,
    check_document,
    coded,
    retrieve,
)

PROVISIONAL, VALIDATED = IdentityStatus.PROVISIONAL, IdentityStatus.VALIDATED
RETRIEVED, QUALIFIED = IdentityStatus.RETRIEVED, IdentityStatus.QUALIFIED


@pytest.fixture
def uid(app, actors) -> str:
    """A woman whose five strict traits are known."""
    return make_person(actors.nurse, birth_place=BIRTH_PLACE).person_uid


def status(actor, uid) -> IdentityStatus:
    return queries.standing(actor, uid).status


def reach(actor, uid, wanted: IdentityStatus) -> None:
    if wanted in (VALIDATED, QUALIFIED):
        check_document(actor, uid)
    if wanted in (RETRIEVED, QUALIFIED):
        retrieve(actor, uid)
    assert status(actor, uid) is wanted


def amend(actor, uid, **changes):
    version = vault_session.scalar(sa.select(Person.version).where(Person.uid == uid))
    return amendment.amend(
        actor, uid, traits=coded(**changes), reason="acte de naissance", expected_version=version
    )


def do(act: QualificationAct, actor, uid) -> IdentityStatus:
    version = queries.standing(actor, uid).version
    match act:
        case QualificationAct.CHECK_DOCUMENT:
            check_document(actor, uid)
        case QualificationAct.RECORD_RETRIEVAL:
            retrieve(actor, uid)
        case QualificationAct.WITHDRAW_NUMBER:
            retrieval.withdraw_number(actor, uid, reason="mauvaise carte", expected_version=version)
        case QualificationAct.AMEND_STRICT_TRAIT:
            amend(actor, uid, given_names="Amélie Rosa")
        case QualificationAct.MARK_UNRELIABLE:
            service.mark(
                actor, uid, {IdentityAttribute.DOUBTFUL}, reason="papier", expected_version=version
            )
    return status(actor, uid)


CASES = [(before, act) for before, row in policies.TRANSITIONS.items() for act in row]


class TestTheTable:
    @pytest.mark.parametrize(("before", "act"), CASES)
    def test_each_act_leads_where_the_table_says(self, actors, uid, before, act):
        reach(actors.nurse, uid, before)
        if act is QualificationAct.WITHDRAW_NUMBER and before in (PROVISIONAL, VALIDATED):
            with pytest.raises(RuleBroken):
                do(act, actors.nurse, uid)
        else:
            assert do(act, actors.nurse, uid) is policies.TRANSITIONS[before][act]

    def test_the_four_statuses_are_retrieved_times_checked(self):
        assert len(IdentityStatus) == 4
        assert set(policies.TRANSITIONS) == set(IdentityStatus)
        assert all(set(row) == set(QualificationAct) for row in policies.TRANSITIONS.values())

    @pytest.mark.parametrize(
        "broken",
        [
            {"status": VALIDATED},
            {"status": QUALIFIED, "retrieved_on": date(2026, 1, 1), "retrieved_by": "n"},
            {"status": RETRIEVED},
            {"retrieved_on": date(2026, 1, 1), "retrieved_by": "n"},
        ],
    )
    def test_the_database_itself_refuses_a_status_without_its_facts(self, actors, uid, broken):
        reach(actors.nurse, uid, VALIDATED)
        table = service.Qualification.__table__
        emptied = {"document": None, "checked_on": None, "checked_by": None}
        with pytest.raises(RuleBroken), unit_of_work():
            vault_session.execute(
                sa.update(table).values({"status": PROVISIONAL, **emptied, **broken})
            )


class TestWhatRaisingNeeds:
    @pytest.mark.parametrize(
        "missing", [{"birth_place": "Saint-Étienne"}, {"birth_place": None}, {"sex": Sex.UNKNOWN}]
    )
    def test_all_five_strict_traits(self, app, actors, missing):
        uid = make_person(actors.nurse, **{"birth_place": BIRTH_PLACE, **missing}).person_uid
        with pytest.raises(RuleBroken, match="Correct the identity first"):
            check_document(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="Correct the identity first"):
            retrieve(actors.nurse, uid)
        assert set(queries.standing(actors.nurse, uid).unknown) <= set(STRICT_TRAITS)

    @pytest.mark.parametrize(
        "changes",
        [
            {"birth_name": "Lefebvre"},
            {"given_names": "Amélie"},
            {"birth_date": date(1962, 4, 18)},
            {"sex": Sex.MALE},
            {"birth_place": "42219"},
        ],
    )
    def test_a_retrieval_of_other_traits_is_refused(self, actors, uid, changes):
        with pytest.raises(RuleBroken, match="differs from the identity here"):
            retrieve(actors.nurse, uid, returned=coded(**changes))
        assert vault_session.scalar(sa.select(sa.func.count(NationalIdentifier.id))) == 0

    def test_accents_and_hyphens_do_not_make_another_name(self, actors, uid):
        returned = coded(birth_name="LEFEBVRE DURAND", given_names="AMELIE, ROSE")
        assert retrieve(actors.nurse, uid, returned=returned).status is RETRIEVED

    @pytest.mark.parametrize("document", sorted(policies.FOR_MINORS))
    def test_an_adult_is_not_known_by_the_papers_of_a_child(self, actors, uid, document):
        with pytest.raises(InvalidInput):
            check_document(actors.nurse, uid, document=document)

    def test_a_child_is(self, app, actors):
        born = clock.today() - timedelta(days=3000)
        uid = make_person(actors.nurse, birth_place=BIRTH_PLACE, birth_date=born).person_uid
        paper = DocumentType.FAMILY_RECORD_BOOK
        assert check_document(actors.nurse, uid, document=paper) is VALIDATED

    def test_a_day_that_has_come(self, actors, uid):
        tomorrow = clock.today() + timedelta(days=1)
        with pytest.raises(InvalidInput):
            check_document(actors.nurse, uid, checked_on=tomorrow)
        with pytest.raises(InvalidInput):
            retrieve(actors.nurse, uid, retrieved_on=tomorrow)

    @pytest.mark.parametrize("attribute", sorted(policies.UNRELIABLE))
    def test_nothing_vouches_for_a_doubtful_or_fictitious_identity(self, actors, uid, attribute):
        service.mark(actors.nurse, uid, {attribute}, reason="papier", expected_version=0)
        with pytest.raises(RuleBroken, match="stays provisional"):
            check_document(actors.nurse, uid)
        with pytest.raises(RuleBroken, match="stays provisional"):
            retrieve(actors.nurse, uid)

    def test_a_homonym_can_be_qualified(self, actors, uid):
        service.mark(
            actors.nurse, uid, {IdentityAttribute.HOMONYM}, reason="deux", expected_version=0
        )
        reach(actors.nurse, uid, QUALIFIED)
        assert status(actors.nurse, uid) is QUALIFIED

    def test_a_mark_taken_off_gives_nothing_back(self, actors, uid):
        reach(actors.nurse, uid, QUALIFIED)
        for marks in ({IdentityAttribute.FICTITIOUS}, set()):
            version = queries.standing(actors.nurse, uid).version
            service.mark(actors.nurse, uid, marks, reason="vérifié", expected_version=version)
        assert status(actors.nurse, uid) is PROVISIONAL

    def test_two_who_change_a_status_at_once_are_told(self, actors, uid):
        check_document(actors.nurse, uid)
        with pytest.raises(Stale):
            check_document(actors.nurse, uid, expected_version=0)


class TestCorrectingAStrictTrait:
    @pytest.mark.parametrize(
        "changes",
        [
            {"birth_name": "Lefèbvre"},
            {"given_names": "Amélie"},
            {"birth_date": date(1962, 4, 18)},
            {"sex": Sex.MALE},
            {"birth_place": "42219"},
        ],
    )
    def test_makes_the_identity_provisional(self, actors, uid, changes):
        reach(actors.nurse, uid, QUALIFIED)
        assert amend(actors.nurse, uid, **changes).lowered_to is PROVISIONAL
        assert status(actors.nurse, uid) is PROVISIONAL

    def test_the_used_name_and_the_residence_leave_it_as_it_is(self, actors, uid):
        reach(actors.nurse, uid, QUALIFIED)
        amend(actors.nurse, uid, used_name="Petit", town="Lyon", used_given_names="Rose")
        assert status(actors.nurse, uid) is QUALIFIED

    def test_the_number_stays_the_persons(self, actors, uid):
        retrieve(actors.nurse, uid)
        amend(actors.nurse, uid, given_names="Amélie")
        assert queries.standing(actors.nurse, uid).kind is NumberKind.NIR


class TestWhoMay:
    def test_the_nurse_of_another_site_finds_nobody(self, actors, uid):
        with pytest.raises(NotFound):
            queries.standing(actors.other_site_nurse, uid)
        with pytest.raises(NotFound):
            retrieve(actors.nurse, "0" * 32)

    def test_a_technician_may_not(self, actors, uid):
        with pytest.raises(NotPermitted):
            queries.standing(actors.technician, uid)

    def test_the_identity_officer_may(self, actors, uid):
        reach(actors.identity_officer, uid, QUALIFIED)
        assert status(actors.identity_officer, uid) is QUALIFIED

    def test_what_was_done_is_recorded_without_a_value(self, actors, uid, audit_tags):
        reach(actors.nurse, uid, QUALIFIED)
        assert audit_tags()[-2:] == ["identity:document_checked", "national_identity:retrieved"]
