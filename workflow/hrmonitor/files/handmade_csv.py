"""CSV that people keep by hand, as a program writes it or as Excel saves it.

Excel saves using the system locale: Windows letters in place of UTF-8, semicolons or tabs in place of
commas, and blank rows where rows were emptied.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from hrmonitor.language import without_controls


def read_rows(path: str | Path) -> list[dict[str, str]]:
    """Rows by heading, cells without spaces around them; blank rows at the end are left out.

    Raises `OSError` or `csv.Error`.
    """
    return list(iterate_rows(path))


def iterate_rows(path: str | Path) -> Iterator[dict[str, str]]:
    """As `read_rows`, one after another."""
    text, delimiter = text_of(path)
    rows = filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    headings = [cell.strip() for cell in next(rows, [])]
    places = [place for place, heading in enumerate(headings) if heading]
    nothing, blank = [""] * len(headings), []
    for row in rows:
        row += nothing[len(row) :]
        cells = {headings[place]: row[place].strip() for place in places}
        if not any(cells.values()):
            blank.append(cells)
            continue
        yield from (*blank, cells)
        blank = []


def text_of(path: str | Path) -> tuple[str, str]:
    """The text of the file, and what stands between its cells."""
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = without_controls(text)
    return text, max(",;\t", key=text.split("\n", 1)[0].count)
