"""Options of a question by how many facilities name them, as dots with intervals."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.select import overall, shares
from hrmonitor.language import number, percent


def table(data: Data, options: dict) -> pd.DataFrame:
    found = overall(shares(data, options["round"], options["question"]))
    return found.sort_values(["estimate", "category"], ascending=[False, True], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    fig = style.figure(style.height_for(len(table), 0.27, 0.9))
    if table.empty:
        style.no_rows(fig, lang)
        return fig
    ax = fig.add_subplot()
    style.dots(ax, range(len(table)), table["estimate"], table["ci_low"], table["ci_high"], style.BLUE)
    for place, one in enumerate(table.itertuples()):
        hidden = one.suppressed or pd.isna(one.estimate)
        at = 0 if hidden else max(one.estimate, one.ci_high if pd.notna(one.ci_high) else 0)
        ax.annotate(words["suppressed"] if hidden else percent(one.estimate, lang), (at, place), xytext=(6, 0),
                    textcoords="offset points", va="center", fontsize=8, style="italic" if hidden else "normal")  # fmt: skip
    style.rows_axis(ax, list(table[f"label_{lang}"]), 44)
    ax.set_xlim(-0.01, 1.06)
    style.percent_axis(ax.xaxis, lang)
    n = table["n"].dropna()
    ax.set_xlabel(f"{words['share_of_facilities']} (n = {number(n.max() if len(n) else 0, lang)})")
    style.note(fig, options, lang, words["interval_note"])
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    known = table.dropna(subset="estimate")
    if known.empty:
        return style.words(lang)["no_rows"]
    most, least = known.iloc[0], known.iloc[-1]
    return style.words(lang)["ranked_alt"].format(
        most=most[f"label_{lang}"], high=percent(most["estimate"], lang),
        least=least[f"label_{lang}"], low=percent(least["estimate"], lang), options=number(len(table), lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [style.said(getattr(one, f"label_{lang}"), one, lang) for one in table.itertuples()]


FIGURE = Figure(
    name="barriers",
    shows="Ranked dots with intervals: the options of one question",
    inputs=("indicators",),
    options=("round", "question"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
