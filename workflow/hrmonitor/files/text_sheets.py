"""Text files into sheets: any encoding, delimiter and line end; what was guessed is said."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hrmonitor.errors import ReaderError
from hrmonitor.files.archives import MOST_COLUMNS
from hrmonitor.files.sheet import Sheet, cells_frame, make_sheet

DELIMITERS = ";,\t|"
# Bytes that Arrow reads together. A row must fit in.
BLOCK = 1 << 26
_SHOWN = {"\t": "a tab", " ": "blanks"}


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
        return max(DELIMITERS, key=between.__getitem__)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 6))
        except csv.Error:
            return 0, 0
        widths = [len(row) for row in rows if row] or [0]
        alike = widths.count(widths[0]) * 2 > len(widths) and widths[0] > 1
        return (widths[0] if alike else 0), widths[0]

    best = max(DELIMITERS, key=score)
    if score(best)[0] > 1:
        return best
    # Tables of numbers that statistical programs write: blanks between cells, as many in each row.
    return " " if _even(text) else best


def _even(text: str) -> bool:
    """Whether blanks cut each row into as many cells, the headings perhaps into one fewer, as R writes them."""
    rows = [row for row in itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=" "), 50) if row]
    widths = {len(row) for row in rows[1:]}
    return len(widths) == 1 and min(widths) > 1 and widths <= {len(rows[0]), len(rows[0]) + 1} and "  " not in text


def _from_headings(text: str, skipped: list[int]) -> str:
    """The text without the skipped rows at its start, which have delimiters of their own or none."""
    lines = text.splitlines(keepends=True)
    above = next((place for place in range(len(lines)) if place + 1 not in skipped), 0)
    return "".join(lines[above:])


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
            sheet, facts = text_sheet(path, Path(path).stem, rows, {"encoding": "utf-8", **entry}, before)
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


def text_sheet(path: str, name: str, content: bytes, entry: dict, before: int = 0) -> tuple[Sheet, list[str]]:
    """The sheet of a file's text; `before` is the number of rows between the headings and what follows them here."""
    text, encoding = decode(path, content, entry.get("encoding"))
    if not text.strip():
        raise ReaderError(f"{path}: there is nothing in the file. Export it again.")
    text = _line_ends(text)
    if text.startswith("sep=") and "\n" in text[:10]:  # a hint that Excel writes for itself
        text = text.split("\n", 1)[1]
    delimiter = entry.get("delimiter") or guess_delimiter(_from_headings(text[:200_000], entry.get("skip_rows", [])))
    if not delimiter.isascii() or delimiter in '"\r\n':
        raise ReaderError(
            f"{path}: {delimiter!r} cannot be a delimiter. Set `delimiter:` to ; or , or a tab, for instance."
        )
    facts = [f"text in {encoding}", f"cells apart by {_SHOWN.get(delimiter, repr(delimiter))}"]
    _check_quotes(path, text, delimiter)
    if entry.get("skip_rows"):
        return _without_rows(path, name, text, delimiter, entry), facts
    width = _width(path, text, delimiter)
    if width > MOST_COLUMNS:
        raise ReaderError(f"{path}: the heading has {width} columns, which no questionnaire does. Export it again.")
    text = text.rstrip("\r\n") + "\n"
    table, blank, wrong = _read_rows(path, text, delimiter, width, before)
    if wrong and entry.get("long_rows") and all(cells > width for _, cells in wrong):
        return _with_long_rows(path, name, text, delimiter), facts
    names_rows = len(table) == 1 and wrong and all(cells == width + 1 for _, cells in wrong)
    if names_rows and not text.startswith(delimiter):
        # R's write.table() gives the column of row names no cell in the heading.
        return text_sheet(
            path, name, (delimiter + text).encode(), {**entry, "encoding": "utf-8", "delimiter": delimiter}, before
        )
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
    return make_sheet(path, name, cells, sorted(gone)), facts


def _read_rows(path: str, text: str, delimiter: str, width: int, before: int):
    """Arrow's table of the rows as wide as the heading; of the blank ones, and of the others, (number of row, number of cells)."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    blank: list[tuple[int, int]] = []
    wrong: list[tuple[int, int]] = []

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
    return table, blank, wrong


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
    return make_sheet(path, name, cells_frame([row + [""] * (width - len(row)) for row in rows]))


def _without_rows(path: str, name: str, text: str, delimiter: str, entry: dict) -> Sheet:
    """Rows that config skips may have any number of cells; the others as many as the first of them."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    kept = {number: row for number, row in enumerate(rows, start=1) if number not in entry["skip_rows"]}
    filled = {number: row for number, row in kept.items() if any(map(str.strip, row))}
    if not filled:
        raise ReaderError(f"{path}: `skip_rows:` leaves no row of the file. Correct it in config.yaml.")
    width = len(next(iter(filled.values())))
    for number, row in filled.items():
        if len(row) != width and not (entry.get("long_rows") and len(row) > width):
            raise ReaderError(
                f"{path}, row {number}: {len(row)} cells where the heading has {width}. "
                "The file may be cut off, or have another delimiter: export it again or set `delimiter:`."
            )
    width = max(map(len, filled.values()))
    cells = cells_frame([row + [""] * (width - len(row)) for row in filled.values()]).set_axis(list(filled))
    return make_sheet(path, name, cells, sorted(kept.keys() - filled.keys()))


def _line_ends(text: str) -> str:
    """Rows that end in a bare carriage return, as Excel for Mac writes them, end in a line feed; line ends in quoted cells stay."""
    if "\r" not in text:
        return text
    parts = text.split('"')
    outside = "".join(parts[::2])
    if "\n" in outside or "\r" not in outside:
        return text
    parts[::2] = [part.replace("\r", "\n") for part in parts[::2]]
    return '"'.join(parts)


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
