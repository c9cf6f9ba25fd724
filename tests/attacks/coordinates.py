"""Where a mark stands in a figure says what it stands for, to as many digits as its coordinates have.

Two numbers (where zero is, how long one unit is) settle what every position on an axis stands for; whoever has the published values finds them from any
three positions. Marks, and the intervals on which they stand, are read; bars are not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

# matplotlib writes points with six digits: half of the last is lost.
LOST = 0.5e-6
# Two tests may have one interval.
SEVERAL = 3
_LINE = re.compile(r'<path d="M ([-\d.]+) ([-\d.]+) \nL ([-\d.]+) ([-\d.]+) \n"')
_MARK = re.compile(r'<use xlink:href="#\w+" x="([-\d.]+)" y="([-\d.]+)"')


def marks(svg: Path) -> list[tuple[float, ...]]:
    """(left, at, right) of each mark that stands on an interval, (at,) of each that stands on an axis, which is a line of which there are several.

    A line through nearly all of the figure is a rule between its parts.
    """
    content, lines = svg.read_text(encoding="utf-8"), defaultdict(set)
    width = float(re.search(r'viewBox="0 0 ([\d.]+) ', content)[1])
    for left, top, right, bottom in (map(float, found) for found in _LINE.findall(content)):
        if top == bottom and 0 < right - left < 0.8 * width:
            lines[top].add((right - left, left, right))
    axes = Counter((left, right) for own in lines.values() for _, left, right in own)
    found = []
    for at, height in (map(float, found) for found in _MARK.findall(content)):
        own = [line for line in lines[height] if line[1] <= at <= line[2]]
        if own:
            _, left, right = min(own)
            found.append((left, at, right) if axes[left, right] < SEVERAL else (at,))
    return list(dict.fromkeys(found))


def recovered(results: Path) -> dict[str, list[tuple[float, ...]]]:
    """Figure under `results` -> marks in it that stand for no number of its published table, of a test of a finding, or of their sums."""
    tests = pd.read_csv(results / "open_data/findings.csv")[["estimate", "ci_low", "ci_high"]]
    found = {}
    for svg in sorted((results / "figures").glob("*.svg")):
        table = pd.read_csv(svg.with_name(re.sub(r"_[a-z]{2}(\.narrow)?\.svg$", ".csv", svg.name)))
        shown = [table.select_dtypes("number"), tests, pd.Series([0, 1])]
        if {"then", "now", "facilities"} <= set(table):
            of_marks = table[["then", "now"]].mul(table["facilities"], axis=0)
            shown += [of_marks.groupby(table["service"]).sum(), of_marks.sum()]
        values = np.unique(np.concatenate([one.to_numpy(float).ravel() for one in shown]))
        if odd := unexplained(tuple(marks(svg)), tuple(values[np.isfinite(values)])):
            found[svg.name] = odd
    return found


# A figure has its marks at the same places in every language.
@cache
def unexplained(marks: tuple[tuple[float, ...], ...], published: tuple[float, ...]) -> list[tuple[float, ...]]:
    """The marks that stand for none of the published values, which are in their order.

    Axes are found as an attacker would: the one that explains most positions first, as long as it explains three, of which two settle it.
    """
    left, values = list(marks), np.array(published)
    while len(values):
        anchors = {(min(one), max(one)) for one in left if len(one) > 1}
        points = sorted({at for one in left for at in one})
        anchors |= {(points[0], one) for one in points[1:]} | {(one, points[-1]) for one in points[:-1]}
        explained: list[tuple[float, ...]] = []
        for pair in sorted(anchors, key=lambda pair: pair[0] - pair[1]):
            explained = max(explained, _explained(left, values, *pair), key=_positions)
            # The widest settle an axis best, and most figures have one.
            if len(explained) == len(left):
                break
        if _positions(explained) < 3:
            break
        left = [one for one in left if one not in explained]
    return left


def _positions(marks: list[tuple[float, ...]]) -> int:
    return len({at for one in marks for at in one})


def _explained(marks: list[tuple], values: np.ndarray, first: float, second: float) -> list[tuple]:
    """The marks of which every position is a value, on the axis that explains most, of those on which `first` and `second` are."""
    low, high = (one.ravel() for one in np.meshgrid(values, values, indexing="ij"))
    low, high = low[low < high, None], high[low < high, None]
    if not len(low):
        return []
    unit = (second - first) / (high - low)
    positions = np.array([at for one in marks for at in one])
    read = low + (positions - first) / unit
    # What is lost at the two that settle the axis grows with the distance from them; tables have ten digits.
    slack = LOST * (2 + 2 * np.abs(positions - first) / (second - first)) / unit + 1e-9 * np.abs(read)
    place = np.searchsorted(values, read).clip(1, len(values) - 1)
    fits = np.minimum(np.abs(read - values[place - 1]), np.abs(read - values[place])) <= slack
    ends = np.cumsum([0, *map(len, marks)])
    whole = np.logical_and.reduceat(fits, ends[:-1], axis=1)
    best = whole[(whole * np.diff(ends)).sum(axis=1).argmax()]
    return [one for one, own in zip(marks, best, strict=True) if own]
