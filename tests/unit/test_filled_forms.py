"""Questionnaires that a person filled in, as a workbook or a document: crosses and answers come back as they were given, or are refused."""

import pytest
from hrmonitor.cleaning.answers import parse_number
from hrmonitor.errors import ReaderError
from hrmonitor.forms.exports.fillable import write_document, write_workbook
from hrmonitor.questionnaire.model import Choice, Question, Questionnaire
from hrmonitor.readers import read_export


def question(name: str, kind: str, *options: tuple[str, str], unit: str = "") -> Question:
    choices = tuple(Choice(code, {"en": label}) for code, label in options)
    return Question(
        name=name, kind=kind, group=(), list_name=name if choices else "", labels={"en": name.title()}, hints={}, relevant="",
        constraint="", constraint_messages={}, calculation="", required=False, indicator="", statistics=(), unit=unit, weighted_by="",
        pii=False, coded=False, parts=(), choices=choices,
    )  # fmt: skip


FORM = Questionnaire(
    "", "f", "1", "F", ("en",),
    {
        one.name: one
        for one in (
            question("grade", "select_one", ("plain", "A"), ("plus", "A+"), ("minus", "A-")),
            question("state", "select_one", ("yes", "Open"), ("no", "Closed")),
            question("drugs", "select_multiple", ("ghb", "GHB"), ("crack", "Crack")),
            question("clients", "integer"),
            question("share", "decimal", unit="%"),
            question("hours", "decimal"),
        )
    },
    {},
)  # fmt: skip


def filled(path, answers: dict, form: Questionnaire = FORM, formats: dict | None = None):
    """`answers`: what stands in the column for answers, by the label of its row."""
    if path.suffix == ".xlsx":
        import openpyxl

        write_workbook(path, form, "en")
        book = openpyxl.load_workbook(path)
        rows = {str(row[1].value or "").strip(): row[2] for row in book.worksheets[0].iter_rows()}
        for label, answer in answers.items():
            rows[label].value = answer
            rows[label].number_format = (formats or {}).get(label, "General")
        book.save(path)
    else:
        from docx import Document

        write_document(path, form, "en")
        document = Document(str(path))
        rows = {row.cells[1].text.strip(): row.cells[2] for row in document.tables[0].rows}
        for label, answer in answers.items():
            rows[label].paragraphs[0].add_run(str(answer))
        document.save(str(path))
    entry = {"tool": "excel_form" if path.suffix == ".xlsx" else "word_form", "mode": "questionnaire"}
    responses, _, _ = read_export(str(path), form, entry, path.name)
    read = responses.iloc[0].dropna()
    return {name: value for name, value in read.items() if not name.startswith("_")}


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
@pytest.mark.parametrize(("label", "code"), [("A", "plain"), ("A+", "plus"), ("A-", "minus")])
def test_a_cross_counts_for_the_option_beside_it_and_no_other_that_is_written_much_alike(tmp_path, ending, label, code):
    assert filled(tmp_path / f"e.{ending}", {label: "x"}) == {"grade": code}


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_cross_beside_a_label_that_two_options_share_is_refused(tmp_path, ending):
    twins = question("grade", "select_one", ("first", "Other place"), ("second", "Other place"))
    form = Questionnaire("", "f", "1", "F", ("en",), {"grade": twins}, {})
    with pytest.raises(ReaderError, match=r"the options first and second of grade are written alike"):
        filled(tmp_path / f"e.{ending}", {"Other place": "x"}, form)


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_an_option_in_words_beside_its_question_is_not_lost(tmp_path, ending):
    assert filled(tmp_path / f"e.{ending}", {"State": "Closed"}) == {"state": "Closed"}


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_options_in_words_beside_a_question_with_boxes_are_refused_with_their_cell(tmp_path, ending):
    with pytest.raises(ReaderError, match=r"an answer stands beside the question itself. Put a cross"):
        filled(tmp_path / f"e.{ending}", {"Drugs": "GHB en crack"})


def test_a_cross_typed_beside_a_box_in_word_is_a_cross(tmp_path):
    assert filled(tmp_path / "e.docx", {"GHB": " x"}) == {"drugs/ghb": "1", "drugs/crack": "0"}


def test_a_number_in_a_cell_is_that_number_whatever_its_format(tmp_path):
    """100 % is stored as 1, and an eighth has three digits behind the point."""
    read = filled(tmp_path / "e.xlsx", {"Clients": 1734, "Share": 1, "Hours": 2.125}, formats={"Share": "0%"})
    assert read == {"clients": "1734", "share": "100%", "hours": "2.1250"}


@pytest.mark.parametrize(("stored", "value"), [(1734, 1734), (6.723, 6723), (6.72, None), (12.5, None), (0.875, None)])
def test_what_a_spreadsheet_made_of_a_whole_number_is_not_taken_for_another(tmp_path, stored, value):
    """A Dutch 6.720 typed into an English Excel is stored as 6.72."""
    read = filled(tmp_path / "e.xlsx", {"Clients": stored})
    parsed = parse_number(read["clients"], whole=True)
    assert parsed.value == value
    assert ("not_understood" in parsed.rules) == (value is None)


def test_a_number_typed_as_text_that_has_two_readings_is_refused(tmp_path):
    with pytest.raises(ReaderError, match=r"question 'hours', 1 cell"):
        filled(tmp_path / "e.xlsx", {"Hours": "2.125"})
