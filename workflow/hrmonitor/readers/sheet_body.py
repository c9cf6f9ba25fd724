"""The rows under a sheet's headings, sorted into answers and the tool's own columns as a reader goes through the headings."""

from __future__ import annotations

import pandas as pd

from hrmonitor.files.sheet import Sheet
from hrmonitor.readers.column_map import column_map, is_left_out
from hrmonitor.readers.export import Column, Export, Name


class SheetBody:
    """`cells` are texts, missing where blank, one column a column of the sheet, indexed 0, 1, ... as `row` (numbers of rows in the file)."""

    def __init__(self, sheet: Sheet, headings: int, entry: dict):
        cells = sheet.body(headings)
        self.sheet = sheet
        self.row = pd.Series(cells.index, index=pd.RangeIndex(len(cells)), dtype="int64")
        self.cells = cells.set_axis(self.row.index)
        self.numbers = None
        if sheet.numbers is not None:
            self.numbers = sheet.numbers.iloc[headings:].set_axis(self.row.index)
        self.notes = [(row, "blank_row", "the row has no cell with text") for row in sheet.blank_rows]
        self.columns: list[Column] = []
        self.system: list[str] = []
        self._entry = entry
        self._map = column_map(entry)
        self._data: list[pd.Series] = []
        self._typed: list[pd.Series] = []

    def keep(self, rows: pd.Series) -> None:
        """Go on with these rows only; before any column is added."""
        index = pd.RangeIndex(int(rows.sum()))
        self.cells, self.row = self.cells[rows].set_axis(index), self.row[rows].set_axis(index)
        if self.numbers is not None:
            self.numbers = self.numbers[rows].set_axis(index)

    def answer(
        self,
        place: int,
        heading: str,
        names: list[Name] | tuple[Name, ...],
        values: dict[str, str] | None = None,
        cells: pd.Series | None = None,
    ) -> None:
        """A column of answers; `cells` if they are not those of the sheet as they stand."""
        self.columns.append(Column(heading, tuple(names), values or {}, self.sheet.letters[place]))
        self._data.append(self.cells[place] if cells is None else cells)
        if self.numbers is not None:
            self._typed.append(self.numbers[place])

    def mapped(self, place: int, heading: str) -> bool:
        """Whether the map in `columns:` gives the column a question."""
        return self._map.has_question(heading, self.sheet.letters[place])

    def left_out(self, place: int, heading: str) -> bool:
        """Whether config leaves the column out."""
        return is_left_out(Column(heading, (), letter=self.sheet.letters[place]), self._entry)

    def own(self, place: int, heading: str) -> None:
        """A column of the tool's own, which is no answer unless the map in `columns:` gives it a question."""
        if self.mapped(place, heading):
            self.answer(place, heading, [(heading, None)])
        else:
            self.system.append(heading)

    def beside(self, column: Column, cells: pd.Series) -> None:
        """A column of answers from elsewhere, such as a repeat's."""
        self.columns.append(column)
        self._data.append(cells.reindex(self.row.index))
        if self.numbers is not None:
            self._typed.append(pd.Series(False, index=self.row.index))

    def export(self, tool: str, submitted: pd.Series, facts: list[str], **more) -> Export:
        """The export; `more` are other fields of it."""
        return Export(
            tool, self._frame(self._data).astype("str"), self.columns, self.row, submitted, system=self.system, facts=facts,
            notes=self.notes, numbers=None if self.numbers is None else self._frame(self._typed), **more,
        )  # fmt: skip

    def _frame(self, columns: list[pd.Series]) -> pd.DataFrame:
        return pd.concat(columns, axis=1, ignore_index=True) if columns else pd.DataFrame(index=self.row.index)
