"""The page of contact lists: who agreed to be contacted, and a file that is handed over once."""

import io
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
import pyzipper
import sqlalchemy as sa

from registry.accounts.models import SignInSession
from registry.audit.models import AuditEntry
from registry.consents.decision import facts
from registry.consents.templates.wording import ItemText
from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session
from registry.vocab import limits
from registry.vocab.consent import Answer, Use
from registry.web.views import contacts
from tests.factories.accounts import People
from tests.factories.consents import ITEMS, make_consent, make_template
from tests.factories.identity import make_person
from tests.factories.participants import make_cohort, make_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
URL = "/contacts"
WHY = {"purpose": "recall", "reason": "Invitation to the second visit"}


def take(actors: People, name: str, *, recontact: Answer | None) -> Participant:
    """A participant of that name, with that answer about being contacted again."""
    number = str(sum(name.encode()))
    person = make_person(actors.nurse, birth_name=name, number=number).person_uid
    participant = make_participant(actors, person_uid=person)
    template = make_template(
        code="WITH-RECONTACT",
        items=(*ITEMS, ItemText("recontact", "Contact me.", frozenset({Use.RECONTACT}))),
    )
    if recontact is not None:
        make_consent(actors, participant, template=template, answers={"recontact": recontact})
    return participant


@pytest.fixture
def agreed(actors: People) -> Participant:
    return take(actors, "Morvan", recontact=Answer.ACCEPTED)


@pytest.fixture
def others(actors: People) -> list[Participant]:
    """Who refused, and who was never asked."""
    return [
        take(actors, "Keravec", recontact=Answer.REFUSED),
        take(actors, "Brouillard", recontact=None),
    ]


@pytest.fixture
def officer(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.identity_officer).speak("en")


def content(page: str) -> str:
    """What is in the file that the page hands over."""
    file = re.search(r'download="([^"]+)" href="data:application/zip;base64,([^"]+)"', page)
    password = re.search(r"([a-z2-9]{4}-){5}[a-z2-9]{4}", page)
    assert file is not None
    assert password is not None
    with pyzipper.AESZipFile(io.BytesIO(b64decode(unquote(file[2])))) as archive:
        return archive.read(archive.namelist()[0], pwd=password[0].encode()).decode("utf-8-sig")


def test_whoever_agreed_is_on_it_and_the_others_are_counted(
    officer: Browser, agreed: Participant, others: list[Participant]
):
    page = officer.send(URL, cohort_id=str(make_cohort().id), **WHY)

    held = content(page.text)
    assert page.status_code == 200
    assert agreed.shown_code in held
    assert "Morvan" in held
    assert not {"Keravec", "Brouillard"} & set(re.split(r"\W", held))
    assert "Participants on it 1" in text_of(page)
    assert "Left out, not to be contacted 2" in text_of(page)
    assert "Morvan" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Refresh"] == f"{limits.CONTACTS_SHOWN_SECONDS}; url=/contacts"


def test_codes_choose_among_them(officer: Browser, actors: People, agreed: Participant):
    take(actors, "Morgat", recontact=Answer.ACCEPTED)

    held = content(officer.send(URL, codes=agreed.shown_code, **WHY).text)

    assert "Morvan" in held
    assert "Morgat" not in held


def test_when_consent_cannot_be_read_nobody_is_on_it(
    officer: Browser, agreed: Participant, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("no facts")

    monkeypatch.setattr(facts, "load", broken)

    page = officer.send(URL, cohort_id=str(make_cohort().id), **WHY)

    assert page.status_code == 409
    assert "Nobody among these participants may be contacted" in text_of(page)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({**WHY}, "Choose a cohort, or give codes"),
        ({"codes": "Lefebvre", **WHY}, "Code 1"),
        ({"cohort_id": "1", "purpose": "recall", "reason": "x"}, "at least"),
        ({"cohort_id": "1", "purpose": "sales", "reason": "because"}, "Choose one"),
    ],
)
def test_half_a_request_is_none(
    officer: Browser, agreed: Participant, values: dict[str, str], sentence: str
):
    page = officer.send(URL, **values)

    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "data:application" not in page.text


def test_sent_again_it_hands_nothing_over(officer: Browser, agreed: Participant):
    hidden = officer.hidden(URL)
    values = {"codes": agreed.code, **WHY}

    first = officer.send(URL, hidden=hidden, **values)
    again = officer.send(URL, hidden=hidden, **values)

    assert first.status_code == 200
    assert (again.status_code, again.location) == (303, URL)


def test_the_password_must_be_fresh(sign_in: SignIn, actors: People, agreed: Participant):
    officer = sign_in(actors.identity_officer)
    later = clock.now() + timedelta(seconds=limits.CONFIRMATION_SECONDS)
    hidden = officer.hidden(URL)
    with clock.frozen(later):
        assert officer.get(URL).location == "/confirm"
        page = officer.send(URL, hidden=hidden, codes=agreed.code, **WHY)

    assert page.status_code == 401
    assert "data:application" not in page.text


@pytest.mark.parametrize("role", ["nurse", "data_manager", "dpo", "admin", "technician"])
def test_others_do_not_open_it(sign_in: SignIn, actors: People, role: str):
    assert sign_in(getattr(actors, role)).get(URL).status_code == 403


def test_neither_the_session_nor_the_journal_keeps_name_or_password(
    officer: Browser, agreed: Participant
):
    page = officer.send(URL, codes=agreed.code, **WHY)
    password = re.search(r"([a-z2-9]{4}-){5}[a-z2-9]{4}", page.text)

    registry_session.rollback()
    kept = f"{registry_session.scalars(sa.select(SignInSession.data)).all()}"
    kept += f"{registry_session.execute(sa.select(AuditEntry.details, AuditEntry.reason)).all()}"
    assert password is not None
    assert password[0] not in kept
    assert "Morvan" not in kept


def test_the_officer_of_data_protection_finds_the_list_by_its_participant(
    officer: Browser, sign_in: SignIn, actors: People, agreed: Participant
):
    officer.send(URL, codes=agreed.code, **WHY)

    page = text_of(sign_in(actors.dpo).speak("en").get(f"/reveals?participant={agreed.code}"))

    assert "Took a list of contacts" in page
    assert "1 participant" in page
    assert "To invite the participants again" in page


def test_people_are_kept_from_withdrawing_before_they_are_asked_about(
    officer: Browser, agreed: Participant, monkeypatch: pytest.MonkeyPatch
):
    """Between the answer and the commit nothing is recorded that the list does not know."""
    order: list[str] = []
    for name in ("hold_still", "decide_many"):
        real = getattr(contacts, name)
        monkeypatch.setattr(
            contacts, name, lambda ids, *rest, n=name, f=real: order.append(n) or f(ids, *rest)
        )

    officer.send(URL, cohort_id=str(agreed.cohort_id), **WHY)

    assert order == ["hold_still", "decide_many"]
