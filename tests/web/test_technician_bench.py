"""Receiving, processing and dividing: each tube named, nothing half done, nothing done twice."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from registry.kernel.actor import Actor
from registry.samples.models import Sample
from registry.vocab.custody import ActKind, HolderKind
from tests.factories.accounts import Sites
from tests.factories.custody import (
    make_received,
)
from tests.factories.samples import make_tube
from tests.web.pages import Browser, text_of
from tests.web.technician import lines

SignIn = Callable[[Actor], Browser]
NONSENSE = ["", " ", "'; --", "<b>x</b>", "B00000003X", "4,35E+09", "é" * 10, "\x00", "x" * 500]


pytestmark = pytest.mark.usefixtures("app")


class TestReceiving:
    URL = "/samples/receive"

    def send(self, browser: Browser, sites: Sites, *codes: str, **values: str):
        values.setdefault("condition", "good")
        values.setdefault("site_id", str(sites.biobank))
        return browser.send(self.URL, codes=lines(*codes), **values)

    def test_n_scanned_tubes_are_received_at_once(self, technician, actors, sites, now):
        tubes = [make_tube(actors).code for _ in range(3)]

        answer = self.send(technician, sites, *tubes)

        assert answer.status_code == 303
        assert {now.holder(code) for code in tubes} == {HolderKind.BENCH}
        assert "Tubes received: 3." in text_of(technician.get(answer.location))

    def test_every_refused_tube_is_named_and_none_is_received(self, technician, actors, sites, now):
        good, received = make_tube(actors).code, make_received(actors).code

        answer = self.send(technician, sites, good, received, "UNKNOWN-7")

        assert answer.status_code == 422
        assert f"{received} is on the bench" in text_of(answer)
        assert "There is no sample UNKNOWN-7 at your sites." in text_of(answer)
        assert now.holder(good) is HolderKind.COLLECTION_SITE
        assert good in answer.text, "what was scanned is kept"

    def test_what_is_kept_of_a_refused_list_is_what_was_read(self, technician, actors, sites):
        tube = make_tube(actors).code

        answer = self.send(technician, sites, f" {tube.lower()} ", "UNKNOWN-7", "VALIDER")

        assert f"{tube}\nUNKNOWN-7\n</textarea>" in answer.text.replace("\r", "")

    def test_sending_twice_has_one_effect(self, technician, actors, sites, now):
        tube = make_tube(actors).code
        hidden = technician.hidden(self.URL)
        values = {"codes": tube, "condition": "good", "site_id": str(sites.biobank)}

        first, second = (technician.post(self.URL, {**hidden, **values}) for _ in range(2))

        assert first.status_code == second.status_code == 303
        assert first.location == second.location
        assert now.acts(tube) == [ActKind.COLLECTED, ActKind.RECEIVED]

    def test_the_condition_stays_with_the_tube(self, technician, actors, sites):
        tube = make_tube(actors).code

        self.send(technician, sites, tube, condition="haemolysed", comment="pink")

        page = text_of(technician.get(f"/samples/{tube}"))
        assert "Condition: Haemolysed" in page
        assert "pink" in page

    def test_the_site_is_remembered_for_the_next_tubes(self, technician, actors, sites):
        self.send(technician, sites, make_tube(actors).code, site_id=str(sites.lyon))

        assert f'<option selected value="{sites.lyon}">' in technician.get(self.URL).text

    @pytest.mark.parametrize("nonsense", NONSENSE)
    def test_nonsense_is_refused_with_a_sentence(self, technician, sites, nonsense):
        answer = self.send(technician, sites, nonsense)

        assert answer.status_code == 422
        assert "Please check this" in text_of(answer)

    @pytest.mark.parametrize(
        "values",
        [
            {"condition": "splendid"},
            {"site_id": "999999"},
            {"site_id": "x"},
            {"received_at": "tomorrow"},
            {"received_at": "01/01/2999 08:00"},
            {"received_at": "01/01/1999 08:00"},
            {"comment": "x" * 501},
        ],
    )
    def test_a_wrong_field_leaves_the_tube_where_it_was(
        self, technician, actors, sites, values, now
    ):
        tube = make_tube(actors).code

        answer = self.send(technician, sites, tube, **values)

        assert answer.status_code in (404, 409, 422)
        assert now.holder(tube) is HolderKind.COLLECTION_SITE

    def test_a_technician_of_another_site_finds_no_such_tube(self, sign_in, actors, sites):
        tube = make_tube(actors).code
        browser = sign_in(actors.other_site_technician).speak("en")

        answer = self.send(browser, sites, tube, site_id=str(sites.lyon))

        assert f"There is no sample {tube} at your sites." in text_of(answer)


class TestProcessing:
    def test_tubes_are_recorded_as_centrifuged(self, technician, actors, now):
        tube = make_received(actors).code

        answer = technician.send("/samples/process", codes=tube, kind="centrifuged")

        assert answer.status_code == 303
        assert now.acts(tube)[-1] is ActKind.CENTRIFUGED

    @pytest.mark.parametrize("kind", ["", "placed", "cooked"])
    def test_nothing_but_a_processing_is_taken(self, technician, actors, kind, now):
        tube = make_received(actors).code

        answer = technician.send("/samples/process", codes=tube, kind=kind)

        assert answer.status_code == 422
        assert now.acts(tube)[-1] is ActKind.RECEIVED


class TestAliquoting:
    def send(self, browser: Browser, parent: Sample, **values: str):
        values.setdefault("volume", "0,5")
        values.setdefault("sample_type", "PL2")
        values.setdefault("container_type", "PED")
        return browser.send(f"/samples/{parent.code}/aliquots/new", **values)

    def test_scanning_the_parent_leads_to_its_aliquots(self, technician, actors):
        parent = make_received(actors)

        answer = technician.send("/samples/aliquots/new", code=parent.code.lower())

        assert answer.location == f"/samples/{parent.code}/aliquots/new"
        assert "5 mL left in this tube" in text_of(technician.get(answer.location))

    def test_the_children_get_what_the_parent_gives(self, technician, actors, now):
        parent = make_received(actors, "5")

        answer = self.send(technician, parent, children=lines("C1", "C2", "C3"))

        assert answer.status_code == 303
        assert now.left(parent.code) == Decimal("3.5")
        assert now.children(parent.code) == ["C1", "C2", "C3"]
        assert "3 new aliquots" in text_of(technician.get(answer.location))

    def test_codes_are_issued_when_no_label_is_printed_yet(self, technician, actors, now):
        parent = make_received(actors, "5")

        self.send(technician, parent, count="8", last_volume="0,3", loss="0,1")

        volumes = [now.left(code) for code in now.children(parent.code)]
        assert volumes == [Decimal("0.5")] * 7 + [Decimal("0.3")]
        assert now.left(parent.code) == Decimal("1.1")

    def test_microlitres_are_drawn_from_millilitres(self, technician, actors, now):
        parent = make_received(actors, "5")

        self.send(technician, parent, children=lines("C1", "C2"), volume="250", unit="uL")

        assert [now.left(code) for code in ("C1", "C2")] == [Decimal("0.25")] * 2
        assert now.left(parent.code) == Decimal("4.5")
        page = technician.get(f"/samples/{make_received(actors).code}/aliquots/new").text
        assert 'value="250"' in page
        assert '<option selected value="uL">' in page

    def test_more_than_is_left_is_refused_and_nothing_is_drawn(self, technician, actors, now):
        parent = make_received(actors, "1")

        answer = self.send(technician, parent, count="3")

        assert answer.status_code == 409
        assert f"Only 1 mL are left in {parent.code}" in text_of(answer)
        assert now.left(parent.code) == 1
        assert not now.children(parent.code)

    def test_a_taken_code_is_named(self, technician, actors, now):
        parent, other = make_received(actors), make_tube(actors)

        answer = self.send(technician, parent, children=lines("NEW1", other.code))

        assert f"The code {other.code} is taken by another tube." in text_of(answer)
        assert not now.children(parent.code)

    def test_a_number_that_the_scans_contradict_is_refused(self, technician, actors):
        parent = make_received(actors)

        answer = self.send(technician, parent, children=lines("C1", "C2"), count="3")

        assert "2 tubes were scanned, but 3 were announced." in text_of(answer)

    def test_sending_twice_makes_the_aliquots_once(self, technician, actors, now):
        parent = make_received(actors, "5")
        url = f"/samples/{parent.code}/aliquots/new"
        values = {
            **technician.hidden(url),
            "volume": "0,5",
            "count": "2",
            "sample_type": "PL2",
            "container_type": "PED",
        }

        first, second = (technician.post(url, values) for _ in range(2))

        assert first.location == second.location
        assert len(now.children(parent.code)) == 2
        assert now.left(parent.code) == 4

    def test_the_volume_is_proposed_for_the_next_parent(self, technician, actors):
        self.send(technician, make_received(actors), count="1", volume="0,25")

        page = technician.get(f"/samples/{make_received(actors).code}/aliquots/new")

        assert 'value="0,25"' in page.text

    @pytest.mark.parametrize(
        "values",
        [
            {"volume": "-1", "count": "1"},
            {"volume": "0", "count": "1"},
            {"volume": "1.234", "count": "1"},
            {"volume": "lots", "count": "1"},
            {"count": "0"},
            {"count": "97"},
            {"count": "1", "loss": "-1"},
            {"count": "1", "sample_type": "BEER"},
            {"count": "1", "at": "yesterday"},
            {},
            {"children": "C1\r\nC1"},
            {"children": "B00000003X"},
        ],
    )
    def test_nonsense_draws_nothing(self, technician, actors, values, now):
        parent = make_received(actors, "5")

        answer = self.send(technician, parent, **values)

        assert answer.status_code == 422
        assert now.left(parent.code) == 5

    def test_a_tube_not_yet_received_is_not_divided(self, technician, actors):
        parent = make_tube(actors)

        answer = self.send(technician, parent, count="1")

        assert answer.status_code == 409
        assert "receive it first" in text_of(answer)
