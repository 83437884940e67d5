"""Samples in quarantine stay where they are and are not used until they are released."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from registry.custody import queries, service as custody
from registry.custody.destruction import service as destruction
from registry.custody.destruction.models import Destruction
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.quarantine import queries as quarantine, service
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.samples.models import QuantityEntry, Sample
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import (
    ActKind,
    DestructionMethod,
    HolderKind,
    WorkList,
)
from registry.vocab.samples import LedgerReason
from tests.factories.accounts import People
from tests.factories.consents import make_consent, make_withdrawal
from tests.factories.custody import (
    check_out,
    divide,
    make_checked_out,
    make_received,
    make_stored,
    place,
)
from tests.factories.participants import OPERATOR
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


class TestQuarantine:
    def test_nothing_is_made_of_it(self, actors: People, participant: Participant):
        tube = make_received(actors, participant=participant)
        withdraw(actors, participant)

        with pytest.raises(RuleBroken):
            divide(actors, tube.code, "0.1", at=clock.now())

    def test_it_is_not_thawed(self, actors: People, participant: Participant):
        tube = make_received(actors, participant=participant)
        withdraw(actors, participant)

        with pytest.raises(InvalidInput) as refusal:
            custody.process(
                actors.technician, [tube.code], kind=ActKind.THAWED, happened_at=clock.now()
            )
        [reason] = refusal.value.errors["codes"]
        assert "is in quarantine" in str(reason)

    def test_no_child_of_it_is_taken_in_from_a_file(self, actors: People, participant: Participant):
        tube = make_received(actors, participant=participant)
        withdraw(actors, participant)
        child = custody.Existing(
            code="OLD-1",
            participant_id=participant.id,
            sample_type=tube.sample_type,
            container_type=tube.container_type,
            volume=Decimal(1),
            collected_at=tube.collected_at,
            parent_code=tube.code,
        )

        [outcome] = custody.register_existing(OPERATOR, [child])

        assert "in quarantine" in str(outcome.refusal)

    def test_nobody_takes_it_even_if_a_consent_allows_it_again(
        self, actors: People, participant: Participant
    ):
        tube = make_stored(actors, participant=participant)
        withdraw(actors, participant)
        consent_anew(actors, participant)

        with pytest.raises(RuleBroken, match="in quarantine"):
            check_out(actors, tube.code)

    def test_it_is_put_in_its_place_and_comes_back(self, actors: People, participant: Participant):
        tube = make_received(actors, participant=participant)
        lent = make_checked_out(actors, participant=participant)
        withdraw(actors, participant)

        place(actors, make_box(actors), tube.code)
        custody.return_(actors.technician, lent.code)

        assert holding(tube.code).kind is holding(lent.code).kind is HolderKind.POSITION

    def test_it_is_listed_for_technicians(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)

        assert quarantine.counts(actors.technician)[WorkList.QUARANTINE] == 2
        assert tube.code in {one.code for one in quarantine.page(actors.technician).rows}
        assert tube.code in {one.code for one in quarantine.to_destroy(actors.technician).rows}
        assert quarantine.counts(actors.other_site_technician)[WorkList.QUARANTINE] == 0

    def test_the_pages_do_not_repeat_a_sample(
        self, actors: People, participant: Participant, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("registry.vocab.limits.PAGE_ROWS", 1)
        make_stored(actors, participant=participant)
        withdraw(actors, participant)

        first = quarantine.page(actors.technician)
        second = quarantine.page(actors.technician, after=first.next_after)

        assert first.rows[0].code != second.rows[0].code

    def test_the_database_lets_nobody_lend_or_divide_it(
        self, actors: People, participant: Participant
    ):
        tube = make_stored(actors, participant=participant)
        withdraw(actors, participant)
        act = registry_session.scalars(
            sa.select(CustodyAct.id).where(CustodyAct.sample_id == tube.id)
        ).first()
        loan = {
            "sample_id": tube.id,
            "person_id": actors.technician.id,
            "reason": "analysis",
            "opened_at": clock.now(),
            "opened_by_act_id": act,
            "version": 1,
        }
        other = make_stored(actors)
        child = sa.insert(QuantityEntry).values(
            sample_id=other.id,
            seq=2,
            delta=1,
            balance=other.remaining + 1,
            reason=LedgerReason.RECEIVED_FROM_PARENT,
            other_id=tube.id,
            recorded_at=clock.now(),
        )
        registry_session.rollback()
        for statement in (sa.insert(Loan).values(**loan), child):
            with pytest.raises(DBAPIError, match="quarantine"), connected() as connection:
                connection.execute(statement)


def connected():  # type: ignore[no-untyped-def]
    """Past every check of the program, and undone at the first refusal."""
    return db.engines["registry"].begin()


class TestRelease:
    def test_a_new_consent_lets_it_be_used_again(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        withdraw(actors, participant)
        consent_anew(actors, participant)

        service.release(actors.dpo, [tube.code], reason=REASON)

        check_out(actors, tube.code)
        assert holding(tube.code).kind is HolderKind.PERSON
        last = queries.chain(actors.dpo, tube.code)[-2]
        assert (last.kind, last.comment) == (ActKind.RELEASED, REASON)

    def test_without_a_consent_it_is_not_released(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        withdraw(actors, participant)

        with pytest.raises(InvalidInput):
            service.release(actors.dpo, [tube.code], reason=REASON)

    def test_the_order_to_destroy_it_is_cancelled(self, actors: People, participant: Participant):
        tube = make_stored(actors, participant=participant)
        order(actors, participant)
        consent_anew(actors, participant)

        service.release(actors.dpo, [tube.code], reason=REASON)

        with pytest.raises(InvalidInput):
            destroy(actors, tube.code)

    @pytest.mark.parametrize("who", ["nurse", "technician"])
    def test_others_release_nothing(self, actors: People, participant: Participant, who: str):
        tube = make_stored(actors, participant=participant)
        withdraw(actors, participant)
        consent_anew(actors, participant)

        with pytest.raises(NotPermitted):
            service.release(getattr(actors, who), [tube.code], reason=REASON)
