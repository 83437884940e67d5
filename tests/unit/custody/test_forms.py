"""The chain-of-custody form on paper: complete, readable, verifiable."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pypdf
import pytest

from registry.custody import forms
from registry.custody.forms import Act, Chain, Place, Printing, Relative
from registry.kernel.messages import Message, T
from registry.vocab.custody import ActKind
from registry.vocab.samples import ContainerType, SampleType, Unit
from tests import rendered

MORNING = datetime(2026, 3, 28, 8, 17, tzinfo=UTC)
PARENT, CHILD = "B00000003O", "B000000198"
BENCH = Place("Paillasse", "Biobanque")
CELL = Place("Congélateur \N{MINUS SIGN}80, BX-0042, D7", "Biobanque")

FRENCH = {
    "Chain-of-custody form": "Fiche de traçabilité",
    "Placed": "Rangé",
    "Printed on {moment} by {person}": "Imprimé le {moment} par {person}",
}


def in_french(message: Message) -> str:
    """A translator that knows a few sentences."""
    words = {name: str(value) for name, value in message.params.items()}
    return FRENCH.get(message.msgid, message.msgid).format(**words)


def make_act(hour: int, kind: ActKind, **changes) -> Act:
    happened = MORNING + timedelta(hours=hour)
    return Act(
        **{
            "sample_code": CHILD,
            "kind": kind,
            "happened_at": happened,
            "recorded_at": happened,
            "person": "Théo Lefèvre",
            "before": BENCH,
            "after": CELL,
            **changes,
        }
    )


def make_chain(**changes) -> Chain:
    return Chain(
        **{
            "code": CHILD,
            "sample_type": SampleType.PLASMA_SINGLE_SPUN,
            "container_type": ContainerType.POLYPROPYLENE,
            "participant": "0123-AC25",
            "collected_at": MORNING,
            "remaining": Decimal("0.45"),
            "unit": Unit.MILLILITRE,
            "holder": CELL,
            "family": [
                Relative(PARENT, SampleType.BLOOD, 0),
                Relative(CHILD, SampleType.PLASMA_SINGLE_SPUN, 1, is_subject=True),
            ],
            "acts": [
                make_act(1, ActKind.COLLECTED, sample_code=PARENT, before=None, after=BENCH),
                make_act(2, ActKind.ALIQUOTED, sample_code=PARENT, notes=[T("8 aliquots")]),
                make_act(3, ActKind.PLACED),
                make_act(4, ActKind.CHECKED_OUT, notes=["Dosage de l’interféron Ω, œdème"]),
            ],
            **changes,
        }
    )


def printed(chain: Chain, *, language: str = "en", translate=str) -> bytes:
    when = MORNING + timedelta(days=30)
    return forms.custody_form(chain, Printing(translate, language, "Amélie Duchêne", when))


class TestForm:
    def test_it_tells_every_act_of_the_sample_and_of_its_ancestors(self):
        words = rendered.words(printed(make_chain()))

        for expected in (
            "Collected", "Aliquoted", "Placed", "Checked out", PARENT, CHILD, "Théo Lefèvre",
            "28 Mar 2026 12:17", "Dosage de l’interféron Ω, œdème", "8 aliquots", "0123-AC25",
            "Plasma, single spun", "0.45 mL", "Congélateur \N{MINUS SIGN}80", "Biobanque",
        ):  # fmt: skip
            assert expected in words

    def test_a_scanner_reads_the_sample_from_its_head(self):
        assert rendered.codes(printed(make_chain())) == [CHILD]

    def test_it_speaks_the_language_of_the_reader(self):
        made = printed(make_chain(), language="fr", translate=in_french)

        words = rendered.words(made)
        assert "Fiche de traçabilité" in words
        assert "Rangé" in words
        assert "0,45 mL" in words
        assert "Imprimé le 27/04/2026 10:17 par Amélie Duchêne" in words
        assert pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]["/Lang"] == "fr"

    def test_it_is_a_tagged_accessible_pdf_with_table_headers(self):
        made = printed(make_chain())

        root = pypdf.PdfReader(io.BytesIO(made)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert b"pdfuaid:part" in root["/Metadata"].get_data()
        assert {"/H1", "/H2", "/Table", "/TH", "/TR", "/TD", "/Figure"} <= tags(root)

    def test_each_page_names_the_sample_and_its_place_in_the_form(self):
        acts = [make_act(number, ActKind.PLACED) for number in range(1, 97)]
        reader = pypdf.PdfReader(io.BytesIO(printed(make_chain(acts=acts))))

        total = len(reader.pages)
        assert total > 2
        for number, page in enumerate(reader.pages, start=1):
            text = page.extract_text()
            assert CHILD in text
            assert f"{number}/{total}" in text

    def test_an_act_written_down_on_another_day_says_when(self):
        late = make_act(3, ActKind.PLACED, recorded_at=MORNING + timedelta(days=3))

        assert "recorded 31 Mar 2026" in rendered.words(printed(make_chain(acts=[late])))

    def test_a_chain_without_acts_says_so(self):
        assert "No act is recorded." in rendered.words(printed(make_chain(acts=[])))

    @pytest.mark.parametrize(
        "nonsense",
        ['#panic("x") \\ $a$ *b* [c] <d> @e', "= Title", "// gone", "日本 🧊 \x07", "x" * 500, " "],
    )
    def test_what_people_wrote_stays_text(self, nonsense):
        act = make_act(1, ActKind.CHECKED_OUT, notes=[nonsense], person=nonsense)

        words = rendered.words(printed(make_chain(acts=[act], participant=nonsense)))

        assert "Checked out" in words
        if nonsense.isascii() and len(nonsense) < 50:
            assert nonsense.strip() in words

    def test_a_word_too_long_for_its_column_is_broken_within_the_page(self):
        act = make_act(1, ActKind.CHECKED_OUT, notes=["z" * 500], person="y" * 120)

        made = printed(make_chain(acts=[act], participant="x" * 200))

        width = float(pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox.width)
        assert rendered.rightmost(made) < width - 30

    def test_the_same_record_printed_at_the_same_time_gives_the_same_bytes(self):
        assert printed(make_chain()) == printed(make_chain())


class TestVerificationCode:
    def test_it_is_printed_and_does_not_depend_on_the_language(self):
        chain = make_chain()
        expected = forms.verification_code(chain)

        for language, translate in (("en", str), ("fr", in_french)):
            words = rendered.words(printed(chain, language=language, translate=translate))
            assert expected in words.replace(" ", "").replace("\n", "")

    @pytest.mark.parametrize(
        "changes",
        [
            {"remaining": Decimal("0.46")},
            {"participant": "0123-AC26"},
            {"acts": make_chain().acts[:-1]},
            {"acts": [*make_chain().acts[:-1], replace(make_chain().acts[-1], notes=["other"])]},
            {"family": make_chain().family[:1]},
        ],
    )
    def test_any_difference_in_the_record_changes_it(self, changes):
        assert forms.verification_code(make_chain(**changes)) != forms.verification_code(
            make_chain()
        )


def tags(root) -> set[str]:
    """Every structure element of the document."""
    found, waiting = set(), [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pypdf.generic.IndirectObject):
            node = node.get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            found.add(str(node.get("/S", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    return found
