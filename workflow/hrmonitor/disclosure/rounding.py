"""Totals as multiples of a base, estimates of which parts are hidden without the digits that would tell them, marks of a figure."""

from __future__ import annotations

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
    """Half up, as readers round."""
    return np.floor(values / step + 0.5) * step


def coarse(values: pd.DataFrame) -> pd.DataFrame:
    """Shares rounded to whole per cents."""
    return (np.floor(values.astype(float) / COARSE + 0.5) * COARSE).round(10)


def averaged(pairs: pd.DataFrame, group: str, least: int, step: float) -> pd.DataFrame:
    """Means of neighbours in place of facilities one by one (microaggregation; Domingo-Ferrer and Mateo-Sanz, IEEE TKDE 14, 2002).

    Within each level of `group` the rows are put in order of the first other column and cut into runs of at least `least`; a mark is
    the mean of its run, rounded to `step`, and `facilities` says of how many. A level with fewer rows than `least` is left out.
    """
    columns = [column for column in pairs if column != group]
    marks = []
    for level, rows in pairs.groupby(group, sort=True):
        rows = rows.sort_values(columns, kind="stable")
        runs = len(rows) // least
        if not runs:
            continue
        for run in np.array_split(np.arange(len(rows)), runs):
            means = rows.iloc[run][columns].astype(float).mean()
            marks.append((level, *(np.floor(means / step + 0.5) * step), len(run)))
    return pd.DataFrame(marks, columns=[group, *columns, "facilities"])
