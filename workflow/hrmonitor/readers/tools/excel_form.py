"""Returned workbooks: number in column A, label in B, answer in C, remark in D; one file a submission."""

from __future__ import annotations

from hrmonitor.errors import ReaderError
from hrmonitor.files.archives import check_workbook
from hrmonitor.files.workbooks import cell_text
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
    if len(rows) > 1 and rows[1][0] in HEADINGS and rows[1][2] in ("Antwoord", "Answer"):
        return "its second row is that of our own fillable workbook"
    return None


def _rows(path: str) -> list[Row]:
    from python_calamine import CalamineWorkbook

    check_workbook(path)
    try:
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # calamine raises a dozen kinds for files that are no workbook
        raise ReaderError(f"{path}: the workbook cannot be opened. Ask for it again, as .xlsx.") from error
    return [row_of(cell_text(cell).strip() for cell in row[:4]) for row in rows]


READER = Reader("excel_form", "a returned workbook", read, recognise_file=recognise_file, needs_form=True)  # type: ignore[arg-type]  # `open_export` calls no reader that needs a form without one
