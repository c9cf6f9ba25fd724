"""A number that no public table has is seen on a page of any format; what a table, a maker or a respondent says is not."""

import json
import shutil

import pandas as pd
import pytest
from hrmonitor.disclosure.audit.numbers import numbers, unexplained
from published_set import BOOK, FIGURES, publish, read_form, usual_world

SECRET = "48,359"


@pytest.fixture
def results(tmp_path):
    for folder in ("open_data", "figures", "report"):
        (tmp_path / folder).mkdir()
    (tmp_path / "open_data/indicators.csv").write_text(
        "n,estimate,unit\n1204,0.4312,share\n1.5e+06,0.55512,x\n", encoding="utf-8"
    )
    return tmp_path


def odd(results, written=()):
    return unexplained(results, ["en", "nl"], written, {})


def document(path, place):
    import docx

    made = docx.Document()
    if place == "header":
        made.sections[0].header.paragraphs[0].text = SECRET
    elif place == "property":
        made.core_properties.comments = SECRET
    elif place == "runs":
        paragraph = made.add_paragraph()
        for part in ("in all 48", ",3", "59 visits"):
            paragraph.add_run(part).bold = part == ",3"
    else:
        paragraph = made.add_paragraph("text")
        made.add_comment(paragraph.runs, SECRET)
    made.save(path)


def slides(path, place):
    from pptx import Presentation

    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    if place == "notes":
        slide.notes_slide.notes_text_frame.text = SECRET
    else:
        slide.shapes.title.text = f"{SECRET} visits"
    made.save(path)


def pdf(path, place):
    import typst

    path.write_bytes(typst.compile(f"In all {SECRET} visits.".encode()))


def text(content):
    return lambda path, place: path.write_text(content, encoding="utf-8")


PLANTED = {
    "report/report_en.md": {"text": text(f"In all **{SECRET}** visits, <5 of them late.")},
    "report/annex_en.html": {
        "text": text(f"<p>In all <b>{SECRET}</b> visits</p>"),
        "data": text(f"<script type='application/json'>{json.dumps({'rows': [[48359.25, 'x']]})}</script><p>x</p>"),
        "attribute": text("<p data-value='48359'>x</p>"),
        "alternative text": text(f"<img alt='{SECRET} visits'>"),
    },
    "report/report_en.ipynb": {"output": text(json.dumps({"cells": [{"cell_type": "code", "source": [], "outputs": [{"data": {"text/markdown": [f"{SECRET} visits"]}}]}]}))},
    "report/report_en.docx": dict.fromkeys(("header", "property", "runs", "comment"), document),
    "report/slides_en.pptx": dict.fromkeys(("notes", "title"), slides),
    "report/summary_en.pdf": {"text": pdf},
    "figures/clients_en.svg": {"drawn": text(f"<svg><!-- {SECRET} --><path d='M 10 10'/></svg>"), "title": text(f"<svg><title>{SECRET}</title></svg>")},
    "figures/clients_en.long.txt": {"text": text(f"Rooms: {SECRET} visits.")},
}  # fmt: skip


@pytest.mark.parametrize(("page", "place"), [(page, place) for page, places in PLANTED.items() for place in places])
def test_a_number_of_no_table_is_seen_in_every_format(results, page, place):
    PLANTED[page][place](results / page, place)
    found = odd(results)
    assert list(found) == [page] and found[page][0].replace(",", "").startswith("48359")
    # The same number in a table is none of ours.
    (results / "open_data/changes.csv").write_text("n\n48359\n48359.25\n", encoding="utf-8")
    assert odd(results) == {}


@pytest.mark.parametrize(
    "said",
    [
        "1,204 visits", "43.12% of them", "56.88% not", "1.5 million and 1,500 thousand", "see https://example.org/48359 and doi 10.1000/48359",
        "commit 48359abc", "version 48359.1.2", "fewer than 999", "12.3% of 45", "0.555",
    ],
)  # fmt: skip
def test_what_a_table_says_and_what_is_no_number_of_anything_is_not(results, said):
    (results / "report/report_en.md").write_text(said, encoding="utf-8")
    assert odd(results) == {}


def test_what_makers_and_respondents_say_is_theirs(results):
    (results / "report/report_nl.md").write_text("Er zijn 48.359 voorzieningen, en 52.001.", encoding="utf-8")
    assert odd(results, ["label: in 48.359 gevallen", "wij zagen 52001 mensen"]) == {}
    assert odd(results) == {"report/report_nl.md": ["48.359", "52.001"]}


def test_a_language_says_which_sign_parts_thousands():
    assert list(numbers("1,234.5 and 1.234", "en")) == [("1,234.5", "1234.5"), ("1.234", "1.234")]
    assert list(numbers("1.234,5 en 1,234", "nl")) == [("1.234,5", "1234.5"), ("1,234", "1.234")]
    assert list(numbers("1\u202f234 and 999", "en")) == [("1\u202f234", "1234")]


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    return folder / "results", publish(folder / "results", usual_world(read_form(folder / "form")))


def found_in(results):
    return unexplained(results, ["en", "nl"], BOOK["label_en"], FIGURES)


def test_hidden_numbers_in_running_text_are_caught(survey, tmp_path):
    """Each estimate of four digits or more that the tables hide, written into a page of the report."""
    folder, bare = survey
    results = tmp_path / "results"
    shutil.copytree(folder, results)
    assert found_in(results) == {}
    shown = pd.read_csv(results / "open_data/indicators.csv")
    hidden = bare["indicators"]["estimate"][shown["estimate"].isna().to_numpy()].dropna()
    telling = sorted({f"{value:,.0f}" for value in hidden if value >= 1000})
    page = results / "report/report_en.md"
    as_it_was = page.read_text(encoding="utf-8")
    caught = []
    for number in telling:
        page.write_text(f"{as_it_was}\nIn all {number} were given out.\n", encoding="utf-8")
        caught += [number] if found_in(results).get("report/report_en.md") == [number] else []
    assert len(telling) >= 2 and caught == telling


def test_a_letter_that_no_font_has_is_no_number_of_anything(results):
    (results / "report/report_en.md").write_text(
        "They wrote \\[U+6587\\] and [U+1230…U+1234, 1500], 6588.\n", encoding="utf-8"
    )
    assert odd(results) == {"report/report_en.md": ["6588"]}


def test_how_many_answered_a_question_of_a_large_survey_is_no_secret(results):
    """The codebook prints it; the public table says who was asked and who gave no answer."""
    (results / "open_data/item_nonresponse.csv").write_text(
        "round,question,kind,service,reason,n,population,estimate,suppressed\n"
        "2025,crack,select_one,all,dont_know,145,1200,0.12,False\n2025,crack,select_one,all,any,165,1200,0.14,False\n",
        encoding="utf-8",
    )
    (results / "report/annex_en.md").write_text("1,035 of 1,200 answered; 1,055 did not.\n", encoding="utf-8")
    assert odd(results) == {"report/annex_en.md": ["1,055"]}


def test_a_count_of_answers_that_the_audit_attacks_is_known_to_it(results):
    (results / "report/annex_en.md").write_text("No 1,036; yes 1,037.\n", encoding="utf-8")
    found = unexplained(results, ["en"], (), {}, counts=[1036.0])
    assert found == {"report/annex_en.md": ["1,037"]}
