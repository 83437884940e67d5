"""The pages by which a partner's shipment is taken in, and a partner's receipt for ours."""

import io
import json
import re

import pytest

from registry.custody.exchange import own, taking_in
from registry.custody.shipments import queries
from registry.custody.shipments.receiving import Receipt
from registry.persistence import registry_session
from registry.vocab.shipping import ShipmentState
from tests.factories.custody import biobank
from tests.factories.exchange import (
    make_known,
    make_manifest,
    make_public_key,
    make_signed,
    make_tube,
)
from tests.factories.shipments import make_sent, make_tubes_to_send
from tests.web.pages import text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")

_HIDDEN = re.compile(r'name="(csrf_token|request_key|manifest)"[^>]* value="([^"]+)"')


def hidden_of(browser, path):
    """The hidden fields of the page's forms."""
    return dict(_HIDDEN.findall(browser.get(path).text))


def upload(browser, path, content):
    """Send a file by the form at `path`."""
    said = {**hidden_of(browser, path), "file": (io.BytesIO(content), "file.json")}
    return browser.post(path, said, content_type="multipart/form-data")


def take_in(browser, preview, **found):
    """Send what was found by the form of the preview."""
    return browser.post(
        "/foreign-shipments/take-in", {**dict(_HIDDEN.findall(preview.text)), **found}
    )


def kept(actors):
    registry_session.rollback()
    return taking_in.every(actors.technician)


class TestTakingIn:
    def test_it_is_seen_first_and_then_kept(self, technician, actors):
        make_known(actors)
        [ours] = make_tubes_to_send(actors, 1)
        file = make_manifest(actors, tubes=[make_tube("F-0001"), make_tube(ours.code)])
        preview = upload(technician, "/foreign-shipments/new", file)
        said = text_of(preview)
        assert preview.status_code == 200
        assert "biobanco.example.org" in said
        assert said.count("A tube of ours bears this code") == 1
        assert said.count("Unknown here") == 1
        assert kept(actors) == []

        site = str(biobank(actors))
        answer = take_in(technician, preview, site_id=site, codes=lines("F-0001"), note="Cold.")
        assert answer.status_code == 303, answer.text
        shown = text_of(technician.get(answer.location))
        assert "Missing" in shown
        assert "Cold." in shown
        [one] = kept(actors)
        receipt = technician.get(f"/foreign-shipments/{one.id}/receipt.json")
        assert json.loads(receipt.json["receipt"])["arrived"] == ["F-0001"]
        assert "EXP-7" in text_of(technician.get("/foreign-shipments"))

    def test_a_refused_file_says_why(self, technician, actors):
        make_known(actors)
        file = make_manifest(actors, recipient_key=make_public_key("third"))
        answer = upload(technician, "/foreign-shipments/new", file)
        assert answer.status_code == 409
        assert "for another installation" in text_of(answer)

    def test_it_is_not_seen_twice(self, technician, actors):
        make_known(actors)
        file = make_manifest(actors)
        preview = upload(technician, "/foreign-shipments/new", file)
        take_in(technician, preview, site_id=str(biobank(actors)), codes="F-0001")
        again = upload(technician, "/foreign-shipments/new", file)
        assert again.status_code == 409
        assert "taken in already" in text_of(again)

    def test_nothing_scanned_shows_the_preview_again(self, technician, actors):
        make_known(actors)
        preview = upload(technician, "/foreign-shipments/new", make_manifest(actors))
        again = take_in(technician, preview, site_id=str(biobank(actors)), codes="")
        assert again.status_code == 422
        assert "F-0001" in text_of(again)
        assert kept(actors) == []

    @pytest.mark.parametrize("manifest", ["", "AAAA", "é", "A"])
    def test_a_manifest_damaged_on_the_way_is_asked_for_again(self, technician, actors, manifest):
        make_known(actors)
        preview = upload(technician, "/foreign-shipments/new", make_manifest(actors))
        answer = take_in(
            technician, preview, manifest=manifest, site_id=str(biobank(actors)), codes="F-0001"
        )
        assert answer.status_code == 422
        assert "no signed manifest" in text_of(answer)

    def test_who_receives_nothing_only_reads(self, sign_in, actors):
        manager = sign_in(actors.data_manager).speak("en")
        assert manager.get("/foreign-shipments").status_code == 200
        assert manager.get("/foreign-shipments/new").status_code == 403


class TestTheirReceipt:
    def test_it_is_taken_in_at_the_shipment(self, technician, actors):
        make_known(actors)
        [tube] = make_tubes_to_send(actors, 1)
        shipment = make_sent(actors, tube.code)
        code = shipment.code
        said = {
            "format": taking_in.FORMAT,
            "recipient_key": own.key(actors.technician).public_key,
            "shipment": code,
            "manifest": taking_in.digest(shipment.manifest),
            "received_at": shipment.sent_at.isoformat(),
            "arrived": [tube.code],
            "damaged": [],
            "temperature": None,
            "note": None,
        }
        page = f"/foreign-shipments/receipt-of/{code}"
        assert page in technician.get(f"/shipments/{code}").text
        wrong = upload(technician, page, make_signed({**said, "arrived": "all"}, part="receipt"))
        assert wrong.status_code == 422
        assert "no signed receipt" in text_of(wrong)
        answer = upload(technician, page, make_signed(said, part="receipt"))
        assert answer.status_code == 303, answer.text
        registry_session.rollback()
        assert queries.by_code(actors.technician, code).state is ShipmentState.SETTLED
        assert page not in technician.get(f"/shipments/{code}").text


class TestTubesThatAreHere:
    @pytest.fixture
    def bag(self, actors):
        make_known(actors)
        file = make_manifest(actors)
        return taking_in.take_in(actors.technician, biobank(actors), file, Receipt(["F-0001"])).id

    def post(self, browser, path, **said):
        return browser.post(path, {**hidden_of(browser, path), "codes": "F-0001", **said})

    def test_they_are_put_away_used_and_gone(self, technician, bag):
        page = f"/foreign-shipments/{bag}"
        assert "P-2026-4" in text_of(technician.get(page))
        for act, said, shown in (
            ("put-away", {"place": "Freezer 3, shelf 2"}, "Freezer 3, shelf 2"),
            ("use", {"use": "academic_research", "note": "ELISA"}, "ELISA"),
            ("gone", {"outcome": "used_up"}, "Used up"),
        ):
            done = self.post(technician, f"{page}/{act}", **said)
            assert done.status_code == 303, done.text
            assert shown in text_of(technician.get(page))
        again = self.post(technician, f"{page}/use", use="academic_research")
        assert again.status_code == 422
        assert "is here no more" in text_of(again)

    def test_a_use_that_is_not_allowed_is_not_offered_and_refused(self, technician, bag):
        path = f"/foreign-shipments/{bag}/use"
        assert "Genetic examination" not in text_of(technician.get(path))
        refused = self.post(technician, path, use="genetics")
        assert refused.status_code == 409
        assert "does not allow this use" in text_of(refused)

    def test_who_receives_nothing_there_only_reads(self, sign_in, actors, bag):
        manager = sign_in(actors.data_manager).speak("en")
        assert "Use tubes" not in text_of(manager.get(f"/foreign-shipments/{bag}"))
        elsewhere = sign_in(actors.other_site_technician)
        assert elsewhere.get(f"/foreign-shipments/{bag}/use").status_code == 403

    def test_a_scan_leads_to_the_shipment_that_a_tube_came_with(self, technician, bag):
        answer = technician.send("/scan", page="/", code="f-0001")
        assert answer.location == f"/foreign-shipments/{bag}"

    def test_a_scan_of_what_never_arrived_leads_nowhere(self, technician, bag):
        assert "is known at your sites" in text_of(technician.send("/scan", page="/", code="F-000"))
