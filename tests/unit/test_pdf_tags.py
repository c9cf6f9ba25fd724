"""The reader of tags sees each fault that it is there for, in a small PDF by the same Typst."""

import pikepdf
import pytest
import typst
from pdf_tags import elements, faults

PAGE = """#set document(title: "Report")
#set text(lang: "nl")
= Eerste
#figure(image("dot.svg", alt: "Een stip."), caption: [Stip])
#pagebreak()
== Tweede
#figure(table(columns: 2, table.header[a][b], [1], [2]), caption: [Tabel])
"""
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'


@pytest.fixture
def small(tmp_path):
    (tmp_path / "dot.svg").write_text(DOT, encoding="utf-8")
    (tmp_path / "small.typ").write_text(PAGE, encoding="utf-8")
    standards = ["a-2a", "ua-1"]
    content = typst.compile(str(tmp_path / "small.typ"), pdf_standards=standards, timestamp=0, ignore_system_fonts=True)
    (tmp_path / "small.pdf").write_bytes(content)
    return tmp_path / "small.pdf"


def first(pdf, tag):
    return next(element for found, element in elements(pdf) if found == tag)


def no_alt(pdf):
    del first(pdf, "Figure").Alt


def no_header(pdf):
    for tag, element in elements(pdf):
        if tag == "TH":
            element.S = pikepdf.Name.TD


def skipped_level(pdf):
    first(pdf, "H2").S = pikepdf.Name.H3


def no_language(pdf):
    del pdf.Root.Lang


def no_title(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


def no_bookmarks(pdf):
    del pdf.Root.Outlines


def read_backwards(pdf):
    document = first(pdf, "Document")
    document.K = pikepdf.Array(reversed(list(document.K)))


def test_a_good_file_has_no_fault(small):
    assert faults(small, "nl") == []


@pytest.mark.parametrize(
    ("harm", "words"),
    [(no_alt, "alt text"), (no_header, "header cells"), (skipped_level, "follows on H1"), (no_language, "language"),
     (no_title, "title"), (no_bookmarks, "bookmarks"), (read_backwards, "read after")],
)  # fmt: skip
def test_a_fault_is_seen(small, tmp_path, harm, words):
    with pikepdf.open(small) as pdf:
        harm(pdf)
        pdf.save(tmp_path / "harmed.pdf")
    assert any(words in fault for fault in faults(tmp_path / "harmed.pdf", "nl"))
