"""Registering a kit: every tube there or missing for a reason, all or none."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from registry.kernel import clock
from registry.kernel.actor import Actor
from registry.kernel.codes import participant as participant_code
from registry.labels import queue
from registry.participants.models import KitCollection, Participant, Visit
from registry.samples.models import Sample
from registry.vocab.printing import LabelStock
from tests.factories.accounts import People, Sites
from tests.factories.consents import make_consent, make_template
from tests.factories.participants import make_participant
from tests.factories.printers import make_printer
from tests.web.nurse import count, french
from tests.web.pages import Browser, hidden_values, text_of

pytestmark = pytest.mark.usefixtures("app")

SignIn = Callable[[Actor], Browser]


@pytest.fixture
def nurse(sign_in: SignIn, actors: People) -> Browser:
    return sign_in(actors.nurse).speak("en")


@pytest.fixture
def participant(actors: People) -> Participant:
    """Somebody who has agreed today."""
    made = make_participant(actors)
    make_consent(actors, made, template=make_template(), signed_on=clock.today())
    return made


@pytest.fixture
def url(participant: Participant) -> str:
    return f"/participants/{participant.code}/kits/new"


def tubes(*codes: str, **changes: str) -> dict[str, str]:
    """The three tubes of the kit, with these codes."""
    typed = {}
    for place, code in enumerate([*codes, "", "", ""][:3]):
        typed |= {
            f"tubes-{place}-code": code,
            f"tubes-{place}-volume": "2,5",
            f"tubes-{place}-missing": "",
        }
    return {**typed, **changes}


def nothing_written() -> bool:
    return (count(Sample), count(KitCollection), count(Visit)) == (0, 0, 0)


class TestRegister:
    def test_scanned_tubes_are_registered_and_can_be_labelled(
        self, nurse: Browser, participant: Participant, url: str
    ):
        answer = nurse.send(url, **tubes("T0001", "T0002", "T0003"))

        assert answer.status_code == 303
        page = nurse.get(answer.location)
        assert "3 tubes are registered" in text_of(page)
        assert "T0001, T0002, T0003" in text_of(page), "foreign codes are named"
        labels = nurse.post(
            "/labels",
            {
                **hidden_values(page.text, answer.location, "/labels"),
                "stock": LabelStock.CRYO_SHEET.value,
            },
        )
        assert labels.data.startswith(b"%PDF")
        shown = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Drawn: Blood kit" in shown
        assert "T0002" in shown

    def test_fresh_codes_come_out_of_the_sites_printer_by_themselves(
        self, nurse: Browser, url: str, actors: People, sites: Sites
    ):
        make_printer(actors, site_id=sites.paris, port=9100)

        answer = nurse.send(url, **tubes("T0001"), issue_codes="y")

        [job] = queue.page(actors.nurse)
        assert len(job.codes) == 2
        assert "T0001" not in job.codes
        assert "Labels on their way to Zebra 1: 2." in text_of(nurse.get(answer.location))

    def test_codes_are_issued_for_those_that_have_none(self, nurse: Browser, url: str):
        answer = nurse.send(url, **tubes("T0001"), issue_codes="y")

        page = text_of(nurse.get(answer.location))
        assert count(Sample) == 3
        assert "B00000001" in page

    def test_a_missing_tube_says_why(self, nurse: Browser, url: str):
        answer = nurse.send(url, **tubes("T0001", "T0002", **{"tubes-2-missing": "not_enough"}))

        page = text_of(nurse.get(answer.location))
        assert count(Sample) == 2
        assert "Not enough could be drawn" in page

    def test_a_second_click_registers_once(self, nurse: Browser, url: str):
        hidden = nurse.hidden(url)
        values = tubes("T0001", "T0002", "T0003")

        answers = {nurse.send(url, hidden=hidden, **values).location for _ in range(2)}

        assert len(answers) == 1
        assert count(Sample) == 3

    def test_the_visit_that_is_due_and_its_kit_are_chosen_already(
        self, nurse: Browser, participant: Participant, url: str
    ):
        nurse.send(url, **tubes("T0001", "T0002", "T0003"))

        page = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Visit: Month 0" in page

    def test_a_visit_that_was_not_planned_can_be_chosen(
        self, nurse: Browser, participant: Participant, url: str
    ):
        nurse.send(f"{url}?visit=0", **tubes("T0001", "T0002", "T0003"))

        page = text_of(nurse.get(f"/participants/{participant.code}"))
        assert "Visits that were not planned" in page

    def test_drawing_the_same_kit_again_is_warned_about(self, nurse: Browser, url: str):
        nurse.send(f"{url}?visit=1", **tubes("T0001", "T0002", "T0003"))

        assert "registered at this visit already" in text_of(nurse.get(f"{url}?visit=1"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("values", "sentences"),
        [
            (tubes("T0001", "T0002"), ["Scan the tube, or say why it is missing"]),
            (tubes("T0001", "T0001", "T0003"), ["T0001 was scanned for tube 1"]),
            (tubes("B000000010", "T2", "T3"), ["check character does not agree"]),
            (tubes("4,35E+09", "T2", "T3"), ["turned this code into a number"]),
            (tubes("x" * 300, "T2", "T3"), ["at most"]),
            (tubes("T1", "T2", "T3", **{"tubes-1-volume": "lots"}), ["Write a number"]),
            (tubes("T1", "T2", "T3", **{"tubes-1-volume": "-1"}), ["above 0"]),
            (tubes("T1", "T2", "T3", **{"tubes-1-volume": "1.234"}), ["thousands or decimals"]),
            (tubes("T1", "T2", "T3", **{"tubes-1-missing": "eaten"}), ["Choose one"]),
            (
                tubes("T1", "T2", "T3", **{"tubes-1-missing": "failed"}),
                ["a code and a reason why it is missing"],
            ),
            (
                tubes("T1", "T1", "", **{"tubes-0-volume": "x"}),
                ["was scanned for tube 1", "Write a number", "Scan the tube"],
            ),
            (tubes("T1", "T2", "T3", collected_at="31/02/2026 08:30"), ["no such day"]),
            (tubes("T1", "T2", "T3", collected_at="01/01/2999 08:30"), ["still to come"]),
            (tubes("T1", "T2", "T3", collected_at="12/03/2026"), ["Add the time"]),
            (
                tubes(**{f"tubes-{place}-missing": "failed" for place in range(3)}),
                ["Not one tube was drawn"],
            ),
        ],
    )
    def test_nonsense_is_answered_and_nothing_is_written(
        self, nurse: Browser, url: str, values: dict[str, str], sentences: list[str]
    ):
        page = nurse.send(url, **values)

        assert page.status_code == 422
        for sentence in sentences:
            assert sentence in text_of(page)
        typed = values["tubes-0-code"]
        assert not typed or f'value="{typed}"' in page.text
        assert nothing_written()

    def test_a_code_that_another_tube_has_is_named_and_no_tube_is_registered(
        self, nurse: Browser, actors: People, url: str
    ):
        nurse.send(url, **tubes("T0001", "T0002", "T0003"))

        page = nurse.send(f"{url}?visit=0", **tubes("T0002", "T0004", "T0005"))

        assert page.status_code in (409, 422)
        assert "T0002" in text_of(page).split("Please check this")[1]
        assert count(Sample) == 3
        assert count(KitCollection) == 1

    def test_without_a_consent_nothing_is_registered_and_the_way_out_is_shown(
        self, nurse: Browser, actors: People
    ):
        participant = make_participant(actors)
        url = f"/participants/{participant.code}/kits/new"

        assert "Record the consent" in text_of(nurse.get(url))
        page = nurse.send(url, **tubes("T0001", "T0002", "T0003"))

        assert page.status_code == 409
        assert "No consent is on record" in text_of(page)
        assert nothing_written()

    def test_blood_drawn_before_the_consent_is_refused(self, nurse: Browser, url: str):
        yesterday = french(clock.today() - timedelta(days=1))

        page = nurse.send(
            url, **tubes("T0001", "T0002", "T0003", collected_at=f"{yesterday} 08:30")
        )

        assert page.status_code == 409
        assert nothing_written()

    @pytest.mark.parametrize("query", ["visit=999", "kit=999", "visit=abc", "visit=-1"])
    def test_a_visit_or_kit_that_does_not_exist_is_no_crash(
        self, nurse: Browser, url: str, query: str
    ):
        assert nurse.get(f"{url}?{query}").status_code in (200, 404, 422)

    def test_a_page_with_fewer_tubes_than_the_kit_is_refused(self, nurse: Browser, url: str):
        hidden = nurse.hidden(url)

        page = nurse.post(url, {**hidden, "tubes-0-code": "T0001"})

        assert page.status_code == 422
        assert nothing_written()

    def test_other_sites_and_other_roles_are_kept_out(
        self, sign_in: SignIn, actors: People, nurse: Browser, url: str
    ):
        assert sign_in(actors.other_site_nurse).get(url).status_code == 404
        assert sign_in(actors.technician).get(url).status_code == 403
        made = nurse.send(url, **tubes("T0001", "T0002", "T0003")).location
        assert sign_in(actors.other_site_nurse).get(made).status_code == 404


class TestLooseTubes:
    """Tubes of a bag without a kit's label: participant, tubes, and nothing else."""

    @staticmethod
    def scanned(nurse: Browser, participant: Participant, code: str) -> str:
        """Where a scan on the participant's page leads."""
        page = f"/participants/{participant.code}"
        return nurse.send("/scan", page=page, code=code).location

    def test_a_new_label_scanned_on_the_participants_page_is_on_the_first_tube(
        self, nurse: Browser, participant: Participant, url: str
    ):
        page = self.scanned(nurse, participant, "T0001")

        assert page == f"{url}?first=T0001"
        shown = nurse.get(page)
        assert 'value="T0001"' in shown.text
        answer = nurse.send(page, **tubes("T0001", "T0002", "T0003"))
        assert "3 tubes are registered" in text_of(nurse.get(answer.location))

    def test_a_tube_that_is_known_opens_its_own_page(
        self, nurse: Browser, participant: Participant, url: str
    ):
        nurse.send(url, **tubes("T0001", "T0002", "T0003"))

        assert self.scanned(nurse, participant, "T0002").startswith("/samples/T0002")

    def test_the_card_of_somebody_unknown_is_never_taken_for_a_tube(
        self, nurse: Browser, participant: Participant
    ):
        somebody = participant_code.show(participant_code.new())
        answer = nurse.send("/scan", page=f"/participants/{participant.code}", code=somebody)

        assert answer.status_code == 404
        assert nothing_written()

    def test_a_label_that_is_new_is_unknown_everywhere_else(self, nurse: Browser):
        assert nurse.send("/scan", page="/", code="T0001").status_code == 404
