"""What goes into a bag, and what is refused with its reason."""

import pytest
import sqlalchemy as sa

from registry.accounts import service as accounts
from registry.accounts.models import Site
from registry.custody import service as custody
from registry.custody.shipments import grounds, partners, queries, service
from registry.kernel.codes import tube
from registry.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from registry.persistence import db, registry_session
from registry.vocab.applications import State
from registry.vocab.consent import Answer, Use, WithdrawalEffect
from registry.vocab.custody import CheckoutReason
from registry.vocab.people import SiteKind
from registry.vocab.research import RecipientKind
from registry.vocab.shipping import LineStatus, Packing, ShipmentState
from tests.factories.consents import ITEMS, SHARING, make_consent, make_template, make_withdrawal
from tests.factories.custody import biobank, make_aliquots
from tests.factories.participants import make_participant
from tests.factories.samples import make_consenting_participant, make_tube
from tests.factories.shipments import (
    make_partner,
    make_request,
    make_sent,
    make_sharing_participant,
    make_shipment,
    make_tubes_to_send,
)


def reasons(refusal) -> str:
    return " ".join(str(message) for message in refusal.value.errors["codes"])


class TestOpening:
    def test_a_shipment_has_a_code_that_survives_a_misread(self, app, actors):
        shipment = make_shipment(actors)
        assert shipment.code.startswith("X")
        assert tube.is_valid(shipment.code)

    def test_it_goes_to_one_destination(self, app, actors, sites):
        for where in ({}, {"to_site_id": biobank(actors)}):
            with pytest.raises(InvalidInput, match="another site, or a partner"):
                service.open_(
                    actors.technician, site_id=biobank(actors), packing=Packing.AMBIENT, **where
                )

    def test_a_partners_site_is_no_way_round_the_request(self, app, actors):
        acme = accounts.create_site(actors.admin, code="ACME", name="Acme", kind=SiteKind.PARTNER)
        with pytest.raises(RuleBroken, match="Acme is a partner"):
            make_shipment(actors, to=acme.id)

    def test_a_bag_opened_before_its_site_became_a_partners_takes_no_tube(self, app, actors, sites):
        [tube, _] = make_tubes_to_send(actors)
        shipment = make_shipment(actors, to=sites.lyon)
        with db.engines["registry"].begin() as connection:
            connection.execute(
                sa.update(Site).where(Site.id == sites.lyon).values(kind=SiteKind.PARTNER)
            )
        registry_session.expire_all()

        with pytest.raises(RuleBroken, match="is a partner"):
            service.add(actors.technician, shipment.id, [tube.code])
        assert grounds.asked_of(shipment) is Use.SHARE

    def test_only_technicians_of_the_site_begin_one(self, app, actors, sites):
        for actor in (actors.other_site_technician, actors.data_manager, actors.nurse):
            with pytest.raises(NotPermitted):
                service.open_(
                    actor, site_id=sites.biobank, to_site_id=sites.lyon, packing=Packing.AMBIENT
                )

    @pytest.mark.parametrize(
        "changes",
        [
            {"recipient": "Another university"},
            {"country": "US"},
            {"recipient_kind": RecipientKind.COMPANY},
        ],
    )
    def test_a_request_serves_the_partner_that_it_names(self, app, actors, changes):
        request = make_request(actors, **changes)
        with pytest.raises(InvalidInput, match="was approved for"):
            service.open_(
                actors.technician,
                site_id=biobank(actors),
                packing=Packing.DRY_ICE,
                partner_id=make_partner(actors).id,
                request=request.number,
            )

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.REFUSED, State.WITHDRAWN])
    def test_a_request_that_is_not_approved_serves_nobody(self, app, actors, state):
        request = make_request(actors, state=state)
        with pytest.raises(RuleBroken, match="not approved"):
            service.open_(
                actors.technician,
                site_id=biobank(actors),
                packing=Packing.DRY_ICE,
                partner_id=make_partner(actors).id,
                request=request.number,
            )

    def test_nothing_goes_to_a_retired_partner(self, app, actors):
        partner = make_partner(actors)
        partners.retire(actors.data_manager, partner.id)
        with pytest.raises(RuleBroken, match="any more"):
            make_shipment(actors, to=partner)


class TestFilling:
    def test_tubes_are_put_into_the_bag(self, app, actors):
        tubes = make_tubes_to_send(actors, 2)
        shipment = make_shipment(actors, *[tube.code for tube in tubes])
        lines = queries.lines_of(shipment)
        assert [line.status for line in lines] == [LineStatus.PACKED] * 2
        assert lines[0].taken_from == "Biobanque"

    def test_a_wrong_tube_is_refused_with_the_reason_and_nothing_is_packed(
        self, app, actors, sites
    ):
        good, lent, packed = make_tubes_to_send(actors, 3)
        custody.check_out(
            actors.technician,
            lent.code,
            to_user_id=actors.technician.id,
            reason=CheckoutReason.QUALITY_CONTROL,
        )
        other = make_shipment(actors, packed.code)
        fresh = make_tube(actors, participant=good.participant)
        shipment = make_shipment(actors)
        with pytest.raises(InvalidInput) as refusal:
            service.add(
                actors.technician,
                shipment.id,
                [good.code, lent.code, packed.code, fresh.code, "NOWHERE"],
            )
        told = reasons(refusal)
        assert f"{lent.code} is checked out" in told
        assert f"{packed.code} is in shipment {other.code} already" in told
        assert f"{fresh.code} has not been received" in told
        assert "NOWHERE: There is no sample" in told
        assert queries.lines_of(shipment) == []

    def test_whoever_does_not_share_sends_nothing_to_a_partner(self, app, actors):
        participant = make_participant(actors)
        form = make_template(code="SHARING", items=(*ITEMS, SHARING))
        make_consent(actors, participant, template=form, answers={"share": Answer.REFUSED})
        [tube] = make_aliquots(actors, participant=participant)
        shipment = make_shipment(actors)
        with pytest.raises(InvalidInput) as refusal:
            service.add(actors.technician, shipment.id, [tube.code])
        assert "Hand over to another organisation" in reasons(refusal)

    def test_to_another_site_keeping_is_enough(self, app, actors, sites):
        [tube] = make_aliquots(actors, participant=make_consenting_participant(actors))
        shipment = make_shipment(actors, tube.code, to=sites.paris)
        assert len(queries.lines_of(shipment)) == 1

    def test_a_tube_can_be_taken_out_and_packed_again(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_shipment(actors, tube.code)
        service.take_out(actors.technician, shipment.id, tube.code)
        service.add(actors.technician, shipment.id, [tube.code])
        statuses = [line.status for line in queries.lines_of(shipment)]
        assert statuses == [LineStatus.TAKEN_OUT, LineStatus.PACKED]


class TestClosing:
    def test_an_empty_bag_is_not_sealed(self, app, actors):
        with pytest.raises(RuleBroken, match="no tube"):
            service.seal(actors.technician, make_shipment(actors).id)

    def test_a_sealed_bag_is_opened_before_anything_is_added(self, app, actors):
        one, other = make_tubes_to_send(actors, 2)
        shipment = make_shipment(actors, one.code)
        service.seal(actors.technician, shipment.id)
        with pytest.raises(RuleBroken, match="sealed"):
            service.add(actors.technician, shipment.id, [other.code])
        service.reopen(actors.technician, shipment.id)
        service.add(actors.technician, shipment.id, [other.code])
        assert shipment.state is ShipmentState.DRAFT

    def test_a_cancelled_shipment_gives_its_tubes_free(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_shipment(actors, tube.code)
        service.cancel(actors.technician, shipment.id, reason="The courier is on strike.")
        assert queries.open_lines([tube.id]) == {}
        assert make_shipment(actors, tube.code).code != shipment.code

    def test_what_has_left_is_neither_cancelled_nor_opened(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        with pytest.raises(RuleBroken, match="on its way"):
            service.cancel(actors.technician, shipment.id, reason="Too late for that.")
        with pytest.raises(RuleBroken, match="on its way"):
            service.reopen(actors.technician, shipment.id)


class TestWithdrawing:
    def test_tubes_of_a_draft_are_stopped_and_hold_the_bag_back(self, app, actors):
        leaving = make_sharing_participant(actors)
        [stopped] = make_tubes_to_send(actors, 1, participant=leaving)
        [kept] = make_tubes_to_send(actors, 1)
        shipment = make_shipment(actors, stopped.code, kept.code)
        make_withdrawal(actors, leaving, effects=[WithdrawalEffect.STOP_USE])
        statuses = {line.sample.code: line.status for line in queries.lines_of(shipment)}
        assert statuses == {stopped.code: LineStatus.STOPPED, kept.code: LineStatus.PACKED}
        with pytest.raises(RuleBroken, match=stopped.code):
            service.seal(actors.technician, shipment.id)
        service.take_out(actors.technician, shipment.id, stopped.code)
        assert service.seal(actors.technician, shipment.id).state is ShipmentState.SEALED
