"""Totals as multiples of a base, estimates of which parts are hidden without the digits that would tell them, marks of a figure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

# What a share is rounded to when a part of it is hidden.
COARSE = 0.01


def round_totals(indicators: pd.DataFrame, base: int) -> pd.DataFrame:
    """Totals and their intervals as multiples of `base` (0: as they are), and means of the same numbers no finer than that.

    Conventional rounding: the parts of a rounded total need not add up to it. A mean times its facilities is a total, so a mean that
    stands beside one is rounded to what a multiple of the base makes of it.
    """
    if not base:
        return indicators
    table = indicators.copy()
    place = ["round", "service", "indicator"]
    totals = table[table["statistic"] == "total"].set_index(place)["estimate"]
    size = pd.Series([totals.get(tuple(row), np.nan) for row in table[place].to_numpy()], index=table.index)
    is_total = table["statistic"] == "total"
    # What one unit of the mean is in units of the total.
    facilities = (size / table["estimate"]).where(table["statistic"] == "mean")
    step = pd.Series(np.where(is_total, float(base), base / facilities), index=table.index)
    chosen = is_total | ((table["statistic"] == "mean") & np.isfinite(step))
    for column in ("estimate", "ci_low", "ci_high"):
        table.loc[chosen, column] = _to_multiple(table.loc[chosen, column], step[chosen])
    table.loc[chosen, ["se", "deff"]] = np.nan
    return table


def _to_multiple(values: pd.Series, step: pd.Series) -> pd.Series:
    """Half up, as readers round; a half is one but for rounding errors, which hang on the order of the facilities."""
    return np.floor(np.round(values.astype(float) / step, 7) + 0.5) * step


def coarse(values: pd.DataFrame) -> pd.DataFrame:
    """Shares rounded to whole per cents."""
    return to_coarse(values.astype(float)).round(10)


def to_coarse(share):
    """A share, or an array of them, in whole per cents, half up; a half is one but for rounding errors."""
    return np.floor(np.round(share / COARSE, 7) + 0.5) * COARSE


def averaged(
    pairs: pd.DataFrame, group: str, columns: list[str], step: float, safe: Callable[[pd.DataFrame], bool]
) -> pd.DataFrame:
    """Means of neighbours in place of facilities one by one (microaggregation; Domingo-Ferrer and Mateo-Sanz, IEEE TKDE 14, 2002).

    pairs: also has `organisation`. Within each level of `group` the rows, in order of `columns`, are cut into the shortest runs that are `safe`; a mark is the mean of
    its run, rounded to `step`, and `facilities` says of how many. What is left over joins the last run; a level without a safe run
    is left out.
    """
    marks = []
    for level, rows in pairs.groupby(group, sort=True):
        # Of rows that say the same, those of one organisation stand together, organisations by all that they say: names decide nothing.
        said = {
            name: tuple(sorted(map(tuple, own.to_numpy().tolist())))
            for name, own in rows.groupby("organisation")[columns]
        }
        rows = rows.assign(_said=rows["organisation"].map(said)).sort_values([*columns, "_said", "organisation"])
        ends, start = [], 0
        for end in range(1, len(rows) + 1):
            if safe(rows.iloc[start:end]):
                ends.append(end)
                start = end
        runs = list(pairwise([0, *ends[:-1], len(rows)])) if ends else []
        if runs and not safe(rows.iloc[slice(*runs[-1])]):
            continue
        for first, last in runs:
            means = rows.iloc[first:last][columns].astype(float).mean()
            marks.append((level, *(np.floor(means / step + 0.5) * step), last - first))
    return pd.DataFrame(marks, columns=[group, *columns, "facilities"])
