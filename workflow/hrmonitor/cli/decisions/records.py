"""The CSV files that keep what people decided: read with all their columns, changed line by line, written whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hrmonitor.errors import ConfigError
from hrmonitor.files.atomic import whole
from hrmonitor.files.handmade_csv import read_rows, text_of
from hrmonitor.files.sheets import read_sheets
from hrmonitor.files.spreadsheet import as_written, harmless_text

BOM = b"\xef\xbb\xbf"
Key = tuple[str, ...]


@dataclass
class Record:
    """The lines of one file as they stand there, extra columns included.

    named: whether config.yaml names the file. writable: whether it is a CSV, and not a workbook kept by hand.
    """

    path: Path
    columns: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)
    delimiter: str = ","
    bom: bool = True  # Excel takes UTF-8 for Windows letters without it
    named: bool = False
    writable: bool = True

    def by_key(self, key: tuple[str, ...], same: Callable[[Key], Key]) -> dict[Key, dict[str, str]]:
        """The line of each case; the last one where there are several, as when lines were copied."""
        return {same(tuple(row.get(column, "") for column in key)): row for row in self.rows}

    def text(self) -> str:
        """The file as it is written: nothing in it is a formula for a spreadsheet."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, delimiter=self.delimiter, lineterminator="\n")
        writer.writeheader()
        for row in self.rows:
            writer.writerow({column: harmless_text(row.get(column, "")) for column in self.columns})
        return out.getvalue()


def read_record(path: str | Path, columns: tuple[str, ...], named: bool) -> Record:
    """The record at `path`; an empty one with `columns` where there is no file. Raises `ConfigError` if it cannot be read."""
    path = Path(path)
    if not path.exists():
        return Record(path, list(columns), named=named)
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        sheet = read_sheets(str(path), {})[0][0]
        headings = [heading.strip() for heading in sheet.row(0)]
        rows = [dict(zip(headings, map(str, cells), strict=True)) for cells in sheet.body(1).fillna("").to_numpy()]
        return Record(path, headings, rows, named=named, writable=False)
    try:
        rows = [{column: as_written(text) for column, text in row.items()} for row in read_rows(path)]
        text, delimiter = text_of(path)
        headings = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except (OSError, csv.Error) as error:
        raise ConfigError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8.") from error
    found = [heading.strip() for heading in headings if heading.strip()]
    content = path.read_bytes()
    # What was in Windows letters came from Excel, and goes there again.
    bom = content.startswith(BOM) or not _is_utf8(content)
    if not found:
        return Record(path, list(columns), bom=bom, named=named)
    # A single column says nothing about what stands between cells.
    return Record(path, found, rows, delimiter if delimiter in text else ",", bom, named)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def all_or_nothing(paths: list[Path]) -> Iterator[None]:
    """Files as they were before, or gone if they were not there, when what is done with them fails."""
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != content:
                write_whole(path, content)
        raise


def write_whole(path: Path, content: bytes) -> None:
    with whole(path) as place:
        place.write_bytes(content)


def write_record(record: Record) -> None:
    """Write the record in its own dialect; a file that was in Windows letters becomes UTF-8, which every reader takes."""
    write_whole(record.path, (BOM if record.bom else b"") + record.text().encode())
