"""Partners' codes: one person's each, sealed, found both ways, following a merge."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.audit.models import AuditEntry
from registry.identity import service as vault_service, vault
from registry.identity.models import MatchReview
from registry.identity.pseudonyms import service
from registry.identity.pseudonyms.models import ForeignPseudonym
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    TooManyAttempts,
    Unavailable,
)
from registry.persistence import db, registry_session, vault_session
from registry.vocab import limits
from registry.vocab.identity import ReviewOutcome
from tests.factories.accounts import People
from tests.factories.identity import make_partner, make_person

pytestmark = pytest.mark.usefixtures("app")

CODE = "UNIV-004711"


@pytest.fixture(autouse=True)
def partner(app: Flask) -> str:
    return make_partner("UNI")


@pytest.fixture
def person(actors: People) -> str:
    return make_person(actors.nurse).person_uid


@pytest.fixture
def other(actors: People) -> str:
    return make_person(
        actors.nurse, number="77", birth_name="Martin", given_names="Paul", town=None
    ).person_uid


def add(actor: Actor, person_uid: str, code: str = CODE) -> bool:
    return service.add(actor, person_uid, partner="UNI", code=code)


def codes_of(actor: Actor, person_uid: str) -> list[str]:
    return [one.code for one in service.of_person(actor, person_uid) if not one.retired_at]


def test_it_leads_from_the_person_to_the_code_and_back(actors: People, person: str):
    assert add(actors.nurse, person) is True

    assert codes_of(actors.nurse, person) == [CODE]
    assert service.find(actors.nurse, partner="UNI", code=CODE) == person


@pytest.mark.parametrize("typed", ["univ-004711", " UNIV 004711 ", "UNIV004711"])
def test_how_it_is_typed_does_not_matter(actors: People, person: str, typed: str):
    add(actors.nurse, person)

    assert service.find(actors.nurse, partner="uni", code=typed) == person


def test_recording_it_again_changes_nothing(actors: People, person: str):
    add(actors.nurse, person)

    assert add(actors.nurse, person) is False
    assert codes_of(actors.nurse, person) == [CODE]


def test_one_code_is_not_two_persons(actors: People, person: str, other: str):
    add(actors.nurse, person)

    with pytest.raises(RuleBroken, match="another person"):
        add(actors.nurse, other)


def test_a_person_has_one_code_with_a_partner(actors: People, person: str):
    add(actors.nurse, person)

    with pytest.raises(RuleBroken, match="another code"):
        add(actors.nurse, person, "UNIV-2")


def test_the_same_code_of_another_partner_is_another_code(actors: People, person: str, other: str):
    make_partner("INS")
    add(actors.nurse, person)

    assert service.add(actors.nurse, other, partner="INS", code=CODE)


def test_a_retired_code_can_be_anothers(actors: People, person: str, other: str):
    add(actors.nurse, person)
    (row,) = service.of_person(actors.nurse, person)
    service.retire(actors.nurse, person, row.uid, reason="The partner mixed two people up")

    assert service.find(actors.nurse, partner="UNI", code=CODE) is None
    assert add(actors.nurse, other)
    assert [one.retired_at is None for one in service.of_person(actors.nurse, person)] == [False]


def test_a_code_is_retired_once_and_with_a_reason(actors: People, person: str, other: str):
    add(actors.nurse, person)
    (row,) = service.of_person(actors.nurse, person)

    with pytest.raises(InvalidInput):
        service.retire(actors.nurse, person, row.uid, reason="")
    with pytest.raises(NotFound):
        service.retire(actors.nurse, other, row.uid, reason="Mixed up")
    service.retire(actors.nurse, person, row.uid, reason="Mixed up")
    with pytest.raises(RuleBroken, match="before"):
        service.retire(actors.nurse, person, row.uid, reason="Mixed up")


@pytest.mark.parametrize("told", [CODE, "univ 004711", "U2-99881"])
def test_a_reason_that_tells_a_code_is_refused(actors: People, person: str, told: str):
    make_partner("TWO")
    service.add(actors.nurse, person, partner="TWO", code="U2-99881")
    add(actors.nurse, person)
    (row,) = [one for one in service.of_person(actors.nurse, person) if one.partner == "UNI"]

    with pytest.raises(InvalidInput, match="says who the person is"):
        service.retire(actors.nurse, person, row.uid, reason=f"The code {told} is wrong")

    assert CODE in codes_of(actors.nurse, person)


def test_only_partners_have_codes(actors: People, person: str):
    with pytest.raises(InvalidInput, match="no partner"):
        service.add(actors.nurse, person, partner="PAR", code=CODE)


@pytest.mark.parametrize("code", ["", "--", "x" * (limits.CODE_MAX + 1)])
def test_what_is_no_code_is_refused(actors: People, person: str, code: str):
    with pytest.raises(InvalidInput):
        add(actors.nurse, person, code)


def test_another_site_neither_finds_nor_reads_nor_records_it(actors: People, person: str):
    add(actors.nurse, person)

    assert service.find(actors.other_site_nurse, partner="UNI", code=CODE) is None
    with pytest.raises(NotFound):
        service.of_person(actors.other_site_nurse, person)
    with pytest.raises(NotFound):
        add(actors.other_site_nurse, person, "X1")


def test_the_identity_officer_finds_it_at_every_site(actors: People, person: str):
    add(actors.identity_officer, person)

    assert service.find(actors.identity_officer, partner="UNI", code=CODE) == person


@pytest.mark.parametrize("who", ["technician", "investigator", "data_manager", "dpo", "admin"])
def test_other_roles_learn_nothing(actors: People, person: str, who: str):
    add(actors.nurse, person)

    with pytest.raises(NotPermitted):
        service.find(getattr(actors, who), partner="UNI", code=CODE)
    with pytest.raises(NotPermitted):
        service.of_person(getattr(actors, who), person)


def test_every_look_is_recorded_without_the_code(
    actors: People, person: str, audit_tags: Callable[[], list[str]]
):
    add(actors.nurse, person)
    codes_of(actors.nurse, person)
    service.find(actors.nurse, partner="UNI", code=CODE)
    service.find(actors.nurse, partner="UNI", code="NOBODY1")

    assert audit_tags()[-4:] == [
        "foreign_pseudonym:added",
        "foreign_pseudonym:read",
        "foreign_pseudonym:sought",
        "foreign_pseudonym:sought",
    ]
    told = str(registry_session.execute(sa.select(AuditEntry.details, AuditEntry.object_ref)).all())
    assert "004711" not in told
    assert "NOBODY1" not in told


def test_asking_is_bounded(actors: People, monkeypatch: pytest.MonkeyPatch):
    for number in range(limits.PARTNER_CODES_MAX):
        service.find(actors.nurse, partner="UNI", code=f"N{number}")

    with pytest.raises(TooManyAttempts):
        service.find(actors.nurse, partner="UNI", code="N1")
    with clock.frozen(clock.now() + timedelta(seconds=limits.PARTNER_CODES_WINDOW_SECONDS + 1)):
        assert service.find(actors.nurse, partner="UNI", code="N1") is None


def test_the_database_holds_no_code_in_clear(actors: People, person: str):
    add(actors.nurse, person)

    with db.engines["identity"].connect() as connection:
        stored = connection.execute(sa.select(ForeignPseudonym.__table__)).all()

    assert "004711" not in str(stored)


def test_with_the_vault_closed_nothing_is_found(actors: People, person: str):
    vault.open(None)

    with pytest.raises(Unavailable):
        service.find(actors.nurse, partner="UNI", code=CODE)


class TestAfterAMerge:
    @pytest.fixture
    def merged(self, actors: People) -> tuple[str, str]:
        """Two persons with a code each, found to be one; who was kept, who was merged."""
        first = make_person(actors.nurse).person_uid
        second = make_person(actors.nurse, number="0042138", given_names="Charlotte").person_uid
        assert first != second
        add(actors.nurse, first, "U1")
        add(actors.nurse, second, "U2")
        review = vault_session.scalars(sa.select(MatchReview.id)).one()
        vault_service.decide_review(
            actors.nurse, review, ReviewOutcome.SAME, reason="Same card shown"
        )
        return first, second

    @pytest.mark.parametrize("code", ["U1", "U2"])
    def test_both_codes_lead_to_the_survivor(
        self, actors: People, merged: tuple[str, str], code: str
    ):
        assert service.find(actors.nurse, partner="UNI", code=code) == merged[0]

    def test_the_survivor_has_both(self, actors: People, merged: tuple[str, str]):
        assert sorted(codes_of(actors.nurse, merged[0])) == ["U1", "U2"]

    def test_a_third_is_refused_until_both_are_retired(
        self, actors: People, merged: tuple[str, str]
    ):
        with pytest.raises(RuleBroken, match="another code"):
            add(actors.nurse, merged[0], "U3")
