"""Workbooks and Parquet files into sheets: each cell as the person sees it, and which cells hold numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.files.sheet import Sheet, cells_frame, make_sheet
from hrmonitor.files.xlsx_cells import PERCENT, xlsx_cells


def workbook_sheets(path: str) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except Exception as error:  # calamine raises a dozen kinds for files that are no workbook
        raise ReaderError(f"{path}: the workbook cannot be opened. Save it again as .xlsx.") from error
    special = xlsx_cells(path)
    return [_typed_sheet(path, name, rows, special.get(name, {})) for name, rows in sheets]


def _typed_sheet(path: str, name: str, rows: list[list], special: Mapping[tuple[int, int], str]) -> Sheet:
    """`special` as `xlsx_cells` gives them; an error or a formula without a result stands there as text, for nobody to take it for a blank."""
    for (row, column), told in special.items():
        if told != PERCENT:
            rows += [[] for _ in range(row - len(rows))]
            rows[row - 1] += [""] * (column - len(rows[row - 1]))
            rows[row - 1][column - 1] = told
    numbers = pd.DataFrame(
        [[isinstance(cell, int | float) and not isinstance(cell, bool) for cell in row] for row in rows]
    )
    for (row, column), told in special.items():
        if told == PERCENT and row <= len(rows) and column <= len(rows[row - 1]) and numbers.iat[row - 1, column - 1]:
            rows[row - 1][column - 1] = f"{float(f'{rows[row - 1][column - 1] * 100:.13g}'):.15g}%"
    return make_sheet(path, name, cells_frame([[cell_text(cell) for cell in row] for row in rows]), numbers=numbers)


def cell_text(cell: object) -> str:
    """A cell as the person typed it: whole numbers without .0, dates in ISO 8601."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and math.isfinite(cell):
        # Never with an exponent, which is no notation of a number that a person types.
        return str(int(cell)) if cell.is_integer() else format(Decimal(f"{cell:.15g}"), "f")
    if hasattr(cell, "isoformat"):
        text = cell.isoformat()
        return text.removesuffix("T00:00:00")
    return str(cell)


def parquet_sheet(path: str) -> Sheet:
    try:
        frame = pd.read_parquet(path)
        text = frame.astype(object).map(cell_text).mask(frame.isna(), "")
        numbers = [
            [pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in frame.dtypes]
        ] * len(frame)
    # pyarrow raises OSError, ArrowInvalid and others for damaged files, some only when a cell is looked at.
    except Exception as error:
        raise ReaderError(f"{path}: the Parquet file cannot be read. Write it again.") from error
    rows = [[str(name) for name in frame.columns], *text.to_numpy().tolist()]
    return make_sheet(
        path, Path(path).stem, cells_frame(rows), numbers=pd.DataFrame([[False] * frame.shape[1], *numbers])
    )
