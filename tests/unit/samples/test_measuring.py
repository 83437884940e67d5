"""What is in a tube is measured, corrected by another measurement, and never taken over."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from registry.custody import queries as custody
from registry.custody.gains import gain
from registry.kernel import clock
from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from registry.samples.measuring import queries, service
from registry.samples.measuring.models import Measurement
from registry.samples.measuring.queries import Amount, Content
from registry.samples.measuring.service import Measured
from registry.vocab.measuring import SCALES, Measure, MeasureUnit, Method
from registry.vocab.samples import SampleType, Unit
from tests.factories.custody import divide, make_received

pytestmark = pytest.mark.usefixtures("app")

NG_PER_UL = MeasureUnit.NANOGRAM_PER_MICROLITRE


def measured(value: str = "52.5", **changes) -> Measured:
    made = Measured(
        Measure.CONCENTRATION, Decimal(value), NG_PER_UL, Method.FLUORESCENCE, clock.now()
    )
    return replace(made, **changes)


def make_dna(actors, volume="0.1", loss="1.9"):
    """DNA extracted of two millilitres of blood."""
    blood = make_received(actors)
    [dna] = divide(actors, blood.code, volume, sample_type=SampleType.DNA, loss=Decimal(loss))
    return dna


class TestRecording:
    def test_the_value_is_kept_with_who_when_and_how(self, actors, audit_tags):
        dna = make_dna(actors)
        made = service.record(actors.technician, dna.code, measured())
        [found] = queries.content(dna.id).all
        assert (found.id, found.value, found.unit) == (made.id, Decimal("52.5"), NG_PER_UL)
        assert found.recorded_by_id == actors.technician.id
        assert audit_tags()[-1] == "sample:measured"

    def test_a_correction_counts_and_what_was_wrong_stays(self, actors):
        dna = make_dna(actors)
        wrong = service.record(actors.technician, dna.code, measured("525"))
        right = service.record(actors.technician, dna.code, measured(), corrects=wrong.id)
        content = queries.content(dna.id)
        assert content.latest == {Measure.CONCENTRATION: right}
        assert {one.id for one in content.all} == {wrong.id, right.id}
        assert content.corrected == {wrong.id}

    def test_a_later_measurement_counts_before_an_earlier_one(self, actors):
        dna = make_dna(actors)
        now = clock.now()
        later = service.record(actors.technician, dna.code, measured("50", measured_at=now))
        service.record(
            actors.technician, dna.code, measured("60", measured_at=now - timedelta(hours=1))
        )
        assert queries.content(dna.id).latest[Measure.CONCENTRATION].id == later.id

    def test_what_was_corrected_is_not_corrected_again(self, actors):
        dna = make_dna(actors)
        wrong = service.record(actors.technician, dna.code, measured("525"))
        service.record(actors.technician, dna.code, measured(), corrects=wrong.id)
        with pytest.raises(RuleBroken, match="Correct the newer one"):
            service.record(actors.technician, dna.code, measured(), corrects=wrong.id)

    def test_one_kind_or_one_tube_does_not_correct_another(self, actors):
        dna, other = make_dna(actors), make_dna(actors)
        made = service.record(actors.technician, dna.code, measured())
        ratio = measured("1.8", measure=Measure.A260_280, unit=MeasureUnit.ONE)
        for code, value in ((dna.code, ratio), (other.code, measured())):
            with pytest.raises(NotFound):
                service.record(actors.technician, code, value, corrects=made.id)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"measure": Measure.RIN, "unit": MeasureUnit.ONE, "value": Decimal(8)}, "measure"),
            ({"unit": MeasureUnit.PERCENT}, "unit"),
            ({"value": Decimal(0)}, "value"),
            ({"value": Decimal("0.1234567")}, "value"),
            ({"method": Method.OTHER}, "comment"),
            ({"measured_at": clock.now() + timedelta(days=1)}, "measured_at"),
            ({"measured_at": clock.now() - timedelta(days=20_000)}, "measured_at"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_field(self, actors, changes, field):
        dna = make_dna(actors)
        with pytest.raises(InvalidInput) as refused:
            service.record(actors.technician, dna.code, measured(**changes))
        assert refused.value.field == field
        assert queries.content(dna.id).all == []

    def test_only_who_works_on_samples_there_records_it(self, actors):
        dna = make_dna(actors)
        with pytest.raises(NotPermitted):
            service.record(actors.nurse, dna.code, measured())
        with pytest.raises(NotFound):
            service.record(actors.other_site_technician, dna.code, measured())


class TestAmounts:
    @pytest.mark.parametrize(
        ("volume", "unit", "amounts"),
        [
            ("0.1", Unit.MILLILITRE, [Amount(Decimal("5.25"), Unit.MICROGRAM)]),
            ("100", Unit.MICROLITRE, [Amount(Decimal("5.25"), Unit.MICROGRAM)]),
            ("3", Unit.MILLIGRAM, []),
        ],
    )
    def test_a_volume_holds_as_much_as_its_concentration_says(self, volume, unit, amounts):
        one = Measurement(value=Decimal("52.5"), unit=NG_PER_UL)
        content = Content({Measure.CONCENTRATION: one}, (), frozenset())
        assert list(content.amounts(Decimal(volume), unit)) == amounts

    @given(
        value=st.decimals(min_value="0.000001", max_value=1_000_000, places=6),
        unit=st.sampled_from(SCALES[Measure.CONCENTRATION].units),
        parts=st.lists(st.decimals(min_value="0.000001", max_value=1000, places=6), min_size=1),
    )
    def test_its_parts_hold_together_what_it_holds(self, value, unit, parts):
        one = Measurement(value=value, unit=unit)
        content = Content({Measure.CONCENTRATION: one}, (), frozenset())
        whole = content.amounts(sum(parts, Decimal(0)), Unit.MILLILITRE)[0].quantity
        assert whole == sum(content.amounts(part, Unit.MILLILITRE)[0].quantity for part in parts)

    def test_nothing_measured_is_nothing_known(self, actors):
        dna = make_dna(actors)
        assert queries.content(dna.id).amounts(dna.remaining, dna.unit) == []

    def test_the_yield_is_of_all_that_the_parent_gave(self, actors):
        dna = make_dna(actors)
        service.record(actors.technician, dna.code, measured())
        chain = custody.chain(actors.technician, dna.code)
        found = gain(chain, dna.code, queries.content(dna.id))
        assert found is not None
        assert (found.used, found.used_unit) == (Decimal(2), Unit.MILLILITRE)
        assert found.amount == Amount(Decimal("5.25"), Unit.MICROGRAM)

    def test_an_aliquot_has_no_yield(self, actors):
        [aliquot] = divide(actors, make_dna(actors).code, "0.05", sample_type=SampleType.DNA)
        service.record(actors.technician, aliquot.code, measured())
        chain = custody.chain(actors.technician, aliquot.code)
        assert gain(chain, aliquot.code, queries.content(aliquot.id)) is None
