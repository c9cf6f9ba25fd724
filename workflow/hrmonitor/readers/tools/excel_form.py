"""Returned workbooks: number in column A, label in B, answer in C, remark in D; one file a submission."""

from __future__ import annotations

from hrmonitor.errors import ReaderError
from hrmonitor.files.archives import check_workbook
from hrmonitor.files.workbooks import workbook_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export
from hrmonitor.readers.filled_forms import HEADINGS, Row, interpret, row_of
from hrmonitor.readers.reader import Reader


def read(path: str, entry: dict, questionnaire: Questionnaire) -> Export:
    """One row: the workbook. `row` is 1; a form that came back counts as submitted."""
    return interpret("excel_form", path, _rows(path), questionnaire, "cell C{}")


def recognise_file(path: str) -> str | None:
    """Why the workbook is a returned questionnaire, if it is: its second row names the columns."""
    rows = _rows(path)
    if len(rows) > 1 and rows[1].mark in HEADINGS and rows[1].answer in ("Antwoord", "Answer"):
        return "its second row is that of our own fillable workbook"
    return None


def _rows(path: str) -> list[Row]:
    check_workbook(path)
    try:
        sheet = workbook_sheets(path)[0]
    except (ReaderError, IndexError) as error:
        raise ReaderError(f"{path}: the workbook cannot be opened. Ask for it again, as .xlsx.") from error
    places = [sheet.letters.index(letter) if letter in sheet.letters else None for letter in "ABCD"]
    rows = [Row()] * max(sheet.cells.index, default=0)
    answers = None if sheet.numbers is None or places[2] is None else sheet.numbers[places[2]].tolist()
    for place_of_row, (number, cells) in enumerate(
        zip(sheet.cells.index, sheet.cells.to_numpy().tolist(), strict=True)
    ):
        typed = answers is not None and bool(answers[place_of_row])
        rows[number - 1] = row_of(("" if place is None else cells[place].strip() for place in places), typed)
    return rows


READER = Reader("excel_form", "a returned workbook", read, recognise_file=recognise_file, needs_form=True)  # type: ignore[arg-type]  # `open_export` calls no reader that needs a form without one
