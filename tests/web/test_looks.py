"""Who looked: the officer's list, the file of it, and what is unusual."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from registry import audit
from registry.identity import service
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import unit_of_work
from registry.vocab import limits
from registry.vocab.audit import AuditTag
from registry.vocab.people import RevealReason
from registry.vocab.pseudonyms import ReversalReason
from tests.factories.accounts import People, Sites
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
#: A Thursday, 10 in the evening in Paris.
NIGHT = datetime(2026, 3, 12, 21, tzinfo=UTC)
STORED = "Lefèbvre-Durand"


@pytest.fixture(autouse=True)
def that_night():
    with clock.frozen(NIGHT):
        yield


@pytest.fixture
def seen(actors: People) -> Participant:
    """A participant whom a nurse looked at."""
    person = make_person(actors.nurse).person_uid
    participant = make_participant(actors, person_uid=person)
    service.reveal(
        actors.nurse, person, reason="=the paper file is unclear", kind=RevealReason.CHECK
    )
    return participant


@pytest.fixture
def dpo(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.dpo).speak("en")


class TestTheList:
    def test_says_who_when_whom_and_why_and_no_name(self, dpo: Browser, seen: Participant):
        page = dpo.get("/reveals")

        for words in (
            "12 Mar 2026 22:00",
            "Nurse",
            seen.shown_code,
            "Hôpital de Paris",
            "To check the identity",
            "the paper file is unclear",
        ):
            assert words in text_of(page)
        assert STORED not in page.text

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ("participant={code}", True),
            ("actor_id={nurse}", True),
            ("actor_id={officer}", False),
            ("site_id={paris}", True),
            ("site_id={lyon}", False),
            ("since=12/03/2026&until=12/03/2026", True),
            ("since=13/03/2026", False),
            ("until=11/03/2026", False),
        ],
    )
    def test_by_person_participant_site_and_days(
        self, dpo: Browser, seen: Participant, actors: People, sites: Sites, asked: str, shown: bool
    ):
        service.reveal(
            actors.identity_officer, make_person(actors.nurse).person_uid, reason="asked to look"
        )
        query = asked.format(
            code=seen.code,
            nurse=actors.nurse.id,
            officer=actors.dpo.id,
            paris=sites.paris,
            lyon=sites.lyon,
        )

        page = text_of(dpo.get(f"/reveals?{query}"))

        assert ("the paper file is unclear" in page) is shown

    def test_another_participants_looks_are_not_shown(
        self, dpo: Browser, seen: Participant, actors: People
    ):
        other = make_participant(
            actors,
            person_uid=make_person(actors.nurse, number="77", birth_name="Morvan").person_uid,
        )

        assert "Nobody has looked" in text_of(dpo.get(f"/reveals?participant={other.code}"))

    def test_a_name_typed_for_a_code_is_refused(self, dpo: Browser, seen: Participant):
        page = dpo.get("/reveals?participant=Lefebvre")

        assert page.status_code == 422

    def test_goes_on_page_by_page(
        self, dpo: Browser, seen: Participant, actors: People, monkeypatch
    ):
        monkeypatch.setattr(limits, "PAGE_ROWS", 2)
        operator = Actor.system("check")
        for number in range(2):
            service.reveal(operator, seen.person_uid, reason=f"look number {number}")

        first = dpo.get("/reveals")
        older = first.text.partition('rel="next" href="')[2].partition('"')[0]

        assert "look number 0" in first.text
        assert "the paper file" not in first.text
        assert "the paper file" in dpo.get(older.replace("&amp;", "&")).text

    @pytest.mark.parametrize("role", ["nurse", "identity_officer", "data_manager", "admin"])
    def test_others_do_not_read_it(self, sign_in: SignIn, actors: People, role: str):
        browser = sign_in(getattr(actors, role))

        for path in ("/reveals", "/reveals/file", "/reveals/unusual", "/reveals/unusual/x"):
            assert browser.get(path).status_code == 403

    def test_reading_it_is_recorded(self, dpo: Browser, audit_tags: Callable[[], list[str]]):
        dpo.get("/reveals")

        assert audit_tags()[-1] == "audit:read"


def test_the_file_holds_the_same_and_no_formula(dpo: Browser, seen: Participant):
    answer = dpo.get("/reveals/file")
    lines = answer.data.decode("utf-8-sig").splitlines()

    assert answer.headers["Content-Disposition"] == 'attachment; filename="looks.csv"'
    assert lines[0].split(";")[:3] == ["No.", "When", "Who looked"]
    assert seen.shown_code in lines[1]
    assert lines[1].endswith(";'=the paper file is unclear")
    assert STORED not in answer.text


class TestWhatIsUnusual:
    def test_nothing_is_said_in_words(self, dpo: Browser):
        page = text_of(dpo.get("/reveals/unusual"))

        assert "Nothing unusual was found." in page
        assert "Many looks within an hour" in page  # among the rules

    def test_a_finding_leads_to_its_looks_and_is_marked_with_a_remark(
        self, dpo: Browser, seen: Participant, actors: People
    ):
        listed = dpo.get("/reveals/unusual")
        path = f"/reveals/unusual/odd_hours/{actors.nurse.id}/2026-03-12"
        assert path in listed.text
        assert "To examine" in text_of(listed)

        page = dpo.get(path)
        assert "between 21:00 and 6:00" in text_of(page)
        assert seen.shown_code in page.text

        answer = dpo.send(path, remark="On call that night.")
        assert answer.location == "/reveals/unusual"
        assert "Examined" in text_of(dpo.get("/reveals/unusual"))
        assert "On call that night." in text_of(dpo.get(path))

    def test_without_a_remark_it_is_not_marked(
        self, dpo: Browser, seen: Participant, actors: People
    ):
        path = f"/reveals/unusual/odd_hours/{actors.nurse.id}/2026-03-12"

        assert dpo.send(path, remark="").status_code == 422
        assert "To examine" in text_of(dpo.get("/reveals/unusual"))

    def test_it_is_forgotten_after_a_month(self, dpo: Browser, sign_in: SignIn, seen, actors):
        with clock.frozen(NIGHT + timedelta(days=limits.WATCH_DAYS + 1)):
            page = text_of(sign_in(actors.dpo).speak("en").get("/reveals/unusual"))

        assert "Nothing unusual was found." in page


def test_a_code_led_back_is_a_look_too(dpo: Browser, seen: Participant, actors: People):
    with unit_of_work():
        audit.record(
            actors.identity_officer,
            AuditTag.PSEUDONYM_REVERSED,
            seen,
            reason="a finding of the project",
            kind=ReversalReason.FINDING,
        )

    page = text_of(dpo.get(f"/reveals?participant={seen.code}"))

    assert "a finding of the project" in page
    assert f"Led a project’s code back to a participant {seen.shown_code}" in page
