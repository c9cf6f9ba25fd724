"""The book of themes: what coders look for in the answers to each open question."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.files.sheet import wanted_columns
from hrmonitor.files.sheets import read_sheets
from hrmonitor.language import LANGUAGES

LABEL = "label_"


def read_themes(path: str | Path) -> pd.DataFrame:
    """The book of themes: question, theme and `label_{lang}` in each language that it has, in the order of the file.

    Raises `CleaningError` for a theme that is duplicated, and for a book without labels.
    """
    sheet = read_sheets(str(path), {})[0][0]
    labels = [heading.strip() for heading in sheet.row(0) if heading.strip().startswith(LABEL)]
    book = wanted_columns(sheet, ["question", "theme", *(labels or [f"{LABEL}{LANGUAGES[0]}"])])
    doubled = book[book.duplicated(["question", "theme"])]
    if len(doubled):
        one = doubled.iloc[0]
        raise CleaningError(
            f"{path}, row {doubled.index[0]}: {one['question']!r} has the theme {one['theme']!r} twice."
        )
    return book
