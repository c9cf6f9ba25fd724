"""Then and now as two marks on a line, with what lies between."""

from __future__ import annotations

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.figures.sheet import Sheet, mark

MOMENTS = ("then", "now")


def dumbbell(rows: dict[str, dict], ends: tuple[float, float], most: float):
    """Draws `rows` of then and now (estimate, ci_low, ci_high) on a line from 0 to `most`; what is hidden is not drawn."""
    left, right = ends

    def x(value: float) -> float:
        return left + value / most * (right - left)

    def drawn(ax, y: float) -> None:
        ax.hlines(y, left, right, color="#E3E3E3", linewidth=0.7)
        known = {moment: rows[moment] for moment in MOMENTS if moment in rows and not pd.isna(rows[moment]["estimate"])}
        if len(known) == len(MOMENTS):
            ax.hlines(y, x(known["then"]["estimate"]), x(known["now"]["estimate"]), color=style.GREY, linewidth=1.6)
        for moment, one in known.items():
            look, shift = style.MOMENTS[moment], -0.045 if moment == "then" else 0.045
            if not pd.isna(one.get("ci_low")):
                ax.hlines(
                    y + shift,
                    x(one["ci_low"]),
                    x(min(one["ci_high"], most)),
                    color=look["color"],
                    linewidth=1.2,
                    alpha=0.45,
                )
            ax.plot(x(one["estimate"]), y, marker="o", markersize=5, linestyle="none", **look)

    return drawn


def moments_legend(sheet: Sheet, options: dict, lang: str) -> None:
    """Which mark is then and which is now, with their years."""
    words = style.words(lang)
    sheet.legend([(mark(moment), f"{words[moment]} ({options[f'year_{moment}']})") for moment in MOMENTS])


def most_of(table: pd.DataFrame) -> float:
    """Where a line from 0 must reach to."""
    columns = [column for column in ("ci_high", "estimate") if column in table]
    top = table[columns].max().max() if len(table) else float("nan")
    return float(top) * 1.04 if pd.notna(top) and top > 0 else 1.0


def records(table: pd.DataFrame, key: str) -> dict[str, dict[str, dict]]:
    """`key` -> moment -> row, in the order of the table."""
    found: dict[str, dict[str, dict]] = {}
    for row in table.to_dict("records"):
        found.setdefault(row[key], {})[row["moment"]] = row
    return found
