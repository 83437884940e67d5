"""Standings: what counts go by, forgotten by the databases when anything arrives."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from registry.consents.decision import Study, decide_many, deciding
from registry.consents.signing.models import Consent
from registry.consents.standing import queries, service
from registry.consents.standing.models import ConsentProfile, ConsentStanding
from registry.consents.templates.models import ConsentTemplate
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.vocab.consent import Answer, Use
from registry.vocab.people import ParticipantStatus
from registry.vocab.research import RecipientKind, ResearchCategory
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.participants import make_participant

pytestmark = pytest.mark.usefixtures("app")

WORKER = Actor.system("worker")
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def table(name: str) -> sa.Table:
    return Consent.metadata.tables[name]


def write(statement: sa.Executable) -> None:
    """Write past the services, as nobody should: the database forgets all the same."""
    registry_session.rollback()
    with db.engines["registry"].begin() as connection:
        connection.execute(statement)


def has_standing(participant_id: int) -> bool:
    registry_session.rollback()
    kept = sa.select(ConsentStanding.participant_id)
    return participant_id in registry_session.scalars(kept).all()


def insert(name: str, **values: Any) -> Callable[[int, int, int], sa.Executable]:
    """A row of a table; {who}, {consent} and {withdrawal} are put in."""

    def statement(who: int, consent: int, withdrawal: int) -> sa.Executable:
        known = {"{who}": who, "{consent}": consent, "{withdrawal}": withdrawal}
        return sa.insert(table(name)).values(
            {
                key: known.get(value, value) if isinstance(value, str) else value
                for key, value in values.items()
            }
        )

    return statement


FACTS: dict[str, Callable[[int, int, int], sa.Executable]] = {
    "consent_signatory": insert(
        "consent_signatory", consent_id="{consent}", role="self", stance="agrees"
    ),
    "consent_check": insert(
        "consent_check", consent_id="{consent}", outcome="passed", recorded_at=NOW
    ),
    "consent_information": insert(
        "consent_information",
        participant_id="{who}",
        template_id=1,
        informed_on=NOW.date(),
        channel="letter",
        recorded_at=NOW,
    ),
    "withdrawal_use": insert("withdrawal_use", withdrawal_id="{withdrawal}", use="share"),
    "withdrawal_item": insert("withdrawal_item", withdrawal_id="{withdrawal}", item_code="x"),
    "withdrawal_project": insert("withdrawal_project", withdrawal_id="{withdrawal}", project="x"),
    "participant_history": insert(
        "participant_history",
        participant_id="{who}",
        status="tentative",
        person_uid="0" * 32,
        recorded_at=NOW,
    ),
    "participant_majority": insert("participant_majority", participant_id="{who}", recorded_at=NOW),
}


@pytest.fixture
def stood(actors: People) -> tuple[int, int, int]:
    """Somebody with a consent, a withdrawal and a standing."""
    participant = make_participant(actors)
    consent = make_consent(actors, participant)
    withdrawal = make_withdrawal(actors, participant, Use.RECONTACT)
    known = participant.id, consent.id, withdrawal.id
    service.refresh(WORKER)
    assert has_standing(known[0])
    return known


class TestForgetting:
    @pytest.mark.parametrize("name", FACTS)
    def test_every_fact_makes_the_database_forget(self, stood: tuple[int, int, int], name: str):
        write(FACTS[name](*stood))

        assert not has_standing(stood[0])

    def test_a_consent_and_a_withdrawal_too(self, actors: People, stood: tuple[int, int, int]):
        participant = registry_session.get_one(Participant, stood[0])
        make_withdrawal(actors, participant, Use.GENETICS)
        assert not has_standing(stood[0])

        service.refresh(WORKER)
        make_consent(actors, registry_session.get_one(Participant, stood[0]))
        assert not has_standing(stood[0])

    def test_coming_of_age_is_known_anew(self, stood: tuple[int, int, int]):
        day = date(2027, 1, 1)
        write(sa.update(Participant).where(Participant.id == stood[0]).values(adult_from=day))

        assert not has_standing(stood[0])

    def test_a_form_that_changes_forgets_its_signers(self, stood: tuple[int, int, int]):
        write(sa.update(ConsentTemplate).values(change_by=date(2026, 6, 1)))

        assert not has_standing(stood[0])

    def test_others_are_not_forgotten(self, actors: People, stood: tuple[int, int, int]):
        other = make_participant(actors, person_uid="f" * 32)
        make_consent(actors, other)

        assert has_standing(stood[0])


def by_standing(ids: list[int], asked: Use | Study) -> frozenset[int]:
    return queries.allowed(ids, asked, clock.today())


def by_decision(ids: list[int], asked: Use | Study) -> frozenset[int]:
    live = decide_many(ids, asked, clock.today())
    return frozenset(one for one, answer in live.items() if answer.is_allowed)


histories = st.lists(
    st.sampled_from(["agree", "refuse", "withdraw", "withdraw_genetics", "tentative"]), max_size=4
)
asked_about = st.sampled_from(Use) | st.builds(
    Study,
    recipient=st.sampled_from(RecipientKind),
    category=st.sampled_from(ResearchCategory),
    genetics=st.booleans(),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories, is_refreshed=st.booleans(), asked=asked_about)
def test_counts_go_by_what_the_decision_says(
    actors: People, history: list[str], is_refreshed: bool, asked: Use | Study
):
    tentative = "tentative" in history
    participant = make_participant(
        actors,
        person_uid=token_hex(16),
        status=ParticipantStatus.TENTATIVE if tentative else ParticipantStatus.ENROLLED,
    )
    for step in history:
        if step in ("agree", "refuse"):
            answer = Answer.ACCEPTED if step == "agree" else Answer.REFUSED
            make_consent(actors, participant, answers={"research": answer})
        elif step.startswith("withdraw"):
            make_withdrawal(actors, participant, *([Use.GENETICS] if "_" in step else []))
    ids = [participant.id]
    if is_refreshed:
        service.refresh(WORKER)

    assert by_standing(ids, asked) == by_decision(ids, asked)
    assert list(queries.differences(WORKER, [asked], clock.today())) == []


class TestFailing:
    def test_a_crash_while_refreshing_leaves_people_to_the_decision(
        self, actors: People, monkeypatch: pytest.MonkeyPatch
    ):
        participant = make_participant(actors)
        make_consent(actors, participant)
        ids = [participant.id]
        with monkeypatch.context() as broken:
            broken.setattr(service, "likeness", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                service.refresh(WORKER)

        assert not has_standing(ids[0])
        assert by_standing(ids, Use.ACADEMIC_RESEARCH) == frozenset(ids)
        monkeypatch.setattr(deciding, "judge", lambda _case: 1 / 0)
        assert by_standing(ids, Use.ACADEMIC_RESEARCH) == frozenset()

    def test_a_profile_that_cannot_be_read_counts_for_nothing(self, stood: tuple[int, int, int]):
        write(sa.update(ConsentProfile).values(content={"facts": None}))

        assert by_standing([stood[0]], Use.GENETICS) == by_decision([stood[0]], Use.GENETICS)

    def test_nobody_but_the_registry_works_them_out(self, actors: People):
        with pytest.raises(NotPermitted):
            service.refresh(actors.data_manager)

    def test_a_wrong_standing_is_told_and_left_as_it_is(self, actors: People, stood: Any):
        stranger = make_participant(actors, person_uid="e" * 32).id
        service.refresh(WORKER)
        registry_session.rollback()
        kept = sa.select(ConsentStanding.profile_id).where(
            ConsentStanding.participant_id == stood[0]
        )
        wrong = registry_session.scalar(kept)
        write(
            sa.update(ConsentStanding)
            .where(ConsentStanding.participant_id == stranger)
            .values(profile_id=wrong)
        )

        found = list(queries.differences(WORKER, [Use.ACADEMIC_RESEARCH], clock.today()))

        assert [(one.participant_id, one.by_standing) for one in found] == [(stranger, True)]
        assert has_standing(stranger)
