"""Printing labels from the pages."""

import re

import pytest

from tests import rendered
from tests.factories.custody import divide, make_received
from tests.factories.samples import make_consenting_participant, make_tube
from tests.web.pages import text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")

STOCK = "tube_38x21_a4"


class TestKnownTubes:
    def test_the_labels_are_those_of_the_scanned_tubes_in_their_order(self, technician, actors):
        tubes = [make_tube(actors).code for _ in range(3)][::-1]

        answer = technician.send("/labels", codes=lines(*tubes), stock=STOCK)

        assert answer.mimetype == "application/pdf"
        assert rendered.codes(answer.data) == tubes

    def test_a_label_says_what_is_in_the_tube_and_whose_it_is_by_code(self, technician, actors):
        participant = make_consenting_participant(actors)
        children = divide(actors, make_received(actors, participant=participant).code, "1", "1")

        answer = technician.send("/labels", codes=children[1].code, stock=STOCK)

        words = rendered.words(answer.data)
        shown = f"{participant.code[:4]}-{participant.code[4:]}"
        for expected in (children[1].code, "PL2 Plasma", shown, "10 Mar 2026", "2/2"):
            assert expected in words

    def test_one_press_prints_the_new_aliquots(self, technician, actors):
        parent = make_received(actors)
        children = [child.code for child in divide(actors, parent.code, "1", "1", "1")]
        page = f"/samples/{parent.code}?made=2"

        forms = re.findall(r'action="/labels">.*?</form>', technician.get(page).text, re.DOTALL)
        new = next(form for form in forms if "Print the new labels" in form)

        assert [code in new for code in children] == [False, True, True]

    def test_an_unknown_tube_is_named_and_nothing_is_printed(self, technician, actors):
        answer = technician.send(
            "/labels", codes=lines(make_tube(actors).code, "UNKNOWN-7"), stock=STOCK
        )

        assert answer.status_code == 422
        assert "There is no sample with the code UNKNOWN-7" in text_of(answer)

    @pytest.mark.parametrize("first", ["0", "66", "201", "x", "-1"])
    def test_a_place_off_the_sheet_is_refused(self, technician, actors, first):
        answer = technician.send("/labels", codes=make_tube(actors).code, stock=STOCK, first=first)

        assert answer.status_code == 422

    def test_another_sites_tube_has_no_label(self, sign_in, actors):
        browser = sign_in(actors.other_site_nurse)

        answer = browser.send("/labels", codes=make_tube(actors).code, stock=STOCK)

        assert answer.status_code == 422


class TestFreshLabels:
    def test_each_code_is_new(self, technician):
        first, second = (
            rendered.codes(
                technician.send("/labels/fresh", page="/labels", count="12", stock=STOCK).data
            )
            for _ in range(2)
        )

        assert len(set(first + second)) == 24

    def test_a_fresh_label_becomes_an_aliquot(self, technician, actors, now):
        [code] = rendered.codes(
            technician.send("/labels/fresh", page="/labels", count="1", stock=STOCK).data
        )
        parent = make_received(actors)

        technician.send(
            f"/samples/{parent.code}/aliquots/new",
            children=code,
            volume="0,5",
            sample_type="PL2",
            container_type="PED",
        )

        assert now.children(parent.code) == [code]

    @pytest.mark.parametrize("count", ["0", "401", "x", "", "-1", "1e3"])
    def test_nonsense_takes_no_code(self, technician, count):
        answer = technician.send("/labels/fresh", page="/labels", count=count, stock=STOCK)

        assert answer.status_code == 422

    def test_a_place_off_the_sheet_takes_no_code(self, technician):
        def fresh(**values: str):
            return technician.send(
                "/labels/fresh", page="/labels", count="1", stock=STOCK, **values
            )

        [before] = rendered.codes(fresh().data)
        assert fresh(first="66").status_code == 422
        [after] = rendered.codes(fresh().data)

        assert int(after[1:-1]) - int(before[1:-1]) <= 2

    def test_a_nurse_takes_none(self, sign_in, actors):
        browser = sign_in(actors.nurse)

        hidden = browser.hidden("/labels", "/labels")
        answer = browser.post("/labels/fresh", {**hidden, "count": "1", "stock": STOCK})

        assert answer.status_code == 403
