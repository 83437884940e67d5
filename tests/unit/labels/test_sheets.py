"""Labels: what is printed is what a scanner reads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from io import BytesIO

import pypdf
import pytest

from registry import typeset
from registry.kernel.errors import InvalidInput
from registry.labels.design import Design, Line
from registry.labels.layout import Content, lay_out
from registry.labels.sheets import STOCKS, Stock
from registry.vocab.labels import label
from registry.vocab.printing import LabelPurpose, LabelStock, SymbolSide, Token
from tests import rendered
from tests.factories.labels import PARTICIPANT, make_content, make_contents, print_sheet


class TestSheet:
    @pytest.mark.parametrize("stock", LabelStock)
    def test_a_scanner_reads_every_code_back_from_the_printed_page(self, stock):
        labels = make_contents(12)

        assert rendered.codes(print_sheet(labels, stock)) == [one.code for one in labels]

    def test_a_full_sheet_of_two_pages_is_read_back(self):
        labels = make_contents(130)

        assert rendered.codes(print_sheet(labels)) == [one.code for one in labels]

    def test_foreign_codes_of_every_length_are_read_back(self):
        labels = [
            make_content(code, type="BLD")
            for code in ("7", "FR05653780", "LUPUS-PED-0000123", "BB-2026-000123-A01/" + "X" * 21)
        ]

        assert rendered.codes(print_sheet(labels)) == [one.code for one in labels]

    def test_an_eye_reads_what_the_scanner_reads(self):
        labels = make_contents(3, type_name="Sérum")
        words = rendered.words(print_sheet(labels))

        for expected in (labels[2].code, "PL1 Sérum", PARTICIPANT, "28/03/2026", "3/3"):
            assert expected in words

    def test_a_sheet_already_begun_is_finished(self):
        labels = make_contents(2)
        upper_left, lower_right = (
            rendered.codes(print_sheet(labels, first=first)) for first in (1, 99)
        )

        assert upper_left == lower_right == [one.code for one in labels]
        assert len(list(rendered.pages(print_sheet(labels, first=100)))) == 2

    def test_the_same_labels_give_the_same_bytes(self):
        assert print_sheet(make_contents(20)) == print_sheet(make_contents(20))

    @pytest.mark.parametrize("first", [0, -1, 101, 10**9])
    def test_a_place_that_the_sheet_does_not_have_is_refused(self, first):
        with pytest.raises(InvalidInput, match="places 1 to 100"):
            print_sheet(make_contents(1), first=first)

    def test_nothing_to_print_is_said(self):
        with pytest.raises(InvalidInput, match="no label"):
            print_sheet([])

    def test_it_is_a_tagged_accessible_pdf(self):
        root = pypdf.PdfReader(BytesIO(print_sheet(make_contents(2)))).trailer["/Root"]

        assert root["/MarkInfo"]["/Marked"]
        assert b"pdfuaid:part" in root["/Metadata"].get_data()
        assert root["/Lang"] == "fr"


class TestStocks:
    @pytest.mark.parametrize("stock", LabelStock)
    def test_each_stock_fits_its_page_and_has_a_name(self, stock):
        place = STOCKS[stock]

        right = place.left + (place.columns - 1) * place.step_across + place.width
        bottom = place.top + (place.rows - 1) * place.step_down + place.height
        assert right <= place.page_width
        assert bottom <= place.page_height
        assert label(stock)


class TestTypesetting:
    """What people write stays text."""

    HOSTILE = '#panic("x") \\ $a^2$ *b* _c_ `d` <e> @f [g] // h /* i */ #include "/etc/passwd"'

    def test_markup_in_a_value_is_printed_as_it_was_written(self):
        wide = Design(190, 13, 1, SymbolSide.LEFT, 8, (Line("{code}", 3), Line("{name}", 3)))
        content = Content(LabelPurpose.PLACE, "X1", {Token.NAME: self.HOSTILE})
        words = rendered.words(
            typeset.pdf(
                "registry.labels",
                "labels",
                {
                    "title": self.HOSTILE,
                    "language": "en",
                    "first": 1,
                    "stock": asdict(Stock(190, 13, 1, 1, 190, 13)),
                    "labels": [asdict(lay_out(wide, content))],
                },
                moment=None,
            )
        )

        assert self.HOSTILE in words

    @pytest.mark.parametrize("sign", ["日本", "🧊", "\x07", "\x00", "\ue000", "\U0010ffff"])
    def test_a_sign_that_no_font_draws_does_not_stop_the_printer(self, sign):
        words = rendered.words(print_sheet(make_contents(1, type_name=f"é {sign} Ω")))

        assert "é" in words
        assert "Ω" in words

    def test_every_sign_that_is_said_to_be_drawn_is_drawn(self):
        everything = "".join(chr(point) for point in range(0x20, 0x3000))
        drawn = typeset.drawable(everything).replace("\ufffd", "")
        few = [drawn[start : start + 8] for start in range(0, len(drawn), 8)]
        labels = [make_content(f"X{number}", type_name=kind) for number, kind in enumerate(few)]

        words = rendered.words(print_sheet(labels))

        assert {"Ω", "Ж", "œ", "€", "’", "…"} <= set(drawn)
        assert "\ufffd" not in words

    def test_several_people_print_at_once(self):
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: print_sheet(make_contents(5)), range(24)))

        assert len(set(made)) == 1
