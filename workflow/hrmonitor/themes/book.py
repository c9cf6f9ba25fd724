"""The book of themes: what coders look for in the answers to each open question."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.readers.sources import read_sheets


def read_themes(path: str | Path) -> pd.DataFrame:
    """The book of themes: question, theme, label_nl, label_en. Raises `CleaningError` for a theme that stands there twice."""
    sheet = read_sheets(str(path), {})[0][0]
    book = sheet.body(1).fillna("").set_axis(sheet.row(0), axis=1)
    columns = ["question", "theme", "label_nl", "label_en"]
    missing = [column for column in columns if column not in book]
    if missing:
        raise CleaningError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(columns)}.")
    doubled = book[book.duplicated(["question", "theme"])]
    if len(doubled):
        one = doubled.iloc[0]
        raise CleaningError(
            f"{path}, row {doubled.index[0]}: {one['question']!r} has the theme {one['theme']!r} twice."
        )
    return book[columns]
