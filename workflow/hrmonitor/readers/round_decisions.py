"""What people decided about reading the exports of a round, in CSV files that the round names in config.yaml.

`columns:` says which question a column answers, `absent:` which questions an export did not ask, `notations:` how a question is written.
Each line is about one export (`source`; empty for all of the round) and does what the key of that name does under the export itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from hrmonitor.errors import ReaderError
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.files.spreadsheet import as_written
from hrmonitor.project.rounds import exports_of

COLUMNS = {
    "columns": ("source", "column", "letter", "question"),
    "absent": ("source", "question", "decision"),
    "notations": ("source", "question", "kind", "notation"),
}
NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class DecisionLine:
    """A line of one of the files; `place` is for messages."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def exports_to_read(round_: dict) -> Iterator[tuple[str, str, dict]]:
    """`rounds.exports_of`, each entry with what was decided about its export: lines under `decided_columns` and
    `decided_notations`, and more questions under `absent`. Raises `ReaderError` for a file that cannot be right.
    """
    lines = {kind: read_lines(kind, round_[kind]) if round_.get(kind) else [] for kind in COLUMNS}
    for path, source, entry in exports_of(round_):
        about = {kind: [line for line in of_kind if line["source"] in ("", source)] for kind, of_kind in lines.items()}
        absent = [line["question"] for line in about["absent"]]
        yield (
            path,
            source,
            {
                **entry,
                **({"absent": [*entry.get("absent", []), *absent]} if absent else {}),
                **({"decided_columns": about["columns"]} if about["columns"] else {}),
                **({"decided_notations": about["notations"]} if about["notations"] else {}),
            },
        )


def read_lines(kind: str, path: str) -> list[DecisionLine]:
    """The lines of the file of a kind (a key of `COLUMNS`) that decide something.

    Raises `ReaderError` naming file and row for a missing column, a line about nothing, or two lines about one thing.
    """
    try:
        rows = read_rows(path)
    except (OSError, csv.Error) as error:
        raise ReaderError(f"{path}: the file cannot be read. Save it as CSV in UTF-8.") from error
    wanted = COLUMNS[kind]
    found, seen = [], {}
    for number, row in enumerate(rows, start=2):
        place = f"{path}, row {number}"
        if missing := [column for column in wanted if column not in row]:
            raise ReaderError(f"{place}: the column {missing[0]!r} is missing. It needs: {', '.join(wanted)}.")
        line = DecisionLine(place, {column: as_written(row[column]) for column in wanted})
        key = tuple(line[column] for column in wanted[:-1])
        if not any(key[1:]):
            raise ReaderError(f"{place}: it does not say what it is about. Fill in {', '.join(wanted[1:-1])}.")
        if key in seen:
            raise ReaderError(f"{place}: row {seen[key]} decides on the same. Keep one.")
        seen[key] = number
        if kind == "absent" and line["decision"] != NOT_ASKED:
            raise ReaderError(f"{place}: {line['decision']!r} is not a decision. It can be {NOT_ASKED}.")
        if kind == "notations" and not line["notation"]:
            raise ReaderError(f"{place}: there is no notation. Fill it in, or take the line out.")
        found.append(line)
    return found
