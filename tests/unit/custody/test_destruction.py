"""Samples ordered to be destroyed are so before a witness, with a certificate, and for good."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from registry.custody import queries
from registry.custody.destruction import queries as destructions, service as destruction
from registry.custody.destruction.certificate import certificate
from registry.custody.destruction.models import Destruction, DestructionOrder
from registry.custody.destruction.policies import TRANSITIONS
from registry.custody.forms import Printing
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.quarantine import queries as quarantine
from registry.custody.quarantine.models import Quarantine
from registry.kernel import clock
from registry.kernel.errors import InvalidInput
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import (
    ActKind,
    DestructionMethod,
    HolderKind,
    OrderAct,
    OrderStatus,
)
from registry.vocab.samples import LedgerReason
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import (
    make_checked_out,
    make_stored,
)
from tests.factories.samples import make_consenting_participant
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")

REASON = "New consent signed today"


@pytest.fixture
def participant(actors: People) -> Participant:
    return make_consenting_participant(actors)


def withdraw(actors: People, participant: Participant, *effects: WithdrawalEffect) -> None:
    make_withdrawal(actors, participant, effects=effects)


def order(actors: People, participant: Participant) -> None:
    withdraw(actors, participant, WithdrawalEffect.DESTROY_SAMPLES)


def destroy(actors: People, *codes: str) -> Destruction:
    [done] = destruction.carry_out(
        actors.technician,
        codes,
        witness=actors.nurse,
        method=DestructionMethod.AUTOCLAVE,
    )
    return done


def holding(code: str) -> Holding:
    registry_session.expire_all()
    return registry_session.scalars(
        sa.select(Holding).join(Holding.sample).where(Sample.code == code)
    ).one()


def consent_anew(actors: People, participant: Participant) -> None:
    make_consent(actors, participant, signed_on=clock.today())


def connected():  # type: ignore[no-untyped-def]
    """Past every check of the program, and undone at the first refusal."""
    return db.engines["registry"].begin()


class TestDestruction:
    def test_nobody_holds_it_and_nothing_is_in_it(self, actors: People, participant: Participant):
        box = make_box(actors, rows=1, columns=1)
        tube = make_stored(actors, participant=participant, box=box)
        order(actors, participant)

        destroy(actors, tube.code)

        found = holding(tube.code)
        assert (found.kind, found.box_id, found.sample.remaining) == (
            HolderKind.DESTROYED,
            None,
            0,
        )
        assert len(queries.free_cells(actors.technician, box.id)) == 1
        assert quarantine.barring(tube.id) is None

    def test_a_lent_one_is_destroyed_where_it_is(self, actors: People, participant: Participant):
        tube = make_checked_out(actors, participant=participant)
        order(actors, participant)

        destroy(actors, tube.code)

        assert not registry_session.scalars(sa.select(Loan).where(Loan.closed_at.is_(None))).all()

    def test_it_is_certified_with_operator_witness_and_method(
        self, actors: People, participant: Participant
    ):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)

        made = destroy(actors, tube.code)

        found = destructions.get(actors.technician, made.certificate)
        assert (found.operator_id, found.witness_id) == (actors.technician.id, actors.nurse.id)
        assert [one["code"] for one in found.samples] == [tube.code]
        printing = Printing(translate=str, language="en", printed_by="x")
        assert certificate(found, printing) == certificate(found, printing)

    def test_without_an_order_nothing_is_destroyed(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        with pytest.raises(InvalidInput) as refused:
            destroy(actors, tube.code)
        assert "Nobody has ordered" in str(refused.value.errors)

    def test_it_is_destroyed_once(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)
        destroy(actors, tube.code)

        with pytest.raises(InvalidInput):
            destroy(actors, tube.code)

    def test_nobody_is_their_own_witness(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)
        with pytest.raises(InvalidInput, match="Somebody else"):
            destruction.carry_out(
                actors.technician,
                [tube.code],
                witness=replace(actors.technician),
                method=DestructionMethod.CHEMICAL,
            )

    def test_a_witness_has_something_to_do_with_the_site(
        self, actors: People, participant: Participant
    ):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)
        with pytest.raises(InvalidInput):
            destruction.carry_out(
                actors.technician,
                [tube.code],
                witness=actors.other_site_nurse,
                method=DestructionMethod.CHEMICAL,
            )

    @pytest.mark.parametrize("status", OrderStatus)
    @pytest.mark.parametrize("act", OrderAct)
    def test_a_closed_order_leads_nowhere(self, status: OrderStatus, act: OrderAct):
        assert (act in TRANSITIONS[status]) == (status is OrderStatus.ORDERED)

    @pytest.mark.parametrize("row", ["act", "holding", "entry"])
    def test_the_database_lets_nothing_happen_to_it_again(
        self, actors: People, participant: Participant, row: str
    ):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)
        destroy(actors, tube.code)
        found = holding(tube.code)
        entries = sa.select(sa.func.count()).where(QuantityEntry.sample_id == tube.id)
        entry = {
            "sample_id": tube.id, "delta": 1, "balance": 1,
            "seq": registry_session.scalar(entries) + 1,
            "reason": LedgerReason.CORRECTED, "recorded_at": clock.now(),
        }  # fmt: skip
        act = {
            "sample_id": tube.id, "seq": found.acts + 1, "kind": ActKind.RECEIVED,
            "happened_at": clock.now(), "recorded_at": clock.now(), "actor_login": "x",
            "holder_before": HolderKind.BENCH, "place_before": "x",
            "holder_after": HolderKind.BENCH, "place": "x", "site_id": found.site_id, "fields": {},
        }  # fmt: skip
        statement = {
            "act": sa.insert(CustodyAct).values(**act),
            "holding": sa.update(Holding)
            .where(Holding.sample_id == tube.id)
            .values(kind=HolderKind.BENCH),
            "entry": sa.insert(QuantityEntry).values(**entry),
        }[row]
        registry_session.rollback()
        with pytest.raises(DBAPIError, match="destroyed sample"), connected() as connection:
            connection.execute(statement)

    def test_the_database_wants_another_person_as_witness(
        self, actors: People, participant: Participant
    ):
        statement = sa.insert(Destruction).values(
            certificate="X-1", participant_id=participant.id, method=DestructionMethod.AUTOCLAVE,
            happened_at=clock.now(), recorded_at=clock.now(), operator_id=actors.nurse.id,
            witness_id=actors.nurse.id, samples=[], digest="0",
        )  # fmt: skip
        registry_session.rollback()
        with pytest.raises(DBAPIError, match="witness_is_another"), connected() as connection:
            connection.execute(statement)

    def test_one_order_and_one_quarantine_are_open_at_most(
        self, actors: People, participant: Participant
    ):
        make_stored(actors, participant=participant)
        order(actors, participant)
        order(actors, participant)
        for model in (Quarantine, DestructionOrder):
            assert registry_session.scalar(
                sa.select(sa.func.count(sa.distinct(model.sample_id)))
            ) == registry_session.scalar(sa.select(sa.func.count()).select_from(model))
