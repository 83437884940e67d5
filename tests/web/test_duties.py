"""What consents need: the lists, the way to where it is done, the file, and the first page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from registry.consents.signing.parties import Signatory
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.vocab.consent import Audience, SignatoryRole
from registry.vocab.duties import DutyKind
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, attach_scan, make_consent, make_template
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def participant(app: Flask, actors: People) -> Participant:
    """Somebody with a form of which the scan is due in five days."""
    found = make_participant(actors)
    make_consent(actors, found, template=make_template(proof_within_days=5))
    return found


def test_a_nurse_sees_what_waits_and_goes_to_where_it_is_done(
    sign_in: SignIn, actors: People, participant: Participant
):
    page = sign_in(actors.nurse).speak("en").get("/duties")

    assert "Scan missing 1" in text_of(page)
    assert participant.shown_code in text_of(page)
    due = clock.today() + timedelta(days=5)
    assert f"{due:%d %b %Y} Attach the scan" in text_of(page)
    assert f"/participants/{participant.code}/consents/1/scans" in page.text


def test_where_it_is_done_opens(sign_in: SignIn, actors: People, participant: Participant):
    nurse = sign_in(actors.nurse)

    assert nurse.get(f"/participants/{participant.code}/consents/1/scans").status_code == 200


def test_a_data_manager_sees_the_list_but_leaves_the_scan_to_others(
    sign_in: SignIn, actors: People, participant: Participant
):
    page = sign_in(actors.data_manager).speak("en").get("/duties?list=scan")

    assert "For others" in text_of(page)
    assert "/scans" not in page.text


def test_another_site_sees_nothing(sign_in: SignIn, actors: People, participant: Participant):
    page = sign_in(actors.other_site_nurse).speak("en").get("/duties?list=scan")

    assert participant.shown_code not in text_of(page)
    assert "Nothing waits here." in text_of(page)


def test_a_technician_has_no_such_page(sign_in: SignIn, actors: People):
    technician = sign_in(actors.technician)

    assert technician.get("/duties").status_code == 403
    assert technician.get("/duties/file").status_code == 403


@pytest.mark.parametrize("kind", DutyKind)
def test_every_list_opens_in_every_horizon(sign_in: SignIn, actors: People, kind: DutyKind):
    nurse = sign_in(actors.nurse)

    for horizon in ("overdue", "week", "month", "quarter", "nonsense"):
        address = f"/duties?list={kind.value}&horizon={horizon}&after=1-x"
        assert nurse.get(address).status_code == 200


def test_of_a_minor_the_month_alone_is_shown(sign_in: SignIn, actors: People, app: Flask):
    first, signed_on = clock.today().replace(day=1), date(2020, 1, 1)
    minor = make_participant(actors, adult_from=first, included_on=signed_on)
    form = make_template(audience=Audience.MINOR, items=ITEMS[:3])
    parents = [Signatory(SignatoryRole.PARENT), Signatory(SignatoryRole.SECOND_PARENT)]
    make_consent(actors, minor, template=form, signed_on=signed_on, signatories=parents)

    page = sign_in(actors.nurse).speak("en").get("/duties?list=majority")

    assert f"{first:%B %Y}" in text_of(page)
    assert f"{first:%d %b %Y}" not in text_of(page)


def test_the_file_holds_codes_and_no_names(
    sign_in: SignIn, actors: People, participant: Participant
):
    answer = sign_in(actors.nurse).speak("en").get("/duties/file?list=scan")

    lines = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0] == "Code;Site;Form;What;Due by;Overdue"
    assert [line.split(";")[0] for line in lines[1:]] == [participant.shown_code]


def test_the_first_page_counts_what_waits_for_nurses_and_data_managers(
    sign_in: SignIn, actors: People, participant: Participant
):
    for actor in (actors.nurse, actors.data_manager):
        page = text_of(sign_in(actor).speak("en").get("/"))
        assert "To do 1 to do" in page
        assert "Consents: to do this week Scan missing 1" in page
    assert "Consents: to do" not in text_of(sign_in(actors.dpo).speak("en").get("/"))


def test_what_is_done_is_gone(sign_in: SignIn, actors: People, app: Flask):
    consent = make_consent(
        actors, make_participant(actors), template=make_template(proof_within_days=5)
    )
    attach_scan(consent)

    page = text_of(sign_in(actors.nurse).speak("en").get("/duties"))

    assert "Scan missing 0" in page
    assert "To be checked 1" in page
