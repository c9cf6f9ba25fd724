"""Any table with headings: CSV, TSV, a sheet of a workbook (.xlsx, .xls, .ods), Parquet.

A box of a select-multiple is headed `question/option`, `question_option`, `question.option` or `question[option]`; a cell
may also join the answers. What the headings do not tell, a map in `columns:` does. Headings of several rows (`heading_rows:`) are
those above, to the right of which merged cells are blank, then those below.
"""

from __future__ import annotations

import re

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.readers.export import Export, Name, always, names_of
from hrmonitor.readers.reader import Reader
from hrmonitor.readers.sheet_body import SheetBody

NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def read(path: str, entry: dict, questionnaire: Questionnaire | None) -> Export:
    """One row a submission, each counted as sent in."""
    sheets, facts = read_sheets(path, entry)
    wanted = [sheet for sheet in sheets if sheet.name == entry.get("sheet", sheets[0].name)]
    if not wanted:
        raise ReaderError(f"{path}: there is no sheet {entry['sheet']!r}. Sheets: {', '.join(s.name for s in sheets)}.")
    sheet = wanted[0]
    given = "headings" in entry
    rows = 1 if given else max(entry.get("heading_rows", 1), 1)
    parts = _headings(sheet, rows)
    body = SheetBody(sheet, rows, entry)
    if not given and "heading_rows" not in entry:
        _check_first_row(path, sheet)
    for place, above in enumerate(parts):
        heading = " / ".join(above)
        if not heading and body.left_out(place, ""):
            body.system.append("")
        elif not heading and not body.mapped(place, ""):
            raise ReaderError(_nameless(path, sheet, place, rows))
        else:
            body.answer(place, heading, _names(above))
    facts.append(f"{len(body.row)} rows")
    return body.export("table", always("row", body.row.index), facts, joiner="")


def _headings(sheet: Sheet, rows: int) -> list[list[str]]:
    """The headings over each column, from above; a merged cell is filled in its first column only."""
    above = [[cell.strip() for cell in sheet.row(number)] for number in range(rows)]
    for cells in above[:-1]:
        for place in range(1, len(cells)):
            cells[place] = cells[place] or cells[place - 1]
    return [list(dict.fromkeys(filter(None, column))) for column in zip(*above, strict=True)]


def _check_first_row(path: str, sheet: Sheet) -> None:
    """Raises `ReaderError` when the first row is one of answers: numbers or dates stand where headings would."""
    first = [cell.strip() for cell in sheet.row(0)]
    like_data = [bool(NUMBER.fullmatch(cell)) for cell in first]
    below = [cell.strip() for cell in sheet.row(1)]
    numbers = [bool(NUMBER.fullmatch(cell)) for cell in below]
    # A heading that is a number over a column of texts may be a year; over a column of numbers, and without another heading
    # above numbers, it is an answer.
    if any(like_data) and like_data == numbers:
        raise ReaderError(
            f"{path}, row {sheet.cells.index[0]}: this looks like a row of answers and not of headings ({first[like_data.index(True)]!r} stands "
            "over a column of numbers). Give the headings in `headings:` of this export in config.yaml, one for each column, "
            "or `heading_rows: 1` if it is a row of headings."
        )


def _nameless(path: str, sheet: Sheet, place: int, rows: int) -> str:
    letter, row = sheet.letters[place], sheet.cells.index[0]
    merged = place > 0 and bool(sheet.row(0)[place - 1].strip()) and rows == 1
    hint = (
        "If the cell to the left of it is merged over several columns, and the headings proper stand below, set `heading_rows: 2`; else "
        if merged
        else ""
    )
    return (
        f"{path}: column {letter} has no heading in row {row}. {hint}{'give' if hint else 'Give'} it one, name its question in "
        f"the map of `columns:` by its letter (letter,question: {letter},...), or leave out all such columns with "
        '`ignore: [""]`.'
    )


def _names(above: list[str]) -> list[Name]:
    if len(above) > 1:
        question, option = " - ".join(above[:-1]), above[-1]
        return [(question, option), (above[0], option), (" - ".join(above), None), *_names([option])]
    heading = above[0] if above else ""
    names: list[Name] = [(heading, None)]
    if match := re.fullmatch(r"([^\[]*)\[(.*)\]", heading.strip(), re.S):
        names.append((match.group(1).rstrip(), match.group(2)))
    for joiner in ("/", "_", ".", ":", " - "):
        names += names_of(heading, joiner)[1:]
    return names


READER = Reader("table", "a table of no known tool", read, endings=(".parquet", ".ods"), heading_rows=True)
