"""Temperature probes on the screen: set up, files taken in, exposed tubes decided."""

import io
from datetime import timedelta

import pytest

from registry.custody.exposures import queries as exposures
from registry.kernel import clock
from registry.persistence.database import remove_sessions
from registry.storage.temperatures import queries
from tests.factories.custody import make_stored
from tests.factories.probes import BEGUN, logger_file, make_probe, take
from tests.factories.storage import make_box, make_freezer
from tests.web.pages import hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

WARM = (-80, -80, -50, -40, -50, -50, -80)


def stored(actors):
    """A tube in a freezer with a probe, since days before the files begin."""
    with clock.frozen(BEGUN - timedelta(days=9)):
        box = make_box(actors)
        tube = make_stored(actors, box=box)
    return tube.code, make_probe(actors, box.unit.parent).code


def send(browser, code, *celsius, **values):
    file = io.BytesIO(logger_file(BEGUN, celsius)), "logger.csv"
    return browser.send(f"/probes/{code}/file", file=file, **values)


def warmed(actors):
    """The same after an excursion: the tube's code and the address of the excursion."""
    code, probe = stored(actors)
    take(actors, queries.probe(actors.technician, probe), *WARM)
    [found] = exposures.waiting(actors.technician)
    path = f"/probes/excursions/{found.id}"
    remove_sessions()
    return code, path


def waiting(actors):
    remove_sessions()
    return exposures.count_waiting(actors.technician)


def test_a_probe_is_set_up_from_the_page_of_its_place(technician, actors):
    place = make_freezer(actors)
    path = f"/storage/{place.id}"
    remove_sessions()
    assert "/probes/new?unit=F1" in technician.get(path).text

    answer = technician.send(
        "/probes/new", unit="F1", code="SONDE-1", name="Door", serial="", clock_zone="UTC",
        lowest="-90,5", highest="-70", delay_minutes="", step_minutes="15",
    )  # fmt: skip

    assert "-90.5 to -70 °C" in text_of(technician.get(answer.location)).replace("\u2212", "-")
    assert "Door" in text_of(technician.get(path))


def test_limits_that_cannot_be_are_said_at_their_field(technician, actors):
    make_freezer(actors)
    remove_sessions()

    answer = technician.send(
        "/probes/new", unit="F1", code="SONDE-1", name="Door", clock_zone="UTC",
        lowest="-60", highest="-70", step_minutes="15",
    )  # fmt: skip

    assert answer.status_code == 422
    assert "The lowest is below the highest." in text_of(answer)


def test_a_file_is_shown_then_recorded(technician, actors):
    _tube, code = stored(actors)
    remove_sessions()

    preview = send(technician, code, *WARM)

    assert preview.status_code == 200
    assert "Record these readings" in text_of(preview)
    assert waiting(actors) == 0
    path = f"/probes/{code}/file"
    answer = technician.send(path, hidden=hidden_values(preview.text, path), accept="1")
    assert answer.location == f"/probes/{code}"
    page = technician.get(answer.location)
    assert "7 readings are recorded." in text_of(page)
    assert "<title" in page.text
    assert "<desc" in page.text
    assert waiting(actors) == 1


def test_lines_that_cannot_be_read_are_named(technician, actors):
    _tube, code = stored(actors)
    remove_sessions()

    answer = send(technician, code, -80, "warm")

    assert answer.status_code == 422
    assert "Line 3: the temperature cannot be read." in text_of(answer)


def test_without_a_file_one_is_asked_for(technician, actors):
    _tube, code = stored(actors)
    remove_sessions()

    answer = technician.send(f"/probes/{code}/file", days="")

    assert "Choose the file of the logger." in text_of(answer)


def test_a_tube_that_waits_is_scanned_and_kept(technician, actors):
    code, path = warmed(actors)
    assert path in technician.get("/probes").text

    technician.send(path, codes=code, decision="kept", remark="Frozen at the core")

    assert "Frozen at the core" in text_of(technician.get(f"/samples/{code}"))
    assert waiting(actors) == 0


def test_all_that_wait_go_into_an_incident(technician, actors):
    code, path = warmed(actors)

    technician.send(
        path, codes="", everything="y", decision="incident", remark="Thawed", with_children="y"
    )

    assert "/incidents/N" in technician.get(path).text
    assert "In quarantine" in text_of(technician.get(f"/samples/{code}"))


def test_nothing_chosen_is_said(technician, actors):
    _code, path = warmed(actors)

    answer = technician.send(path, codes="", decision="kept", remark="Frozen at the core")

    assert answer.status_code == 422


def test_a_probe_leads_to_its_page_when_scanned_and_goes_out_of_use(technician, actors):
    _tube, code = stored(actors)
    remove_sessions()

    assert technician.send("/scan", page="/", code=code).location == f"/probes/{code}"
    technician.send(f"/probes/{code}/retire", page=f"/probes/{code}")

    assert "Out of use" in text_of(technician.get("/probes"))
    assert "Take in a file" not in text_of(technician.get(f"/probes/{code}"))


def test_a_nurse_sees_what_was_decided_and_no_places(actors, sign_in):
    code, path = warmed(actors)
    nurse = sign_in(actors.nurse).speak("en")

    assert nurse.get(path).status_code == 403
    assert "/probes" not in nurse.get("/").text
    assert nurse.get(f"/samples/{code}").status_code in (200, 404)
