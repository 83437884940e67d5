"""What is used up, comes back with less, or is thrown away, on the technician's pages."""

import pytest

from registry.persistence import database, registry_session
from registry.samples.models import Sample
from registry.vocab.custody import CheckoutReason, DisposalReason
from tests.factories.custody import make_checked_out, make_received
from tests.web.pages import text_of

pytestmark = pytest.mark.usefixtures("app")

ANALYSIS = CheckoutReason.ANALYSIS.value
DAMAGED = DisposalReason.DAMAGED.value


def fresh(tube: Sample) -> Sample:
    database.remove_sessions()
    return registry_session.get_one(Sample, tube.id)


def test_what_is_used_is_recorded_and_shown_in_the_chain(technician, actors):
    tube = make_received(actors)
    before = tube.remaining

    sent = technician.send(f"/samples/{tube.code}/consume", volume="0,5", reason=ANALYSIS)

    assert sent.location == f"/samples/{tube.code}"
    page = text_of(technician.get(sent.location))
    assert "Used up in part or whole" in page
    assert fresh(tube).remaining < before


def test_more_than_is_left_is_refused_on_the_page(technician, actors):
    tube = make_received(actors)

    sent = technician.send(f"/samples/{tube.code}/consume", volume="500", reason=ANALYSIS)

    assert sent.status_code == 409
    assert 'value="500"' in sent.text


def test_a_tube_comes_back_with_less(technician, actors):
    lent = make_checked_out(actors)

    technician.send(f"/samples/{lent.code}/return", condition="good", remaining="0,1")

    assert str(fresh(lent).remaining) == "0.1"
    assert "Used:" in text_of(technician.get(f"/samples/{lent.code}"))


def test_tubes_are_thrown_away_together(technician, actors):
    one, other = make_received(actors), make_received(actors)

    sent = technician.send("/samples/dispose", codes=f"{one.code}\n{other.code}", reason=DAMAGED)

    assert sent.status_code == 303
    assert "Disposed of" in text_of(technician.get(f"/samples/{one.code}"))
    assert fresh(other).remaining == 0


def test_a_tube_page_offers_to_thaw_and_to_throw_away(technician, actors):
    page = technician.get(f"/samples/{make_received(actors).code}").text

    assert "kind=thawed" in page
    assert "/samples/dispose?code=" in page
