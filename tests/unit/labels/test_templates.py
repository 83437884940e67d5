"""Versions of label templates, and what the labels of samples and places say."""

from dataclasses import replace

import pytest

from registry.kernel.errors import InvalidInput, NotFound, NotPermitted, Stale
from registry.labels import contents, templates
from registry.labels.design import STARTERS, Line
from registry.vocab.printing import LabelPurpose, Token
from registry.vocab.samples import SampleType
from tests.factories.custody import divide, make_received
from tests.factories.labels import ENGLISH
from tests.factories.samples import make_tube
from tests.factories.storage import make_box

pytestmark = pytest.mark.usefixtures("app")

ALIQUOT = LabelPurpose.ALIQUOT
OTHER = replace(STARTERS[ALIQUOT], lines=(Line("{code}", 4, is_bold=True), Line("{volume}", 3)))


class TestVersions:
    def test_the_starter_template_is_printed_until_somebody_writes_one(self):
        assert templates.designs() == STARTERS
        assert [one.number for one in templates.versions(ALIQUOT)] == [0]

    def test_what_is_written_is_printed_and_the_earlier_version_stays(self, actors, audit_tags):
        number = templates.write(actors.admin, ALIQUOT, OTHER, after=0)

        assert templates.designs()[ALIQUOT] == OTHER
        assert templates.designs()[LabelPurpose.PRIMARY] == STARTERS[LabelPurpose.PRIMARY]
        assert [one.number for one in templates.versions(ALIQUOT)] == [number, 0]
        assert templates.version(ALIQUOT, 0).design == STARTERS[ALIQUOT]
        assert audit_tags() == ["label_template:written"]

    def test_two_people_do_not_overwrite_each_other(self, actors):
        templates.write(actors.admin, ALIQUOT, OTHER, after=0)

        with pytest.raises(Stale):
            templates.write(actors.admin, ALIQUOT, STARTERS[ALIQUOT], after=0)
        assert templates.designs()[ALIQUOT] == OTHER

    def test_what_cannot_be_printed_is_not_kept(self, actors):
        with pytest.raises(InvalidInput):
            templates.write(actors.admin, ALIQUOT, replace(OTHER, symbol_size=40), after=0)
        assert templates.designs() == STARTERS

    @pytest.mark.parametrize("who", ["technician", "nurse", "data_manager", "dpo"])
    def test_only_an_administrator_writes(self, actors, who):
        with pytest.raises(NotPermitted):
            templates.write(getattr(actors, who), ALIQUOT, OTHER, after=0)

    def test_a_version_that_does_not_exist_is_not_found(self):
        with pytest.raises(NotFound):
            templates.version(ALIQUOT, 7)


class TestSamples:
    def test_the_template_follows_from_where_the_tube_comes(self, actors):
        parent = make_received(actors)
        [plasma] = divide(actors, parent.code, "2")
        [part] = divide(actors, plasma.code, "1", sample_type=plasma.sample_type)
        codes = [part.code, plasma.code, parent.code]

        found = contents.of_samples(actors.technician, codes, ENGLISH)

        assert [one.code for one in found] == codes
        assert [one.purpose for one in found] == [
            LabelPurpose.ALIQUOT, LabelPurpose.DERIVATIVE, LabelPurpose.PRIMARY,
        ]  # fmt: skip

    def test_a_label_says_codes_days_and_what_is_in_it(self, actors):
        parent = make_received(actors)
        children = divide(actors, parent.code, "1", "1", sample_type=SampleType.PLASMA_SINGLE_SPUN)

        [found] = contents.of_samples(actors.technician, [children[1].code], ENGLISH)

        said = found.values
        assert (said[Token.SEQUENCE], said[Token.PARENT]) == ("2/2", parent.code)
        assert (said[Token.VOLUME], said[Token.YEAR]) == ("1 mL", "2026")
        assert (said[Token.SITE], said[Token.TYPE]) == ("PAR", "PL1")

    def test_tubes_of_other_sites_are_named_as_unknown(self, actors):
        code = make_tube(actors).code

        with pytest.raises(InvalidInput) as refused:
            contents.of_samples(actors.other_site_nurse, [code], ENGLISH)
        assert code in str(refused.value.errors["codes"][0])


class TestPlaces:
    def test_a_box_says_where_it_is_and_how_cold(self, actors):
        box = make_box(actors, rows=9, columns=9)

        [found] = contents.of_places(actors.technician, [box.id], ENGLISH)

        assert found.code == box.unit.code
        assert found.values[Token.CELLS] == "9 × 9"
        assert found.values[Token.TEMPERATURE] == "-60 to -85 °C"
        assert found.values[Token.INSIDE].endswith("Freezer F1")

    def test_another_sites_place_has_no_label(self, actors):
        box = make_box(actors)

        with pytest.raises(NotFound):
            contents.of_places(actors.other_site_technician, [box.id], ENGLISH)
