"""Nothing leaves without a consent on that day; what leaves is signed for, and frees its cell."""

import json

import pytest

from registry.applications import service as applications
from registry.consents.withdrawals.followup import queries as followup
from registry.consents.withdrawals.policies import Asked
from registry.custody import queries as custody, service as acts
from registry.custody.shipments import manifest, queries, sending, service
from registry.extracts.recall import queries as recall
from registry.kernel.errors import InvalidInput, RuleBroken
from registry.vocab.consent import Use, WithdrawalEffect, WithdrawalScope
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from registry.vocab.shipping import LineStatus, ShipmentList, ShipmentState
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_stored
from tests.factories.shipments import (
    PARTNER,
    make_sent,
    make_sharing_participant,
    make_shipment,
    make_tubes_to_send,
)
from tests.factories.storage import make_box


def holder(actors, sample):
    return custody.listed(actors.technician, [sample.code])[sample.code]


def sealed(actors, *codes, **facts):
    shipment = make_shipment(actors, *codes, **facts)
    service.seal(actors.technician, shipment.id)
    return shipment


class TestSending:
    def test_every_tube_has_an_act_and_travels(self, app, actors, audit_tags):
        tubes = make_tubes_to_send(actors, 2)
        shipment = make_sent(actors, *[tube.code for tube in tubes])
        assert shipment.state is ShipmentState.SENT
        for tube in tubes:
            line = custody.chain(actors.technician, tube.code)[-1]
            assert (line.kind, line.holder_after) == (ActKind.SHIPPED, HolderKind.SHIPMENT)
            assert line.place == f"{shipment.code} → {PARTNER}"
            assert line.fields["packing"] == "dry_ice"
        assert audit_tags()[-1] == "shipment:sent"

    def test_its_cell_is_free_again(self, app, actors):
        box = make_box(actors)
        tube = make_stored(actors, box=box, cell="A1", participant=make_sharing_participant(actors))
        assert (1, 1) not in custody.free_cells(actors.technician, box.id)
        make_sent(actors, tube.code)
        assert (1, 1) in custody.free_cells(actors.technician, box.id)

    def test_an_open_bag_does_not_leave(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        with pytest.raises(RuleBroken, match="seal it first"):
            sending.send(actors.technician, make_shipment(actors, tube.code).id)

    def test_a_bag_leaves_once(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        with pytest.raises(RuleBroken, match="on its way"):
            sending.send(actors.technician, shipment.id)

    def test_a_tube_that_somebody_took_meanwhile_holds_the_bag_back(self, app, actors):
        kept, taken = make_tubes_to_send(actors, 2)
        shipment = sealed(actors, kept.code, taken.code)
        acts.check_out(
            actors.technician,
            taken.code,
            to_user_id=actors.technician.id,
            reason=CheckoutReason.QUALITY_CONTROL,
        )
        with pytest.raises(InvalidInput) as refusal:
            sending.send(actors.technician, shipment.id)
        assert "checked out" in str(refusal.value.errors["codes"][0])
        assert holder(actors, kept).status is HolderKind.BENCH

    def test_nothing_leaves_by_a_request_that_was_withdrawn(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = sealed(actors, tube.code)
        applications.withdraw(actors.investigator, shipment.request)
        with pytest.raises(RuleBroken, match="not approved"):
            sending.send(actors.technician, shipment.id)


class TestWithdrawals:
    def test_a_sealed_bag_with_a_tube_of_somebody_who_left_stays(self, app, actors):
        participant = make_sharing_participant(actors)
        [tube] = make_tubes_to_send(actors, 1, participant=participant)
        shipment = sealed(actors, tube.code)
        make_withdrawal(actors, participant, effects=[WithdrawalEffect.STOP_USE])
        with pytest.raises(RuleBroken, match=f"take them out of the bag first: {tube.code}"):
            sending.send(actors.technician, shipment.id)

    def test_who_takes_back_sharing_alone_stops_the_bag_for_a_partner(self, app, actors, sites):
        participant = make_sharing_participant(actors)
        abroad, near = make_tubes_to_send(actors, 2, participant=participant)
        partners = make_shipment(actors, abroad.code)
        ours = make_shipment(actors, near.code, to=sites.paris)
        make_withdrawal(actors, participant, Use.SHARE)
        assert [line.status for line in queries.lines_of(partners)] == [LineStatus.STOPPED]
        assert [line.status for line in queries.lines_of(ours)] == [LineStatus.PACKED]

    def test_a_partner_who_has_tubes_is_sent_a_notice(self, app, actors):
        participant = make_sharing_participant(actors)
        [tube] = make_tubes_to_send(actors, 1, participant=participant)
        make_sent(actors, tube.code)
        withdrawal = make_withdrawal(actors, participant, effects=[WithdrawalEffect.STOP_USE])
        [notice] = followup.notices(actors.dpo, withdrawal.id)
        assert notice.addressee == PARTNER
        assert [item.what for item in notice.items] == [tube.code]
        assert queries.counts(actors.technician)[ShipmentList.TO_RETURN] == 1

    @pytest.mark.parametrize(
        ("asked", "is_gone"),
        [
            (Asked(scope=WithdrawalScope.ALL), True),
            (Asked(scope=WithdrawalScope.USES, uses=frozenset({Use.SHARE})), True),
            (Asked(scope=WithdrawalScope.USES, uses=frozenset({Use.GENETICS})), False),
        ],
    )
    def test_what_partners_have_is_told_before_it_is_withdrawn(self, app, actors, asked, is_gone):
        participant = make_sharing_participant(actors)
        [tube] = make_tubes_to_send(actors, 1, participant=participant)
        make_sent(actors, tube.code)
        foreseen = recall.foresee(actors.dpo, participant.id, asked)
        made = make_withdrawal(actors, participant, *asked.uses)
        followed = recall.followed(actors.dpo, made.id)
        assert [one.what for one in foreseen.releases] == [tube.code] * is_gone
        assert [one.what for one in followed.releases] == [tube.code] * is_gone


class TestManifest:
    def test_it_names_tubes_and_nobody(self, app, actors):
        participant = make_sharing_participant(actors)
        [tube] = make_tubes_to_send(actors, 1, participant=participant)
        file = manifest.signed(make_sent(actors, tube.code))
        said, _ = manifest.read(file)
        assert [one["code"] for one in said["tubes"]] == [tube.code]
        assert said["to"] == PARTNER
        for secret in (participant.code, participant.shown_code, participant.person_uid):
            assert secret.encode() not in file

    def test_a_changed_file_is_told(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        file = manifest.signed(make_sent(actors, tube.code))
        assert manifest.read(file) is not None
        changed = json.loads(file)
        changed["manifest"] = changed["manifest"].replace(tube.code, "B99999999X")
        assert manifest.read(json.dumps(changed).encode()) is None
        for broken in (b"", b"[]", b"{}", b'{"manifest": 1, "signature": {}}', file[:-9]):
            assert manifest.read(broken) is None

    def test_the_same_registry_signs_with_the_same_key(self, app, actors):
        keys = set()
        for tube in make_tubes_to_send(actors, 2):
            _, signature = manifest.read(manifest.signed(make_sent(actors, tube.code)))
            keys.add(signature.public_key)
        assert len(keys) == 1

    def test_before_it_leaves_nothing_is_signed(self, app, actors):
        [tube] = make_tubes_to_send(actors, 1)
        assert manifest.signed(make_shipment(actors, tube.code)) is None
