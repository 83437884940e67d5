"""DNA leaves only for whom genetic examination was consented to, whatever the reason says."""

from decimal import Decimal

import pytest

from registry.consents.decision import Study
from registry.custody import asking, queries as custody, service as acts
from registry.custody.picking import queries as picked, service as picking
from registry.custody.shipments import queries as shipments
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.vocab.consent import Answer, Use
from registry.vocab.custody import CheckoutReason
from registry.vocab.picking import PickStatus
from registry.vocab.samples import SampleType
from tests.factories.consents import ITEMS, SHARING, make_consent, make_template, make_withdrawal
from tests.factories.custody import check_out, divide, make_received
from tests.factories.participants import make_participant
from tests.factories.shipments import make_sent, make_shipment

REFUSES_GENETICS = {"genetics": Answer.REFUSED}


def make_tubes(actors, answers=None):
    """DNA and blood of one participant, who answered all the rest with yes."""
    participant = make_participant(actors)
    form = make_template(code="SHARING", items=(*ITEMS, SHARING))
    make_consent(actors, participant, template=form, answers=answers)
    blood = make_received(actors, participant=participant)
    [dna] = divide(actors, blood.code, "0.1", sample_type=SampleType.DNA, loss=Decimal("1.9"))
    return participant, dna, blood


class TestWhatIsAsked:
    @pytest.mark.parametrize("asked", [Use.ACADEMIC_RESEARCH, Use.SHARE])
    def test_of_dna_genetics_is_asked_too(self, asked):
        assert asking.about(asked, SampleType.DNA) == (asked, Use.GENETICS)

    def test_of_dna_a_project_is_asked_as_a_genetic_one(self):
        [study] = asking.about(Study(), SampleType.DNA)
        assert Use.GENETICS in study.uses

    def test_keeping_dna_asks_no_more_than_keeping_blood(self):
        assert asking.about(Use.STORE, SampleType.DNA) == (Use.STORE,)

    @pytest.mark.parametrize(
        "sample_type", [one for one in SampleType if one is not SampleType.DNA]
    )
    def test_nothing_else_is_asked_of_other_tubes(self, sample_type):
        for asked in (Use.ACADEMIC_RESEARCH, Study()):
            assert asking.about(asked, sample_type) == (asked,)


@pytest.mark.usefixtures("app")
class TestTakingOut:
    @pytest.mark.parametrize(
        "reason", [CheckoutReason.ANALYSIS, CheckoutReason.TRANSFER, CheckoutReason.OTHER]
    )
    def test_dna_of_whoever_refused_genetics_stays(self, actors, reason):
        _, dna, blood = make_tubes(actors, REFUSES_GENETICS)
        with pytest.raises(RuleBroken, match="Genetic examination"):
            check_out(actors, dna.code, reason=reason, comment="Run 12")
        assert check_out(actors, blood.code, reason=reason, comment="Run 12")

    @pytest.mark.parametrize("reason", [CheckoutReason.ALIQUOTING, CheckoutReason.QUALITY_CONTROL])
    def test_it_can_be_divided_and_checked(self, actors, reason):
        _, dna, _ = make_tubes(actors, REFUSES_GENETICS)
        assert check_out(actors, dna.code, reason=reason)

    def test_dna_of_whoever_accepted_leaves(self, actors):
        _, dna, _ = make_tubes(actors)
        assert check_out(actors, dna.code)

    def test_no_dna_is_used_up_either(self, actors):
        _, dna, _ = make_tubes(actors, REFUSES_GENETICS)
        with pytest.raises(RuleBroken, match="Genetic examination"):
            acts.consume(
                actors.technician, dna.code, volume=Decimal("0.01"), reason=CheckoutReason.ANALYSIS
            )

    def test_an_undone_return_asks_again(self, actors):
        participant, dna, _ = make_tubes(actors)
        check_out(actors, dna.code)
        acts.take_back(actors.technician, [dna.code])
        make_withdrawal(actors, participant, Use.GENETICS, effects=[])
        returned = custody.chain(actors.technician, dna.code)[-1]
        with pytest.raises(RuleBroken, match="Genetic examination"):
            acts.correct(actors.technician, returned.act_id, reason="Not back")


@pytest.mark.usefixtures("app")
class TestLeaving:
    def test_dna_is_not_packed_for_a_partner_where_blood_is(self, actors):
        _, dna, blood = make_tubes(actors, REFUSES_GENETICS)
        with pytest.raises(InvalidInput) as refusal:
            make_shipment(actors, dna.code, blood.code)
        [sentence] = refusal.value.errors["codes"]
        assert "Genetic examination" in str(sentence)

    def test_it_goes_to_another_of_our_sites(self, actors, sites):
        _, dna, _ = make_tubes(actors, REFUSES_GENETICS)
        assert make_shipment(actors, dna.code, to=sites.paris)

    def test_only_the_dna_stops_when_genetics_are_withdrawn(self, actors):
        participant, dna, blood = make_tubes(actors)
        wanted = picking.open_(
            actors.technician,
            [dna.code, blood.code],
            title="Sequencing",
            to_user_id=actors.technician.id,
            reason=CheckoutReason.ANALYSIS,
        )
        make_withdrawal(actors, participant, Use.GENETICS, effects=[])
        stops = {one.sample.code: one.status for one in picked.stops(wanted)}
        assert stops == {dna.code: PickStatus.STOPPED, blood.code: PickStatus.WAITING}

    def test_only_the_dna_is_called_back_from_a_partner(self, actors):
        participant, dna, blood = make_tubes(actors)
        sent = make_sent(actors, dna.code, blood.code)
        make_withdrawal(actors, participant, Use.GENETICS, effects=[])
        stopped = {line.sample.code for line in shipments.lines_of(sent) if line.stopped_for}
        assert stopped == {dna.code}
