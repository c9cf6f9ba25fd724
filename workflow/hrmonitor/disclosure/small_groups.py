"""Small groups within one table: too few facilities behind a row, or too few in a group."""

from __future__ import annotations

import numpy as np
import pandas as pd

HIDDEN = ["n", "estimate", "ci_low", "ci_high", "se", "deff"]


def suppress(indicators: pd.DataFrame, minimum_cell: int) -> pd.DataFrame:
    """Rows that rest on fewer than `minimum_cell` facilities blanked and marked `suppressed`, for tables of numbers of answers.

    Where one type of service is hidden beside a figure for all types, the difference would show it: the type that rests on
    the next fewest facilities is hidden with it. Estimates of answers have the rules of `pattern` instead.
    """
    table = indicators.copy()
    small = table["n"].between(1, minimum_cell - 1)
    cells = ["round", "indicator", "category", "statistic"]
    for _, group in table.groupby(cells, sort=False):
        hidden = small.loc[group.index]
        parts = group[group["service"] != "all"]
        if hidden.sum() == 1 and len(parts) < len(group) and len(parts) > 1:
            others = parts.index[~hidden.loc[parts.index]]
            small.loc[table.loc[others, "n"].idxmin()] = True
    table["suppressed"] = small
    table["n"] = table["n"].astype("Int64")
    table.loc[small, "n"] = pd.NA
    table.loc[small, HIDDEN[1:]] = np.nan
    return table


def pool_small(levels: pd.Series, minimum_cell: int, name: str = "other") -> pd.Series:
    """Levels with fewer than `minimum_cell` rows as one, with the next smallest one if these are still too few."""
    counts = levels.value_counts().sort_index(kind="stable").sort_values(kind="stable")
    number = int((counts < minimum_cell).sum())
    while number and number < len(counts) and counts.iloc[:number].sum() < minimum_cell:
        number += 1
    return levels.where(~levels.isin(counts.index[:number]), name)
