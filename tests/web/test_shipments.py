"""Packing, sending and receiving shipments at the pages."""

import json

import pytest

from registry.custody.shipments import manifest, queries
from registry.persistence import registry_session
from registry.vocab.custody import ActKind, HolderKind
from registry.vocab.shipping import LineStatus, ShipmentState
from tests import rendered
from tests.factories.custody import biobank
from tests.factories.samples import make_consenting_participant
from tests.factories.shipments import (
    PARTNER,
    make_partner,
    make_request,
    make_sent,
    make_shipment,
    make_tubes_to_send,
)
from tests.web.pages import text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")


def shipment_now(actors, code):
    registry_session.rollback()
    return queries.by_code(actors.technician, code)


def statuses(actors, code):
    return [line.status for line in queries.lines_of(shipment_now(actors, code))]


class TestPacking:
    def test_a_shipment_is_begun_filled_closed_and_sent(self, technician, actors, now):
        partner, request = make_partner(actors), make_request(actors)
        tubes = [tube.code for tube in make_tubes_to_send(actors, 2)]

        begun = technician.send(
            "/shipments/new",
            site_id=str(biobank(actors)),
            destination=f"partner:{partner.id}",
            request=request.number,
            packing="dry_ice",
        )
        assert begun.status_code == 303, begun.text
        code = begun.location.rsplit("/", 1)[1]
        filled = technician.send(f"/shipments/{code}", codes=lines(*tubes, "FERMER"))
        assert filled.status_code == 303, filled.text
        assert shipment_now(actors, code).state is ShipmentState.SEALED
        sent = technician.send(f"/shipments/{code}/send", courier="Chronofroid", tracking="CF1")
        assert sent.status_code == 303, sent.text

        assert "On the way" in text_of(technician.get(f"/shipments/{code}"))
        for tube in tubes:
            assert now.holder(tube) is HolderKind.SHIPMENT
        sample_page = text_of(technician.get(f"/samples/{tubes[0]}"))
        assert f"{code} → {PARTNER}" in sample_page

    @pytest.mark.parametrize("command", ["FERMER", "fermer", "FER,ER"])
    def test_the_close_command_is_heard_on_any_keyboard(self, technician, actors, command):
        [tube] = make_tubes_to_send(actors, 1)
        code = make_shipment(actors).code
        technician.send(f"/shipments/{code}", codes=lines(tube.code, command))
        assert shipment_now(actors, code).state is ShipmentState.SEALED

    def test_a_wrong_tube_leaves_the_bag_open_and_says_why(self, technician, actors):
        [tube] = make_tubes_to_send(actors, 1)
        code = make_shipment(actors).code
        page = technician.send(f"/shipments/{code}", codes=lines(tube.code, "NOWHERE", "FERMER"))
        assert page.status_code == 422
        assert "NOWHERE: There is no sample" in text_of(page)
        assert statuses(actors, code) == []

    def test_a_tube_is_taken_out(self, technician, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_shipment(actors, tube.code)
        page = f"/shipments/{shipment.code}"
        action = f"{page}/take-out"
        hidden = technician.hidden(page, action)
        answer = technician.post(action, {**hidden, "code": tube.code})
        assert answer.status_code == 303
        assert statuses(actors, shipment.code) == [LineStatus.TAKEN_OUT]

    def test_the_bag_is_found_by_its_code(self, technician, actors):
        code = make_shipment(actors).code
        assert technician.send("/scan", page="/", code=code).location == f"/shipments/{code}"

    def test_others_do_not_see_it(self, sign_in, actors):
        code = make_shipment(actors).code
        other = sign_in(actors.other_site_technician)
        assert other.get(f"/shipments/{code}").status_code == 404
        assert sign_in(actors.nurse).get("/shipments").status_code == 403


class TestManifest:
    def test_the_paper_bears_the_code_and_the_tubes(self, technician, actors):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        for spoken in ("fr", "en"):
            answer = technician.get(f"/shipments/{shipment.code}/manifest-{spoken}.pdf")
            assert answer.mimetype == "application/pdf"
            assert rendered.codes(answer.data) == [shipment.code]
            assert tube.code in rendered.words(answer.data)

    def test_the_slip_of_an_open_bag_bears_the_command(self, technician, actors):
        shipment = make_shipment(actors)
        answer = technician.get(f"/shipments/{shipment.code}/manifest-fr.pdf")
        assert sorted(rendered.codes(answer.data)) == ["FERMER", shipment.code]

    def test_the_file_is_signed_once_it_left(self, technician, actors):
        [tube] = make_tubes_to_send(actors, 1)
        open_bag = make_shipment(actors).code
        assert technician.get(f"/shipments/{open_bag}/manifest.json").status_code == 404
        code = make_sent(actors, tube.code).code
        file = technician.get(f"/shipments/{code}/manifest.json").data
        assert manifest.read(file) is not None
        assert json.loads(json.loads(file)["manifest"])["shipment"] == code


class TestArriving:
    def test_the_other_site_scans_what_came(self, sign_in, actors, sites, now):
        tubes = make_tubes_to_send(actors, 2, participant=make_consenting_participant(actors))
        codes = [tube.code for tube in tubes]
        shipment = make_sent(actors, *codes, to=sites.lyon)
        receiver = sign_in(actors.other_site_technician).speak("en")
        assert "To receive 1" in text_of(receiver.get("/shipments"))

        answer = receiver.send(
            f"/shipments/{shipment.code}/receive",
            codes=lines(codes[0], "FOREIGN-1"),
            damaged=codes[0],
        )
        assert answer.status_code == 303, answer.text
        page = text_of(receiver.get(answer.location))
        assert "Not on the manifest" in page
        assert "FOREIGN-1" in page
        assert now.acts(codes[0])[-1] is ActKind.ARRIVED
        assert now.holder(codes[1]) is HolderKind.SHIPMENT
        chain = sign_in(actors.technician).speak("en").get(f"/samples/{codes[0]}")
        assert "Damaged on the way" in text_of(chain)

    def test_what_comes_back_is_on_the_bench(self, technician, actors, now):
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        page = technician.get(f"/samples/{tube.code}").text
        url = f"/shipments/{shipment.code}/come-back?tube={tube.code}"
        assert url in page
        answer = technician.send(url, codes=tube.code, condition="good", remaining="0,3")
        assert answer.status_code == 303, answer.text
        assert now.holder(tube.code) is HolderKind.BENCH
        assert str(now.left(tube.code)) == "0.3"

    def test_nobody_takes_back_from_a_person_what_is_on_its_way(self, technician, actors):
        [tube] = make_tubes_to_send(actors, 1)
        make_sent(actors, tube.code)
        page = technician.send(f"/samples/{tube.code}/return", condition="good")
        assert page.status_code == 409
        assert "is on its way" in text_of(page)


class TestPartners:
    def test_data_managers_add_and_retire_them(self, sign_in, actors):
        manager = sign_in(actors.data_manager).speak("en")
        answer = manager.send(
            "/partners/new",
            name="Université de Grenade",
            kind="public",
            country="ES",
            email="biobanco@example.org",
        )
        assert answer.status_code == 303, answer.text
        assert "Université de Grenade" in text_of(manager.get("/partners"))
        [partner] = [make_partner(actors)]
        action = f"/partners/{partner.id}/retire"
        assert manager.post(action, manager.hidden("/partners", action)).status_code == 303
        assert "Nothing is sent there any more" in text_of(manager.get("/partners"))

    def test_technicians_only_read_them(self, technician, actors):
        make_partner(actors)
        assert "Retire" not in text_of(technician.get("/partners"))
        assert technician.get("/partners/new").status_code == 403
