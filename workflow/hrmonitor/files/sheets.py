"""Files into sheets of text: CSV in any encoding, workbooks, Parquet. What was guessed is said.

A sheet keeps every row as it stands, headings included, with the number that a person sees beside it.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from hrmonitor.errors import CleaningError, ReaderError
from hrmonitor.files.archives import MOST_COLUMNS, check_workbook

DELIMITERS = ";,\t|"
# Bytes that Arrow reads together. A row must fit in.
BLOCK = 1 << 26
ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


@dataclass(frozen=True)
class Sheet:
    """`cells` are strings ("" where blank), one column a place, indexed by row number from 1."""

    path: str
    name: str
    cells: pd.DataFrame
    blank_rows: tuple[int, ...] = ()

    def row(self, place: int) -> list[str]:
        """The cells of the `place`-th row that is not blank, from 0."""
        return [] if place >= len(self.cells) else list(self.cells.iloc[place])

    def body(self, headings: int) -> pd.DataFrame:
        """The rows under the headings: blanks around text gone, blank cells missing."""
        body = self.cells.iloc[headings:].apply(lambda column: column.str.strip())
        return body.mask(body == "")


def wanted_columns(sheet: Sheet, wanted: list[str]) -> pd.DataFrame:
    """Those columns of a sheet that people keep by hand, "" where blank, indexed by row number.

    Raises `CleaningError` when one is missing or duplicated.
    """
    headings = [heading.strip() for heading in sheet.row(0)]
    for column in wanted:
        if headings.count(column) != 1:
            how = "is missing" if column not in headings else "is duplicated"
            raise CleaningError(f"{sheet.path}: the column {column!r} {how}. It needs: {', '.join(wanted)}.")
    body = sheet.body(1).fillna("").astype("str")
    return body[[headings.index(column) for column in wanted]].set_axis(wanted, axis=1)


def read_sheets(path: str, entry: dict) -> tuple[list[Sheet], list[str]]:
    """All sheets of a file (a CSV has one; a zip of CSVs has one a file), and what was found out about it.

    Raises `ReaderError` with the file and, for a row that is cut short or too long, its number.
    """
    with open(path, "rb") as file:
        start = file.read(8)
    if not start.strip():
        raise ReaderError(f"{path}: there is nothing in the file. Export it again.")
    if start.startswith(PARQUET):
        return [_parquet(path)], ["a Parquet file"]
    if start.startswith((ZIP, OLE)):
        if start.startswith(ZIP):
            check_workbook(path)
        if start.startswith(ZIP) and (members := _csv_members(path)):
            return _zipped(path, members, entry)
        sheets = [sheet for sheet in _workbook(path) if sheet.cells.size]
        if not sheets:
            raise ReaderError(
                f"{path}: no sheet of the workbook holds anything. Export it again, or leave it out if nobody has answered yet."
            )
        return sheets, ["a workbook"]
    sheet, facts = _text_sheet(path, Path(path).stem, Path(path).read_bytes(), entry)
    return [sheet], facts


def _zipped(path: str, members: list[str], entry: dict) -> tuple[list[Sheet], list[str]]:
    sheets, facts = [], [f"a zip with {len(members)} CSV files"]
    with zipfile.ZipFile(path) as archive:
        for member in members:
            try:
                content = archive.read(member)
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
                raise ReaderError(f"{path}: {member} in it cannot be unpacked. Download it again.") from error
            if not content.strip():
                continue
            sheet, found = _text_sheet(f"{path}/{member}", Path(member).stem, content, entry)
            sheets.append(sheet)
            facts += found
    if not sheets:
        raise ReaderError(f"{path}: the CSV files in it are empty. Download it again.")
    return sheets, list(dict.fromkeys(facts))


def _csv_members(path: str) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(
                name for name in archive.namelist() if name.lower().endswith(".csv") and not name.startswith("__MACOSX")
            )
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ReaderError(f"{path}: the file is cut off or damaged. Export it again.") from error


# --- text --------------------------------------------------------------------------------------------------


def decode(path: str, content: bytes, encoding: str | None) -> tuple[str, str]:
    """The text and its encoding: UTF-8 if it is that, else the one that charset-normalizer finds likeliest."""
    if encoding is None:
        try:
            return content.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            from charset_normalizer import from_bytes

            # Survey tools of this region write Windows-1252 when they do not write UTF-8.
            best = from_bytes(content, cp_isolation=["cp1252", "utf_16", "iso8859_15"]).best()
            encoding = best.encoding if best else "cp1252"
    try:
        return content.decode(encoding).removeprefix("\ufeff"), encoding
    except (UnicodeDecodeError, LookupError) as error:
        raise ReaderError(
            f"{path}: the text is not in {encoding}. Set `encoding:` of this export in config.yaml."
        ) from error


def guess_delimiter(text: str) -> str:
    """The delimiter that stands between quoted cells; else the one that cuts the first rows into the most cells."""
    between = {delimiter: text[:5000].count(f'"{delimiter}"') for delimiter in DELIMITERS}
    if text.startswith('"') and max(between.values()):
        return max(DELIMITERS, key=between.get)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 6))
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if row] or [0]
        alike = widths.count(widths[0]) * 2 > len(widths) and widths[0] > 1
        return (widths[0] if alike else 0), widths[0]

    return max(DELIMITERS, key=score)


def text_in_parts(path: str, entry: dict, size: int) -> Iterator[tuple[Sheet, list[str]]]:
    """A CSV in UTF-8 (or as `encoding:` says) in sheets of some `size` bytes, the headings on top of each.

    Raises `ReaderError` as `read_sheets` does.
    """
    heading, before = b"", 0
    with open(path, "rb") as file:
        for rows in _whole_rows(file, size):
            if not heading:
                heading = rows[: _row_end(rows)]
            else:
                rows = heading + rows
            sheet, facts = _text_sheet(path, Path(path).stem, rows, {"encoding": "utf-8", **entry}, before)
            before = max([before + 1, *sheet.cells.index[-1:], *sheet.blank_rows]) - 1
            yield sheet, facts


def _whole_rows(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The file cut behind rows; a line end between quotation marks ends no row."""
    rest = b""
    while block := file.read(size):
        block = rest + block
        end, quotes = len(block), block.count(b'"')
        while (line := block.rfind(b"\n", 0, end)) >= 0 and (quotes := quotes - block.count(b'"', line, end)) % 2:
            end = line
        if line >= 0:
            # Blank lines go with the part that follows: behind the last row of a part they would not be counted.
            line = block.find(b"\n", len(block[:line].rstrip(b"\r\n")))
            yield block[: line + 1]
        rest = block[line + 1 :]
    if rest.strip():
        yield rest


def _row_end(rows: bytes) -> int:
    """Where the first row that is not blank ends."""
    end = 0
    while (end := rows.find(b"\n", end) + 1) and (rows.count(b'"', 0, end) % 2 or not rows[:end].strip()):
        pass
    return end or len(rows)


def _text_sheet(path: str, name: str, content: bytes, entry: dict, before: int = 0) -> tuple[Sheet, list[str]]:
    """The sheet of a file's text; `before` is the number of rows between the headings and what follows them here."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text, encoding = decode(path, content, entry.get("encoding"))
    if not text.strip():
        raise ReaderError(f"{path}: there is nothing in the file. Export it again.")
    if text.startswith("sep=") and "\n" in text[:10]:  # a hint that Excel writes for itself
        text = text.split("\n", 1)[1]
    delimiter = entry.get("delimiter") or guess_delimiter(text[:200_000])
    if not delimiter.isascii() or delimiter in '"\r\n':
        raise ReaderError(
            f"{path}: {delimiter!r} cannot be a delimiter. Set `delimiter:` to ; or , or a tab, for instance."
        )
    facts = [f"text in {encoding}", f"cells apart by {'a tab' if delimiter == chr(9) else repr(delimiter)}"]
    _check_quotes(path, text, delimiter)
    width = _width(path, text, delimiter)
    if width > MOST_COLUMNS:
        raise ReaderError(f"{path}: the heading has {width} columns, which no questionnaire does. Export it again.")
    text = text.rstrip("\r\n") + "\n"
    blank, wrong = [], []

    def on_other_width(row) -> str:
        number = row.number + before if row.number > 1 else 1
        (blank if not row.text.strip(delimiter + ' "\r\n') else wrong).append((number, row.actual_columns))
        return "skip"

    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=arrow_csv.ReadOptions(
                # One thread: only then does Arrow number the rows that it complains about.
                autogenerate_column_names=True, use_threads=False, block_size=BLOCK,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=on_other_width
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{place}": pa.large_string() for place in range(width)}, strings_can_be_null=False
            ),
        )  # fmt: skip
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeEncodeError) as error:
        _refuse_long_row(path, text, delimiter, before)
        raise ReaderError(f"{path}: the file is no CSV that can be read. Export it again.") from error
    if wrong and entry.get("long_rows") and all(cells > width for _, cells in wrong):
        return _with_long_rows(path, name, text, delimiter), facts
    if wrong:
        number, cells = wrong[0]
        raise ReaderError(
            f"{path}, row {number}: {cells} cells where the heading has {width}. "
            "The file may be cut off, or have another delimiter: export it again or set `delimiter:`."
        )
    cells = table.to_pandas().astype("str")
    gone = {number for number, _ in blank}
    numbers = itertools.chain([1], range(before + 2, before + len(cells) + len(gone) + 1))
    cells.index = [number for number in numbers if number not in gone]
    return _sheet(path, name, cells, sorted(gone)), facts


def _refuse_long_row(path: str, text: str, delimiter: str, before: int) -> None:
    """Raises `ReaderError` when a row is longer than what is read together, of which nothing else tells the number."""
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        # Quotation marks and delimiters are gone.
        if sum(len(cell.encode(errors="replace")) for cell in row) > BLOCK * 0.9:
            raise ReaderError(
                f"{path}, row {number + before if number > 1 else 1}: a cell of {max(map(len, row)):,} characters, "
                "which nobody typed into a questionnaire. Shorten it in the tool, or leave the question out, and export again."
            )


def _with_long_rows(path: str, name: str, text: str, delimiter: str) -> Sheet:
    """Rows longer than the heading, as KoboToolbox writes them where versions of a form differ."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    # A line of blanks is a blank line, here as in other files.
    rows = [row if any(map(str.strip, row)) else [] for row in rows]
    width = max(map(len, rows))
    return _sheet(path, name, _cells([row + [""] * (width - len(row)) for row in rows]))


def _check_quotes(path: str, text: str, delimiter: str) -> None:
    """An odd number of quotation marks may mean that the file ends inside a quoted cell."""
    if text.count('"') % 2 == 0:
        return
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        raise ReaderError(
            f"{path}: a quotation mark is opened and not closed; the file may be cut off. Export it again."
        ) from error


def _width(path: str, text: str, delimiter: str) -> int:
    try:
        # Line by line: a StringIO would take four bytes a letter of the whole text.
        lines = (line.group() for line in re.finditer(r".*\n|.+$", text))
        return len(next(row for row in csv.reader(lines, delimiter=delimiter) if row))
    except (csv.Error, StopIteration) as error:
        raise ReaderError(f"{path}: the file is no CSV that can be read. Export it again.") from error


# --- workbooks and Parquet ---------------------------------------------------------------------------------


def _workbook(path: str) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except Exception as error:  # calamine raises a dozen kinds for files that are no workbook
        raise ReaderError(f"{path}: the workbook cannot be opened. Save it again as .xlsx.") from error
    return [_sheet(path, name, _cells([[cell_text(cell) for cell in row] for row in rows])) for name, rows in sheets]


def cell_text(cell: object) -> str:
    """A cell as the person typed it: whole numbers without .0, dates in ISO 8601."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if hasattr(cell, "isoformat"):
        text = cell.isoformat()
        return text.removesuffix("T00:00:00")
    return str(cell)


def _cells(rows: list[list[str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype="str")
    return frame.set_axis(range(1, len(frame) + 1))


def _parquet(path: str) -> Sheet:
    try:
        frame = pd.read_parquet(path)
        text = frame.astype(object).map(cell_text).mask(frame.isna(), "")
    # pyarrow raises OSError, ArrowInvalid and others for damaged files, some only when a cell is looked at.
    except Exception as error:
        raise ReaderError(f"{path}: the Parquet file cannot be read. Write it again.") from error
    rows = [[str(name) for name in frame.columns], *text.to_numpy().tolist()]
    return _sheet(path, Path(path).stem, _cells(rows))


def _sheet(path: str, name: str, cells: pd.DataFrame, blank: list[int] | None = None) -> Sheet:
    """Rows without any text are no rows; columns without heading and text (a last comma) are no columns."""
    cells = cells.set_axis(range(cells.shape[1]), axis=1).fillna("")
    filled = cells != ""
    empty = ~filled.any(axis=1)
    gone = sorted([*(blank or []), *cells.index[empty]])
    kept = cells.loc[~empty, filled.any(axis=0)]
    return Sheet(path, name, kept.set_axis(range(kept.shape[1]), axis=1), tuple(gone))
