"""Word and PowerPoint files: the same bytes whenever they are made, and what an editor of them needs."""

import io
import time
import zipfile

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from endtoend.conftest import ROOT
from hrmonitor.language import text
from hrmonitor.reporting.outputs.charts import chart_of
from hrmonitor.reporting.outputs.office import same_bytes
from hrmonitor.reporting.outputs.slides import powerpoint
from hrmonitor.reporting.outputs.word import to_word
from hrmonitor.resources import RESOURCES
from hrmonitor.study import references
from PIL import Image
from pptx import Presentation

WOVEN = """# Eerste {#sec-first}

::: {.synthetic}
De antwoorden zijn synthetisch.
:::

Zie @tbl-counts, @fig-dot en @sec-first.

| Antwoord | Aantal |
|:---------|-------:|
| ja       |  1.234 |

: Aantallen {#tbl-counts}

![Een stip](dot.svg){#fig-dot alt="Een zwarte stip."}
"""
METADATA = {
    "title": "Titel", "subtitle": "Onder", "author": ["Monitor"], "lang": "nl", "kinds": text("nl")["kinds"], "year": "2021", "toc-title": "Inhoud",
    "reference-section-title": "Literatuur", "synthetic-mark": "Synthetische gegevens", "words": {},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (60, 20)).save(tmp_path / "dot.png")
    (tmp_path / "woven.md").write_text(WOVEN, encoding="utf-8")
    return tmp_path


def made_word(folder):
    to_word(folder / "woven.md", folder / "made.docx", references(ROOT), METADATA, folder, "pandoc")
    return (folder / "made.docx").read_bytes()


def test_word_has_styles_captions_contents_alt_text_and_language(folder):
    document = docx.Document(io.BytesIO(made_word(folder)))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert styles["1\tEerste"] == "Heading 1"
    assert styles["De antwoorden zijn synthetisch."] == "Synthetic Note"
    assert styles["Tabel 1. Aantallen"] == "Table Caption"
    assert styles["Figuur 1. Een stip"] == "Image Caption"
    body = document.element.body
    assert [one.get("descr") for one in body.iter(qn("wp:docPr"))] == ["Een zwarte stip."]
    assert any("TOC" in (one.text or "") for one in body.iter(qn("w:instrText")))
    first, second = document.tables[0].rows
    assert first._tr.trPr.find(qn("w:tblHeader")) is not None
    assert second._tr.trPr.find(qn("w:tblHeader")) is None
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "nl-NL"
    assert document.core_properties.author == "Monitor"
    assert document.sections[0].footer.paragraphs[0].text == "Synthetische gegevens"


def test_references_in_word_lead_somewhere(folder):
    body = docx.Document(io.BytesIO(made_word(folder))).element.body
    names = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    wanted = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))} - {None}
    assert {"tbl-counts", "fig-dot", "sec-first"} <= wanted <= names


def test_word_and_powerpoint_are_the_same_bytes_later(folder):
    word, deck = made_word(folder), powerpoint(TALK, folder)
    time.sleep(2.1)  # a zip file counts in steps of two seconds
    assert made_word(folder) == word
    assert powerpoint(TALK, folder) == deck


def test_dates_and_order_inside_a_file_do_not_show():
    packed = []
    for names, day in (
        (("b", "docProps/core.xml"), (2020, 1, 1, 0, 0, 0)),
        (("docProps/core.xml", "b"), (2026, 5, 5, 5, 5, 6)),
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in names:
                content = f"<dcterms:created a='b'>{day[0]}</dcterms:created>" if name != "b" else "x"
                archive.writestr(zipfile.ZipInfo(name, day), content)
        packed.append(same_bytes(file.getvalue(), 2021))
    assert packed[0] == packed[1]


def test_what_packed_a_file_does_not_show():
    packed = []
    for level in (1, 9):  # as two editions of zlib would
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            archive.writestr("b", "abcabd" * 500)
        packed.append(same_bytes(file.getvalue(), 2021))
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as archive:
        assert archive.getinfo("b").compress_type == zipfile.ZIP_STORED


TALK = {
    "lang": "en", "title": "Services", "talk": "Findings, tested", "authors": ["Monitor"], "year": 2021, "synthetic": "Synthetic data",
    "note": "The answers are synthetic.", "method_title": "Method", "method": ["One.", "Two."], "limits_title": "Limits", "limits": ["Few."],
    "findings": [{
        "heading": "Finding 1", "statement": "More people.", "verdict": "not_supported", "verdict_short": "Not supported",
        "tests": "0 of 1 test passed", "numbers": [{"full": "12% say so (95% interval 10–20%; n = 47)."}],
        "figure": {"file": "dot", "title": "A dot", "topic": "Dots", "alt": "A black dot.", "facts": ["A dot: 12%."], "chart": None},
    }, {
        "heading": "Finding 2", "statement": "Fewer people.", "verdict": "supported", "verdict_short": "Supported", "tests": "1 of 1 test passed",
        "numbers": [{"full": "Half say so."}],
        "figure": {"file": "dot", "title": "Half of the facilities", "topic": "Answers", "alt": "Half say yes.", "facts": ["All: 50%."], "chart": {
            "stacked": True, "percent": True, "categories": ["All", "Rooms"],
            "series": [{"name": "Yes", "values": [0.5, None], "colour": "0B5A8A"}, {"name": "No", "values": [0.5, None], "colour": "BDBDBD"}]}},
    }],
    "overview_title": "Two findings", "overview_columns": ["", "Finding", "Verdict", "Tests"], "notes_title": "The figure shows:",
    "overview": [{"number": "1", "statement": "More people.", "verdict": "not_supported", "verdict_short": "Not supported", "tests": "0 of 1"}],
    "closing_title": "Where", "closing": ["There."],
}  # fmt: skip


def test_every_slide_has_a_title_and_the_mark_and_the_figure_its_alt_text(folder):
    deck = Presentation(io.BytesIO(powerpoint(TALK, folder)))
    assert [slide.shapes.title.text for slide in deck.slides] == [
        "Findings, tested",
        "Two findings",
        "Method",
        "More people.",
        "Fewer people.",
        "Limits",
        "Where",
    ]
    for slide in deck.slides:
        assert any("Synthetic data" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    told = "\n".join(shape.text_frame.text for shape in deck.slides[3].shapes if shape.has_text_frame)
    assert "Not supported" in told
    pictures = [shape for shape in deck.slides[3].shapes if shape.shape_type == 13]
    assert [one._element.nvPicPr.cNvPr.get("descr") for one in pictures] == ["A black dot."]


def test_the_overview_is_a_table_and_the_speaker_has_notes(folder):
    deck = Presentation(io.BytesIO(powerpoint(TALK, folder)))
    table = next(shape.table for shape in deck.slides[1].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[1].cells] == ["1", "More people.", "Not supported", "0 of 1"]
    notes = deck.slides[3].notes_slide.notes_text_frame.text
    assert "12% say so" in notes and "A dot: 12%." in notes and "The answers are synthetic." in notes


def test_a_figure_of_bars_is_a_chart_that_people_can_edit(folder):
    deck = Presentation(io.BytesIO(powerpoint(TALK, folder)))
    frame = next(shape for shape in deck.slides[4].shapes if shape.has_chart)
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == "Half say yes."
    # It fills the slide.
    assert frame.height > 0.6 * deck.slide_height
    plot = frame.chart.plots[0]
    assert list(plot.categories) == ["All", "Rooms"]
    # What is hidden is blank, in the chart and in the sheet that it is edited in.
    assert {series.name: tuple(series.values) for series in plot.series} == {"Yes": (0.5, None), "No": (0.5, None)}
    sheet = openpyxl.load_workbook(io.BytesIO(frame.chart.part.chart_workbook.xlsx_part.blob)).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [None, "Yes", "No"],
        ["All", 0.5, 0.5],
        ["Rooms", None, None],
    ]


def figure_data(kind: str, text: str) -> dict | None:
    options = {"year_then": 2017, "year_now": 2020}
    return chart_of(kind, pd.read_csv(io.StringIO(text)), options, "en")


def test_charts_have_the_data_of_the_figure_and_nothing_that_is_hidden():
    head = "service,category,estimate,label_en,question,question_en\n"
    rows = ["all,yes,0.6,Yes,q,Q", "all,no,0.4,No,q,Q", "dcr,yes,,Yes,q,Q", "dcr,no,0.3,No,q,Q"]
    stacked = figure_data("scale", head + "\n".join(rows))
    # Of a bar with a hidden part nothing is drawn: the others would show it.
    assert [(one["name"], one["values"]) for one in stacked["series"]] == [("Yes", [0.6, None]), ("No", [0.4, None])]
    assert stacked["categories"] == ["All facilities", "Drug consumption rooms"]
    ranked = figure_data(
        "barriers",
        "category,estimate,label_en\n" + "\n".join(f"a{n},0.{9 - n},A {n}" for n in range(9)) + "\nh,,Hidden\nx,0,X\n",
    )
    assert ranked["categories"] == [*(f"A {n}" for n in range(9)), "Hidden"]
    assert ranked["series"][0]["values"][-1] is None
    pairs = figure_data("by_service", "service,moment,estimate\nall,then,1.5\nall,now,2\ndcr,then,\ndcr,now,3\n")
    assert [(one["name"], one["values"]) for one in pairs["series"]] == [("2017", [1.5, None]), ("2020", [2.0, 3.0])]
    assert figure_data("barriers", "category,estimate,label_en\nh,,Hidden\n") is None
    assert figure_data("coverage_map", "province,estimate\na,1\n") is None


def test_the_reference_document_has_the_styles_that_pandoc_and_the_filter_name():
    names = {style.name for style in docx.Document(RESOURCES / "templates/reference.docx").styles}
    assert {"Heading 1", "Heading 2", "Image Caption", "Table Caption", "Compact", "Synthetic Note", "Claim"} <= names
