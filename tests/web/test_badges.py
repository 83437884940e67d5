"""Badges on the pages: enrolled by whom, and signing as the second person where two are wanted."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.accounts.models import SignInSession
from registry.kernel.actor import Actor
from registry.persistence import db
from registry.persistence.handled import HandledRequest
from registry.samples.models import Sample
from registry.vocab import limits
from registry.vocab.consent import WithdrawalEffect
from tests.factories.accounts import BADGE, PASSWORD, PIN, People, Sites, make_badge
from tests.factories.consents import make_withdrawal
from tests.factories.custody import make_stored
from tests.factories.samples import make_consenting_participant, make_tube
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en").confirm()


@pytest.fixture
def technician(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.technician).speak("en")


@pytest.fixture
def ordered(actors: People) -> Sample:
    """A tube that was ordered to be destroyed."""
    participant = make_consenting_participant(actors)
    tube = make_stored(actors, participant=participant)
    make_withdrawal(actors, participant, effects=[WithdrawalEffect.DESTROY_SAMPLES])
    return tube


def enrol(browser: Browser, **changes: str) -> str:
    typed = {"badge": BADGE, "pin": PIN, "again": PIN, **changes}
    answer = browser.send("/account/badge", **typed)
    page = browser.get(answer.location) if answer.status_code == 303 else answer
    assert BADGE not in page.text
    return text_of(page)


class TestOwnBadge:
    def test_it_is_enrolled_changed_and_ended(self, nurse: Browser):
        assert "No badge" in text_of(nurse.get("/account/badge"))

        assert "Can sign" in enrol(nurse)
        new = {"pin": "70428", "again": "70428"}
        changed = nurse.send("/account/badge/pin", page="/account/badge", **new)
        ended = nurse.send("/account/badge/end", page="/account/badge", ending="lost")

        assert changed.status_code == ended.status_code == 303
        assert "No badge" in text_of(nurse.get("/account/badge"))

    def test_a_slip_in_the_second_pin_is_told_at_its_field(self, nurse: Browser):
        assert "This is not the same PIN." in enrol(nurse, again="4932")
        assert "No badge" in text_of(nurse.get("/account/badge"))

    def test_nobody_calls_a_badge_replaced(self, nurse: Browser):
        enrol(nurse)
        answer = nurse.send("/account/badge/end", page="/account/badge", ending="replaced")
        assert answer.status_code == 422

    def test_the_password_is_asked_again_first(self, technician: Browser):
        with_old_sign_in = technician.client
        with db.engines["registry"].begin() as connection:
            connection.execute(sa.update(SignInSession).values(data={"language": "en"}))
        assert with_old_sign_in.get("/account/badge").location == "/confirm"


class TestOfAColleague:
    def test_an_administrator_enrols_and_ends_it(
        self, sign_in: SignIn, actors: People, nurse: Browser
    ):
        admin = sign_in(actors.admin).speak("en").confirm()
        at = f"/accounts/{actors.nurse.id}/badge"

        admin.send(at, badge=BADGE)
        assert "Waits for its PIN" in text_of(admin.get(at))
        assert "Waits for its PIN" in text_of(nurse.get("/account/badge"))
        admin.send(f"{at}/end", page=at, ending="lost")

        assert "No badge" in text_of(admin.get(at))

    def test_one_that_somebody_has_is_refused_without_being_shown(
        self, sign_in: SignIn, actors: People
    ):
        make_badge(actors.technician)
        admin = sign_in(actors.admin).speak("en").confirm()

        refused = admin.send(f"/accounts/{actors.nurse.id}/badge", badge=BADGE)

        assert "enrolled already" in text_of(refused)
        assert BADGE not in refused.text

    def test_nobody_else_opens_the_page(self, technician: Browser, actors: People):
        assert technician.get(f"/accounts/{actors.nurse.id}/badge").status_code == 403


class TestSecondPerson:
    def test_an_order_is_carried_out_before_badge_and_pin(
        self, technician: Browser, ordered: Sample, actors: People
    ):
        make_badge(actors.nurse)
        typed = {"codes": ordered.code, "method": "autoclave", "witness_badge": BADGE}

        refused = technician.send("/samples/destroy", **typed, witness_pin="8306")
        done = technician.send("/samples/destroy", **typed, witness_pin=PIN)

        assert "badge or the PIN is wrong" in text_of(refused)
        assert BADGE not in refused.text
        assert "Destroyed" in text_of(technician.get(done.location))

    @pytest.mark.parametrize(
        ("proof", "said"),
        [
            ({}, "Witness’s badge: Fill in this field."),
            ({"witness_badge": BADGE}, "Witness’s PIN: Fill in this field."),
            ({"witness": "nurse"}, "Witness’s password: Fill in this field."),
            (
                {"witness_badge": BADGE, "witness_pin": PIN, "witness": "nurse"},
                "not with both",
            ),
        ],
    )
    def test_half_a_proof_and_two_of_them_are_none(
        self, technician: Browser, ordered: Sample, proof: dict[str, str], said: str
    ):
        answer = technician.send(
            "/samples/destroy", codes=ordered.code, method="autoclave", **proof
        )
        assert answer.status_code == 422
        assert said in text_of(answer)

    def test_ones_own_badge_is_no_second_person(
        self, technician: Browser, ordered: Sample, actors: People
    ):
        make_badge(actors.technician)
        answer = technician.send(
            "/samples/destroy",
            codes=ordered.code, method="autoclave", witness_badge=BADGE, witness_pin=PIN,
        )  # fmt: skip
        assert "nobody does to their own act" in text_of(answer)

    def test_who_has_nothing_to_do_with_the_site_is_refused(
        self, technician: Browser, ordered: Sample, actors: People
    ):
        make_badge(actors.other_site_nurse)
        answer = technician.send(
            "/samples/destroy",
            codes=ordered.code, method="autoclave", witness_badge=BADGE, witness_pin=PIN,
        )  # fmt: skip
        assert answer.status_code == 422
        assert f"{actors.other_site_nurse.name} may not bear witness at the site" in text_of(answer)

    def test_a_locked_badge_says_what_its_owner_does(
        self, technician: Browser, ordered: Sample, actors: People
    ):
        make_badge(actors.nurse)
        typed = {"codes": ordered.code, "method": "autoclave", "witness_badge": BADGE}
        for _ in range(limits.PIN_WRONG_MAX):
            technician.send("/samples/destroy", **typed, witness_pin="8306")

        refused = technician.send("/samples/destroy", **typed, witness_pin=PIN)
        signed = technician.send(
            "/samples/destroy",
            codes=ordered.code, method="autoclave",
            witness=actors.nurse.login, witness_password=PASSWORD,
        )  # fmt: skip

        assert "This badge is locked" in text_of(refused)
        assert signed.status_code == 303

    def test_nothing_of_the_proof_stays_in_a_session_or_a_kept_request(
        self, technician: Browser, ordered: Sample, actors: People
    ):
        make_badge(actors.nurse)
        technician.send(
            "/samples/destroy",
            codes=ordered.code, method="autoclave", witness_badge=BADGE, witness_pin=PIN,
        )  # fmt: skip
        with db.engines["registry"].connect() as connection:
            kept = [
                str(row)
                for table in (SignInSession.__table__, HandledRequest.__table__)
                for row in connection.execute(sa.select(table))
            ]
        assert kept
        assert not any(BADGE in row for row in kept)


class TestScanning:
    def test_the_first_page_knows_a_badge_and_does_not_show_it(
        self, technician: Browser, actors: People
    ):
        make_badge(actors.nurse)

        answer = technician.send("/scan", page="/", code=BADGE.lower())

        assert answer.location == "/"
        page = technician.get("/")
        assert "This is a badge." in text_of(page)
        assert BADGE not in page.text
        assert actors.nurse.name not in text_of(page)

    @pytest.mark.parametrize("path", ["/samples/receive", "/samples/place", "/samples/dispose"])
    def test_a_list_of_tubes_does_not_show_it(
        self, technician: Browser, actors: People, sites: Sites, path: str
    ):
        make_badge(actors.nurse)
        tube = make_tube(actors).code
        field = "placements" if path.endswith("place") else "codes"

        refused = technician.send(
            path, site_id=str(sites.biobank), condition="good", box="BX-1",
            **{field: f"{tube}\r\n{BADGE.lower()}\r\n"},
        )  # fmt: skip

        assert refused.status_code in (404, 422)
        assert BADGE.lower() not in refused.text.lower()
        assert tube in refused.text

    def test_an_unknown_code_is_still_named(
        self, technician: Browser, actors: People, sites: Sites
    ):
        make_badge(actors.nurse)
        refused = technician.send(
            "/samples/receive", site_id=str(sites.biobank), condition="good",
            codes=f"UNKNOWN-7\r\n{BADGE}",
        )  # fmt: skip

        said = text_of(refused)
        assert "There is no sample UNKNOWN-7 at your sites." in said
        assert "A badge was scanned here, which is no label: it was taken out." in said
