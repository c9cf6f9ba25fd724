"""Shares that are said to come from rounded counts: what they tell is a range, if they are what they are said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from hrmonitor.disclosure.audit.ranges import is_multiple

CELL = ["round", "service", "indicator", "category"]
SAID = re.compile(r"rounded_to_(\d+)")
# Ten digits are printed.
DIGITS = 1e-8


def rounded_shares(indicators: pd.DataFrame, asked: int) -> dict[tuple, tuple[float, tuple[float, float] | None]]:
    """(round, service, indicator, category) -> the printed share, and the least and most that its count can be.

    `asked` is `round_sensitive` of config.yaml. Of one service it is a share whose count and base are multiples of that, as it says of itself. One of all services tells
    nothing (None) if it is the mean of theirs, weighted by the population that is printed beside each. All others are left out: they are read as exact.
    """
    shares = indicators[(indicators["statistic"] == "share") & indicators["estimate"].notna()]
    found: dict[tuple, tuple[float, tuple[float, float] | None]] = {}
    for row in shares[shares["service"] != "all"].to_dict("records"):
        said = SAID.fullmatch(str(row["suppression"]))
        base = int(said.group(1)) if said else 0
        if base and base == asked and pd.notna(row["n"]) and is_multiple(row["n"], base):
            count = row["estimate"] * row["n"]
            if abs(count / base - round(count / base)) < DIGITS * max(1.0, row["n"]):
                middle = base * round(count / base)
                found[tuple(row[key] for key in CELL)] = (row["estimate"], (middle - base + 1.0, middle + base - 1.0))
    said_of_all = (shares["service"] == "all") & shares["suppression"].astype("str").str.fullmatch(SAID.pattern)
    for place, row in shares[said_of_all].set_index(CELL, drop=False).iterrows():
        same = (shares[["round", "indicator", "category"]] == [place[0], *place[2:]]).all(axis=1)
        parts = shares[same & (shares["service"] != "all")]
        rounded = all(tuple(part) in found for part in parts[CELL].itertuples(index=False, name=None))
        if len(parts) and rounded:
            mean = np.average(parts["estimate"].astype(float), weights=parts["population"].astype(float))
            if abs(mean - row["estimate"]) < DIGITS:
                found[place] = (row["estimate"], None)
    return found


def in_ranges(
    statements: Iterator[tuple], rounded: dict[tuple, tuple[float, tuple[float, float] | None]]
) -> Iterator[tuple]:
    """Statements of a file, in which a rounded share is what it tells of the count; another share of the same cell stays one."""
    for row in statements:
        share, count = rounded.get(tuple(row[2:6]), (np.nan, None))
        if row[1] or row[6] != "share" or not row[7] - DIGITS <= share <= row[8] + DIGITS:
            yield row
        elif count is not None:
            yield (*row[:6], "count", *count)
