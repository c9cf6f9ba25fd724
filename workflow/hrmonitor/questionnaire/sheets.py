"""The sheets of a form as rows by heading, and pyxform's judgement of them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.files.handmade_csv import read_rows

SHEETS = ("survey", "choices", "settings")


def read_sheets(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {sheet: read_sheet(folder / f"{sheet}.csv") for sheet in SHEETS}


def read_sheet(path: str | Path) -> list[dict[str, str]]:
    """The rows of a sheet of the form by heading. Raises `QuestionnaireError` naming the file."""
    try:
        rows = read_rows(path)
    except FileNotFoundError as error:
        raise QuestionnaireError(
            f"{path}: there is no such file. A questionnaire is a folder with {', '.join(f'{sheet}.csv' for sheet in SHEETS)}."
        ) from error
    except (OSError, csv.Error) as error:
        raise QuestionnaireError(
            f"{path}: this sheet of the form cannot be read ({error}). Save it as CSV in UTF-8."
        ) from error
    # A form without choice questions has no choices.
    if not rows and Path(path).name != "choices.csv":
        raise QuestionnaireError(f"{path}: this sheet of the form is empty.")
    return rows


def validate(sheets: dict[str, list[dict[str, str]]], folder: str | Path) -> list[str]:
    """pyxform's warnings on the form; its errors become `QuestionnaireError`."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    workbook: dict[str, list[dict]] = {}
    for sheet, rows in sheets.items():
        workbook[sheet] = [{key: value for key, value in row.items() if value} for row in rows]
        workbook[f"{sheet}_header"] = [dict.fromkeys(rows[0])] if rows else []
    warnings: list[str] = []
    try:
        convert(workbook, warnings=warnings, form_name="data")
    except PyXFormError as error:
        raise QuestionnaireError(f"{folder}: {error} Correct the form's sheets.") from error
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        # pyxform stumbles over headings that it does not expect, such as form_title::English.
        raise QuestionnaireError(
            f"{folder}: pyxform cannot read the form ({type(error).__name__}: {error}). Look for an unusual heading of a column."
        ) from error
    return warnings


def by_language(row: dict[str, str], column: str) -> dict[str, str]:
    """{'nl': ..., 'en': ...} from the columns `label::Nederlands (nl)`, `label::English (en)`; '' for a plain `label`."""
    found = {}
    for key, value in row.items():
        match = re.fullmatch(rf"{column}(?:::(?:.*\(([\w-]+)\)|(.+)))?", key)
        if match and value:
            found[match.group(1) or match.group(2) or ""] = value
    return found
