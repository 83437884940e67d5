"""Tubes that existed before: each row judged alone, volumes drawn from their parents."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from registry.custody import queries, service as custody
from registry.custody.service import Existing
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.errors import NotPermitted, RuleBroken
from registry.persistence import registry_session
from registry.samples.models import QuantityEntry
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.samples import ContainerType, SampleType, Unit
from tests.factories.consents import make_consent
from tests.factories.custody import check_out, divide
from tests.factories.participants import make_participant
from tests.factories.tray import lay
from tests.statements import counted

OPERATOR = Actor.system("import")
DRAWN = datetime(2026, 3, 28, 8, 17, tzinfo=UTC)


@pytest.fixture
def participant(app, actors):
    return make_participant(actors)


@pytest.fixture
def tube(participant):
    return Existing(
        code="T07000001",
        participant_id=participant.id,
        sample_type=SampleType.BLOOD,
        container_type=ContainerType.EDTA_K,
        volume=Decimal(6),
        collected_at=DRAWN,
        received_at=DRAWN + timedelta(hours=1),
        centrifuged_at=DRAWN + timedelta(hours=3),
    )


@pytest.fixture
def aliquot(tube):
    return replace(
        tube,
        code="T07000003",
        sample_type=SampleType.PLASMA_DOUBLE_SPUN,
        volume=Decimal("0.5"),
        frozen_at=DRAWN + timedelta(hours=4),
        parent_code=tube.code,
    )


def take(*rows):
    return custody.register_existing(OPERATOR, rows)


def refusal_of(*rows):
    """Why the last of the rows was refused; the others were taken."""
    outcomes = take(*rows)
    assert all(outcome.refusal is None for outcome in outcomes[:-1])
    assert outcomes[-1].refusal is not None
    return outcomes[-1].refusal


def fields_of(refusal):
    return set(getattr(refusal, "errors", {})) or {refusal.field}


class TestTakingIn:
    def test_the_acts_keep_their_own_times(self, actors, tube, aliquot):
        assert [outcome.is_new for outcome in take(tube, aliquot)] == [True, True]
        lines = [
            line
            for line in queries.chain(actors.technician, aliquot.code)
            if line.sample_code == aliquot.code
        ]
        assert [(line.kind, line.happened_at, line.actor) for line in lines] == [
            (ActKind.COLLECTED, DRAWN, "system:import"),
            (ActKind.RECEIVED, DRAWN + timedelta(hours=1), "system:import"),
            (ActKind.CENTRIFUGED, DRAWN + timedelta(hours=3), "system:import"),
            (ActKind.FROZEN, DRAWN + timedelta(hours=4), "system:import"),
        ]
        line = queries.listed(actors.technician, [aliquot.code])[aliquot.code]
        assert (line.status, line.since) == (HolderKind.BENCH, aliquot.received_at)

    def test_what_was_frozen_before_it_travelled_is_in_that_order(self, actors, tube):
        take(replace(tube, centrifuged_at=DRAWN + timedelta(minutes=30)))
        kinds = [line.kind for line in queries.chain(actors.technician, tube.code)]
        assert kinds == [ActKind.COLLECTED, ActKind.CENTRIFUGED, ActKind.RECEIVED]

    def test_what_was_not_received_waits_for_it(self, actors, tube):
        take(replace(tube, received_at=None))
        assert [line.code for line in queries.to_receive(actors.technician).rows] == [tube.code]

    def test_the_volume_is_drawn_from_the_parent_s_ledger(self, actors, tube, aliquot):
        take(tube, aliquot, replace(aliquot, code="T07000004"))
        page = queries.sample_page(actors.technician, tube.code)
        assert page.sample.remaining == 5
        assert [line.other_code for line in page.ledger] == [None, "T07000003", "T07000004"]
        assert [line.code for line in page.children] == ["T07000003", "T07000004"]

    def test_a_parent_of_an_earlier_part_is_found(self, actors, tube, aliquot):
        take(tube)
        take(aliquot)
        assert queries.sample_page(actors.technician, tube.code).sample.remaining == Decimal("5.5")

    def test_a_child_of_a_child_is_taken(self, actors, tube, aliquot):
        take(
            tube,
            aliquot,
            replace(aliquot, code="T9", volume=Decimal("0.1"), parent_code=aliquot.code),
        )
        [parent] = queries.sample_page(actors.technician, "T9").kin.parents
        [drawn] = parent.parents
        assert [parent.sample.code, drawn.sample.code] == [aliquot.code, tube.code]

    def test_each_tube_is_in_the_journal(self, actors, tube, aliquot, audit_tags):
        before = len(audit_tags())
        take(tube, aliquot)
        assert audit_tags()[before:] == ["sample:imported"] * 2 + ["sample:divided"]

    def test_it_takes_as_many_statements_for_many_rows_as_for_few(self, actors, tube):
        sizes = []
        for first, count in ((0, 3), (100, 60)):
            rows = [replace(tube, code=f"N{first + number}") for number in range(count)]
            with counted() as statements:
                take(*rows)
            sizes.append(len(statements))
        assert sizes[0] == sizes[1]


class TestTheSameAgain:
    def test_changes_nothing(self, actors, tube, aliquot, audit_tags):
        take(tube, aliquot)
        tags = audit_tags()
        outcomes = take(tube, aliquot)
        assert [(outcome.is_new, outcome.refusal) for outcome in outcomes] == [(False, None)] * 2
        assert audit_tags() == tags
        assert registry_session.query(QuantityEntry).count() == 3

    def test_twice_in_one_file_is_one_tube(self, tube):
        assert [outcome.is_new for outcome in take(tube, tube)] == [True, False]

    def test_what_happened_since_does_not_matter(self, actors, participant, tube):
        make_consent(actors, participant)
        take(tube)
        divide(actors, tube.code, "2", at=clock.now())
        [outcome] = take(tube)
        assert (outcome.is_new, outcome.refusal) == (False, None)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"volume": Decimal(5)}, "first volume"),
            ({"sample_type": SampleType.SERUM}, "type"),
            ({"container_type": ContainerType.SERUM_CLOT}, "container"),
            ({"unit": Unit.MICROLITRE}, "unit"),
            ({"collected_at": DRAWN - timedelta(days=1)}, "collection time"),
            ({"received_at": DRAWN + timedelta(hours=2)}, "received"),
            ({"frozen_at": DRAWN + timedelta(hours=5)}, "frozen"),
            ({"parent_code": "T1"}, "parent"),
        ],
    )
    def test_the_same_code_with_another_fact_is_refused(self, tube, change, said):
        refusal = refusal_of(tube, replace(tube, **change))
        assert refusal.field == "code"
        assert said in str(refusal.message)

    def test_the_same_code_for_another_participant_is_refused(self, actors, tube):
        other = make_participant(actors)
        assert refusal_of(tube, replace(tube, participant_id=other.id)).field == "code"


class TestRefusals:
    def test_a_refused_row_leaves_the_others(self, actors, tube, aliquot):
        outcomes = take(tube, replace(aliquot, volume=Decimal(-1)), replace(aliquot, code="T4"))
        assert [outcome.refusal is None for outcome in outcomes] == [True, False, True]
        assert queries.listed(actors.technician, [aliquot.code]) == {}

    def test_children_do_not_hold_more_than_their_parent(self, actors, tube, aliquot):
        refusal = refusal_of(tube, aliquot, replace(aliquot, code="T4", volume=Decimal(50)))
        assert (type(refusal), refusal.field) == (RuleBroken, "volume")
        assert "5.5 mL are left" in str(refusal.message)
        assert queries.sample_page(actors.technician, tube.code).sample.remaining == Decimal("5.5")

    @pytest.mark.parametrize(
        ("change", "fields"),
        [
            ({"volume": Decimal(0)}, {"volume"}),
            ({"participant_id": 999}, {"participant_id"}),
            ({"parent_code": "T-NOWHERE"}, {"parent_code"}),
            ({"frozen_at": DRAWN - timedelta(days=1)}, {"frozen_at"}),
            ({"received_at": DRAWN - timedelta(minutes=1)}, {"received_at"}),
            (
                {"collected_at": DRAWN + timedelta(days=9)},
                {"received_at", "centrifuged_at", "frozen_at"},
            ),
            ({"frozen_at": datetime(2199, 1, 1, tzinfo=UTC)}, {"frozen_at"}),
            ({"unit": Unit.MICROLITRE}, {"unit"}),
        ],
    )
    def test_the_value_that_cannot_be_is_named(self, tube, aliquot, change, fields):
        assert fields_of(refusal_of(tube, replace(aliquot, **change))) == fields

    def test_a_child_is_of_its_parent_s_participant(self, actors, tube, aliquot):
        other = make_participant(actors)
        refusal = refusal_of(tube, replace(aliquot, participant_id=other.id))
        assert refusal.field == "parent_code"

    def test_a_child_was_collected_when_its_parent_was(self, tube, aliquot):
        refusal = refusal_of(tube, replace(aliquot, collected_at=DRAWN + timedelta(minutes=1)))
        assert refusal.field == "collected_at"

    @pytest.mark.parametrize("person", ["nurse", "technician", "data_manager", "admin"])
    def test_nobody_but_the_command_line_takes_tubes_in(self, actors, tube, person):
        with pytest.raises(NotPermitted):
            custody.register_existing(getattr(actors, person), [tube])


class TestConsent:
    def test_tubes_are_taken_in_without_one_but_nothing_uses_them(self, actors, tube):
        take(tube)
        for reason in (CheckoutReason.ANALYSIS, CheckoutReason.QUALITY_CONTROL):
            with pytest.raises(RuleBroken):
                check_out(actors, tube.code, reason=reason)
        with pytest.raises(RuleBroken):
            divide(actors, tube.code, "1", at=clock.now())

    def test_once_it_is_recorded_they_can_be_used(self, actors, participant, tube):
        take(tube)
        make_consent(actors, participant)
        assert check_out(actors, tube.code)


def test_a_tube_that_waits_in_the_tray_is_attached_there(actors, tube):
    lay(actors, tube.code)
    other = replace(tube, code="T07000009")
    waits, stands = take(tube, other)
    assert waits.refusal is not None
    assert "waits in the tray" in str(waits.refusal)
    assert stands.is_new
