"""The administrator defines an act; the technician records it on tubes; everybody reads it."""

import pytest

from registry.custody.defined import queries, service
from registry.persistence import database
from registry.vocab.custody import ActKind, CheckoutReason, HolderKind
from tests import rendered
from tests.factories.custody import make_received, make_stored
from tests.factories.defined import ON_ICE, do_act, make_act, sonication
from tests.statements import counted
from tests.web.pages import Browser, text_of
from tests.web.technician import lines

pytestmark = pytest.mark.usefixtures("app")

NEW = {
    "code": "sonic", "fr": "Passé aux ultrasons", "en": "Sonicated", "holders": "bench",
    "use": "", "asked-0-fr": "Durée", "asked-0-en": "Duration", "asked-0-kind": "number",
    "asked-0-is_required": "y", "asked-0-unit": "s", "asked-0-least": "0,5", "asked-0-most": "600",
    "asked-1-fr": "Aspect", "asked-1-en": "Look", "asked-1-kind": "choice",
    "asked-1-options": "Limpide / Clear\r\nTrouble / Cloudy\r\n",
    **{f"asked-{number}-kind": "text" for number in range(2, 8)},
}  # fmt: skip


@pytest.fixture
def admin(sign_in, actors) -> Browser:
    return sign_in(actors.admin).speak("en")


def newest(code="SONIC"):
    database.remove_sessions()
    return queries.versions(code)[0]


def on_paper(technician, code):
    words = rendered.words(technician.get(f"/samples/{code}/custody.pdf").data)
    return " ".join(words.split())


class TestDefining:
    def test_what_was_typed_is_defined_and_listed(self, admin):
        assert admin.send("/acts/new", **NEW).location == "/acts"

        made = newest().definition
        assert [(one.key, one.kind, one.is_required, one.unit) for one in made.fields] == [
            ("duration", "number", True, "s"),
            ("look", "choice", False, None),
        ]
        assert made.holders == {HolderKind.BENCH}
        seen = text_of(admin.get("/acts"))
        assert "SONIC Sonicated Duration (s), Look On the bench" in seen
        assert "Offered" in seen

    def test_the_form_opens_as_it_was_written_and_says_so_when_nothing_changes(self, admin):
        admin.send("/acts/new", **NEW)
        opened = admin.get("/acts/SONIC").text
        for said in ('value="0.5"', 'value="Durée"', "Limpide / Clear\nTrouble / Cloudy"):
            assert said in opened, said

        same = {name: value for name, value in NEW.items() if name != "code"}
        assert "Nothing is changed" in text_of(admin.send("/acts/SONIC", **same))

    def test_a_change_is_the_next_version(self, admin):
        admin.send("/acts/new", **NEW)
        changed = {name: value for name, value in NEW.items() if name != "code"}

        sent = admin.send("/acts/SONIC", **{**changed, "en": "Shaken", "needs_comment": "y"})

        assert sent.location == "/acts/SONIC"
        assert (newest().number, newest().definition.name.en) == (2, "Shaken")
        assert "recorded by version 2" in text_of(admin.get("/acts/SONIC"))

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"code": "1 x"}, "Write a code such as SONIC"),
            ({"fr": ""}, "Fill in this field"),
            ({"holders": "destroyed"}, "at least one place"),
            ({"holders": ""}, "Choose one of the values offered"),
            ({"use": "other"}, "Choose one of the values offered"),
            ({"asked-0-en": ""}, "Field 1, English name: Fill in this field"),
            ({"asked-0-least": "700"}, "least value is above the greatest"),
            ({"asked-1-options": "Limpide"}, "write both names"),
            ({"asked-1-options": "Limpide / Clear"}, "two answers or more"),
            ({"asked-1-en": "Duration"}, "same English name"),
        ],
    )
    def test_what_could_not_be_recorded_is_answered(self, admin, changes, sentence):
        answer = admin.send("/acts/new", **{**NEW, **changes})

        assert answer.status_code == 422
        assert sentence in text_of(answer)
        database.remove_sessions()
        assert queries.newest() == []

    def test_retiring_and_taking_up_again(self, admin, actors, technician):
        make_act(actors)
        admin.send("/acts/SONIC/retire", page="/acts/SONIC")
        assert newest().retired_at is not None
        assert technician.get("/samples/acts/SONIC").status_code == 404

        admin.send("/acts/SONIC/resume", page="/acts/SONIC")

        assert newest().retired_at is None
        assert technician.get("/samples/acts/SONIC").status_code == 200

    def test_who_records_does_not_define(self, technician, actors):
        make_act(actors)
        for path in ("/acts", "/acts/new", "/acts/SONIC"):
            assert technician.get(path).status_code == 403


class TestRecording:
    def test_it_is_offered_on_the_tubes_page_and_on_the_page_of_work(self, technician, actors):
        make_act(actors)
        tube = make_received(actors)
        assert (
            f"/samples/acts/SONIC?tube={tube.code}" in technician.get(f"/samples/{tube.code}").text
        )
        assert "/samples/acts/SONIC" in technician.get("/samples/work").text
        assert f"{tube.code}\n" in technician.get(f"/samples/acts/SONIC?tube={tube.code}").text

    def test_what_is_said_of_scanned_tubes_is_on_their_pages(self, technician, actors, now):
        make_act(actors)
        codes = [make_received(actors).code, make_received(actors).code]

        sent = technician.send(
            "/samples/acts/SONIC", codes=lines(*codes), value_duration="12,5", value_look="cloudy",
            value_on_ice="n", value_device_checked_on="09/03/2026", value_device="Bath 2",
            comment="Gently",
        )  # fmt: skip

        assert sent.location == "/samples/acts/SONIC"
        assert "Sonicated: tubes recorded: 2." in text_of(technician.get(sent.location))
        assert [now.acts(code)[-1] for code in codes] == [ActKind.DEFINED] * 2
        said = text_of(technician.get(f"/samples/{codes[0]}"))
        for words in (
            "Sonicated", "Duration: 12.5 s", "Look: Cloudy", "On ice: no",
            "Device checked on: 09 Mar 2026", "Device: Bath 2",
        ):  # fmt: skip
            assert words in said, words

    def test_a_french_reader_reads_french(self, technician, actors):
        make_act(actors)
        tube = make_received(actors)
        technician.send("/samples/acts/SONIC", codes=tube.code, value_duration="12.5")
        technician.speak("fr")

        assert "Durée : 12,5 s" in text_of(technician.get(f"/samples/{tube.code}"))
        assert "Passé aux ultrasons" in text_of(technician.get("/custody/mine"))

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"value_duration": ""}, "Duration: Fill in this field"),
            ({"value_duration": "0.5"}, "at least 1"),
            ({"value_duration": "1.234"}, "thousands or decimals"),
            ({"value_look": "murky"}, "values offered"),
            ({"value_device_checked_on": "9/3/26"}, "Device checked on"),
            ({"codes": ""}, "Fill in this field"),
            ({"happened_at": "01/01/2999 08:00"}, "still to come"),
        ],
    )
    def test_nonsense_is_answered_and_nothing_is_recorded(
        self, technician, actors, now, values, sentence
    ):
        make_act(actors)
        code = make_received(actors).code

        answer = technician.send(
            "/samples/acts/SONIC", **{"codes": code, "value_duration": "30", **values}
        )

        assert answer.status_code == 422
        assert sentence in text_of(answer), text_of(answer)
        assert ActKind.DEFINED not in now.acts(code)

    def test_what_is_asked_may_have_changed_since_the_page_was_opened(
        self, technician, actors, now
    ):
        make_act(actors)
        code = make_received(actors).code
        opened = technician.hidden("/samples/acts/SONIC")
        service.change(actors.admin, "SONIC", sonication(fields=(ON_ICE,)), after=1)
        database.remove_sessions()

        answer = technician.send("/samples/acts/SONIC", hidden=opened, codes=code)

        assert "changed in the meantime" in text_of(answer)
        assert ActKind.DEFINED not in now.acts(code)

    def test_a_tube_that_it_cannot_be_done_to_says_why(self, technician, actors):
        make_act(actors, holders=frozenset({HolderKind.BENCH}))
        make_act(actors, "USED", use=CheckoutReason.ANALYSIS)
        stored = make_stored(actors)

        page = text_of(technician.get(f"/samples/{stored.code}"))

        assert f"{stored.code} is in its place" in page.partition("Not possible now")[0]

    def test_it_is_on_the_custody_form(self, technician, actors):
        make_act(actors)
        code = make_received(actors).code
        do_act(actors, code)
        database.remove_sessions()

        read = on_paper(technician, code)
        assert "Sonicated" in read
        assert "Duration: 30 s" in read
        technician.speak("fr")
        read = on_paper(technician, code)
        assert "Passé aux ultrasons" in read
        assert "Durée : 30 s" in read

    def test_it_is_undone_on_its_page(self, technician, actors, now):
        make_act(actors)
        code = make_received(actors).code
        do_act(actors, code)
        act_id = now.chain(code)[-1].act_id

        page = f"/samples/{code}/acts/{act_id}/undo"
        assert "Sonicated" in text_of(technician.get(page))
        technician.send(page, reason="The wrong tube")

        assert now.acts(code)[-1] is ActKind.CORRECTED

    def test_pages_cost_no_more_statements_however_many_acts_there_are(self, technician, actors):
        make_act(actors)
        code = make_received(actors).code
        do_act(actors, code)
        with counted() as few:
            technician.get(f"/samples/{code}")
        for number in range(4):
            make_act(actors, f"ACT-{number}")
            do_act(actors, code, act=f"ACT-{number}")
        with counted() as many:
            technician.get(f"/samples/{code}")

        assert len(many) == len(few)
