"""A withdrawal while samples and data are on their way out: nothing leaves after it commits."""

from datetime import datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.custody import service as custody
from registry.custody.destruction import service as destruction
from registry.custody.models import CustodyAct, Loan
from registry.custody.quarantine.models import Quarantine
from registry.custody.service import Child
from registry.extracts import service as extracts
from registry.extracts.models import Extract, ExtractDownload, ExtractMember
from registry.kernel import clock
from registry.participants.models import Participant
from registry.persistence import db, registry_session
from registry.samples.models import Sample
from registry.vocab.applications import State
from registry.vocab.consent import WithdrawalEffect
from registry.vocab.custody import ActKind, CheckoutReason, DestructionMethod
from registry.vocab.samples import ContainerType, SampleType
from tests.concurrency.racing import race, won
from tests.factories.applications import make_application, make_donors
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_received, make_stored
from tests.factories.samples import make_consenting_participant

pytestmark = pytest.mark.concurrency

ROUNDS = 4


def rows(statement):
    """What is in the database now, whatever a session remembers."""
    with db.engines["registry"].connect() as connection:
        return connection.execute(statement).all()


def withdrawing(actors, participant, **asked):
    """The withdrawal as an action of a race, which gives the moment at which it was recorded."""
    participant_id = participant.id

    def act() -> datetime:
        one = registry_session.get_one(Participant, participant_id)
        return make_withdrawal(actors, one, effective_on=clock.today(), **asked).recorded_at

    return act


def test_a_sample_is_lent_before_or_not_at_all(application, app, actors):
    for _ in range(ROUNDS):
        participant = make_consenting_participant(actors)
        tubes = [make_stored(actors, participant=participant) for _ in range(3)]

        def take(code):
            return lambda: custody.check_out(
                actors.technician,
                code,
                to_user_id=actors.technician.id,
                reason=CheckoutReason.ANALYSIS,
            )

        race(application, withdrawing(actors, participant), *[take(one.code) for one in tubes])

        for tube in tubes:
            acts = [
                act.kind
                for act in rows(
                    sa.select(CustodyAct.kind)
                    .where(CustodyAct.sample_id == tube.id)
                    .order_by(CustodyAct.seq)
                )
            ]
            assert acts[-1] is ActKind.QUARANTINED
            lent = len(rows(sa.select(Loan.id).where(Loan.sample_id == tube.id)))
            assert lent == acts.count(ActKind.CHECKED_OUT) <= 1


def test_what_is_made_of_a_sample_meanwhile_is_in_quarantine_too(application, app, actors):
    for _ in range(ROUNDS):
        participant = make_consenting_participant(actors)
        code = make_received(actors, participant=participant).code

        def divide(code=code):
            return custody.aliquot(
                actors.technician,
                code,
                children=[Child(Decimal("0.5"))],
                sample_type=SampleType.PLASMA_SINGLE_SPUN,
                container_type=ContainerType.POLYPROPYLENE,
                at=clock.now(),
            )

        race(application, withdrawing(actors, participant), divide, divide)

        free = (
            sa.select(Sample.code)
            .outerjoin(
                Quarantine,
                (Quarantine.sample_id == Sample.id) & Quarantine.closed_at.is_(None),
            )
            .where(Sample.participant_id == participant.id, Quarantine.id.is_(None))
        )
        assert rows(free) == []


def test_an_extract_that_is_being_downloaded_leaves_before_or_not_at_all(application, app, actors):
    donors = make_donors(actors, 14)
    application_ = make_application(actors, state=State.PRODUCED)
    number = application_.number

    outcomes = race(
        application,
        withdrawing(actors, donors[0]),
        *[lambda: extracts.take(actors.investigator, number).extract.seq] * 3,
    )

    recorded_at = outcomes[0]
    taken = rows(sa.select(ExtractDownload.downloaded_at))
    assert len(taken) == len(won(outcomes[1:]))
    [extract] = rows(sa.select(Extract.recalled_at))
    assert extract.recalled_at == recorded_at


def test_an_extract_that_is_being_made_is_recalled_or_made_without_the_person(
    application, app, actors
):
    donors = make_donors(actors, 15)
    for donor in donors[: ROUNDS - 1]:
        number = make_application(actors, state=State.APPROVED).number

        def make(number=number):
            return extracts.produce(actors.data_manager, number).id

        race(application, withdrawing(actors, donor), make, make)

        members = (
            sa.select(ExtractMember.extract_id)
            .join(Extract, Extract.id == ExtractMember.extract_id)
            .where(ExtractMember.participant_id == donor.id, Extract.recalled_at.is_(None))
        )
        assert rows(members) == []


def test_two_people_who_withdraw_from_the_same_extract_do_not_block_each_other(
    application, app, actors
):
    donors = make_donors(actors, 16)
    for _ in range(2):
        make_application(actors, state=State.PRODUCED)

    outcomes = race(application, *[withdrawing(actors, donor) for donor in donors[:6]])

    assert len(won(outcomes)) == 6
    assert rows(sa.select(Extract.id).where(Extract.recalled_at.is_(None))) == []


def test_a_sample_is_destroyed_once(application, app, actors):
    participant = make_consenting_participant(actors)
    tube = make_stored(actors, participant=participant)
    code, sample_id = tube.code, tube.id
    make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])

    def destroy():
        return destruction.carry_out(
            actors.technician, [code], witness=actors.nurse, method=DestructionMethod.AUTOCLAVE
        )

    assert len(won(race(application, *[destroy] * 6))) == 1
    acts = sa.select(CustodyAct.id).where(
        CustodyAct.sample_id == sample_id, CustodyAct.kind == ActKind.DESTROYED
    )
    assert len(rows(acts)) == 1
