"""Counts of persons on lists, and estimates made from them: a study with a small cell is hidden as a whole.

The totals and overlaps of lists give each cell by subtraction, and an estimate with its interval gives the overlap that is missing. So
nothing of a study is shown, and nothing is left to reckon with, where fewer persons than `minimum_cell` are on exactly the same lists; none
at all is too few as well, as it would say of everybody on one list that they are not on the other.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from hrmonitor.disclosure.rules import Rules

NUMBERS = ["estimate", "ci_low", "ci_high"]
MOMENTS = ["se", "aic"]
# An AIC is compared with others by units.
AIC_DIGITS = 2


def protect(study: pd.DataFrame, cells: Collection[int], rules: Rules) -> pd.DataFrame:
    """The rows of one study as they are published, with `suppressed`; `cells` are the persons on exactly the same lists.

    Numbers are whole persons, or multiples of `rounding_base`, beside which a standard error or AIC would tell the digits.
    """
    hidden = min(cells) < rules.minimum_cell
    table = study.assign(suppressed=hidden)
    if hidden:
        table[[*NUMBERS, *MOMENTS]] = np.nan
        # What was written of a count may repeat it.
        return table.assign(source="")
    base = rules.rounding_base or 1
    for column in NUMBERS:
        table[column] = np.floor(table[column] / base + 0.5) * base
    table["se"] = np.floor(table["se"] + 0.5) if base == 1 else np.nan
    table["aic"] = table["aic"].round(AIC_DIGITS) if base == 1 else np.nan
    return table
