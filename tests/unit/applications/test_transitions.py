"""Requests: what may be done to one, when and by whom; and never by its requester to decide it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.access import Permission, allows
from registry.applications import policies, queries, service
from registry.applications.models import Application, ApplicationStep
from registry.extracts import service as extracts
from registry.kernel.actor import Actor
from registry.kernel.errors import (
    DomainError,
    InvalidInput,
    NotFound,
    NotPermitted,
    RuleBroken,
    Stale,
)
from registry.persistence import db, registry_session
from registry.vocab.applications import Act, Party, State, Variable
from tests.factories.accounts import People
from tests.factories.applications import both, content, make_application, make_donors

pytestmark = pytest.mark.usefixtures("app")


def do(act: Act, actors: People, number: str) -> object:
    """Do `act` through the service that people use, as the person who would."""
    deeds: dict[Act, Callable[[], object]] = {
        Act.SUBMIT: lambda: service.submit(actors.investigator, number, accepts=True),
        Act.WITHDRAW: lambda: service.withdraw(actors.investigator, number),
        Act.APPROVE: lambda: service.approve(actors.data_manager, number),
        Act.REFUSE: lambda: service.refuse(actors.data_manager, number, reason="Not now."),
        Act.PRODUCE: lambda: extracts.produce(actors.data_manager, number),
        Act.DELIVER: lambda: extracts.take(actors.investigator, number),
        Act.RECALL: lambda: service.move(actors.investigator, number, Act.RECALL),
    }
    return deeds[act]()


def state_of(number: str) -> State:
    registry_session.expire_all()
    found = registry_session.scalar(sa.select(Application).where(Application.number == number))
    assert found is not None
    return found.state


class TestTheTable:
    def test_every_state_has_its_row(self):
        assert set(policies.TRANSITIONS) == set(State)

    def test_every_act_has_its_permission(self):
        assert set(policies.PERMISSIONS) == set(Act)

    def test_every_state_can_be_reached(self):
        reached = {one.to for row in policies.TRANSITIONS.values() for one in row.values()}

        assert reached | {State.DRAFT} == set(State)

    def test_refused_and_withdrawn_are_the_ends(self):
        ends = {state for state, row in policies.TRANSITIONS.items() if not row}

        assert ends == {State.REFUSED, State.WITHDRAWN}

    @pytest.mark.parametrize("act", Act)
    def test_an_act_has_one_party_wherever_it_is_done(self, act: Act):
        parties = {row[act].by for row in policies.TRANSITIONS.values() if act in row}

        assert len(parties) == 1

    def test_each_party_has_the_leave_that_its_acts_need_and_no_other_has(self, actors: People):
        application = make_application(actors)
        may = {
            Party.REQUESTER: actors.investigator,
            Party.DATA_MANAGER: actors.data_manager,
            # The registry recalls when the requester comes for the extract.
            Party.REGISTRY: actors.investigator,
        }
        for row in policies.TRANSITIONS.values():
            for act, transition in row.items():
                permission = policies.PERMISSIONS[act]
                allowed = [
                    actor
                    for actor in vars(actors).values()
                    if allows(actor, permission, application)
                ]
                assert allowed == [may[transition.by]], act

    @pytest.mark.parametrize("state", State)
    @pytest.mark.parametrize("act", [act for act in Act if act is not Act.RECALL])
    def test_an_act_leads_where_the_table_says_or_is_refused(
        self, actors: People, state: State, act: Act
    ):
        make_donors(actors, 12)
        number = make_application(actors, state=state).number
        expected = policies.TRANSITIONS[state].get(act)
        # Downloading again is no step: the extract has been delivered.
        again = state is State.DELIVERED and act is Act.DELIVER

        if expected is None and not again:
            with pytest.raises(DomainError):
                do(act, actors, number)
            assert state_of(number) is state
        else:
            do(act, actors, number)
            assert state_of(number) is (expected.to if expected else state)

    def test_every_step_is_kept_with_who_when_and_why(self, actors: People):
        application = make_application(actors, state=State.REFUSED)

        steps = queries.get(actors.investigator, application.number).steps

        assert [(step.act, step.actor_id, step.from_state, step.to_state) for step in steps] == [
            (Act.SUBMIT, actors.investigator.id, State.DRAFT, State.SUBMITTED),
            (Act.REFUSE, actors.data_manager.id, State.SUBMITTED, State.REFUSED),
        ]
        assert steps[1].reason == "Too few samples are left."


class TestDeciding:
    @pytest.fixture
    def two_hats(self, actors: People) -> Actor:
        """An investigator who is a data manager as well."""
        return both(actors.investigator, actors.data_manager)

    @pytest.mark.parametrize("decide", [service.approve, service.refuse])
    def test_nobody_decides_their_own_request(
        self, actors: People, two_hats: Actor, decide: Callable[..., object]
    ):
        number = make_application(actors, by=two_hats, state=State.SUBMITTED).number

        with pytest.raises(NotPermitted):
            decide(two_hats, number, reason="It is an excellent request.")

        assert state_of(number) is State.SUBMITTED

    def test_nobody_produces_the_extract_of_their_own_request(
        self, actors: People, two_hats: Actor
    ):
        make_donors(actors, 12)
        number = make_application(actors, by=two_hats, state=State.APPROVED).number

        with pytest.raises(NotPermitted):
            extracts.produce(two_hats, number)

    def test_a_colleague_with_two_hats_decides_the_requests_of_others(
        self, actors: People, two_hats: Actor
    ):
        number = make_application(
            actors, by=actors.other_investigator, state=State.SUBMITTED
        ).number

        service.approve(two_hats, number)

        assert state_of(number) is State.APPROVED

    def test_the_database_itself_refuses_a_requester_who_decides(self, actors: People):
        number = make_application(actors, state=State.SUBMITTED).number
        by_hand = sa.update(Application.__table__).where(Application.number == number)

        with db.engines["registry"].connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(
                by_hand.values(
                    decided_by_id=actors.investigator.id,
                    decided_at=sa.func.current_timestamp(),
                    state=State.APPROVED,
                )
            )

    @pytest.mark.parametrize(
        "half",
        [
            {"decided_by_id": 2},
            {"state": State.APPROVED},
            {"state": State.REFUSED},
        ],
    )
    def test_the_database_keeps_a_decision_whole(self, actors: People, half: dict[str, object]):
        number = make_application(actors, state=State.SUBMITTED).number
        by_hand = sa.update(Application.__table__).where(Application.number == number)

        with db.engines["registry"].connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(by_hand.values(**half))

    @pytest.mark.parametrize("reason", ["", "  ", "no"])
    def test_a_refusal_needs_its_reason(self, actors: People, reason: str):
        number = make_application(actors, state=State.SUBMITTED).number

        with pytest.raises(InvalidInput):
            service.refuse(actors.data_manager, number, reason=reason)

        assert state_of(number) is State.SUBMITTED

    def test_the_requester_reads_the_decision_and_its_reason(self, actors: People):
        number = make_application(actors, state=State.REFUSED).number

        seen = queries.get(actors.investigator, number)

        assert seen.decided_by is not None
        assert seen.decided_by.id == actors.data_manager.id
        assert seen.decision_reason == "Too few samples are left."

    def test_the_command_line_decides_nothing(self, actors: People):
        number = make_application(actors, state=State.SUBMITTED).number

        with pytest.raises(NotPermitted):
            service.approve(Actor.system("shell"), number)


class TestReading:
    def test_an_investigator_follows_their_own_requests_alone(self, actors: People):
        mine = make_application(actors, state=State.SUBMITTED)
        others = make_application(actors, by=actors.other_investigator, state=State.SUBMITTED)

        found = queries.page(actors.investigator)

        assert [one.number for one in found] == [mine.number]
        with pytest.raises(NotFound):
            queries.get(actors.investigator, others.number)

    @pytest.mark.parametrize("role", ["data_manager", "dpo"])
    def test_those_who_decide_or_oversee_follow_what_was_sent(self, actors: People, role: str):
        make_application(actors)
        sent = make_application(actors, state=State.SUBMITTED)

        found = queries.page(getattr(actors, role))

        assert [one.number for one in found] == [sent.number]

    @pytest.mark.parametrize("role", ["nurse", "technician", "admin"])
    def test_nobody_else_follows_any(self, actors: People, role: str):
        with pytest.raises(NotPermitted):
            queries.page(getattr(actors, role))

    def test_the_list_can_be_narrowed_to_a_state(self, actors: People):
        make_application(actors, state=State.SUBMITTED)
        refused = make_application(actors, state=State.REFUSED)

        found = queries.page(actors.data_manager, state=State.REFUSED)

        assert [one.number for one in found] == [refused.number]
        assert queries.numbers_by_state(actors.data_manager) == {
            State.SUBMITTED: 1,
            State.REFUSED: 1,
        }


class TestWriting:
    def test_numbers_follow_one_another_within_the_year(self, actors: People):
        first, second = make_application(actors), make_application(actors)

        assert first.number.endswith("-0001")
        assert second.number.endswith("-0002")

    def test_a_draft_can_be_changed(self, actors: People):
        draft = make_application(actors)

        service.revise(
            actors.investigator, draft.number, content(title="Anew"), version=draft.version
        )

        assert queries.get(actors.investigator, draft.number).title == "Anew"

    def test_a_draft_changed_elsewhere_is_not_overwritten(self, actors: People):
        draft = make_application(actors)
        seen = draft.version
        service.revise(actors.investigator, draft.number, content(title="One"), version=seen)

        with pytest.raises(Stale):
            service.revise(actors.investigator, draft.number, content(title="Two"), version=seen)

    def test_what_was_sent_can_no_longer_be_changed(self, actors: People):
        sent = make_application(actors, state=State.SUBMITTED)

        with pytest.raises(RuleBroken):
            service.revise(actors.investigator, sent.number, content(), version=sent.version)

    def test_a_request_asks_for_something(self, actors: People):
        with pytest.raises(InvalidInput):
            service.write(actors.investigator, content(variables=()))

    def test_its_variables_are_kept_in_one_order(self, actors: People):
        asked = (Variable.SAMPLE_TYPE, Variable.COHORT)

        assert make_application(actors, variables=asked).variables == asked[::-1]

    @pytest.mark.parametrize("role", ["nurse", "technician", "data_manager", "dpo", "admin"])
    def test_only_investigators_ask(self, actors: People, role: str):
        with pytest.raises(NotPermitted):
            service.write(getattr(actors, role), content())

    def test_steps_of_different_requests_do_not_mix(self, actors: People):
        first = make_application(actors, state=State.SUBMITTED)
        make_application(actors, state=State.REFUSED)

        steps = registry_session.scalars(
            sa.select(ApplicationStep).where(ApplicationStep.application_id == first.id)
        ).all()

        assert [step.act for step in steps] == [Act.SUBMIT]


def test_every_act_leaves_its_trace(actors: People, audit_tags: Callable[[], list[str]]):
    make_application(actors, state=State.REFUSED)

    assert audit_tags()[-3:] == [
        "application:written",
        "application:submitted",
        "application:refused",
    ]


def test_the_permission_to_decide_asks_who_requested():
    assert Permission.APPLICATION_DECIDE in policies.PERMISSIONS.values()
