"""The page of a partner at home: no account, a code each time, nothing of anybody's."""

import io
import re

import pytest

from registry.custody.shipments import queries, receipts
from registry.persistence import registry_session
from registry.vocab.custody import HolderKind
from registry.vocab.shipping import LineStatus, ShipmentState
from tests.factories.shipments import make_sent, make_sharing_participant, make_tubes_to_send
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def sent(actors):
    participant = make_sharing_participant(actors)
    tubes = [tube.code for tube in make_tubes_to_send(actors, 2, participant=participant)]
    return make_sent(actors, *tubes).code, tubes, participant.code


@pytest.fixture
def link(actors, sent):
    shipment = queries.by_code(actors.technician, sent[0])
    return receipts.make_link(actors.technician, shipment.id)


def shipment_now(actors, code):
    registry_session.rollback()
    return queries.by_code(actors.technician, code)


def enter(browser, link, code=None):
    return browser.send(f"/receipt/{link.token}", code=code or link.code)


def confirm(browser, link, page, **given):
    """Fill in the form that the code has opened."""
    hidden = dict(re.findall(r'name="(csrf_token|request_key)" value="([^"]+)"', page.text))
    action = f"/receipt/{link.token}/arrived"
    return browser.post(
        action,
        {**hidden, "code": link.code, **given},
        content_type="multipart/form-data",
    )


def test_what_is_ticked_has_arrived_with_its_logger(browser, technician, actors, sent, link, now):
    code, tubes, participant = sent
    page = enter(browser.speak("en"), link)
    assert all(tube in page.text for tube in tubes)
    assert participant not in page.text
    assert "<script" not in page.text

    answer = confirm(
        browser,
        link,
        page,
        arrived=tubes[:1],
        damaged=tubes[:1],
        temperature="-40 °C",
        logger=(io.BytesIO(b"time;celsius\n10:00;-40\n"), "me.csv"),
    )

    assert answer.status_code == 303, answer.text
    assert "is recorded" in text_of(browser.get(answer.location))
    assert now.holder(tubes[0]) is HolderKind.PARTNER
    shipment = shipment_now(actors, code)
    assert [line.status for line in queries.lines_of(shipment)] == [
        LineStatus.ARRIVED,
        LineStatus.SENT,
    ]
    assert "-40 °C" in text_of(technician.get(f"/shipments/{code}"))
    assert technician.get(f"/shipments/{code}/logger.csv").data.startswith(b"time;celsius")


def test_without_the_code_nothing_is_shown_or_recorded(browser, actors, sent, link):
    code, tubes, _ = sent
    wrong = "9" * 8 if link.code != "9" * 8 else "8" * 8
    page = enter(browser, link, wrong)
    assert page.status_code == 401
    assert tubes[0] not in page.text
    unknown = browser.send("/receipt/" + "a" * 32, code=link.code)
    assert unknown.status_code == 401
    refused = confirm(browser, link, page, code=wrong, arrived=tubes)
    assert refused.status_code == 401
    assert shipment_now(actors, code).state is ShipmentState.SENT


def test_a_file_that_is_no_text_is_refused(browser, actors, sent, link):
    code, tubes, _ = sent
    page = enter(browser, link)
    answer = confirm(
        browser, link, page, arrived=tubes, logger=(io.BytesIO(b"PK\x03\x04\0\0"), "x.csv")
    )
    assert answer.status_code == 422
    assert shipment_now(actors, code).state is ShipmentState.SENT


def test_sent_twice_it_is_recorded_once(browser, actors, sent, link):
    code, tubes, _ = sent
    page = enter(browser, link)
    for _ in range(2):
        assert confirm(browser, link, page, arrived=tubes[:1]).status_code == 303
    assert shipment_now(actors, code).state is ShipmentState.ARRIVED


def test_the_technician_sees_the_link_once(technician, actors, sent):
    code, _, _ = sent
    action = f"/shipments/{code}/link"
    hidden = technician.hidden(f"/shipments/{code}", action)
    page = technician.post(action, hidden)
    assert "/receipt/" in page.text
    assert "biobanco@example.org" in page.text
    assert technician.post(action, hidden).status_code == 303
