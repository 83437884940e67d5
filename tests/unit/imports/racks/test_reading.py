"""A rack-scanner file says which tube is in which well, or is refused with its line and well."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from registry.imports import racks
from registry.imports.racks.presets import MARKERS
from registry.kernel.errors import InvalidInput
from registry.storage.grid import Grid
from registry.vocab import limits
from registry.vocab.racks import RackPreset, WellStatus
from tests.factories.racks import RACK, WITH_RACK, written

#: The samples of the reference, one for each preset: what is read of each.
SAMPLES = {
    RackPreset.POSITION_TUBE: (
        "A1,AB10000001\nB1,AB10000002\nC1,NO READ\n",
        None,
        {"A1": "AB10000001", "B1": "AB10000002"},
    ),
    RackPreset.RACK_POSITION_TUBE: (
        "FX12345678,A1,AB10000001\nFX12345678,B1,NO READ\n",
        "FX12345678",
        {"A1": "AB10000001"},
    ),
    RackPreset.VISIONMATE: (
        "Date: 18November2019 01:53:40,,,\nRack: TS01552899,,,\n"
        "RackID,LocationRow,LocationColumn,TubeCode\nTS01552899,A,2,1034998087\n",
        "TS01552899",
        {"A2": "1034998087"},
    ),
    RackPreset.TRAXCER: (
        "Plate barcode,MX0001234\nPosition,Tube ID\nA01,1034998087\nA02,\n",
        "MX0001234",
        {"A1": "1034998087"},
    ),
    RackPreset.TRAKMATE: (
        "Date & time of Trace = 23 Aug 2012 01:42:01 PM\nRack Base Name: 02498606\n"
        "  A01;    1034998087\n  A02;    No TrakMate\n",
        "02498606",
        {"A1": "1034998087"},
    ),
    RackPreset.WORKLIST_XL20: (
        "Rack Barcode,Tube Barcode,Row,Column,In Worklist\nTS01552899,1034998087,A,1,Y\n",
        "TS01552899",
        {"A1": "1034998087"},
    ),
    RackPreset.RACK_LOCATION_TUBE: (
        "Rack ID,Tube Location,Tube Barcode\nTS01552899,A1,1034998087\n",
        "TS01552899",
        {"A1": "1034998087"},
    ),
    RackPreset.HEADED: (
        "col;pos row;barcode;row\n3;x;1034998087;B\n",
        None,
        {"B3": "1034998087"},
    ),
}

CELLS = st.tuples(st.integers(1, 16), st.integers(1, 24))
CODES = st.from_regex(r"[0-9]{10}|[QAZW][A-Z][0-9]{8}", fullmatch=True)


def names(scan) -> dict[str, str]:
    return {well.name: well.code for well in scan.wells if well.code}


def reasons(raw: bytes | str) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        racks.read(raw.encode() if isinstance(raw, str) else raw)
    found = refused.value.errors or {"file": [refused.value.message]}
    return [str(reason) for reason in found["file"]]


class TestPresets:
    @pytest.mark.parametrize("preset", RackPreset)
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("before", ["", "\ufeff"])
    def test_the_reference_sample_is_read_with_any_separator(self, preset, separator, before):
        text, rack, tubes = SAMPLES[preset]
        head, found, body = text.rpartition("Rack Base Name: 02498606\n")
        body = body.replace(",", separator).replace(";", separator)
        scan = racks.read((before + head + found + body).encode())
        assert scan.preset is preset
        assert scan.rack_code == rack
        assert names(scan) == tubes

    @pytest.mark.parametrize("preset", RackPreset)
    @pytest.mark.parametrize(
        "change",
        [
            lambda text: text.replace("\n", "\r\n"),
            lambda text: text.rstrip("\n"),
            lambda text: "\n" + text.replace("\n", "\n\n"),
            lambda text: "".join(f"   {line}\n" for line in text.splitlines()),
            lambda text: text.replace("TubeCode", "TUBECODE").replace("Position", "position"),
            lambda text: text.replace("A1,", "a1,").replace("A01", "a 1"),
        ],
    )
    def test_the_ways_of_one_scanner_and_the_next_make_no_difference(self, preset, change):
        text, rack, tubes = SAMPLES[preset]
        scan = racks.read(change(text).encode())
        assert (scan.preset, scan.rack_code, names(scan)) == (preset, rack, tubes)

    @pytest.mark.parametrize(
        ("told", "moment"),
        [
            ("Date: 18November2019 01:53:40,,,", datetime(2019, 11, 18, 0, 53, 40, tzinfo=UTC)),
            (
                "Date & time of Trace = 23 Aug 2012 01:42:01 PM",
                datetime(2012, 8, 23, 11, 42, 1, tzinfo=UTC),
            ),
            (
                "Date & time of Trace = 26 06 2017 03:51:22 PM",
                datetime(2017, 6, 26, 13, 51, 22, tzinfo=UTC),
            ),
            ("Date: 31 06 2017 03:51:22 PM", None),
            ("Date: 12 Nevember 2017 03:51:22", None),
            ("Date: yesterday", None),
        ],
    )
    def test_the_moment_of_the_scan_is_read_on_a_paris_clock(self, told, moment):
        assert racks.read(f"{told}\nA1,1034998087\n".encode()).scanned_at == moment

    @given(
        st.sampled_from(RackPreset),
        st.dictionaries(CELLS, CODES | st.sampled_from(sorted(MARKERS)), min_size=1, max_size=30),
        st.sampled_from(",;\t"),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    )
    def test_what_is_written_in_any_preset_is_read_back(
        self, preset, wells, separator, ending, encoding
    ):
        codes = [text for text in wells.values() if text not in MARKERS]
        if len(set(codes)) < len(codes):
            return
        raw = written(preset, wells.items(), separator=separator, ending=ending, encoding=encoding)
        scan = racks.read(raw)
        assert scan.rack_code == (RACK if preset in WITH_RACK else None)
        assert {well.cell: well.status for well in scan.wells} == {
            cell: MARKERS.get(text, WellStatus.TUBE) for cell, text in wells.items()
        }
        assert scan.tubes == {cell: text for cell, text in wells.items() if text not in MARKERS}


class TestMarkers:
    @pytest.mark.parametrize("text", ["EMPTY", "empty", "No TrakMate", "noscan", "", "No  Tube"])
    def test_words_for_an_empty_well_are_known_in_any_case(self, text):
        scan = racks.read(f"A1,{text}\nA2,1034998087".encode())
        assert scan.wells[0].status is WellStatus.EMPTY

    @pytest.mark.parametrize("text", ["NO READ", "no read", "NoRead"])
    def test_a_well_that_was_not_read_is_not_taken_for_empty(self, text):
        scan = racks.read(f"A1,1034998087\nC1,{text}".encode())
        with pytest.raises(InvalidInput) as refused:
            racks.check_readable(scan)
        assert "Line 2, well C1" in str(refused.value.errors["file"][0])

    def test_a_person_who_has_looked_says_that_it_is_empty(self):
        scan = racks.read(b"A1,1034998087\nC1,NO READ\nD1,NO READ")
        racks.check_readable(scan, seen_empty=frozenset({"C1", "D1"}))
        with pytest.raises(InvalidInput):
            racks.check_readable(scan, seen_empty=frozenset({"C1"}))


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "line", "well"),
        [
            ("A1,1034998087\nB1,1034998088\nA1,1034998089", 3, "A1"),
            ("A1,1034998087\nB1,1034998088\nH12,1034998087", 3, "H12"),
            ('A1,1034998087\n\nB1,"1,03E+09"', 3, "B1"),
            ("A1,1034998087\nB1,1.03E+09", 2, "B1"),
            ("A1,1034998087\nB1,1034998088.0", 2, "B1"),
            ("A1,1034998087\nB1,#######", 2, "B1"),
            ("A1,1034998087\nB1,#N/A", 2, "B1"),
            ("A1,1034998087\nB1,B00000001X", 2, "B1"),
            (f"A1,1034998087\nB1,{'9' * 41}", 2, "B1"),
            ("A1,1034998087\nB1,10\u202e34", 2, "B1"),
        ],
    )
    def test_a_refusal_names_the_line_and_the_well(self, text, line, well):
        [reason] = reasons(text)
        assert reason.startswith(f"Line {line}, well {well}:")

    @pytest.mark.parametrize(
        "second", ["Q1,1034998088", "A25,1034998088", "A0,1", "B1", "B1,1,1", "1034998088", "total"]
    )
    def test_a_line_without_a_well_or_with_a_wrong_number_of_values_is_named(self, second):
        [reason] = reasons(f"A1,1034998087\n{second}\nA2,1034998089")
        assert reason.startswith("Line 2:")

    def test_a_line_cut_short_below_headings_is_named(self):
        assert reasons("Position,Tube ID\nA1,1034998087\nA2")[0].startswith("Line 3:")

    def test_every_bad_line_is_named_at_once(self):
        assert len(reasons("A1,1034998087\nA1,1034998088\nZ1,2\nB1,1E+09")) == 3

    @pytest.mark.parametrize(
        "raw",
        [b"", b"\n\n", b"hello", b"a,b,c\n1,2,3", b"PK\x03\x04rest", b"\x00\x01\x02", b"A1"],
    )
    def test_what_is_no_rack_file_is_refused(self, raw):
        assert reasons(raw)

    def test_a_file_of_two_racks_is_refused(self):
        assert "TS1, TS2" in reasons("TS1,A1,1034998087\nTS2,A2,1034998088")[0]

    def test_a_preamble_that_contradicts_the_lines_is_refused(self):
        assert "TS1, TS2" in reasons("Rack: TS1\nTS2,A2,1034998088")[0]

    def test_a_file_that_can_be_read_in_two_ways_is_refused(self):
        assert "two ways" in reasons("A1,B1,\nA2,B2,")[0]

    def test_a_file_too_large_or_too_long_is_refused(self):
        assert reasons(b"A1,1\n" * limits.RACK_LINES_MAX + b"A1,1\n\n")
        assert reasons(b" " * (limits.RACK_BYTES_MAX + 1))
        assert reasons(b"A1," + b"9" * 200_000)

    @given(st.binary(max_size=200) | st.text("A1B2,;\t\n\"' NORED", max_size=80).map(str.encode))
    def test_nothing_but_a_refusal_comes_of_any_bytes(self, raw):
        try:
            wells = racks.read(raw).wells
        except InvalidInput as refusal:
            wells = refusal.errors.get("file", [refusal.message])
        assert wells


class TestTheBox:
    def test_a_tube_outside_the_box_is_refused_with_its_line(self):
        scan = racks.read(b"A1,1034998087\nH12,1034998088\nH11,EMPTY\nH10,NO READ")
        with pytest.raises(InvalidInput) as refused:
            racks.check_within(scan, Grid(2, 2))
        found = [str(reason) for reason in refused.value.errors["file"]]
        assert [reason.split(":")[0] for reason in found] == [
            "Line 2, well H12",
            "Line 4, well H10",
        ]
