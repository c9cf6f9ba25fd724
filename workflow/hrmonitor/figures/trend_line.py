"""A published series in a few centimetres: lines that stop at breaks, first and last value with their years."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.language import number, per_cent

# Years without a value from which a series is broken.
BREAK = 3


def runs(series: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Stretches of a series that may be joined: counted alike, and without a gap of more than `BREAK` years."""
    for _, alike in series.groupby("run", sort=False):
        alike = alike.sort_values("year", kind="stable")
        for _, run in alike.groupby(alike["year"].diff().gt(BREAK).cumsum()):
            yield run


def gaps(series: pd.DataFrame) -> list[tuple[float, float]]:
    """From which year to which nothing joins the values: between runs, where they do not overlap."""
    ends = sorted((float(run["year"].min()), float(run["year"].max())) for run in runs(series))
    found, reached = [], ends[0][1]
    for low, high in ends[1:]:
        if low > reached:
            found.append((reached, low))
        reached = max(reached, high)
    return found


def value_in_words(one, lang: str) -> str:
    """A published value, or its range where there is no value, or the end that is known."""
    values = [one.value] if pd.notna(one.value) else [end for end in (one.low, one.high) if pd.notna(end)]
    shown = "–".join(number(value, lang, 0 if float(value).is_integer() else 1) for value in values)
    more = ">" if pd.isna(one.value) and pd.isna(one.high) else "<" if pd.isna(one.value) and pd.isna(one.low) else ""
    return more + (per_cent(shown, lang) if one.unit == "%" else shown)


def draw_series(ax, series: pd.DataFrame, box: tuple[float, float, float, float], lang: str) -> None:
    """The series in `box` (left, width, top, height in inches) of axes whose unit is an inch, downwards."""
    left, width, top, height = box
    series = series.sort_values("year", kind="stable")
    if len(series) == 1:
        one = next(series.itertuples())
        ax.text(
            left, top + 0.02, f"{value_in_words(one, lang)} ({int(one.year)})", fontsize=7.5, weight="bold", va="top"
        )
        return
    first, last = float(series["year"].iloc[0]), float(series["year"].iloc[-1])
    most = max(series["value"].max(), 1e-9)

    def x(year):
        return left + 0.06 + (year - first) / max(last - first, 1.0) * (width - 0.12)

    floor, ceiling = top + height - 0.02, top + 0.19

    def y(value):
        return floor - value / most * (floor - ceiling)

    ax.hlines(floor, left, left + width, color="#B0B0B0", linewidth=0.6)
    for run in runs(series):
        ax.plot(x(run["year"]), y(run["value"]), color=style.DARK, linewidth=1.3, marker="o", markersize=2.4)
    for place, one in enumerate(series.iloc[[0, -1]].itertuples()):
        ax.plot(x(one.year), y(one.value), color=style.DARK, marker="o", markersize=4)
        ha = "left" if place == 0 else "right"
        edge = left if place == 0 else left + width
        ax.text(edge, y(one.value) - 0.05, value_in_words(one, lang), fontsize=7, weight="bold", ha=ha, va="bottom")
        ax.text(edge, floor + 0.02, str(int(one.year)), fontsize=6.2, color=style.QUIET, ha=ha, va="top")
