"""The book of themes: what coders look for in the answers to each open question."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.files.sheet import wanted_columns
from hrmonitor.files.sheets import read_sheets


def read_themes(path: str | Path) -> pd.DataFrame:
    """The book of themes: question, theme, label_nl, label_en. Raises `CleaningError` for a theme that is duplicated."""
    book = wanted_columns(read_sheets(str(path), {})[0][0], ["question", "theme", "label_nl", "label_en"])
    doubled = book[book.duplicated(["question", "theme"])]
    if len(doubled):
        one = doubled.iloc[0]
        raise CleaningError(
            f"{path}, row {doubled.index[0]}: {one['question']!r} has the theme {one['theme']!r} twice."
        )
    return book
