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
from hrmonitor.project.config import RoundExports
from hrmonitor.project.keys import plain
from hrmonitor.project.rounds import NAME, NO_NAME, exports_of

COLUMNS = {
    "columns": ("source", "column", "letter", "question"),
    "absent": ("source", "question", "decision"),
    "notations": ("source", "question", "kind", "notation"),
}
NOT_ASKED = "not_asked"
# What may stand between ticked options that share a cell, by the name that the record has for it; it is one for a whole export.
JOINERS = {"semicolon": ";", "comma": ",", "bar": "|", "slash": "/", "space": " "}


@dataclass(frozen=True)
class DecisionLine:
    """A line of one of the files; `place` is for messages."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def exports_to_read(round_: RoundExports) -> Iterator[tuple[str, str, dict]]:
    """`rounds.exports_of`, each entry with what was decided about its export: lines under `decided_columns` and
    `decided_notations`, and more questions under `absent`. Raises `ReaderError` for a file that cannot be right.
    """
    lines = {kind: read_lines(kind, path) if (path := getattr(round_, kind)) else [] for kind in COLUMNS}
    for path, source, export in exports_of(round_):
        entry = plain(export) | ({"labels": round_.labels} if round_.labels else {})
        about = {kind: [line for line in of_kind if line["source"] in ("", source)] for kind, of_kind in lines.items()}
        yield path, source, _with_decisions(entry, about)


def _with_decisions(entry: dict, about: dict[str, list[DecisionLine]]) -> dict:
    entry = dict(entry)
    answered = {line["question"].partition("/")[0]: line.place for line in about["columns"] if line["question"]}
    for line in about["absent"]:
        if line["question"] in answered:
            raise ReaderError(
                f"{line.place}: {line['question']!r} is not asked, and {answered[line['question']]} gives it a column. Take one of them out."
            )
    if about["absent"]:
        entry["absent"] = [*entry.get("absent", []), *(line["question"] for line in about["absent"])]
    if about["columns"]:
        entry["decided_columns"] = about["columns"]
    for line in about["notations"]:
        if line["kind"] == "joiner":
            joiner = JOINERS[line["notation"]]
            if entry.get("joiner", joiner) != joiner:
                raise ReaderError(
                    f"{line.place}: options are separated by a {line['notation']} here, and by {entry['joiner']!r} in config.yaml "
                    "(`joiner:` of the export) or in another line. Take one of them out."
                )
            entry["joiner"] = joiner
    if notations := [line for line in about["notations"] if line["kind"] != "joiner"]:
        entry["decided_notations"] = notations
    return entry


def read_lines(kind: str, path: str) -> list[DecisionLine]:
    """The lines of the file of a kind (a key of `COLUMNS`) that decide something.

    Raises `ReaderError` naming file and row for a missing column, a line about nothing, or two lines about one thing.
    """
    try:
        rows = read_rows(path)
    except (OSError, csv.Error) as error:
        raise ReaderError(f"{path}: the file cannot be read. Save it as CSV in UTF-8.") from error
    wanted = COLUMNS[kind]
    found: list[DecisionLine] = []
    seen: dict = {}
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
        if kind == "absent" and line["question"] == NAME:
            raise ReaderError(f"{place}: {NO_NAME}")
        if kind == "notations" and not line["notation"]:
            raise ReaderError(f"{place}: there is no notation. Fill it in, or take the line out.")
        if kind == "notations" and line["kind"] == "joiner" and line["notation"] not in JOINERS:
            raise ReaderError(f"{place}: {line['notation']!r} is no joiner. It can be: {', '.join(JOINERS)}.")
        found.append(line)
    return found
