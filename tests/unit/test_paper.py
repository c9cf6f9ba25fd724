"""Forms on paper and to fill in: skip logic in words, tables, numbers, and every answer back as it was given."""

import csv
import dataclasses
import os
import shutil
from pathlib import Path

import pytest
from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms.exports.fillable import write_document, write_workbook
from hrmonitor.forms.exports.paper_form import fielded, numbers_of, outline
from hrmonitor.forms.exports.publish import advice, print_questionnaire, publish
from hrmonitor.forms.exports.skips import in_words, terms
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export

FOLDER = Path(__file__).resolve().parents[2] / "raw/2021/questionnaire"


@pytest.fixture(scope="module")
def form():
    return read_questionnaire(FOLDER)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "questionnaire")


def change(folder, name, **cells):
    """The form with other cells in the row of a question."""
    with open(folder / "survey.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["name"] == name:
            row.update(cells)
    with open(folder / "survey.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def text_of(path):
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


WORDS = [
    ("${cee_seen} = 'yes'", "‘Yes’ is ticked at question 1"),
    ("'yes' = ${cee_seen}", "‘Yes’ is ticked at question 1"),
    ("not(${cee_seen} = 'yes')", "an answer other than ‘Yes’ is ticked at question 1"),
    ("${cee_seen} != '' and ${cee_seen} != 'no'", "an answer other than ‘No’ is ticked at question 1"),
    ("selected(${barriers}, 'language') or selected(${barriers}, 'none')", "‘Language’ or ‘No barriers’ is ticked at question 2"),
    ("(selected(${barriers}, 'language')) and ${cee_seen} = 'no'", "‘Language’ is ticked at question 2 and ‘No’ is ticked at question 1"),
    ("count-selected(${barriers}) > 1", "more than one answer is ticked at question 2"),
    ("count-selected(${barriers}) >= 3", "at least 3 answers are ticked at question 2"),
    ("20 < ${clients_now}", "the answer to question 3 is more than 20"),
    ("${clients_now} = ''", "question 3 has been left open"),
    ("${clients_now} != ''", "question 3 has been answered"),
    ("floor(${clients_now}) = 3", None),
    ("${cee_seen} = 'yes' or ${clients_now} > 3", None),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "words"), WORDS)
def test_skip_logic_in_words(form, expression, words):
    condition = terms(expression)
    numbers = {"cee_seen": 1, "barriers": 2, "clients_now": 3}
    assert (in_words(condition, form, numbers, "en") if condition else None) == words


def test_a_condition_is_told_once_for_the_questions_it_is_for(form):
    blocks = {block.title: block for block in outline(form, "nl")}
    numbers = numbers_of(form)
    room = blocks["Gebruiksruimte"]
    first, last = numbers["dcr_places_smoking"], numbers["dcr_opened"]
    assert room.when == (
        f"Vraag {first} tot en met {last} alleen invullen als bij vraag {numbers['service']} ‘Gebruiksruimte’ is "
        f"aangekruist. Anders verder met vraag {last + 1}."
    )
    told = [(item.questions[0].name, item.when) for item in room.items if item.when]
    assert told == [("dcr_min_age", f"Alleen invullen als bij vraag {numbers['dcr_admission']} ‘Minimumleeftijd’ is aangekruist.")]  # fmt: skip
    origin = [(item.questions[0].name, item.when) for item in blocks["Herkomst"].items if item.when]
    first, last = numbers["cee_then"], numbers["cee_uninsured"]
    assert [name for name, _ in origin] == ["cee_then"]
    assert origin[0][1].startswith(f"Vraag {first} tot en met {last} alleen") and origin[0][1].endswith(f"vraag {last + 1}.")  # fmt: skip
    assert blocks["Spuitomruil"].when.endswith("Anders is dit het einde van de vragenlijst.")


def test_every_question_stands_once_in_the_outline_and_in_order(form):
    asked = [question.name for block in outline(form, "en") for item in block.items for question in item.questions]
    assert asked == [question.name for question in fielded(form)]


def test_questions_with_the_same_answers_are_one_table(form):
    health = next(block for block in outline(form, "nl") if block.title == "Gezondheid")
    assert [question.name for question in health.items[0].questions][::9] == ["som_copd", "som_cognitive"]
    assert all(len(item.questions) == 1 for item in health.items[1:])


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_printed_questionnaire_says_all_and_no_expression(form, tmp_path, lang):
    print_questionnaire(tmp_path / "form.pdf", form, lang, guide=False)
    text = text_of(tmp_path / "form.pdf")
    for question in fielded(form):
        label = question.label(lang)
        parts = label.rstrip("?").split(": ") if question.name.startswith("som_") else [label]
        assert all(part in text for part in parts), question.name
    assert form.title_in(lang) in text
    assert "${" not in text and "selected(" not in text and "clients_now" not in text
    print_questionnaire(tmp_path / "guide.pdf", form, lang, guide=True)
    assert "clients_now" in text_of(tmp_path / "guide.pdf")


def test_contact_notes_and_answers_named_in_labels_are_printed(folder, tmp_path):
    with open(folder / "settings.csv", "w", encoding="utf-8") as file:
        file.write("form_title,form_id,contact::Nederlands (nl)\nMonitor,m,Bureau Voorbeeld\n")
    survey = (folder / "survey.csv").read_text(encoding="utf-8").split("\n")
    survey.insert(1, "note,welcome,Fijn dat u meedoet." + "," * (survey[0].count(",") - 2))
    (folder / "survey.csv").write_text("\n".join(survey), encoding="utf-8")
    change(folder, "clients_now", **{"label::Nederlands (nl)": "U had er ${clients_then}; en in 2020?"})
    form = read_questionnaire(folder)
    print_questionnaire(tmp_path / "form.pdf", form, "nl", guide=False)
    text = text_of(tmp_path / "form.pdf")
    number = numbers_of(form)["clients_then"]
    assert "Bureau Voorbeeld" in text
    assert text.index("Fijn dat u meedoet.") < text.index("Wat is de naam van uw voorziening?")
    assert f"U had er (uw antwoord op vraag {number}); en in 2020?" in text


def test_what_paper_cannot_say_is_told(folder):
    change(folder, "clients_now", relevant="floor(${clients_then}) = 3 or ${ghb_seen} = 'yes'")
    lines = advice(folder)
    assert [line.split(":")[0] for line in lines] == [
        f"{folder}/settings.csv has no column `contact` (or `contact", "question clients_now"
    ]  # fmt: skip


def test_work_in_the_xlsform_is_not_overwritten(folder, tmp_path):
    from openpyxl import load_workbook

    written = publish(folder, tmp_path / "forms", ["nl"])
    assert {path.name for path in written} == {
        "harm_reduction_2021.xlsx", "vragenlijst_nl.xlsx", "vragenlijst_nl.docx", "vragenlijst_nl.pdf", "interviewleidraad_nl.pdf"
    }  # fmt: skip
    publish(folder, tmp_path / "forms", [])  # nothing was changed: nothing is lost
    book = load_workbook(written[0])
    book["survey"]["C3"] = "Hoe heet uw voorziening?"
    book.save(written[0])
    newer = written[0].stat().st_mtime + 10
    os.utime(written[0], (newer, newer))
    with pytest.raises(QuestionnaireError, match="its sheet survey was changed, and would be overwritten"):
        publish(folder, tmp_path / "forms", [])
    assert load_workbook(written[0])["survey"]["C3"].value == "Hoe heet uw voorziening?"


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_form_filled_in_from_first_to_last_comes_back(form, tmp_path, kind, lang):
    given = {}
    for place, question in enumerate(fielded(form)):
        if question.kind == "select_multiple":
            ticked = question.codes[:: 2 + place % 2]
            given |= {f"{question.name}/{code}": "1" if code in ticked else "0" for code in question.codes}
        elif question.choices:
            given[question.name] = question.codes[place % len(question.codes)]
        elif question.kind == "text":
            given[question.name] = f"antwoord {place}"
        else:
            given[question.name] = "2021-05-03" if question.kind == "date" else str(place)
    others = [name for name in form.questions if name.endswith("_other")]
    chosen = {name for name in others if given.get(f"{name.removesuffix('_other')}/other") == "1"
              or given.get(name.removesuffix("_other")) == "other"}  # fmt: skip
    path = tmp_path / f"form.{kind}"
    (write_workbook if kind == "xlsx" else write_document)(path, form, lang)
    _fill_in(path, form, lang, given)
    responses, notes, _ = read_export(str(path), form, {"tool": "auto", "mode": "questionnaire"}, path.name)
    read = {name: cell for name, cell in responses.iloc[0].dropna().items() if not name.startswith("_")}
    assert read == given | {name: "iets anders" for name in chosen}
    assert notes.empty


def _fill_in(path, form, lang, given):
    """As a person does: from top to bottom, with the label as the only guide."""
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path)
        lines = [(row[0].value, row[1].value, row[2], row[3]) for row in book.active.iter_rows(min_row=3)]
    else:
        from docx import Document

        book = Document(path)
        cells = [cell for row in book.tables[0].rows for cell in row.cells]
        lines = [(cells[i].text, cells[i + 1].text, cells[i + 2], cells[i + 3]) for i in range(0, len(cells), 4)][1:]
    question = None
    todo = iter(fielded(form))
    for number, label, answer, remark in lines:
        label = (label or "").strip()
        if number:
            question = next(todo)
            assert label == question.label(lang)
            if not question.choices:
                _write(answer, given[question.name])
            continue
        codes = [choice.name for choice in question.choices if choice.label(lang) == label] if question else []
        if any(given.get(f"{question.name}/{code}") == "1" or given.get(question.name) == code for code in codes):
            _tick(answer)
            if codes == ["other"]:
                _write(remark, "iets anders")
    book.save(path)


def _write(cell, text):
    if hasattr(cell, "value"):
        cell.value = text
    else:
        cell.text = text


def _tick(cell):
    if hasattr(cell, "value"):
        cell.value = "x"
    else:
        mark = next(node for node in cell._tc.iter() if node.tag.endswith("}checked"))
        mark.set(mark.tag.replace("}checked", "}val"), "1")


def test_a_page_is_the_same_each_time(form, tmp_path):
    for name in ("a", "b"):
        print_questionnaire(tmp_path / name, form, "nl", guide=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_title_is_in_the_language_of_the_page(form):
    assert form.title_in("en") == "Harm reduction services in the Netherlands 2021"
    assert dataclasses.replace(form, titles={}).title_in("en") == form.title
