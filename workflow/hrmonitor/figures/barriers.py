"""Options of a question by how many facilities name them, as dots with intervals."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.figures.select import overall, shares
from hrmonitor.language import interval, number, percent

KIND = "Ranked dots with intervals: the options of one question"
INPUTS = ("indicators",)


def table(data: Data, options: dict) -> pd.DataFrame:
    found = overall(shares(data, options["round"], options["question"]))
    return found.sort_values(["estimate", "category"], ascending=[False, True], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    fig = style.figure(style.height_for(len(table), 0.27))
    ax = fig.add_subplot()
    style.dots(ax, range(len(table)), table["estimate"], table["ci_low"], table["ci_high"], style.BLUE)
    for place, one in enumerate(table.itertuples()):
        hidden = style.words(lang)["suppressed"] if one.suppressed else percent(one.estimate, lang)
        at = 0 if pd.isna(one.ci_high) else one.ci_high
        ax.annotate(hidden, (at, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8)
    style.rows_axis(ax, list(table[f"label_{lang}"]), 44)
    ax.set_xlim(-0.01, 1.06)
    style.percent_axis(ax.xaxis, lang)
    n = table["n"].dropna()
    ax.set_xlabel(f"{style.words(lang)['share_of_facilities']} (n = {number(n.max() if len(n) else 0, lang)})")
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    return (
        "; ".join(
            f"{getattr(one, f'label_{lang}')} {percent(one.estimate, lang)} ({interval(one.ci_low, one.ci_high, lang)})"
            for one in table.itertuples()
        )
        + "."
    )
