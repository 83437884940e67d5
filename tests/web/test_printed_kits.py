"""Kits are printed in advance and registered with three scans: participant, kit, VALIDER."""

import pytest
import sqlalchemy as sa

from registry.persistence import database, registry_session
from registry.samples.kits import service as printed_kits
from registry.samples.kits.models import PrintedKit
from registry.samples.models import Sample
from registry.vocab.people import MissingTubeReason
from registry.vocab.printing import LabelStock
from tests.factories.accounts import People
from tests.factories.participants import make_cohort
from tests.factories.samples import make_consenting_participant
from tests.web.pages import Browser, text_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def nurse(sign_in, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def participant(actors: People):
    return make_consenting_participant(actors)


def make_printed(actors: People, number: int = 1) -> PrintedKit:
    kit = make_cohort().kits[0]
    site_id = next(grant.site_id for grant in actors.nurse.grants)
    made = printed_kits.print_kits(actors.nurse, kit_id=kit.id, site_id=site_id, count=number)
    return made[-1]


def lines(kit: PrintedKit, **changes: str) -> dict[str, str]:
    """What a browser sends of the page on which every tube is in its line."""
    sent = {}
    for place, tube in enumerate(kit.tubes):
        sent |= {
            f"tubes-{place}-code": tube.code,
            f"tubes-{place}-volume": str(tube.kit_tube.nominal_volume),
            f"tubes-{place}-missing": "",
        }
    return sent | changes


def codes_of(kit: PrintedKit) -> list[str]:
    return [tube.code for tube in kit.tubes]


def scanned(browser: Browser, page: str, code: str, **more: str) -> str:
    """Where a scan into the bar at the top of `page` leads."""
    return browser.send("/scan", page=page, code=code, **more).location


class TestThreeScans:
    def test_they_register_the_whole_kit(self, nurse, participant, actors):
        kit = make_printed(actors)
        codes = codes_of(kit)

        page = scanned(nurse, "/", participant.code)
        form = scanned(nurse, page, kit.code)
        opened = nurse.get(form).text
        sent = nurse.send(form, command="VALIDER", **lines(kit))

        assert page == f"/participants/{participant.code}"
        assert all(f'value="{code}"' in opened for code in codes)
        assert sent.status_code == 303
        database.remove_sessions()
        drawn = registry_session.scalars(sa.select(Sample.code).order_by(Sample.id)).all()
        assert list(drawn) == codes

    def test_the_command_is_understood_from_a_scanner_of_another_layout(
        self, nurse, participant, actors
    ):
        kit = make_printed(actors)
        form = f"/participants/{participant.code}/kits/new?printed={kit.code}"

        assert nurse.send(form, command="VQLIDER", **lines(kit)).status_code == 303

    def test_anything_else_registers_nothing(self, nurse, participant, actors):
        kit = make_printed(actors)
        form = f"/participants/{participant.code}/kits/new?printed={kit.code}"

        sent = nurse.send(form, command=codes_of(kit)[0], **lines(kit))

        assert sent.status_code == 422
        assert "Scan VALIDER, or leave this empty." in sent.text
        assert not registry_session.scalar(sa.select(sa.func.count()).select_from(Sample))

    def test_a_tube_that_is_missing_says_why(self, nurse, participant, actors):
        kit = make_printed(actors)
        form = f"/participants/{participant.code}/kits/new?printed={kit.code}"
        missing = {"tubes-0-code": "", "tubes-0-missing": next(iter(MissingTubeReason)).value}

        assert nurse.send(form, command="VALIDER", **lines(kit, **missing)).status_code == 303

        database.remove_sessions()
        drawn = registry_session.scalars(sa.select(Sample.code).order_by(Sample.id)).all()
        assert list(drawn) == codes_of(registry_session.get_one(PrintedKit, kit.id))[1:]


class TestOnce:
    def test_a_kit_is_used_once(self, nurse, participant, actors):
        kit = make_printed(actors)
        form = f"/participants/{participant.code}/kits/new?printed={kit.code}"
        sent = lines(kit)
        hidden = nurse.hidden(form)
        nurse.send(form, hidden=hidden, **sent)

        again = nurse.get(form)

        assert again.status_code == 409
        assert f"The kit {kit.code} was used already." in text_of(again)
        assert "This kit was used." in text_of(nurse.get(f"/kits/{kit.code}"))

    def test_the_same_page_sent_twice_has_one_effect(self, nurse, participant, actors):
        kit = make_printed(actors)
        form = f"/participants/{participant.code}/kits/new?printed={kit.code}"
        hidden, sent = nurse.hidden(form), lines(kit)

        first = nurse.send(form, hidden=hidden, **sent)
        nurse.send(form, hidden=hidden, **sent)

        database.remove_sessions()
        assert first.status_code == 303
        assert registry_session.scalar(sa.select(sa.func.count()).select_from(Sample)) == 3


class TestThePages:
    def test_printing_gives_labels_and_says_how_many_wait(self, nurse, actors):
        kit = make_cohort().kits[0]
        site_id = next(grant.site_id for grant in actors.nurse.grants)

        sent = nurse.send(
            "/kits",
            kit=str(kit.id),
            site_id=str(site_id),
            count="3",
            stock=LabelStock.TUBE_SHEET.value,
        )

        assert sent.mimetype == "application/pdf"
        assert "Cohort SLE Blood kit Hôpital de Paris 3" in text_of(nurse.get("/kits"))

    def test_nothing_is_given_out_when_nothing_is_printed(self, nurse, actors):
        kit = make_cohort().kits[0]
        site_id = next(grant.site_id for grant in actors.nurse.grants)

        sent = nurse.send(
            "/kits", kit=str(kit.id), site_id=str(site_id), count="3", first="500",
            stock=LabelStock.TUBE_SHEET.value,
        )  # fmt: skip

        assert sent.status_code == 422
        database.remove_sessions()
        assert not registry_session.scalar(sa.select(sa.func.count()).select_from(PrintedKit))

    def test_a_kit_scanned_first_asks_for_the_participant(self, nurse, participant, actors):
        kit = make_printed(actors)

        page = scanned(nurse, "/", kit.code)
        sent = nurse.send(page, participant=participant.code)

        assert page == f"/kits/{kit.code}"
        assert sent.location == f"/participants/{participant.code}/kits/new?printed={kit.code}"

    def test_labels_are_printed_again(self, nurse, actors):
        kit = make_printed(actors)

        sent = nurse.send(
            f"/kits/{kit.code}/labels", page=f"/kits/{kit.code}", stock=LabelStock.TUBE_SHEET.value
        )

        assert sent.mimetype == "application/pdf"

    def test_the_commands_are_a_card(self, nurse):
        assert nurse.get("/kits/commands").mimetype == "application/pdf"

    def test_another_sites_kits_are_not_found(self, sign_in, actors):
        kit = make_printed(actors)
        technician = sign_in(actors.other_site_technician)

        assert technician.get(f"/kits/{kit.code}").status_code == 404


def test_each_printed_kit_and_tube_has_its_own_code(actors):
    make_printed(actors, 20)

    kits = registry_session.scalars(sa.select(PrintedKit)).all()
    codes = [kit.code for kit in kits] + [code for kit in kits for code in codes_of(kit)]

    assert len(codes) == len(set(codes)) == 20 * (1 + 3)
