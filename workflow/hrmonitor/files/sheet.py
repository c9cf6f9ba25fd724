"""A sheet of text: what every file that holds a table becomes, and how config says where its headings are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from hrmonitor.errors import CleaningError, ReaderError
from hrmonitor.files.distinct import stripped


@dataclass(frozen=True)
class Sheet:
    """`cells` are strings ("" where blank), one column a place, indexed by row number from 1.

    `letters` are the columns' places in the file, as a spreadsheet shows them. `numbers`, of the shape of `cells`, is true where the
    file holds a number and not a text (`readers.export` says how such a cell is written); None if all cells are text.
    """

    path: str
    name: str
    cells: pd.DataFrame
    blank_rows: tuple[int, ...] = ()
    letters: tuple[str, ...] = ()
    numbers: pd.DataFrame | None = None

    def row(self, place: int) -> list[str]:
        """The cells of the `place`-th row that is not blank, from 0."""
        return [] if place >= len(self.cells) else list(self.cells.iloc[place])

    def body(self, headings: int) -> pd.DataFrame:
        """The rows under the headings: blanks around text gone, blank cells missing."""
        return self.cells.iloc[headings:].apply(stripped)


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


def cells_frame(rows: list[list[str]]) -> pd.DataFrame:
    """Cells of rows of one length, indexed by row number from 1."""
    frame = pd.DataFrame(rows, dtype="str")
    return frame.set_axis(range(1, len(frame) + 1))


def make_sheet(
    path: str, name: str, cells: pd.DataFrame, blank: list[int] | None = None, numbers: pd.DataFrame | None = None
) -> Sheet:
    """Rows without any text are no rows; columns without heading and text (a last comma) are no columns."""
    cells = cells.set_axis(range(cells.shape[1]), axis=1).fillna("")
    filled = cells != ""
    empty = ~filled.any(axis=1)
    gone = sorted([*(blank or []), *cells.index[empty]])
    used = filled.any(axis=0)
    kept = cells.loc[~empty, used]
    columns = range(kept.shape[1])
    letters = tuple(column_letter(place) for place in cells.columns[used])
    if numbers is not None:
        numbers = (
            numbers.set_axis(cells.index).set_axis(cells.columns, axis=1).loc[~empty, used].set_axis(columns, axis=1)
        )
    return Sheet(path, name, kept.set_axis(columns, axis=1), tuple(gone), letters, numbers)


def column_letter(place: int) -> str:
    """A, B, ... Z, AA, ... for 0, 1, ...: the name of a column in a spreadsheet."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shaped(sheet: Sheet, entry: dict) -> tuple[Sheet, list[str]]:
    """The sheet as an export's entry in config says, and what was done to it in words.

    skip_rows: numbers of rows that are no part of the table. headings: the headings of a file that has none, or others in place of its
    first `heading_rows` rows (0 if that is not said). `heading_rows: 0` without headings calls columns by their letters. A first column
    without a heading that numbers the rows, as R and pandas write it, is left out.
    """
    facts = []
    skip = [row for row in entry.get("skip_rows", []) if row in sheet.cells.index]
    if skip:
        sheet = _rows(sheet, ~sheet.cells.index.isin(skip))
        facts.append(f"{'row' if len(skip) == 1 else 'rows'} {', '.join(map(str, skip))} left out, as config says")
    if "headings" in entry or entry.get("heading_rows") == 0:
        headings = entry.get("headings") or list(sheet.letters)
        if len(headings) != len(sheet.letters):
            raise ReaderError(
                f"{sheet.path}: config.yaml gives {len(headings)} headings, and the file has {len(sheet.letters)} columns. "
                "`headings:` needs one for each column, in their order."
            )
        below = _rows(sheet, pd.RangeIndex(len(sheet.cells)) >= entry.get("heading_rows", 0))
        top = pd.DataFrame([headings], index=[0], columns=below.cells.columns, dtype="str")
        numbers = below.numbers
        if numbers is not None:
            numbers = pd.concat([pd.DataFrame(False, index=[0], columns=numbers.columns), numbers])
        sheet = replace(below, cells=pd.concat([top, below.cells]), numbers=numbers)
        facts.append(
            "headings as config gives them" if "headings" in entry else "no headings: columns go by their letters"
        )
    if _numbers_rows(sheet):
        columns = range(1, sheet.cells.shape[1])
        places = range(len(columns))
        sheet = replace(
            sheet,
            cells=sheet.cells[columns].set_axis(places, axis=1),
            letters=sheet.letters[1:],
            numbers=None if sheet.numbers is None else sheet.numbers[columns].set_axis(places, axis=1),
        )
        facts.append("the first column numbers the rows and has no heading: left out")
    return sheet, facts


def _rows(sheet: Sheet, kept) -> Sheet:
    return replace(sheet, cells=sheet.cells[kept], numbers=None if sheet.numbers is None else sheet.numbers[kept])


def _numbers_rows(sheet: Sheet) -> bool:
    """Whether the first column is what R and pandas put before a table: no heading, and 1, 2, ... or 0, 1, ... below it."""
    if len(sheet.cells) < 2 or sheet.cells.shape[1] < 2 or sheet.cells.iat[0, 0].strip() not in ("", "Unnamed: 0"):
        return False
    # Further rows of headings may stand between.
    below = [cell.strip() for cell in sheet.cells.iloc[1:, 0]]
    while below and not below[0]:
        below = below[1:]
    if not below or below[0] not in ("0", "1"):
        return False
    first = int(below[0])
    return below == [str(number) for number in range(first, first + len(below))]
