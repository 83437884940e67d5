"""Doubtful identities: listed by code, looked at for a reason, decided for a reason."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry
from registry.identity import service as identity
from registry.identity.models import MatchReview
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session, vault_session
from registry.vocab import limits
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant
from tests.web.nurse import include
from tests.web.pages import Browser, hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
STORED, TYPED = "Lefèbvre-Durand", "Lefebvre Durand"


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def kept(actors: People) -> Participant:
    born = date(1962, 4, 7)
    return make_participant(
        actors, person_uid=make_person(actors.nurse, birth_date=born).person_uid
    )


@pytest.fixture
def doubtful(nurse: Browser, sites: Sites, kept: Participant) -> Participant:
    """Somebody with the day and the month exchanged, included through the page."""
    swapped = {"hospital_identifier": "9999999", "birth_date": "04/07/1962"}
    code = include(nurse, sites, **swapped).location.rsplit("/", 1)[1]
    registry_session.rollback()
    return registry_session.scalars(sa.select(Participant).where(Participant.code == code)).one()


@pytest.fixture
def url(doubtful: Participant) -> str:
    vault_session.rollback()
    return f"/reviews/{vault_session.scalars(sa.select(MatchReview.id)).one()}"


def decide(nurse: Browser, url: str, **values: str):
    looked = nurse.send(url, reason="same paper file?")
    hidden = hidden_values(looked.text, url, f"{url}/decide")
    return nurse.send(f"{url}/decide", hidden=hidden, **values)


def statuses() -> dict[str, ParticipantStatus]:
    registry_session.rollback()
    return {one.code: one.status for one in registry_session.scalars(sa.select(Participant))}


def test_the_list_holds_codes_and_what_differs_and_no_name(
    nurse: Browser, kept: Participant, doubtful: Participant
):
    page = nurse.get("/reviews")

    assert kept.shown_code in page.text
    assert doubtful.shown_code in page.text
    assert "Birth date Exchanged" in text_of(page)
    assert STORED not in page.text
    assert TYPED not in page.text


def test_without_a_reason_neither_is_shown(nurse: Browser, url: str):
    for page in (nurse.get(url), nurse.send(url, reason="")):
        assert STORED not in page.text
        assert TYPED not in page.text
    assert nurse.send(url, reason="").status_code == 422


def test_both_are_shown_side_by_side_once_and_recorded(nurse: Browser, url: str):
    page = nurse.send(url, reason="same paper file?")

    assert STORED in page.text
    assert TYPED in page.text
    registry_session.rollback()
    last = registry_session.scalars(
        sa.select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)
    ).one()
    assert (last.tag, last.reason) == ("identity:compared", "same paper file?")


def test_letters_that_differ_are_marked_and_told_in_words(nurse: Browser, url: str):
    page = nurse.send(url, reason="same paper file?")

    assert re.search(r"\d<mark>\d", page.text)
    assert "Same letters, written differently" in text_of(page)
    assert "Letters that differ:" in text_of(page)


def test_the_score_is_told_in_words_and_points(nurse: Browser, url: str):
    page = text_of(nurse.send(url, reason="same paper file?"))

    assert re.search("How likely, and why (Very likely|Likely|Possible)", page)
    assert "Asked because: Resembling traits" in page
    assert re.search(r"Birth date Exchanged \+\d+\.\d", page)
    assert "somebody is asked" in page


def test_the_first_page_counts_what_waits(nurse: Browser, url: str):
    assert "1 to decide" in text_of(nurse.get("/"))


@pytest.mark.parametrize(("asked", "found"), [("01/01/2020", True), ("01/01/2999", False)])
def test_the_list_can_be_asked_for_what_waits_since(
    nurse: Browser, kept: Participant, url: str, asked: str, found: bool
):
    page = text_of(nurse.get(f"/reviews?since={asked}&cohort_id={kept.cohort_id}"))
    assert (kept.shown_code in page) is found


def test_another_cohorts_pairs_are_not_listed(nurse: Browser, kept: Participant, url: str):
    page = text_of(nurse.get(f"/reviews?cohort_id={make_cohort('RA').id}"))
    assert "No pair matches this filter" in page


def test_same_leaves_one_participant_who_stands_for_both(
    nurse: Browser, kept: Participant, doubtful: Participant, url: str
):
    answer = decide(nurse, url, outcome="same", reason="one paper file")

    assert answer.status_code == 303
    assert "Both are now one person" in text_of(nurse.get(answer.location))
    assert statuses() == {
        kept.code: ParticipantStatus.ENROLLED,
        doubtful.code: ParticipantStatus.MERGED,
    }
    page = nurse.get(f"/participants/{doubtful.code}")
    assert f"This is the same person as {kept.shown_code}" in text_of(page)


def test_different_confirms_both(
    nurse: Browser, kept: Participant, doubtful: Participant, url: str
):
    decide(nurse, url, outcome="different", reason="two paper files")

    assert set(statuses().values()) == {ParticipantStatus.ENROLLED}
    assert "No doubtful identity waits" in text_of(nurse.get("/reviews"))


def test_later_keeps_it_in_the_list(nurse: Browser, doubtful: Participant, url: str):
    decide(nurse, url, outcome="later", reason="waiting for the paper file")

    assert "Put off" in text_of(nurse.get("/reviews"))
    assert statuses()[doubtful.code] is ParticipantStatus.TENTATIVE


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"outcome": "same", "reason": ""},
        {"outcome": "open", "reason": "because"},
        {"reason": "x y z"},
    ],
)
def test_half_a_decision_is_none(
    nurse: Browser, doubtful: Participant, url: str, values: dict[str, str]
):
    page = decide(nurse, url, **values)

    assert page.status_code == 422
    assert STORED not in page.text
    assert statuses()[doubtful.code] is ParticipantStatus.TENTATIVE


@pytest.mark.parametrize("outcome", ["same", "different"])
def test_who_has_not_seen_both_decides_nothing_but_later(
    nurse: Browser, doubtful: Participant, url: str, outcome: str
):
    hidden = nurse.hidden(url)
    refused = nurse.send(f"{url}/decide", hidden=hidden, outcome=outcome, reason="one file")

    assert refused.status_code == 409
    assert "Open the comparison first" in text_of(refused)
    assert statuses()[doubtful.code] is ParticipantStatus.TENTATIVE
    later = nurse.send(f"{url}/decide", hidden=hidden, outcome="later", reason="no file here")
    assert later.status_code == 303


def test_a_look_of_yesterday_is_none(
    nurse: Browser, actors: People, doubtful: Participant, url: str
):
    with clock.frozen(clock.now() - timedelta(seconds=limits.COMPARISON_SECONDS + 1)):
        identity.compare(actors.nurse, int(url.rsplit("/", 1)[1]), reason="same paper file?")
    hidden = nurse.hidden(url)
    refused = nurse.send(f"{url}/decide", hidden=hidden, outcome="same", reason="one file")

    assert refused.status_code == 409


def test_a_decision_asks_for_the_password_when_it_was_given_long_ago(
    nurse: Browser, doubtful: Participant, url: str
):
    looked = nurse.send(url, reason="same paper file?")
    hidden = hidden_values(looked.text, url, f"{url}/decide")
    with clock.frozen(clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS + 1)):
        asked = nurse.send(f"{url}/decide", hidden=hidden, outcome="same", reason="one file")

    assert asked.status_code == 401
    assert statuses()[doubtful.code] is ParticipantStatus.TENTATIVE


def test_what_was_decided_is_not_decided_again(nurse: Browser, url: str):
    decide(nurse, url, outcome="different", reason="two paper files")

    hidden = nurse.hidden(url)
    refused = nurse.send(f"{url}/decide", hidden=hidden, outcome="same", reason="one file")
    assert refused.status_code == 409
    assert "This was decided before" in text_of(refused)


def test_another_site_neither_sees_nor_decides_it(sign_in: SignIn, actors: People, url: str):
    other = sign_in(actors.other_site_nurse).speak("en")

    assert "No doubtful identity waits" in text_of(other.get("/reviews"))
    assert other.get(url).status_code == 404
