"""What unpacks to more than an export can be is refused before it is unpacked."""

import zipfile

import pyarrow as pa
import pytest
from hrmonitor.errors import CleaningError, ReaderError
from hrmonitor.files.sheets import read_sheets
from hrmonitor.forms import import_form
from hrmonitor.readers.tools import excel_form, word_form
from hrmonitor.themes.codebook import read_themes
from pyarrow import parquet


def bomb(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in members:
            archive.writestr(name, b"0" * size)


@pytest.mark.parametrize(
    "members",
    [[("xl/worksheets/sheet1.xml", 60_000_000)], [(f"{n}.csv", 1) for n in range(5001)]],
    ids=["size", "members"],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.zip"])
def test_a_bomb_is_refused(tmp_path, members, name):
    bomb(tmp_path / name, members)
    with pytest.raises(ReaderError, match="unpack"):
        read_sheets(str(tmp_path / name), {})


def test_a_document_that_is_a_bomb_is_refused(tmp_path):
    bomb(tmp_path / "a.docx", [("word/document.xml", 60_000_000)])
    with pytest.raises(ReaderError, match="unpack"):
        word_form._rows(str(tmp_path / "a.docx"))


def test_an_entity_bomb_in_a_document_ends_as_a_refusal(tmp_path):
    layers = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<!DOCTYPE d [<!ENTITY l0 "ha">{layers}]><d>&l11;</d>'
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", xml)
    try:
        assert "ha" not in str(word_form._rows(str(tmp_path / "a.docx")))
    except ReaderError as error:
        assert "cannot be opened" in str(error)


def sheet(path, last: str, closed: bool = False):
    """A workbook of one sheet with a cell in A1 and one at `last`, which holds something unless it is `closed`."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active["A1"] = "a"
    workbook.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    cell = f'<c r="{last}" s="0"/>' if closed else f'<c r="{last}"><v>1</v></c>'
    row = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b"</sheetData>", f'<row r="{row}">{cell}</row></sheetData>'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("last", ["XFD1048576", "ZZZZ1", "ZZZZZZZZZZZZ2", "CV1048576", "A99999999999999999999"])
def test_a_cell_far_out_is_refused_before_the_sheet_is_made(tmp_path, last):
    sheet(tmp_path / "a.xlsx", last)
    for read in (lambda path: read_sheets(path, {}), excel_form._rows, lambda path: import_form(path)):
        with pytest.raises(ReaderError, match="reaches to row"):
            read(str(tmp_path / "a.xlsx"))


def test_a_cell_far_out_that_holds_nothing_does_no_harm(tmp_path):
    sheet(tmp_path / "a.xlsx", "XFD200000", closed=True)
    assert read_sheets(str(tmp_path / "a.xlsx"), {})[0][0].cells.shape == (1, 1)


def ods(path, rows: str):
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    names += ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f'<office:body><office:spreadsheet><table:table table:name="B">{rows}</table:table></office:spreadsheet></office:body>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
        archive.writestr(
            "META-INF/manifest.xml", '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )


def test_repeated_cells_of_an_ods_are_refused_unless_they_are_its_empty_end(tmp_path):
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="{}"><text:p>x</text:p></table:table-cell>'
    end = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    ods(tmp_path / "a.ods", f"<table:table-row>{cell.format(1)}</table:table-row>{end}")
    assert read_sheets(str(tmp_path / "a.ods"), {})[0][0].cells.shape == (1, 1)
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{cell.format(16000)}</table:table-row>'
    far = f"{end}<table:table-row>{cell.format(1000)}</table:table-row>"
    for rows in (bomb, far):
        ods(tmp_path / "b.ods", rows)
        with pytest.raises(ReaderError, match="reaches to row"):
            read_sheets(str(tmp_path / "b.ods"), {})


def test_a_damaged_tag_of_an_ods_is_refused_where_calamine_comes_to_no_end(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>crack<>crack</text:p></table:table-cell>'
    ods(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>")
    with pytest.raises(ReaderError, match="cannot be opened"):
        read_sheets(str(tmp_path / "a.ods"), {})


def test_text_in_a_parquet_that_is_no_text_is_refused(tmp_path):
    damaged = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"a\xffb")])
    parquet.write_table(pa.table({"name": damaged}), tmp_path / "a.parquet")
    with pytest.raises(ReaderError, match="Parquet file cannot be read"):
        read_sheets(str(tmp_path / "a.parquet"), {})


def test_a_column_that_stands_twice_in_a_sheet_kept_by_hand_is_refused(tmp_path):
    path = tmp_path / "themes.csv"
    path.write_text("question,theme,label_nl,label_en,theme\nq,a,A,A,b\n", encoding="utf-8")
    with pytest.raises(CleaningError, match="column 'theme' is duplicated"):
        read_themes(path)
