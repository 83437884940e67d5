"""The file that leaves: the same rows give the same bytes, and no cell is a formula."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from hypothesis import given, strategies as st

from registry.extracts.archive import Archive
from registry.kernel.sheets import neutral

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    "\uff1d1",
]


def packed(lines: list[list[str]]) -> tuple[bytes, Archive]:
    sink = io.BytesIO()
    archive = Archive(sink)
    archive.add_table("samples.csv", lines)
    archive.add_json("manifest.json", {"files": archive.listed()})
    archive.close()
    return sink.getvalue(), archive


def opened(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.read(name)


def cells(content: bytes) -> list[list[str]]:
    text = opened(content, "samples.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize("cell", DANGEROUS)
def test_no_cell_is_a_formula(cell: str):
    content, _archive = packed([["heading"], [cell]])

    assert cells(content)[1] == ["'" + cell]


@given(cell=st.text(max_size=40))
def test_a_cell_begins_with_nothing_that_a_spreadsheet_runs(cell: str):
    assert neutral(cell)[:1] not in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@given(cell=st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_other_cells_are_left_alone(cell: str):
    assert neutral(cell) in (cell, "'" + cell)
    assert neutral("a" + cell) == "a" + cell


def test_the_table_is_read_back_as_it_was_written():
    lines = [["code", "text"], ["a;b", 'he said "no"'], ["é", "two\nlines"]]

    content, _archive = packed(lines)

    assert cells(content) == lines


def test_it_is_what_a_french_spreadsheet_opens():
    content, _archive = packed([["un", "deux"], ["1,5", "é"]])

    assert opened(content, "samples.csv") == b"\xef\xbb\xbfun;deux\r\n1,5;\xc3\xa9\r\n"


def test_the_same_rows_give_the_same_bytes():
    lines = [["a"], ["1"]] * 1000

    assert packed(lines)[0] == packed(lines)[0]


def test_the_manifest_lists_each_file_with_its_digest_length_and_rows():
    content, archive = packed([["a"], ["1"], ["2"]])

    listed = json.loads(opened(content, "manifest.json"))["files"]

    table = opened(content, "samples.csv")
    assert listed == [
        {
            "name": "samples.csv",
            "rows": 2,
            "bytes": len(table),
            "sha256": hashlib.sha256(table).hexdigest(),
        }
    ]
    assert archive.sha256 == hashlib.sha256(content).hexdigest()


def test_an_empty_table_has_no_rows():
    _content, archive = packed([["a"]])

    assert archive.files[0].rows == 0
