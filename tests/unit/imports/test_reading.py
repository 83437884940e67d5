"""Files are read as hospitals write them, and never guessed at."""

import pytest

from registry.imports.reading import check_aligned, read
from registry.kernel.errors import InvalidInput

HEADINGS = {"name": ("nom", "name"), "day": ("date de naissance", "birth_date"), "note": ("note",)}


def _read(tmp_path, content: bytes, required=("name",)):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    return read(path, HEADINGS, required=required)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_and_encodings_are_recognised(tmp_path, encoding, separator):
    content = f"Date de naissance{separator}NOM\r\n01/02/1980{separator}Noël\r\n".encode(encoding)
    (row,) = _read(tmp_path, content).rows
    assert (row.line, row.values) == (2, {"day": "01/02/1980", "name": "Noël"})


def test_columns_that_are_not_understood_are_named(tmp_path):
    assert _read(tmp_path, b"nom;couleur\nA;rouge\n").ignored == ["couleur"]


def test_a_missing_column_is_refused_with_the_headings_understood(tmp_path):
    with pytest.raises(InvalidInput, match="nom / name"):
        _read(tmp_path, b"note;x\nA;B\n")


def test_two_columns_for_one_thing_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="mean the same"):
        _read(tmp_path, b"nom;name\nA;B\n")


def test_lines_are_those_of_the_file_even_after_a_line_break_in_a_cell(tmp_path):
    rows = _read(tmp_path, b'nom;note\n"A";"one\ntwo"\n\nB;three\n').rows
    assert [row.line for row in rows] == [2, 5]


@pytest.mark.parametrize("line", ["A", "A;B;C"])
def test_a_row_with_more_or_fewer_cells_than_headings_is_refused_whole(tmp_path, line):
    (row,) = _read(tmp_path, f"nom;note\n{line}\n".encode()).rows
    with pytest.raises(InvalidInput, match="more or fewer cells"):
        check_aligned(row)


@pytest.mark.parametrize("line", ["A;B", "A;", "A;B;;"])
def test_blank_cells_at_the_end_do_not_matter(tmp_path, line):
    (row,) = _read(tmp_path, f"nom;note\n{line}\n".encode()).rows
    check_aligned(row)
    assert row.values["name"] == "A"


def test_utf16_that_was_cut_short_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(InvalidInput, match="neither UTF-8"):
        _read(tmp_path, "nom;note\nA;B\n".encode("utf-16")[:-1])


def test_the_columns_of_a_report_are_passed_over(tmp_path):
    table = _read(tmp_path, b"line;column;value;reason;nom\n7;nom;x;because;A\n")
    assert table.headings == ["nom"]
    assert next(iter(table.rows)).values == {"name": "A"}
    assert next(iter(table.rows)).original == ["A"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b'nom\n"A'])
def test_what_is_no_table_is_refused(tmp_path, content):
    with pytest.raises(InvalidInput):
        _read(tmp_path, content)
