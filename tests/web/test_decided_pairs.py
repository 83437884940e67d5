"""Decided pairs: history, undoing, deciding otherwise, finishing; pairs across two hospitals."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.identity import service
from registry.kernel.actor import Actor
from registry.participants.models import Participant
from registry.persistence import registry_session, vault_session
from registry.vocab.identity import ReviewOutcome
from registry.vocab.people import ParticipantStatus
from tests.factories.accounts import People
from tests.factories.consents import make_consent
from tests.factories.identity import make_person
from tests.factories.participants import make_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]
SAME, DIFFERENT = ReviewOutcome.SAME, ReviewOutcome.DIFFERENT
REASON = "two paper files after all"


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def officer(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.identity_officer).speak("en")


@pytest.fixture
def kept(actors: People) -> Participant:
    return make_participant(actors, person_uid=make_person(actors.nurse).person_uid)


@pytest.fixture
def pair(actors: People, kept: Participant) -> int:
    twin = make_person(actors.nurse, number="0042138", given_names="Charlotte")
    tentative = ParticipantStatus.TENTATIVE
    make_participant(actors, person_uid=twin.person_uid, status=tentative)
    return twin.reviews[0]


def forget() -> None:
    registry_session.rollback()
    vault_session.rollback()


def statuses() -> list[ParticipantStatus]:
    forget()
    return sorted(registry_session.scalars(sa.select(Participant.status)))


class TestUndoing:
    def test_the_page_says_what_stays_and_both_stand_alone_again(
        self, nurse: Browser, actors: People, kept: Participant, pair: int
    ):
        service.decide_review(actors.nurse, pair, SAME, reason="one file")
        make_consent(actors, kept)
        forget()
        page = nurse.get(f"/reviews/{pair}/undo")
        assert "Recorded while they were one" in text_of(page)
        assert f"{kept.shown_code} " in text_of(page)
        assert "Signed:" in text_of(page)

        answer = nurse.send(f"/reviews/{pair}/undo", reason=REASON)
        told = text_of(nurse.get(answer.location))
        assert "The merge is undone" in told
        assert "Signed:" in told
        assert REASON in told
        assert statuses() == [ParticipantStatus.ENROLLED, ParticipantStatus.TENTATIVE]

    def test_without_a_reason_nothing_is_undone(self, nurse: Browser, actors: People, pair: int):
        service.decide_review(actors.nurse, pair, SAME)
        forget()
        assert nurse.send(f"/reviews/{pair}/undo", reason="").status_code == 422
        assert ParticipantStatus.MERGED in statuses()

    def test_what_must_be_undone_first_is_a_button(self, nurse: Browser, actors: People, pair: int):
        third = make_person(actors.nurse, number="0042139", given_names="Victoire")
        service.decide_review(actors.nurse, pair, SAME)
        service.decide_review(actors.nurse, third.reviews[0], SAME)
        forget()
        page = nurse.get(f"/reviews/{pair}/undo")
        assert f"Undo pair {third.reviews[0]} first" in text_of(page)

    def test_the_password_is_asked_again(
        self, nurse: Browser, actors: People, pair: int, now_later: None
    ):
        assert nurse.get(f"/reviews/{pair}/undo").status_code == 302

    @pytest.fixture
    def now_later(self, nurse: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        from registry.web.sessions import BrowserSession

        monkeypatch.setattr(BrowserSession, "is_confirmed", property(lambda self: False))


class TestDecidedPairs:
    def test_they_are_listed_with_what_can_be_done(
        self, nurse: Browser, officer: Browser, actors: People, kept: Participant, pair: int
    ):
        service.decide_review(actors.nurse, pair, DIFFERENT)
        forget()
        page = text_of(nurse.get("/reviews/decided"))
        assert kept.shown_code in page
        assert "Different persons" in page
        assert "Decide otherwise…" not in page
        assert "Decide otherwise…" in text_of(officer.get("/reviews/decided"))
        assert "Nothing was decided yet" in text_of(nurse.get("/reviews/decided?outcome=same"))

    def test_the_identity_officer_decides_otherwise(
        self, officer: Browser, actors: People, pair: int
    ):
        service.decide_review(actors.nurse, pair, DIFFERENT)
        forget()
        unseen = officer.send(f"/reviews/{pair}/revise", outcome="same", reason=REASON)
        assert "Open the comparison first" in text_of(unseen)
        assert ParticipantStatus.MERGED not in statuses()
        officer.send(f"/reviews/{pair}", reason=REASON)
        answer = officer.send(f"/reviews/{pair}/revise", outcome="same", reason=REASON)
        assert "Revised by the identity officer" in text_of(officer.get(answer.location))
        assert ParticipantStatus.MERGED in statuses()

    def test_a_nurse_does_not(self, nurse: Browser, actors: People, pair: int):
        assert nurse.get(f"/reviews/{pair}/revise").status_code == 403


class TestInterrupted:
    def test_the_list_offers_to_finish(
        self, nurse: Browser, actors: People, pair: int, monkeypatch: pytest.MonkeyPatch
    ):
        def stop() -> None:
            raise ConnectionError

        with monkeypatch.context() as patch:
            patch.setattr(registry_session, "commit", stop)
            with pytest.raises(ConnectionError):
                service.decide_review(actors.nurse, pair, SAME)
        forget()
        assert "Interrupted decisions" in text_of(nurse.get("/reviews"))

        done = nurse.send(f"/reviews/{pair}/finish", page="/reviews")
        page = text_of(nurse.get(done.location))
        assert "Interrupted decisions" not in page
        assert ParticipantStatus.MERGED in statuses()


class TestAcrossHospitals:
    @pytest.fixture
    def abroad(self, actors: People, kept: Participant) -> Participant:
        lyon = actors.other_site_nurse
        person = make_person(lyon, number="5", site="LYO", given_names="Charlotte")
        return make_participant(
            actors, by=lyon, person_uid=person.person_uid, status=ParticipantStatus.TENTATIVE
        )

    def test_a_nurse_reads_whom_to_call_and_not_the_others_code(
        self, nurse: Browser, kept: Participant, abroad: Participant
    ):
        page = nurse.get("/reviews")
        assert kept.shown_code in page.text
        assert abroad.shown_code not in page.text
        assert "Known at: Hôpital de Lyon" in text_of(page)
        assert "Call the identity officer: Identity.Officer" in text_of(page)

    def test_the_participants_page_says_so_too(
        self, sign_in: SignIn, actors: People, abroad: Participant
    ):
        page = sign_in(actors.other_site_nurse).speak("en").get(f"/participants/{abroad.code}")
        assert "The identity officer decides: call Identity.Officer" in text_of(page)

    def test_the_identity_officer_decides(
        self, officer: Browser, kept: Participant, abroad: Participant
    ):
        page = officer.get("/reviews")
        assert kept.shown_code in page.text
        assert abroad.shown_code in page.text
        assert "Compare" in text_of(page)
        assert "1 to decide" in text_of(officer.get("/"))
