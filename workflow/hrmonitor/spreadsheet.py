"""Tables that people open in a spreadsheet hold no formulas."""

from __future__ import annotations

import re

import pandas as pd

# A spreadsheet takes a cell that starts like this for a formula, unless it is a number.
FORMULA = re.compile(r"^[=+\-@\t\r](?!\d+(?:[.,]\d+)?$)")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Text cells that a spreadsheet would take for a formula get an apostrophe in front; numbers stay."""
    safe = frame.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        safe[column] = safe[column].map(
            lambda cell: f"'{cell}" if FORMULA.match(str(cell)) else cell, na_action="ignore"
        )
    return safe
