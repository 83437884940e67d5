"""What the technician reads: a scanned tube, its page, its form, the lists of what waits."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from registry.kernel.actor import Actor
from registry.persistence import db
from registry.vocab import limits
from tests import rendered
from tests.factories.custody import (
    check_out,
    divide,
    make_checked_out,
    make_received,
    make_stored,
)
from tests.factories.samples import make_consenting_participant, make_tube, make_tubes, tube_in
from tests.factories.storage import make_box
from tests.web.pages import Browser, text_of

SignIn = Callable[[Actor], Browser]

pytestmark = pytest.mark.usefixtures("app")


class TestScanning:
    def test_a_tube_opens_its_page(self, technician, actors):
        code = make_tube(actors).code

        for path, page in (("/scan", "/"), ("/samples/find", "/samples/find")):
            answer = technician.send(path, page=page, code=f"\x02 {code.lower()}\r\n")

            assert (answer.status_code, answer.location) == (303, f"/samples/{code}")

    def test_a_box_opens_its_map(self, technician, actors):
        box = make_box(actors)

        answer = technician.send("/scan", page="/", code=box.unit.code)

        assert answer.location == f"/storage/boxes/{box.id}"

    def test_an_azerty_scan_is_put_right(self, technician, actors):
        code = make_tube(actors).code
        # A scanner that believes in a US keyboard, on a French one.
        azerty = dict(zip("1234567890", "&é\"'(-è_çà", strict=True)) | {"A": "Q", "Q": "A"}
        typed = "".join(azerty.get(sign, sign) for sign in code)

        assert technician.send("/samples/find", code=typed).location == f"/samples/{code}"

    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            ("UNKNOWN-7", "There is no sample with this code at your sites."),
            ("B00000003X", "was misread"),
            ("", "Fill in this field."),
            ("B00000003OB00000003O", "scanned twice"),
            ("4,35E+09", "spreadsheet"),
            ("日本", "signs that no label has"),
            ("..", "signs that no label has"),
            ("/A", "signs that no label has"),
            ("x" * 400, "at most 40 characters"),
        ],
    )
    def test_what_is_no_tube_is_said(self, technician, code, sentence):
        answer = technician.send("/samples/find", code=code)

        assert answer.status_code in (404, 422)
        assert sentence in text_of(answer)

    def test_another_sites_tube_is_not_found(self, sign_in, actors):
        code = make_tube(actors).code
        browser = sign_in(actors.other_site_technician)

        assert browser.send("/samples/find", code=code).status_code == 404
        for page in ("", "/custody.pdf", "/aliquots/new", "/check-out", "/return"):
            assert browser.get(f"/samples/{code}{page}").status_code == 404, page


class TestTheTubesPage:
    def test_it_says_what_where_whose_and_what_is_left(self, technician, actors):
        sample = make_stored(actors, cell="B7")

        page = text_of(technician.get(f"/samples/{sample.code}"))

        for expected in ("In store", "0.5 mL left", "Plasma, double spun", "Freezer F1", "B7"):
            assert expected in page

    def test_the_place_leads_to_the_cell_in_the_map(self, technician, actors):
        box = make_box(actors)
        sample = make_stored(actors, box=box, cell="B7")

        page = technician.get(f"/samples/{sample.code}")

        assert f'href="/storage/boxes/{box.id}?placed={sample.code}"' in page.text
        map_ = technician.get(f"/storage/boxes/{box.id}?placed={sample.code}")
        assert 'cell-shown" id="shown"' in map_.text
        assert f"{sample.code} B7" in text_of(map_)

    def test_the_family_is_drawn_in_both_directions(self, technician, actors):
        parent = make_received(actors)
        child = divide(actors, parent.code, "1")[0]
        grandchild = divide(actors, child.code, "0.2")[0]

        page = text_of(technician.get(f"/samples/{child.code}"))

        assert page.index(parent.code) < page.index(f"{grandchild.code} PL2")
        assert "this tube" in page

    def test_every_act_since_the_collection_is_told(self, technician, actors):
        sample = make_stored(actors)
        check_out(actors, sample.code, comment="Assay <b>4</b>")

        page = text_of(technician.get(f"/samples/{sample.code}"))

        for act in ("Checked out", "Placed", "Derived", "Received", "Collected"):
            assert act in page
        assert "Assay <b>4</b>" in page

    def test_what_was_done_to_the_parent_later_is_on_the_parents_page(self, technician, actors):
        parent = make_received(actors)
        child = divide(actors, parent.code, "1")[0]
        divide(actors, parent.code, "0.25")

        assert "0.25 mL" not in text_of(technician.get(f"/samples/{child.code}"))
        assert "0.25 mL" in text_of(technician.get(f"/samples/{parent.code}"))

    def test_what_cannot_be_done_now_says_why(self, technician, actors):
        sample = make_checked_out(actors)

        page = text_of(technician.get(f"/samples/{sample.code}"))

        assert f"{sample.code} is checked out to {actors.technician.name}" in page
        assert f'href="/samples/{sample.code}/check-out"' not in page

    def test_what_can_be_done_is_one_press_away(self, technician, actors):
        code = make_received(actors).code
        page = technician.get(f"/samples/{code}").text

        for target in (f"/samples/{code}/aliquots/new", f"/samples/place?code={code}"):
            assert f'href="{target}"' in page
            assert technician.get(target).status_code == 200
        assert code in technician.get(f"/samples/place?code={code}").text

    def test_a_nurse_reads_it_and_may_only_report_an_incident(self, sign_in, actors):
        code = make_tube(actors).code

        page = sign_in(actors.nurse).speak("en").get(f"/samples/{code}").text

        offered = page.partition('class="doings"')[2].partition("</ul>")[0]
        assert offered.count("<a ") == 1
        assert f"/incidents/new?code={code}" in offered

    @pytest.mark.parametrize("code", ["A/B", "A B", "A%2FB", "A+B#C:D)*$", "A..", "A//B", "WORK"])
    def test_any_foreign_code_has_a_page_and_a_form(self, technician, actors, code):
        make_tube(actors, code=code)

        found = technician.send("/samples/find", code=code)
        assert found.status_code == 303
        page = technician.get(found.location)

        assert page.status_code == 200
        assert code in text_of(page)
        assert technician.get(f"{found.location}/custody.pdf").status_code == 200

    @pytest.mark.parametrize("made", ["-1", "0", "x", "99999"])
    def test_a_made_up_number_of_new_aliquots_does_no_harm(self, technician, actors, made):
        code = make_received(actors).code

        assert technician.get(f"/samples/{code}?made={made}").status_code == 200


class TestTheCustodyForm:
    def test_it_is_a_pdf_in_the_readers_language_named_by_the_code(self, technician, actors):
        sample = make_stored(actors)

        answer = technician.get(f"/samples/{sample.code}/custody.pdf")

        assert answer.mimetype == "application/pdf"
        assert f"custody-{sample.code}.pdf" in answer.headers["Content-Disposition"]
        words = rendered.words(answer.data)
        for expected in (sample.code, "Chain-of-custody form", "Collected", "Placed", "Genealogy"):
            assert expected in words
        assert rendered.codes(answer.data) == [sample.code]

    def test_an_undone_act_and_its_correction_name_each_other(self, technician, actors, now):
        sample = make_stored(actors)
        act_id = now.chain(sample.code)[-1].act_id
        technician.send(f"/samples/{sample.code}/acts/{act_id}/undo", reason="Wrong box")

        words = rendered.words(technician.get(f"/samples/{sample.code}/custody.pdf").data)

        assert "Undone by act no. 6" in words.replace("\n", " ")
        assert "Undoes act no. 5" in words.replace("\n", " ")
        assert "Wrong box" in words

    def test_no_donor_is_named_on_it(self, technician, actors):
        participant = make_consenting_participant(actors)
        sample = make_tube(actors, participant=participant)

        words = rendered.words(technician.get(f"/samples/{sample.code}/custody.pdf").data)

        shown = f"{participant.code[:4]}-{participant.code[4:]}"
        assert shown in words
        assert str(participant.birth_year) not in words


class TestLists:
    def test_the_list_is_paged_and_filtered(self, technician, actors):
        participant = make_consenting_participant(actors)
        for _ in range(2):
            make_tubes(actors, *[tube_in("1")] * limits.KIT_TUBES_MAX, participant=participant)
        make_received(actors, participant=participant)

        first = technician.get("/samples?held=collection_site&sample_type=BLD")
        following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = technician.get(following)

        assert first.text.count('<th scope="row">') == limits.PAGE_ROWS
        assert second.text.count('<th scope="row">') == 80 - limits.PAGE_ROWS
        assert "held=collection_site" in following

    @pytest.mark.parametrize(
        "query", ["sample_type=BEER", "site_id=x", "held=%00", "cohort_id=-1", "site_id=99999999"]
    )
    def test_a_nonsense_filter_is_refused_or_finds_nothing(self, technician, query):
        assert technician.get(f"/samples?{query}").status_code in (200, 422)

    def test_a_made_up_place_in_the_list_is_not_found(self, technician):
        for path in ("/samples", "/samples/work"):
            assert technician.get(f"{path}?after=NOTHING").status_code == 404

    def test_the_list_makes_as_many_statements_for_many_rows_as_for_few(self, technician, actors):
        participant = make_consenting_participant(actors)
        make_tube(actors, participant=participant)
        few = statements(lambda: technician.get("/samples"))
        make_tubes(actors, *[tube_in("1")] * 30, participant=participant)

        assert statements(lambda: technician.get("/samples")) == few

    def test_what_waits_is_counted_and_listed(self, technician, actors):
        tube, bench, lent = make_tube(actors), make_received(actors), make_checked_out(actors)

        work = text_of(technician.get("/samples/work"))
        assert "To receive 1" in work
        assert "On loan 1" in work
        for kind, code in (
            ("collection_site", tube.code),
            ("bench", bench.code),
            ("person", lent.code),
        ):
            assert code in text_of(technician.get(f"/samples/work?list={kind}"))
        assert technician.get("/samples/work?list=nonsense").status_code == 200

    def test_no_name_is_in_a_list(self, technician, actors):
        make_checked_out(actors)

        page = text_of(technician.get("/samples"))

        assert "Remaining" in page
        assert "born" not in page.lower()


def statements(act: Callable[[], object]) -> int:
    """How many statements the registry's database is asked while this is done."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    engine = db.engines["registry"]
    sa.event.listen(engine, "before_cursor_execute", count)
    act()
    sa.event.remove(engine, "before_cursor_execute", count)
    return seen
