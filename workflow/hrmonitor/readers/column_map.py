"""Which question a column answers, by the column's heading or letter: the file that `columns:` of an export names, and decisions on record."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hrmonitor.errors import ReaderError
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.readers.export import Column


@dataclass(frozen=True)
class MapRow:
    """A row of a file, named by `place`: `question` is a question, question/choice, or "" for a column that is left out."""

    place: str
    heading: str
    letter: str
    question: str


@dataclass(frozen=True)
class ColumnMap:
    rows: tuple[MapRow, ...] = ()

    def of(self, heading: str, letter: str) -> MapRow | None:
        """The row about a column. Raises `ReaderError` when a letter points at a column with another heading than the row says."""
        for row in self.rows:
            if row.letter and row.letter == letter:
                if row.heading and row.heading != heading.strip():
                    raise ReaderError(
                        f"{row.place}: column {letter} is headed {heading.strip()!r}, not {row.heading!r}. "
                        "Correct the letter or the heading, or leave the heading empty."
                    )
                return row
        return next((row for row in self.rows if not row.letter and row.heading == heading.strip()), None)

    def has_question(self, heading: str, letter: str) -> bool:
        row = self.of(heading, letter)
        return row is not None and bool(row.question)


def column_map(entry: dict) -> ColumnMap:
    """The map of an export, with what was decided for the round (`round_decisions`); empty where there is neither.

    Raises `ReaderError` with the row that is wrong, or that says something else than config does.
    """
    of_export = _of_export(entry["columns"]) if "columns" in entry else ()
    decided = tuple(
        MapRow(line.place, line["column"].strip(), line["letter"].upper(), line["question"])
        for line in entry.get("decided_columns", ())
    )
    ignored = {heading.strip() for heading in entry.get("ignore", [])}
    for row in decided:
        for other in of_export:
            if (row.heading, row.letter) == (other.heading, other.letter) and row.question != other.question:
                raise ReaderError(
                    f"{row.place}: {other.place} says something else of this column. Take one of them out."
                )
        if row.question and not row.letter and row.heading in ignored:
            raise ReaderError(
                f"{row.place}: config.yaml leaves this column out (`ignore:` of the export). Take it out of one of them."
            )
    return ColumnMap((*decided, *of_export))


def _of_export(path: str) -> tuple[MapRow, ...]:
    try:
        changed = Path(path).stat().st_mtime_ns
    except OSError as error:
        raise ReaderError(f"{path}: the map of columns cannot be read. Save it as CSV in UTF-8.") from error
    return _read(path, changed)


@lru_cache(maxsize=64)
def _read(path: str, changed: int) -> tuple[MapRow, ...]:
    try:
        rows = read_rows(path)
    except (OSError, csv.Error) as error:
        raise ReaderError(f"{path}: the map of columns cannot be read. Save it as CSV in UTF-8.") from error
    found = []
    for number, row in enumerate(rows, start=2):
        if "question" not in row or not {"column", "letter"} & set(row) or set(row) - {"column", "letter", "question"}:
            raise ReaderError(
                f"{path}, row {number}: the map has the columns `column` (a heading) or `letter` (A, B, ...), and `question`."
            )
        heading, letter = row.get("column", "").strip(), row.get("letter", "").strip().upper()
        if letter and not re.fullmatch("[A-Z]{1,3}", letter):
            raise ReaderError(f"{path}, row {number}: {letter!r} is no letter of a column, such as B or AC.")
        found.append(MapRow(f"{path}, row {number}", heading, letter, row["question"].strip()))
    return tuple(found)


def is_left_out(column: Column, entry: dict) -> bool:
    """Whether config leaves the column out: by `ignore:`, or by a row of the map without a question."""
    if column.heading.strip() in {heading.strip() for heading in entry.get("ignore", [])}:
        return True
    row = column_map(entry).of(column.heading, column.letter)
    return row is not None and not row.question
