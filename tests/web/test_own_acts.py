"""Undoing a slip by one scan, wherever it is scanned, and the list of what one recorded."""

import pytest

from registry.custody import queries
from registry.persistence.database import remove_sessions
from registry.vocab.custody import HolderKind
from tests.factories.accounts import People
from tests.factories.custody import make_stored, make_tube, receive
from tests.web.pages import Browser, text_of


def status(actors: People, code: str) -> HolderKind:
    remove_sessions()
    return queries.line(actors.technician, code).status


@pytest.mark.parametrize("scanned", ["ANNULER", "annuler", "QNNULER"])
def test_one_scan_undoes_and_shows_the_tube(app, actors, technician: Browser, scanned: str):
    code = make_stored(actors).code
    remove_sessions()

    answer = technician.send("/scan", page="/", code=scanned)

    assert answer.location == f"/samples/{code}"
    assert "Undone:" in text_of(technician.get(answer.location))
    assert status(actors, code) is HolderKind.BENCH


def test_of_several_the_list_of_own_acts_is_shown(app, actors, technician: Browser):
    codes = [make_tube(actors).code for _ in range(2)]
    receive(actors, *codes)
    remove_sessions()

    answer = technician.send("/scan", page="/", code="ANNULER")

    page = technician.get(answer.location)
    assert "2 tubes are held again" in text_of(page)
    assert all(code in page.text for code in codes)


def test_the_list_undoes_with_a_button_and_leads_to_older_acts(app, actors, technician: Browser):
    code = make_stored(actors).code
    remove_sessions()

    page = technician.get("/custody/mine")
    assert page.text.count("/undo") == 1
    technician.send("/scan", page="/custody/mine", code="ANNULER")

    assert status(actors, code) is HolderKind.BENCH


def test_with_nothing_to_undo_a_sentence_says_so(app, actors, technician: Browser):
    answer = technician.send("/scan", page="/", code="ANNULER")

    assert answer.status_code == 409
    assert "You recorded nothing in the last 60 seconds" in text_of(answer)


def test_who_corrects_nothing_is_told_so(app, actors, sign_in):
    nurse = sign_in(actors.nurse)

    assert nurse.send("/scan", page="/", code="ANNULER").status_code == 403
