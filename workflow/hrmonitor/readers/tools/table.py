"""Any table with headings: CSV, TSV, a sheet of a workbook (.xlsx, .xls, .ods), Parquet.

A box of a select-multiple is headed `question/option`, `question_option`, `question.option` or `question[option]`; a cell
may also join the answers. What the headings do not tell, a map in `columns:` does.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Column, Export, Name, always, names_of


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a submission, each counted as sent in."""
    sheets, facts = read_sheets(path, entry)
    wanted = [sheet for sheet in sheets if sheet.name == entry.get("sheet", sheets[0].name)]
    if not wanted:
        raise ReaderError(f"{path}: there is no sheet {entry['sheet']!r}. Sheets: {', '.join(s.name for s in sheets)}.")
    sheet = wanted[0]
    header, body = sheet.row(0), sheet.body(1)
    nameless = [place for place, heading in enumerate(header) if not heading.strip()]
    if nameless:
        raise ReaderError(
            f"{path}: column {nameless[0] + 1} has no heading in row {sheet.cells.index[0] if len(sheet.cells) else 1}. Give it one."
        )
    index = pd.RangeIndex(len(body))
    rows = body.index.to_series(index=index)
    data = body.set_axis(index).set_axis(range(len(header)), axis=1)
    columns = [Column(heading, tuple(_names(heading))) for heading in header]
    facts.append(f"{len(data)} rows")
    notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
    return Export("table", data, columns, rows, always("row", index), joiner="", facts=facts, notes=notes)


def _names(heading: str) -> list[Name]:
    names: list[Name] = [(heading, None)]
    if match := re.fullmatch(r"(.*?)\s*\[(.*)\]\s*", heading, re.S):
        names.append(match.groups())
    for joiner in ("/", "_", ".", ":", " - "):
        names += names_of(heading, joiner)[1:]
    return names
