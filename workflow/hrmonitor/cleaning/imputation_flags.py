"""The mark of answers that were filled in, in `question__missing`, and the answers without them.

What fills them is `cleaning.imputation`; this is all that others need to know of it.
"""

from __future__ import annotations

import pandas as pd

# The rule in the audit trail, and what stands before the reason why there was no answer.
RULE = "imputed"
MARK = f"{RULE}:"


def drop_imputed(facilities: pd.DataFrame) -> pd.DataFrame:
    """The facilities as they answered: filled values taken out, their reasons put back."""
    table = facilities.copy()
    for column in [column for column in table if column.endswith("__missing")]:
        filled = table[column].fillna("").str.startswith(MARK)
        if filled.any():
            table.loc[filled, column.removesuffix("__missing")] = pd.NA
            table.loc[filled, column] = table.loc[filled, column].str.removeprefix(MARK)
    return table
