"""The page of a tube says what follows from its chain; the bench records what it takes."""

import re

import pytest

from registry.persistence.database import remove_sessions
from registry.vocab import limits
from registry.vocab.samples import SampleType
from tests.factories.accounts import People
from tests.factories.custody import biobank, make_received
from tests.factories.samples import make_tube
from tests.web.pages import Browser, text_of

SPIN = {"kind": "centrifuged", "minutes": "10", "g": "2000", "brake": "on", "ambient": "RT"}


def received(actors: People) -> str:
    code = make_received(actors).code
    remove_sessions()
    return code


def test_a_centrifugation_says_how_and_the_code_follows(app, actors, technician: Browser):
    code = received(actors)

    technician.send("/samples/process", codes=code, **SPIN)

    page = text_of(technician.get(f"/samples/{code}"))
    assert "BLD-PED-X-B-N-X-X" in page
    assert "2000 × g" in page


def test_a_freezing_says_in_what(app, actors, technician: Browser):
    code = received(actors)

    technician.send(
        "/samples/process", codes=code, kind="frozen", vessel="cryotube", programmed="y"
    )

    page = text_of(technician.get(f"/samples/{code}"))
    assert "In: Cryotube, 1 to 2 mL" in page
    assert "Frozen by a programme" in page


def test_blood_that_is_kept_as_blood_and_was_spun_is_doubtful(app, actors, technician: Browser):
    code = received(actors)
    technician.send("/samples/process", codes=code, **SPIN)
    technician.send("/samples/process", codes=code, kind="frozen")

    page = text_of(technician.get(f"/samples/{code}"))
    assert "Whole blood, but a centrifugation is recorded." in page


@pytest.mark.parametrize(("kind", "field"), [("centrifuged", "vessel"), ("thawed", "programmed")])
def test_a_vessel_is_of_a_freezing_alone(app, actors, technician: Browser, kind, field):
    said = {"vessel": "straw"} if field == "vessel" else {"programmed": "y"}

    answer = technician.send("/samples/process", codes=received(actors), kind=kind, **said)

    assert answer.status_code == 422
    assert "Only a freezing has this." in text_of(answer)


def test_the_next_centrifugation_begins_as_the_last_one(app, actors, technician: Browser):
    answer = technician.send("/samples/process", codes=received(actors), **SPIN)

    assert 'value="2000"' in technician.get(answer.location).text


def test_freezing_begins_with_nothing(app, actors, technician: Browser):
    technician.send("/samples/process", codes=received(actors), **SPIN)

    assert 'value="2000"' not in technician.get("/samples/process?kind=frozen").text


def test_a_force_for_a_freezing_is_refused_at_its_field(app, actors, technician: Browser):
    answer = technician.send("/samples/process", codes=received(actors), kind="frozen", g="2000")

    assert answer.status_code == 422
    assert "Only a centrifugation has these." in text_of(answer)


def test_how_tubes_were_kept_is_recorded_at_their_receipt(app, actors, technician: Browser):
    code, site = make_tube(actors).code, biobank(actors)
    remove_sessions()

    technician.send(
        "/samples/receive", codes=code, site_id=str(site), condition="good", ambient="2-10C"
    )

    assert "Cool, 2 to 10 °C" in text_of(technician.get(f"/samples/{code}"))


def test_tissue_is_received_with_how_it_was_taken_and_fixed(app, actors, technician: Browser):
    code = make_tube(actors, sample_type=SampleType.TISSUE).code
    site = biobank(actors)
    remove_sessions()

    technician.send(
        "/samples/receive", codes=code, site_id=str(site), condition="good", collection="BPS",
        fixation="NBF", clamped_at="10/03/2026 08:55", fixed_at="10/03/2026 09:25",
        fixed_until="10/03/2026 13:00",
    )  # fmt: skip

    page = text_of(technician.get(f"/samples/{code}"))
    assert "TIS-BPS-B-D-NBF-C-X" in page
    for said in ("Warm ischaemia 5 min", "Cold ischaemia 25 min", "Fixed 10/03/2026 09:25"):
        assert said in page


def test_a_fixation_of_blood_is_refused(app, actors, technician: Browser):
    code, site = make_tube(actors).code, biobank(actors)
    remove_sessions()

    answer = technician.send(
        "/samples/receive", codes=code, site_id=str(site), condition="good", fixation="NBF"
    )

    assert answer.status_code == 422
    assert f"{code} is no tissue" in text_of(answer)


class TestSearching:
    def test_the_list_shows_what_was_thawed_often_enough(self, app, actors, technician: Browser):
        never, thawed = received(actors), received(actors)
        technician.send("/samples/process", codes=thawed, kind="thawed")

        page = text_of(technician.get("/samples?thaws_from=1&collected_from=01/01/2026"))

        assert thawed in page
        assert never not in page

    def test_the_criteria_stay_in_the_addresses_of_the_pages(
        self, app, actors, technician: Browser, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(limits, "PAGE_ROWS", 1)
        codes = [received(actors) for _ in range(2)]
        asked = "collected_from=01%2F01%2F2026&thaws_to=0&exposure=never"

        first = technician.get(f"/samples?{asked}")
        [following] = re.findall(r'href="(/samples\?after=[^"]+)"', first.text)
        second = technician.get(following.replace("&amp;", "&"))

        assert "collected_from=2026-01-01" in following
        assert codes[1] in text_of(first)
        assert codes[0] in text_of(second)
        assert codes[1] not in text_of(second)

    def test_an_end_before_its_beginning_is_refused_at_its_field(self, app, technician: Browser):
        answer = technician.get("/samples?thaws_from=3&thaws_to=1")

        assert "The end comes before the beginning." in text_of(answer)
        assert '<details class="more" open>' in answer.text

    def test_by_the_beginning_of_the_code(self, app, actors, technician: Browser):
        spun, other = received(actors), received(actors)
        technician.send("/samples/process", codes=spun, **SPIN)

        page = text_of(technician.get("/samples?sprec=bld-*-x-b"))

        assert spun in page
        assert other not in page

    def test_what_is_no_beginning_of_a_code_is_refused(self, app, technician: Browser):
        answer = technician.get("/samples?sprec=PL1_PED")

        assert "Write the beginning of a code" in text_of(answer)
