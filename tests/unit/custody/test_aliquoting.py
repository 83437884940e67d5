"""What a child receives its parent gives, once, and only with a consent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from registry.custody import queries, service as custody
from registry.custody.service import Child
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, LedgerReason, SampleType, Unit
from tests.factories.consents import make_withdrawal
from tests.factories.custody import (
    DIVIDED,
    RECEIVED,
    check_out,
    divide,
    make_received,
    make_stored,
    receive,
)
from tests.factories.samples import COLLECTED, make_tube, make_tubes, tube_in

KEY = "3f0c2a52-0f1c-4f5e-9a60-6a1a53a3a2b1"


def left_in(actors, sample):
    return queries.listed(actors.technician, [sample.code])[sample.code].remaining


class TestDividing:
    def test_children_stand_on_the_bench_and_the_parent_where_it_was(self, app, actors, audit_tags):
        parent = make_received(actors, "5")
        children = divide(actors, parent.code, "0.5", "0.5", "1")
        page = queries.sample_page(actors.technician, parent.code)
        assert page.sample.remaining == 3
        assert page.sample.status is HolderKind.BENCH
        assert [line.code for line in page.children] == [child.code for child in children]
        assert {line.status for line in page.children} == {HolderKind.BENCH}
        assert {line.collected_at for line in page.children} == {COLLECTED}
        assert audit_tags()[-4:] == ["sample:made"] * 3 + ["sample:divided"]

    def test_the_ledger_tells_where_it_went(self, app, actors):
        parent = make_received(actors, "5")
        [child] = divide(actors, parent.code, "2", loss=Decimal("0.25"))
        page = queries.sample_page(actors.technician, parent.code)
        assert [
            (line.delta, line.balance, line.reason, line.other_code) for line in page.ledger
        ] == [
            (Decimal(5), Decimal(5), LedgerReason.COLLECTED, None),
            (Decimal(-2), Decimal(3), LedgerReason.DRAWN_FOR_CHILD, child.code),
            (Decimal("-0.25"), Decimal("2.75"), LedgerReason.LOST, None),
        ]

    def test_another_unit_is_converted_to_the_parent_s(self, app, actors):
        parent = make_received(actors, "5")
        [one, two] = divide(
            actors, parent.code, "500", "250.5", loss=Decimal(10), unit=Unit.MICROLITRE
        )
        assert (one.unit, left_in(actors, one)) == (Unit.MILLILITRE, Decimal("0.5"))
        assert left_in(actors, two) == Decimal("0.2505")
        assert left_in(actors, parent) == Decimal("4.2395")

    def test_the_same_request_in_another_unit_is_the_same_request(self, app, actors):
        parent = make_received(actors, "5")
        first = divide(actors, parent.code, "500", unit=Unit.MICROLITRE, client_key=KEY)
        assert divide(actors, parent.code, "0.5", client_key=KEY) == first
        assert left_in(actors, parent) == Decimal("4.5")

    @pytest.mark.parametrize(
        ("sample_type", "kind"),
        [
            (SampleType.BLOOD, ActKind.ALIQUOTED),
            (SampleType.PLASMA_SINGLE_SPUN, ActKind.DERIVED),
        ],
    )
    def test_another_type_makes_it_a_derivative(self, app, actors, sample_type, kind):
        parent = make_received(actors)
        [child] = divide(actors, parent.code, "1", sample_type=sample_type)
        acts = [line for line in queries.chain(actors.technician, child.code) if line.kind is kind]
        assert [line.sample_code for line in acts] == [parent.code, child.code]

    def test_a_stored_parent_keeps_its_cell(self, app, actors):
        parent = make_stored(actors)
        before = queries.listed(actors.technician, [parent.code])[parent.code]
        divide(actors, parent.code, "0.1", at=clock.now())
        after = queries.listed(actors.technician, [parent.code])[parent.code]
        assert (after.status, after.place) == (HolderKind.POSITION, before.place)

    def test_what_somebody_took_to_divide_it_is_divided(self, app, actors):
        parent = make_stored(actors)
        check_out(actors, parent.code, reason=CheckoutReason.ALIQUOTING)
        assert divide(actors, parent.code, "0.1", at=clock.now())

    def test_what_somebody_has_for_something_else_is_not(self, app, actors):
        parent = make_stored(actors)
        check_out(actors, parent.code, reason=CheckoutReason.ANALYSIS)
        with pytest.raises(RuleBroken, match="take it back before"):
            divide(actors, parent.code, "0.1", at=clock.now())

    @pytest.mark.parametrize(
        ("container", "made"),
        [
            (ContainerType.EDTA_K, SampleType.SERUM),
            (ContainerType.SERUM_CLOT, SampleType.PLASMA_SINGLE_SPUN),
            (ContainerType.EDTA_K, SampleType.URINE_SPOT),
        ],
    )
    def test_what_cannot_come_of_it_is_refused(self, app, actors, container, made):
        [tube] = make_tubes(actors, tube_in("5", container_type=container))
        receive(actors, tube.code)
        with pytest.raises(InvalidInput, match="is not made of"):
            divide(actors, tube.code, "1", sample_type=made)

    def test_codes_that_are_given_are_taken(self, app, actors):
        parent = make_received(actors)
        children = divide(
            actors, parent.code, children=[Child(Decimal(1), "CRYO-1"), Child(Decimal(1))]
        )
        assert children[0].code == "CRYO-1"
        assert children[1].code != "CRYO-1"

    def test_a_tube_can_be_emptied_exactly(self, app, actors):
        parent = make_received(actors, "1.5")
        divide(actors, parent.code, "0.5", "0.5", "0.5")
        assert left_in(actors, parent) == 0


class TestRefusals:
    def test_more_than_is_left_is_refused_with_what_is_left(self, app, actors):
        parent = make_received(actors, "5")
        divide(actors, parent.code, "2")
        with pytest.raises(RuleBroken, match="Only 3 mL are left") as refused:
            divide(actors, parent.code, "2", "1", loss=Decimal("0.1"))
        assert refused.value.field == "volume"
        assert left_in(actors, parent) == 3

    @pytest.mark.parametrize("volume", ["0", "-1"])
    def test_a_child_receives_something(self, app, actors, volume):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="above 0"):
            divide(actors, parent.code, "1", volume)

    def test_a_negative_loss_would_add_volume(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="above 0"):
            divide(actors, parent.code, "1", loss=Decimal(-1))

    def test_a_volume_is_not_given_as_a_mass(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="g cannot be converted to mL"):
            divide(actors, parent.code, "1", unit=Unit.GRAM)
        assert left_in(actors, parent) == 5

    @pytest.mark.parametrize("facts", [{}, {"loss": Decimal("0.0001")}])
    def test_what_would_have_to_be_rounded_is_refused(self, app, actors, facts):
        parent = make_received(actors)
        volume = "500" if facts else "500.0001"
        with pytest.raises(InvalidInput, match="at most 6 decimals"):
            divide(actors, parent.code, volume, unit=Unit.MICROLITRE, **facts)
        assert left_in(actors, parent) == 5

    def test_more_than_is_left_is_refused_in_any_unit(self, app, actors):
        parent = make_received(actors, "5")
        with pytest.raises(RuleBroken, match="Only 5 mL are left"):
            divide(actors, parent.code, "5000.001", unit=Unit.MICROLITRE)

    @pytest.mark.parametrize("count", [0, limits.ALIQUOTS_AT_ONCE_MAX + 1])
    def test_a_division_has_its_measure(self, app, actors, count):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="at once"):
            divide(actors, parent.code, children=[Child(Decimal("0.001"))] * count)

    def test_a_code_that_is_taken_undoes_everything(self, app, actors):
        parent, other = make_received(actors), make_tube(actors)
        with pytest.raises(InvalidInput):
            divide(actors, parent.code, children=[Child(Decimal(1)), Child(Decimal(1), other.code)])
        assert left_in(actors, parent) == 5
        assert queries.sample_page(actors.technician, parent.code).children == []

    def test_a_tube_that_was_not_received_is_not_divided(self, app, actors):
        tube = make_tube(actors)
        with pytest.raises(RuleBroken, match="receive it first"):
            divide(actors, tube.code, "1")

    def test_it_is_not_divided_before_it_arrived(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="cannot be before"):
            divide(actors, parent.code, "1", at=RECEIVED - timedelta(minutes=1))

    def test_it_is_not_divided_in_the_future(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(InvalidInput, match="still to come"):
            divide(actors, parent.code, "1", at=clock.now() + timedelta(minutes=1))

    def test_after_a_withdrawal_nothing_is_divided(self, app, actors):
        parent = make_received(actors)
        participant = registry_session.get_one(Participant, parent.participant_id)
        make_withdrawal(actors, participant, effective_on=clock.today())
        with pytest.raises(RuleBroken):
            divide(actors, parent.code, "1")
        assert left_in(actors, parent) == 5

    def test_another_site_s_tube_is_not_there(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(NotFound):
            custody.aliquot(
                actors.other_site_technician,
                parent.code,
                children=[Child(Decimal(1))],
                sample_type=SampleType.PLASMA_SINGLE_SPUN,
                container_type=ContainerType.POLYPROPYLENE,
                at=DIVIDED,
            )

    def test_a_nurse_divides_nothing(self, app, actors):
        parent = make_received(actors)
        with pytest.raises(NotPermitted):
            custody.aliquot(
                actors.nurse,
                parent.code,
                children=[Child(Decimal(1))],
                sample_type=SampleType.PLASMA_SINGLE_SPUN,
                container_type=ContainerType.POLYPROPYLENE,
                at=DIVIDED,
            )


class TestAskingAgain:
    def test_the_same_request_has_one_effect_and_the_same_answer(self, app, actors, audit_tags):
        parent = make_received(actors, "5")
        first = [child.code for child in divide(actors, parent.code, "2", "1", client_key=KEY)]
        recorded = audit_tags()
        second = [child.code for child in divide(actors, parent.code, "2", "1", client_key=KEY)]
        assert second == first
        assert left_in(actors, parent) == 2
        assert audit_tags() == recorded

    def test_the_same_key_for_something_else_is_refused(self, app, actors):
        parent = make_received(actors, "5")
        divide(actors, parent.code, "2", client_key=KEY)
        with pytest.raises(InvalidInput) as refused:
            divide(actors, parent.code, "1", client_key=KEY)
        assert refused.value.field == "client_key"
        assert left_in(actors, parent) == 3
