"""The protection officer erases an identity from the participant's page."""

from datetime import timedelta

import pytest

from registry.identity.erasure import queries
from registry.kernel import clock
from registry.vocab import limits
from registry.vocab.erasure import ErasureGround
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser, hidden_values, text_of

ASKED = {"ground": ErasureGround.CONSENT_WITHDRAWN.value, "reason": "Letter of 12 November"}


@pytest.fixture
def participant(app, actors):
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


@pytest.fixture
def officer(sign_in, actors) -> Browser:
    return sign_in(actors.dpo).speak("en").confirm()


@pytest.fixture
def address(participant) -> str:
    return f"/participants/{participant.code}/erase"


def erase(browser: Browser, address: str, code: str):
    second = browser.send(address, **ASKED)
    hidden = hidden_values(second.text, address)
    return browser.post(address, {**hidden, "code": code})


def test_two_steps_and_the_typed_code_erase(officer, address, participant, actors, app):
    shown = text_of(officer.get(f"/participants/{participant.code}"))
    assert "Erase the identity" in shown

    done = erase(officer, address, participant.shown_code.lower())

    assert done.status_code == 303
    (erased,) = queries.page(actors.dpo)
    listed = text_of(officer.get("/erasures"))
    assert "Its certificate is" in listed
    assert erased.erasure.certificate in listed
    assert participant.shown_code in listed
    assert "Clean" in listed


def test_the_first_step_destroys_nothing(officer, address, actors, app):
    page = officer.send(address, **ASKED)

    assert "This cannot be undone" in text_of(page)
    assert "Tell the sources that still hold the person" in text_of(page)
    assert queries.page(actors.dpo) == []


@pytest.mark.parametrize("typed", ["", "0000-0000", "nobody"])
def test_another_code_destroys_nothing(typed, officer, address, actors, app):
    page = erase(officer, address, typed)

    assert page.status_code == 422
    assert "Type the participant" in text_of(page)
    assert queries.page(actors.dpo) == []


def test_a_name_in_the_reason_is_refused_on_the_page(officer, address, participant, actors, app):
    hidden = hidden_values(officer.send(address, **ASKED).text, address)
    page = officer.post(
        address, {**hidden, "reason": "Lefèbvre-Durand wrote", "code": participant.code}
    )

    assert page.status_code == 422
    assert "says who the person is" in text_of(page)
    assert queries.page(actors.dpo) == []


def test_the_participant_page_says_it_and_offers_no_way_back(
    officer, address, participant, sign_in, actors
):
    erase(officer, address, participant.code)

    nurse = sign_in(actors.nurse).speak("en")
    shown = text_of(nurse.get(f"/participants/{participant.code}"))
    assert "identity was erased on" in shown
    assert "See the identity" not in shown
    assert "Provisional identity" not in shown
    assert "Erasing again would change nothing" in text_of(officer.get(address))


def test_nothing_new_is_offered_for_somebody_who_was_erased(
    officer, address, participant, sign_in, actors
):
    page = f"/participants/{participant.code}"
    offers = ("/consents/new", "/withdrawals/new", "/consents/sign", "/kits/new", "/informed")
    nurse = sign_in(actors.nurse).speak("en")
    before = nurse.get(page).text
    assert all(offer in before for offer in offers)

    erase(officer, address, participant.code)

    after = nurse.get(page)
    assert "nobody can be asked" in text_of(after)
    assert [offer for offer in offers if offer in after.text] == []


def test_the_certificate_is_a_pdf_without_a_name(officer, address, participant, actors, app):
    erase(officer, address, participant.code)
    (erased,) = queries.page(actors.dpo)

    answer = officer.get(f"/erasures/{erased.erasure.certificate}.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert officer.get("/erasures/E-00000000.pdf").status_code == 404


def test_without_a_recent_password_nothing_is_offered(sign_in, actors, address):
    officer = sign_in(actors.dpo).speak("en")

    with clock.frozen(clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS + 1)):
        assert officer.get(address).headers["Location"].endswith("/confirm")


def test_others_do_not_see_erasures(sign_in, actors, address):
    nurse = sign_in(actors.nurse).speak("en").confirm()

    assert nurse.get(address).status_code == nurse.get("/erasures").status_code == 403
