"""A pool holds what was poured into it, of one participant, and nothing is poured twice."""

from datetime import timedelta
from decimal import Decimal

import pytest

from registry.custody import queries, service as custody
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.samples.models import Sample
from registry.vocab.custody import CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, LedgerReason, Unit
from tests.factories.accounts import People
from tests.factories.consents import make_withdrawal
from tests.factories.custody import biobank, check_out, divide, make_received, place
from tests.factories.pools import make_alike, make_pool, pour
from tests.factories.samples import (
    COLLECTED,
    make_consenting_participant,
    make_tube,
    make_tubes,
    tube_in,
)
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")


def page(actors: People, sample: Sample) -> queries.SamplePage:
    return queries.sample_page(actors.technician, sample.code)


def left_in(actors: People, *tubes: Sample) -> list[Decimal]:
    return [page(actors, tube).sample.remaining for tube in tubes]


def refusals(caught: pytest.ExceptionInfo[InvalidInput], field: str = "codes") -> list[str]:
    return [str(reason) for reason in caught.value.errors[field]]


class TestPouring:
    def test_the_tubes_are_empty_and_the_pool_holds_their_sum(self, actors: People, audit_tags):
        first, second = make_alike(actors, "0.5", "1.25")

        pool = pour(actors, first, second)

        assert left_in(actors, first, second, pool) == [0, 0, Decimal("1.75")]
        assert page(actors, pool).sample.status is HolderKind.BENCH
        assert audit_tags()[-3:] == ["sample:made", "sample:divided", "sample:divided"]

    def test_every_ledger_tells_what_went_where(self, actors: People):
        first, second = make_alike(actors, "1", "1")

        pool = pour(actors, first, second, volume=Decimal("0.4"), loss=Decimal("0.1"))

        assert [
            (line.delta, line.balance, line.reason, line.other_code)
            for line in page(actors, pool).ledger
        ] == [
            (Decimal("0.4"), Decimal("0.4"), LedgerReason.RECEIVED_FROM_PARENT, first.code),
            (Decimal("0.4"), Decimal("0.8"), LedgerReason.RECEIVED_FROM_PARENT, second.code),
            (Decimal("-0.1"), Decimal("0.7"), LedgerReason.LOST, None),
        ]
        given_ = page(actors, second).ledger[-1]
        assert (given_.delta, given_.reason, given_.other_code) == (
            Decimal("-0.4"), LedgerReason.DRAWN_FOR_CHILD, pool.code,
        )  # fmt: skip

    def test_each_is_taken_in_its_own_unit_and_the_pool_has_the_one_asked_for(self, actors: People):
        first, second = make_alike(actors, "0.5", "1")

        pool = pour(actors, first, second, volume=Decimal(250), unit=Unit.MICROLITRE)

        assert left_in(actors, first, second, pool) == [Decimal("0.25"), Decimal("0.75"), 500]
        assert page(actors, pool).sample.unit is Unit.MICROLITRE

    def test_its_label_is_the_one_that_was_scanned(self, actors: People):
        first, second = make_alike(actors, "1", "1")

        assert pour(actors, first, second, code="POOL-0001").code == "POOL-0001"

    def test_tubes_in_their_cells_stay_there(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        place(actors, make_box(actors), first.code)

        pour(actors, first, second)

        assert page(actors, first).sample.status is HolderKind.POSITION

    def test_it_counts_as_collected_when_the_first_of_them_was(self, actors: People):
        participant = make_consenting_participant(actors)
        earlier = COLLECTED - timedelta(days=1)
        [old] = make_tubes(actors, tube_in("5"), participant=participant, collected_at=earlier)
        new = make_tube(actors, participant=participant)
        custody.receive(
            actors.technician,
            [old.code, new.code],
            site_id=biobank(actors),
            received_at=clock.now(),
        )

        assert pour(actors, new, old).collected_at == earlier

    def test_what_is_in_the_tubes_is_lost_or_in_the_pool(self, actors: People):
        with pytest.raises(InvalidInput, match="More is lost"):
            pour(actors, *make_alike(actors, "0.5", "0.5"), loss=Decimal(1))


class TestRefusals:
    def test_one_tube_alone_is_no_pool(self, actors: People):
        [only] = make_alike(actors, "1")
        with pytest.raises(InvalidInput, match="two tubes at least"):
            pour(actors, only)

    def test_a_tube_is_not_poured_into_itself(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        with pytest.raises(InvalidInput) as caught:
            pour(actors, first, second, code=second.code)
        assert refusals(caught, "code") == [f"The code {second.code} is taken by another tube."]

    def test_a_pool_is_of_one_participant(self, actors: People):
        [mine], [theirs] = make_alike(actors, "1"), make_alike(actors, "1")

        with pytest.raises(InvalidInput) as caught:
            pour(actors, mine, theirs)

        assert refusals(caught) == [
            f"{theirs.code} is another participant’s than {mine.code}: a pool is of one."
        ]
        assert left_in(actors, mine, theirs) == [1, 1]

    def test_only_one_type_goes_into_it(self, actors: People):
        [plasma] = make_alike(actors, "1")
        blood = make_received(actors, participant=plasma.participant)
        with pytest.raises(InvalidInput) as caught:
            pour(actors, plasma, blood)
        assert "only one type goes into a pool" in refusals(caught)[0]

    def test_blood_that_clots_is_not_mixed_with_blood_that_does_not(self, actors: People):
        participant = make_consenting_participant(actors)
        edta, serum = (
            make_received(actors, participant=participant, container_type=kind)
            for kind in (ContainerType.EDTA_K, ContainerType.SERUM_CLOT)
        )
        with pytest.raises(InvalidInput) as caught:
            pour(actors, edta, serum)
        assert "such blood is not mixed" in refusals(caught)[0]

    def test_every_tube_that_cannot_give_is_named_and_nothing_is_taken(self, actors: People):
        full, little, empty = make_alike(actors, "1", "0.25", "1")
        divide(actors, empty.code, "1")

        with pytest.raises(InvalidInput) as caught:
            pour(actors, full, little, empty, volume=Decimal("0.5"))

        assert refusals(caught) == [
            f"Only 0.25 mL are left in {little.code}, and 0.5 mL are asked for.",
            f"Nothing is left in {empty.code}.",
        ]
        assert left_in(actors, full, little) == [1, Decimal("0.25")]

    def test_what_somebody_took_for_an_analysis_is_not_poured(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        check_out(actors, second.code, reason=CheckoutReason.ANALYSIS)
        with pytest.raises(InvalidInput) as caught:
            pour(actors, first, second)
        assert "take it back before it is divided" in refusals(caught)[0]

    def test_after_a_withdrawal_nothing_is_poured(self, actors: People):
        first, second = make_alike(actors, "1", "1")
        make_withdrawal(actors, first.participant)
        with pytest.raises((InvalidInput, RuleBroken)):
            pour(actors, first, second)
        assert left_in(actors, first, second) == [1, 1]

    def test_without_a_consent_nothing_is_poured(self, actors: People, monkeypatch):
        first, second = make_alike(actors, "1", "1")
        asked = []
        monkeypatch.setattr(
            "registry.custody.pooling.decision.require_allowed",
            lambda participant_id, use, *, on: asked.append((participant_id, use.value)),
        )
        pour(actors, first, second)
        assert asked == [(first.participant_id, "store")]

    def test_what_nobody_knows_is_named(self, actors: People):
        [first] = make_alike(actors, "1")
        with pytest.raises(InvalidInput) as caught:
            custody.pool(
                actors.technician, [first.code, "T07000002"], custody.Poured(ContainerType.GLASS)
            )
        assert refusals(caught) == ["There is no sample T07000002 at your sites."]

    def test_a_nurse_pools_nothing(self, actors: People):
        tubes = make_alike(actors, "1", "1")
        with pytest.raises(NotPermitted):
            custody.pool(
                actors.nurse, [one.code for one in tubes], custody.Poured(ContainerType.GLASS)
            )
        assert left_in(actors, *tubes) == [1, 1]

    def test_pouring_is_not_undone(self, actors: People):
        make_pool(actors)
        with pytest.raises(InvalidInput) as caught:
            custody.undo_latest(actors.technician)
        assert all("cannot be undone: Pooled" in one for one in refusals(caught, "code"))
