"""ZPL: a label printer prints what the template says, and nothing of it is taken for a command."""

from dataclasses import replace
from itertools import pairwise

import pytest
import zxingcpp
from hypothesis import given, strategies as st

from registry.kernel.errors import RuleBroken
from registry.labels import contents, zpl
from registry.labels.design import STARTERS
from registry.labels.layout import Content
from registry.vocab import patterns
from registry.vocab.printing import LabelPurpose, PrinterResolution, PrintMethod, Token
from tests.factories.labels import ENGLISH
from tests.factories.printers import ReadLabel, read_zpl

ALIQUOT = LabelPurpose.ALIQUOT


def printed(
    content: Content, resolution: PrinterResolution = PrinterResolution.DPI_300
) -> ReadLabel:
    """The label as a printer reads it."""
    [label] = read_zpl(
        zpl.label(
            STARTERS[content.purpose], content, resolution=resolution, method=PrintMethod.TRANSFER
        )
    )
    return label


@pytest.mark.parametrize("resolution", PrinterResolution)
@pytest.mark.parametrize("purpose", LabelPurpose)
def test_each_starter_template_fits_the_label_of_each_printer(purpose, resolution):
    example = contents.example(purpose, ENGLISH)
    label = printed(example, resolution)
    wide, high = int(label.settings["PW"]), int(label.settings["LL"])
    symbol = label.symbol
    module, quality = symbol.size[:2]
    side = module * _modules(example.code)

    assert (symbol.data, quality) == (example.code, 200)
    assert module >= 2
    assert symbol.x > 0
    assert symbol.y + side < high
    for line in label.texts:
        height, width = line.size
        assert symbol.x + side < line.x
        assert line.x + 0.6 * width * len(line.data) <= wide
        assert line.y + height <= high
    assert all(above.y + above.size[0] <= below.y + 1 for above, below in _pairs(label.texts))


def _pairs(lines):
    return pairwise(lines)


def _modules(code: str) -> int:
    drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return zxingcpp.write_barcode_to_image(drawn, add_quiet_zones=False).shape[0]


def test_the_size_is_that_of_the_label_in_dots():
    example = contents.example(ALIQUOT, ENGLISH)

    at_300, at_203 = (
        printed(example, resolution).settings
        for resolution in (PrinterResolution.DPI_300, PrinterResolution.DPI_203)
    )
    assert (at_300["PW"], at_300["LL"]) == ("390", "154")
    assert (at_203["PW"], at_203["LL"]) == ("264", "104")
    assert at_300["CI"] == "28"
    assert at_300["PQ"] == "1"


def test_words_in_french_arrive_as_they_are():
    label = printed(Content(ALIQUOT, "B000001238", {Token.TYPE_NAME: "Sérum à -80 °C"}))

    assert "Sérum à -80 °C" in [line.data for line in label.texts]


@pytest.mark.parametrize("hostile", ["^XZ^XA^FDx", "~JA", "_5E", "a_b", "^", "~", "x^FS~HS", "\\&"])
def test_what_looks_like_a_command_is_printed_as_it_is(hostile):
    label = printed(Content(ALIQUOT, "B000001238", {Token.PARTICIPANT: hostile}))

    assert label.texts[-1].data == hostile or hostile in [line.data for line in label.texts]
    assert label.symbol.data == "B000001238"


@given(text=st.text(max_size=30))
def test_no_text_gets_out_of_its_field(text):
    values = {Token.PARTICIPANT: text, Token.DATE: "10/03/2026"}
    lines = printed(Content(ALIQUOT, "B000001238", values)).texts

    assert lines[-1].data == "10/03/2026"
    assert len(lines) <= len(STARTERS[ALIQUOT].lines)


@given(code=st.from_regex(patterns.SCANNED_CODE, fullmatch=True).filter(lambda one: len(one) <= 40))
def test_every_code_that_a_tube_can_have_comes_back_from_the_symbol(code):
    assert printed(Content(ALIQUOT, code), PrinterResolution.DPI_600).symbol.data == code


@pytest.mark.parametrize("code", ["A_B", "A__B", "_1", "LUPUS_PED_01"])
def test_an_underscore_in_a_code_is_no_escape_of_the_symbol(code):
    assert printed(Content(ALIQUOT, code)).symbol.data == code


def test_a_symbol_too_fine_for_the_printer_is_refused():
    small = replace(STARTERS[ALIQUOT], symbol_size=4)

    with pytest.raises(RuleBroken, match="Print it as a PDF"):
        zpl.label(
            small,
            Content(ALIQUOT, "LUPUS-PED-0000123-A01"),
            resolution=PrinterResolution.DPI_203,
            method=PrintMethod.DIRECT,
        )


def test_a_line_too_long_for_its_place_is_cut_and_says_so():
    label = printed(Content(ALIQUOT, "B000001238", {Token.PARTICIPANT: "W" * 90}))

    long = next(line for line in label.texts if "W" in line.data)
    assert long.data.endswith("..")
    assert long.x + 0.6 * long.size[1] * len(long.data) <= 390
