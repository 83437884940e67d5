"""The tray in the browser: received by scans, attached by a nurse, or given up for a reason."""

import pytest

from registry.samples.tray import queries
from registry.vocab.custody import ActKind
from tests.factories.custody import biobank
from tests.factories.participants import make_participant
from tests.factories.samples import make_consenting_participant
from tests.factories.tray import lay
from tests.web.pages import Browser, text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def nurse(sign_in, actors) -> Browser:
    return sign_in(actors.nurse).speak("en")


def arrived(actors, *codes: str, **values: str) -> dict[str, str]:
    return {
        "codes": lines(*codes), "site_id": str(biobank(actors)),
        "sender_id": str(min(actors.nurse.sites().ids)), "place": "Fridge 2",
        "sample_type": "BLD", "container_type": "PED", "volume": "5", "unit": "mL",
        "condition": "good", "ambient": "", **values,
    }  # fmt: skip


def test_tubes_are_received_into_a_tray_by_scans_alone(technician, actors):
    sent = technician.send("/tray/new", **arrived(actors, "EXT-1", "EXT-2", "VALIDER"))

    assert sent.location == "/tray/new"
    again = technician.get("/tray/new")
    assert "Tubes that wait in the tray Fridge 2: 2." in text_of(again)
    # The next ones are likely the same: they are scanned at once.
    assert 'value="Fridge 2"' in again.text
    page = text_of(technician.get("/tray"))
    assert "EXT-2 Whole blood Hôpital de Paris Fridge 2 (Biobanque)" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("codes", "VALIDER"),
        ("volume", "0"),
        ("place", " "),
        ("site_id", "x"),
        ("sender_id", ""),
        ("condition", "?"),
    ],
)
def test_what_is_not_said_is_asked_for(technician, actors, field, value):
    values = {**arrived(actors, "EXT-1"), field: value}

    assert technician.send("/tray/new", **values).status_code == 422
    assert queries.waiting(actors.technician) == []


def test_a_scan_finds_a_tube_that_waits(nurse, actors):
    [tube] = lay(actors)

    assert nurse.send("/scan", page="/", code="EXT-1").location == f"/tray/{tube.id}"


def test_a_nurse_says_whose_it_is_in_two_steps(nurse, actors, now):
    [tube] = lay(actors)
    participant = make_consenting_participant(actors)
    url = f"/tray/{tube.id}/attach"
    assert "Whose tube is EXT-1?" in text_of(nurse.get(url))
    asked = f"{url}?participant={participant.code}"

    sent = nurse.send(asked, visit="0", collected_at="10/03/2026 08:30")

    assert sent.location == "/samples/EXT-1"
    seen = text_of(nurse.get(sent.location))
    assert f"EXT-1 belongs to {participant.shown_code} now." in seen
    assert now.acts("EXT-1") == [ActKind.COLLECTED, ActKind.RECEIVED]


def test_without_a_consent_the_refusal_is_read_and_the_tube_waits_on(nurse, actors):
    [tube] = lay(actors)
    participant = make_participant(actors)

    sent = nurse.send(
        f"/tray/{tube.id}/attach?participant={participant.code}",
        visit="0", collected_at="10/03/2026 08:30",
    )  # fmt: skip

    assert sent.status_code == 409
    assert "Please check this" in text_of(sent)
    assert len(queries.waiting(actors.nurse)) == 1


def test_nobody_by_that_code_is_said_at_the_field(nurse, actors):
    [tube] = lay(actors)

    page = nurse.get(f"/tray/{tube.id}/attach?participant=NOBODY")

    assert page.status_code == 404
    assert "Whose tube is EXT-1?" in text_of(page)


def test_a_tube_is_sent_back_for_a_reason(technician, actors):
    [tube] = lay(actors)

    sent = technician.send(
        f"/tray/{tube.id}/reject", outcome="returned", reason="Sent to the wrong laboratory"
    )

    assert sent.location == "/tray"
    assert "EXT-1: Sent back." in text_of(technician.get("/tray"))
    assert technician.get(f"/tray/{tube.id}").status_code == 404


def test_each_sees_what_may_be_done(nurse, technician, actors):
    [tube] = lay(actors)
    url = f"/tray/{tube.id}"

    assert "Say whose it is" in text_of(nurse.get(url))
    assert "Send back" not in text_of(nurse.get(url))
    assert "Send back" in text_of(technician.get(url))
    assert nurse.get(f"{url}/reject").status_code == 403
    assert technician.get(f"{url}/attach").status_code == 403
