"""Tables that people open in a spreadsheet hold no formulas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet takes a cell that starts like this for a formula, unless it is a number.
START = r"[=+\-@\t\r]"
FORMULA = re.compile(rf"^{START}(?!\d+(?:[.,]\d+)?$)")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Text cells that a spreadsheet would take for a formula get an apostrophe in front; numbers stay."""
    import pandas as pd

    safe = frame.copy()
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(dtype) for dtype in safe.dtypes]]:
        cells = safe[column].copy()
        like = cells.astype("str").str.match(START).to_numpy(dtype=bool)
        if like.any():
            cells[like] = [f"'{cell}" if FORMULA.match(str(cell)) else cell for cell in cells[like]]
            safe[column] = cells
    return safe


def harmless_text(text: str) -> str:
    """One cell, as `harmless` writes it."""
    return f"'{text}" if FORMULA.match(text) else text


def as_written(text: str) -> str:
    """What `harmless_text` was given: the text of a cell in a file that people keep in a spreadsheet."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text
