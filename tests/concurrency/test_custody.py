"""However many act at once: one holder for a sample, one sample in a cell, no volume twice."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.custody import queries, service as custody
from registry.custody.models import CustodyAct, Holding, Loan
from registry.custody.proposing import service as proposals
from registry.custody.proposing.models import CellReservation
from registry.custody.service import Child, Placement, Poured
from registry.kernel import clock
from registry.persistence import db, registry_session
from registry.samples import service as samples
from registry.samples.models import Sample
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, SampleType
from tests.concurrency.racing import race, won
from tests.factories.accounts import make_colleague
from tests.factories.custody import (
    biobank,
    make_aliquots,
    make_checked_out,
    make_received,
    make_stored,
)
from tests.factories.pools import make_alike
from tests.factories.samples import (
    COLLECTED,
    make_consenting_participant,
    make_tube,
    tube_in,
)
from tests.factories.storage import make_box

pytestmark = pytest.mark.concurrency

CLIENTS = 8
KEY = "3f0c2a52-0f1c-4f5e-9a60-6a1a53a3a2b1"


def number_of(statement):
    """What is in the database now, whatever a session remembers."""
    with db.engines["registry"].connect() as connection:
        return connection.scalar(statement)


def acts_on(code, kind):
    return number_of(
        sa.select(sa.func.count())
        .select_from(CustodyAct)
        .join(Sample, Sample.id == CustodyAct.sample_id)
        .where(Sample.code == code, CustodyAct.kind == kind)
    )


@pytest.mark.parametrize("clients", [2, CLIENTS, 16])
def test_an_aliquot_is_checked_out_once(application, app, actors, clients):
    box = make_box(actors)
    for _ in range(3):
        code = make_stored(actors, box=box).code

        def take(code=code):
            custody.check_out(
                actors.technician,
                code,
                to_user_id=actors.technician.id,
                reason=CheckoutReason.ANALYSIS,
            )

        assert len(won(race(application, *[take] * clients))) == 1
        assert acts_on(code, ActKind.CHECKED_OUT) == 1
        assert (
            number_of(
                sa.select(sa.func.count())
                .select_from(Loan)
                .join(Sample, Sample.id == Loan.sample_id)
                .where(Sample.code == code, Loan.closed_at.is_(None))
            )
            == 1
        )


def test_it_comes_back_once(application, app, actors):
    code = make_checked_out(actors).code
    outcomes = race(application, *[lambda: custody.return_(actors.technician, code).id] * CLIENTS)
    assert len(won(outcomes)) == 1
    assert acts_on(code, ActKind.RETURNED) == 1


def test_a_cell_takes_one_sample(application, app, actors):
    box_id = make_box(actors).id
    codes = [child.code for child in make_aliquots(actors, *["0.1"] * CLIENTS)]

    def put(code):
        return lambda: custody.place(
            actors.technician, box_id=box_id, placements=[Placement(code, 2, 3)]
        )

    assert len(won(race(application, *map(put, codes)))) == 1
    assert (
        number_of(sa.select(sa.func.count()).select_from(Holding).where(Holding.box_id == box_id))
        == 1
    )


def test_a_sample_goes_into_one_cell(application, app, actors):
    box_id = make_box(actors).id
    [aliquot] = make_aliquots(actors)
    code = aliquot.code

    def put(col):
        return lambda: custody.place(
            actors.technician, box_id=box_id, placements=[Placement(code, 1, col)]
        )

    assert len(won(race(application, *map(put, range(1, CLIENTS + 1))))) == 1
    assert acts_on(code, ActKind.PLACED) == 1


def test_free_cells_are_shared_out_without_a_clash(application, app, actors):
    box_id = make_box(actors, rows=2, columns=2).id
    codes = [child.code for child in make_aliquots(actors, *["0.1"] * CLIENTS)]

    def put(code):
        return lambda: custody.place(actors.technician, box_id=box_id, placements=[Placement(code)])

    assert len(won(race(application, *map(put, codes)))) == 4
    assert queries.free_cells(actors.technician, box_id) == []


def cells_of(table):
    rows = registry_session.execute(
        sa.select(table.box_id, table.row, table.col).where(table.box_id.is_not(None))
    )
    return {tuple(row) for row in rows}


def test_of_six_free_cells_eight_proposals_share_each_once(application, app, actors):
    make_box(actors, rows=2, columns=2)
    make_box(actors, rows=1, columns=2)
    people = [actors.technician, make_colleague(actors.technician)] * (CLIENTS // 2)
    codes = [child.code for child in make_aliquots(actors, *["0.1"] * CLIENTS)]

    def propose(person, code):
        return lambda: proposals.propose(person, [code])

    assert len(won(race(application, *map(propose, people, codes)))) == 6
    assert len(cells_of(CellReservation)) == 6


def test_what_is_proposed_is_not_filled_meanwhile(application, app, actors):
    box_id = make_box(actors, rows=2, columns=2).id
    colleague = make_colleague(actors.technician)
    codes = [child.code for child in make_aliquots(actors, *["0.1"] * CLIENTS)]

    def propose(code):
        return lambda: proposals.propose(actors.technician, [code])

    def put(code):
        return lambda: custody.place(colleague, box_id=box_id, placements=[Placement(code)])

    outcomes = race(application, *map(propose, codes[:4]), *map(put, codes[4:]))

    assert len(won(outcomes)) == 4
    assert len(cells_of(CellReservation) | cells_of(Holding)) == 4


def test_of_five_millilitres_two_can_be_taken_twice(application, app, actors):
    code = make_received(actors, "5").code

    def divide():
        custody.aliquot(
            actors.technician,
            code,
            children=[Child(Decimal(2))],
            sample_type=SampleType.PLASMA_SINGLE_SPUN,
            container_type=ContainerType.POLYPROPYLENE,
            at=clock.now(),
        )

    outcomes = race(application, *[divide] * CLIENTS)
    assert len(won(outcomes)) == 2
    assert {str(outcome) for outcome in outcomes if outcome is not None} == {
        f"Only 1 mL are left in {code}, and 2 mL are asked for."
    }
    assert number_of(sa.select(Sample.remaining).where(Sample.code == code)) == 1
    assert number_of(sa.select(sa.func.sum(Sample.remaining)).where(Sample.code != code)) == 4


def test_a_tube_is_poured_into_one_pool_though_two_share_it(application, app, actors):
    """Each pair has the middle tube: whoever comes second finds it empty, and takes nothing."""
    first, middle, last = make_alike(actors, "1", "1", "1")
    pairs = [(first.code, middle.code), (middle.code, last.code)]

    def pouring(codes):
        return lambda: custody.pool(actors.technician, codes, Poured(ContainerType.POLYPROPYLENE))

    outcomes = race(application, *[pouring(pair) for pair in pairs * 4])

    assert len(won(outcomes)) == 1
    assert number_of(sa.select(sa.func.sum(Sample.remaining))) == 12 + 3
    assert acts_on(middle.code, ActKind.POOLED) == 1


def test_the_same_division_sent_at_once_happens_once(application, app, actors):
    code = make_received(actors, "5").code

    def divide():
        made = custody.aliquot(
            actors.technician,
            code,
            children=[Child(Decimal("0.5"))],
            sample_type=SampleType.PLASMA_SINGLE_SPUN,
            container_type=ContainerType.POLYPROPYLENE,
            at=clock.now(),
            client_key=KEY,
        )
        return tuple(child.code for child in made)

    outcomes = race(application, *[divide] * CLIENTS)
    assert len(won(outcomes)) == CLIENTS
    assert len(set(outcomes)) == 1
    assert number_of(sa.select(Sample.remaining).where(Sample.code == code)) == Decimal("4.5")


def test_a_code_is_registered_once(application, app, actors):
    participant_id = make_consenting_participant(actors).id

    def register():
        custody.register_tubes(
            actors.nurse,
            participant_id=participant_id,
            visit_id=None,
            collected_at=COLLECTED,
            tubes=[tube_in(code="T07000001")],
        )

    assert len(won(race(application, *[register] * CLIENTS))) == 1
    assert number_of(sa.select(sa.func.count()).select_from(Sample)) == 1


def test_a_tube_is_received_once(application, app, actors):
    code = make_tube(actors).code
    site_id = biobank(actors)

    def take_in():
        custody.receive(actors.technician, [code], received_at=clock.now(), site_id=site_id)

    assert len(won(race(application, *[take_in] * CLIENTS))) == 1
    assert acts_on(code, ActKind.RECEIVED) == 1


def test_no_code_is_issued_twice(application, app, actors):
    outcomes = race(
        application,
        *[lambda: tuple(samples.issue_codes(actors.technician, count=20))] * CLIENTS,
    )
    issued = [code for codes in outcomes for code in codes]
    assert len(set(issued)) == 20 * CLIENTS


def test_a_placement_is_undone_once(application, app, actors):
    stored = make_stored(actors)
    act_id = queries.chain(actors.technician, stored.code)[-1].act_id
    code = stored.code
    outcomes = race(
        application,
        *[lambda: custody.correct(actors.technician, act_id, reason="Wrong box").id] * CLIENTS,
    )
    assert len(won(outcomes)) == 1
    assert acts_on(code, ActKind.CORRECTED) == 1


def test_two_people_who_fill_each_other_s_box_do_not_block_each_other(application, app, actors):
    left, right = make_box(actors), make_box(actors)
    boxes = {left.id: right.id, right.id: left.id}
    home = {}
    for box in (left, right):
        for col in range(1, 5):
            home[make_stored(actors, box=box, cell=f"A{col}").code] = (box.id, col)
    for _ in range(3):

        def swap(code):
            box_id, col = home[code]
            return lambda: custody.move(
                actors.technician, box_id=boxes[box_id], placements=[Placement(code, 2, col)]
            )

        assert len(won(race(application, *map(swap, home)))) == len(home)
        for code, (box_id, col) in home.items():
            custody.move(actors.technician, box_id=box_id, placements=[Placement(code, 1, col)])
    assert number_of(
        sa.select(sa.func.count()).select_from(Holding).where(Holding.kind == HolderKind.POSITION)
    ) == len(home)
