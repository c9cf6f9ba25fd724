"""CSV that people keep by hand, as a program writes it or as Excel saves it.

Excel saves using the system locale: Windows letters in place of UTF-8, semicolons or tabs in place of
commas, and blank rows where rows were emptied.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.language import without_controls

if TYPE_CHECKING:
    import pandas as pd

# Letters of a text from which on a reader in C is worth its import.
LARGE = 1 << 20


def read_rows(path: str | Path) -> list[dict[str, str]]:
    """Rows by heading, cells without spaces around them; blank rows at the end are left out.

    Raises `OSError` or `csv.Error`.
    """
    return list(_rows(*text_of(path)))


def read_frame(path: str | Path) -> pd.DataFrame:
    """The rows of `read_rows` as a table of strings; a large file without odd rows is read by Arrow.

    Raises `OSError` or `csv.Error`.
    """
    import pandas as pd

    text, delimiter = text_of(path)
    if len(text) > LARGE and (table := _even_rows(text, delimiter)) is not None:
        return table
    # In pieces, as a frame takes a tenth of the memory of the rows that it is made of.
    rows = _rows(text, delimiter)
    pieces = [pd.DataFrame(piece, dtype="str") for piece in iter(lambda: list(islice(rows, 20_000)), [])]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(dtype="str")


def _even_rows(text: str, delimiter: str) -> pd.DataFrame | None:
    """The rows of a text in which each has as many cells as there are headings, all of them different; else None."""
    import pyarrow as pa
    from pyarrow import compute
    from pyarrow import csv as arrow_csv

    from hrmonitor.files.distinct import whole_match

    headings = [
        cell.strip() for cell in next(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    ]
    if len({*headings} - {""}) < len(headings) or "\r" in text.replace("\r\n", ""):
        return None
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=arrow_csv.ReadOptions(autogenerate_column_names=True, use_threads=False, block_size=1 << 26),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{place}": pa.large_string() for place in range(len(headings))},
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    table = table.rename_columns(headings).slice(1).combine_chunks()
    for place, column in enumerate(table.columns):
        # Blanks around a cell go; Python says what is one.
        if not compute.all(whole_match(column, r"(?:[!-~](?:.*[!-~])?)?")).as_py():
            table = table.set_column(
                place, headings[place], pa.array(map(str.strip, column.to_pylist()), pa.large_string())
            )
    blank = compute.equal(table.column(0), "")
    for column in table.columns[1:]:
        blank = compute.and_(blank, compute.equal(column, ""))
    rows = compute.indices_nonzero(compute.invert(blank)).to_pylist()[-1:]
    return table.slice(0, rows[0] + 1 if rows else 0).to_pandas().astype("str")


def _rows(text: str, delimiter: str) -> Iterator[dict[str, str]]:
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
