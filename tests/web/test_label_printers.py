"""Printers from the pages: set up, chosen by themselves, tried again, and P after a scan."""

import pytest

from registry.access import Permission, allows
from registry.kernel.actor import Actor
from registry.labels import queue, sending
from registry.labels.models import Printer
from registry.persistence import registry_session
from registry.vocab.printing import PrintState
from tests import rendered
from tests.factories.custody import make_received
from tests.factories.printers import make_printer, read_zpl, switched_on, unused_port
from tests.factories.samples import make_tube
from tests.factories.storage import make_box
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")

WORKER = Actor.system("printing")
FACTS = {
    "name": "Zebra, salle 4",
    "host": "10.20.4.17",
    "port": "",
    "resolution": "203",
    "method": "direct",
    "label_width": "33",
    "label_height": "13,0",
    "is_default": "y",
    "is_used": "y",
}


@pytest.fixture
def admin(sign_in, actors):
    return sign_in(actors.admin).speak("en")


@pytest.fixture
def printer(actors, sites) -> Printer:
    """A printer at the biobank that is switched off."""
    return make_printer(actors, site_id=sites.biobank, port=unused_port())


def jobs(actors):
    registry_session.rollback()
    return queue.page(actors.technician)


class TestSettingUp:
    def test_a_printer_is_set_up_with_the_usual_port(self, admin, sites):
        answer = admin.send("/labels/printers/new", **FACTS, site_id=str(sites.biobank))

        assert answer.status_code == 303
        page = text_of(admin.get("/labels/printers"))
        assert "Zebra, salle 4 Biobanque 10.20.4.17:9100 33 × 13 mm" in page

    def test_it_is_changed_and_taken_out_of_use(self, admin, printer):
        given = {**FACTS, "host": "zebra.local"}
        del given["is_used"]
        answer = admin.send(f"/labels/printers/{printer.id}", **given)

        assert answer.status_code == 303
        page = text_of(admin.get("/labels/printers"))
        assert "zebra.local:9100" in page
        assert "Out of use" in page

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("host", "http://x"), ("host", "a b"), ("host", "[::1]"), ("host", "a;b"),
            ("port", "0"), ("port", "65536"), ("label_width", "1"), ("resolution", "72"),
        ],
    )  # fmt: skip
    def test_nonsense_is_refused(self, admin, sites, actors, name, value):
        given = {**FACTS, "site_id": str(sites.biobank), name: value}

        assert admin.send("/labels/printers/new", **given).status_code == 422

    def test_a_technician_sets_none_up(self, technician):
        assert technician.get("/labels/printers/new").status_code == 403


class TestReprint:
    def test_scan_and_p_sends_the_label_to_the_printer(self, technician, actors, sites):
        code = make_received(actors).code
        with switched_on() as fake:
            make_printer(actors, site_id=sites.biobank, port=fake.port)
            page = technician.send("/scan", page="/", code=code).location
            answer = technician.send("/scan", page=page, code="p")
            assert sending.send_next(WORKER)
            [stream] = fake.switch_off()

        assert (answer.status_code, answer.location) == (303, f"/samples/{code}")
        assert [label.symbol.data for label in read_zpl(stream)] == [code]
        assert "Labels on their way to Zebra 1: 1." in text_of(technician.get(page))

    def test_without_a_printer_the_pdf_opens(self, technician, actors, audit_tags):
        code = make_received(actors).code

        answer = technician.send("/scan", page=f"/samples/{code}", code="IMPRIMER")

        assert rendered.codes(answer.data) == [code]
        registry_session.rollback()
        assert audit_tags()[-1] == "labels:printed"

    def test_p_without_a_tube_says_what_to_do(self, technician):
        answer = technician.send("/scan", page="/", code="P")

        assert answer.status_code == 422
        assert "Scan the tube first, then “P”." in text_of(answer)

    def test_nobody_prints_what_they_may_not_see(self, sign_in, actors, printer):
        code = make_tube(actors).code
        nurse = sign_in(actors.other_site_nurse)

        answer = nurse.send("/scan", page="/", code="P", about=code)

        assert answer.status_code == 422
        assert jobs(actors) == []

    def test_the_barcode_itself_is_printed(self, technician):
        assert {"P", "ANNULER"} <= set(rendered.codes(technician.get("/kits/commands").data))


class TestByItself:
    def test_fresh_aliquots_are_printed(self, technician, actors, printer):
        parent = make_received(actors)

        answer = technician.send(
            f"/samples/{parent.code}/aliquots/new",
            count="3", volume="0,5", sample_type="PL2", container_type="PED",
        )  # fmt: skip

        [job] = jobs(actors)
        assert len(job.codes) == 3
        assert "Stick their labels on." in text_of(technician.get(answer.location))

    def test_labels_that_were_scanned_are_on_the_tubes_already(self, technician, actors, printer):
        parent = make_received(actors)

        technician.send(
            f"/samples/{parent.code}/aliquots/new",
            children="B000001238", volume="0,5", sample_type="PL2", container_type="PED",
        )  # fmt: skip

        assert jobs(actors) == []


class TestFollowing:
    @pytest.fixture
    def failed(self, technician, actors, printer) -> str:
        """The code of a tube whose label did not come out."""
        code = make_received(actors).code
        technician.send("/scan", page=f"/samples/{code}", code="P")
        sending.send_next(WORKER)
        return code

    def test_a_printer_that_is_off_is_said_and_the_pdf_is_offered(self, technician, actors, failed):
        page = technician.get("/labels/jobs")
        assert "The printer did not answer. Is it switched on" in text_of(page)

        [job] = jobs(actors)
        answer = technician.send(f"/labels/jobs/{job.id}/pdf", page="/labels/jobs")
        assert rendered.codes(answer.data) == [failed]

    def test_trying_again_puts_it_back_in_the_queue(self, technician, actors, failed):
        [job] = jobs(actors)

        technician.send(f"/labels/jobs/{job.id}/retry", page="/labels/jobs")

        assert [one.state for one in jobs(actors)] == [PrintState.WAITING]
        assert "Refresh" in technician.get("/labels/jobs").headers

    def test_another_site_sees_nothing_of_it(self, sign_in, actors, failed):
        nurse = sign_in(actors.other_site_nurse)

        assert failed not in nurse.get("/labels/jobs").text

    def test_a_box_goes_to_the_printer_with_the_large_labels(self, technician, actors, sites):
        make_printer(actors, site_id=sites.biobank, port=9100, label_width=51.0, label_height=25.0)
        box = make_box(actors)

        technician.send(
            f"/labels/places/{box.id}",
            page=f"/storage/boxes/{box.id}",
            stock="place_63x38_a4",
            printer="y",
        )

        assert [job.codes for job in jobs(actors)] == [[box.unit.code]]

    def test_without_a_printer_asked_for_the_sentence_is_on_the_form(self, technician, actors):
        code = make_received(actors).code

        answer = technician.send("/labels", codes=code, stock="cryo_33x13_a4", printer="y")

        assert answer.status_code in (409, 422)
        assert "No label printer here takes labels of 33 × 13 mm." in text_of(answer)


def test_delivering_is_the_workers_alone(actors):
    assert not any(allows(actor, Permission.LABEL_SEND) for actor in vars(actors).values())
