"""Label templates: what they may say, what makes them wrong, and that each can be read."""

from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from registry.kernel.errors import InvalidInput
from registry.labels import contents, sheets
from registry.labels.design import STARTERS, Design, Line, check
from registry.vocab import limits
from registry.vocab.labels import label
from registry.vocab.printing import TOKENS_OF, LabelPurpose, SymbolSide, Token
from tests.factories.labels import ENGLISH

ALIQUOT = STARTERS[LabelPurpose.ALIQUOT]

#: Everything that a label can say.  One more has to be argued for here: it must name nobody.
HARMLESS = {
    "code", "participant", "cohort", "site", "type", "type_name", "container", "volume", "date",
    "time", "year", "sequence", "parent", "name", "kind", "temperature", "inside", "cells",
}  # fmt: skip


def problems(**changes) -> dict[str, list[str]]:
    """What is wrong with the aliquots' starter template once these parts of it are changed."""
    with pytest.raises(InvalidInput) as refused:
        check(LabelPurpose.ALIQUOT, replace(ALIQUOT, **changes))
    return {name: [str(one) for one in found] for name, found in refused.value.errors.items()}


class TestStarters:
    @pytest.mark.parametrize("purpose", LabelPurpose)
    def test_each_purpose_has_a_template_before_anybody_writes_one(self, purpose):
        check(purpose, STARTERS[purpose])

        assert label(purpose)

    @pytest.mark.parametrize("purpose", LabelPurpose)
    def test_a_scanner_reads_its_picture(self, purpose):
        example = contents.example(purpose, ENGLISH)
        drawn = sheets.picture(STARTERS[purpose], example, title="x", language="en")

        [symbol] = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)))
        assert symbol.text == example.code
        assert symbol.format == zxingcpp.BarcodeFormat.DataMatrix

    @pytest.mark.parametrize("side", SymbolSide)
    def test_the_symbol_stands_where_it_was_put(self, side):
        example = contents.example(LabelPurpose.ALIQUOT, ENGLISH)
        design = replace(ALIQUOT, symbol_side=side)
        image = Image.open(BytesIO(sheets.picture(design, example, title="x", language="en")))

        [symbol] = zxingcpp.read_barcodes(image)
        assert (symbol.position.top_left.x < image.width / 2) is (side is SymbolSide.LEFT)


class TestTokens:
    def test_no_token_identifies_anybody(self):
        assert {token.value for token in Token} == HARMLESS

    @pytest.mark.parametrize("purpose", LabelPurpose)
    def test_an_example_says_something_for_every_token(self, purpose):
        example = contents.example(purpose, ENGLISH)
        design = Design(150, 60, 1, SymbolSide.LEFT, 8, ())

        for token in TOKENS_OF[purpose]:
            check(purpose, replace(design, lines=(Line("{code}", 2), Line(f"{{{token}}}", 2))))
            assert token is Token.CODE or example.values[token]

    def test_words_stand_beside_tokens_and_what_is_unknown_leaves_no_gap(self):
        line = Line("Tube {sequence}  of {participant}", 2)

        assert line.said({Token.PARTICIPANT: "7K3D"}) == "Tube of 7K3D"


class TestRefusals:
    def test_a_token_of_another_purpose_is_named(self):
        found = problems(lines=(Line("{code}", 2), Line("{temperature}", 2)))

        assert found == {
            "lines": ["Line 2: there is no {temperature} here. See the list of tokens."]
        }

    @pytest.mark.parametrize("text", ["{", "}", "{code", "a } b", "{{code}}"])
    def test_a_lone_brace_is_named(self, text):
        found = problems(lines=(Line("{code}", 2), Line(text, 2)))

        assert found == {"lines": ["Line 2: a brace stands alone. Write tokens such as {code}."]}

    def test_an_eye_must_be_able_to_read_the_code(self):
        assert "an eye has to read" in problems(lines=(Line("{participant}", 2),))["lines"][0]

    def test_lines_that_do_not_fit_are_refused(self):
        found = problems(lines=tuple(Line("{code}", 3) for _ in range(4)))

        assert found == {"height": ["The lines are 12 mm high together; the label has 11 mm."]}

    def test_a_symbol_higher_than_the_label_is_refused(self):
        assert "symbol_size" in problems(symbol_size=12)

    def test_a_label_without_room_for_text_is_refused(self):
        found = problems(width=18)

        assert str(limits.LABEL_TEXT_MM_MIN) in found["width"][0]


def test_a_design_comes_back_as_it_was_kept():
    for design in STARTERS.values():
        assert Design.of_json(design.as_json()) == design
