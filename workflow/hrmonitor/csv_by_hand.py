"""CSV that people keep by hand, as a program writes it or as Excel saves it.

Excel saves in the manner of the machine's country: Windows letters in place of UTF-8, semicolons or tabs in place of
commas, and blank rows where rows were emptied.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path


def read_rows(path: str | Path) -> list[dict[str, str]]:
    """Rows by heading, cells without spaces around them; blank rows at the end are left out.

    Raises `OSError` or `csv.Error`.
    """
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    heading = text.split("\n", 1)[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    rows = [{key.strip(): (value or "").strip() for key, value in row.items() if key} for row in table]
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows
