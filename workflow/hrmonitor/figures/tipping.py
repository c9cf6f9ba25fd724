"""How facilities that did not answer would have to answer for a test on a share to come out otherwise."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.language import number, percent

# Tests whose estimates are shares of facilities, which can stand on one axis.
SHARES = ("share", "rises", "theme")


def table(data: Data, options: dict) -> pd.DataFrame:
    points = data["tipping_points"].copy()
    order = {name: place for place, name in enumerate(data["findings"]["finding"].drop_duplicates(), start=1)}
    points["number"] = points["finding"].map(order)
    shown = points[points["measure"].isin(SHARES) & points["silent_estimate"].notna()]
    return shown[
        ["number", "test_number", "n", "silent", "estimate", "threshold", "silent_estimate", "possible"]
    ].reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    fig, words = style.figure(style.height_for(len(table), 0.24, 1.0), options), style.words(lang)
    if table.empty:
        style.no_rows(fig, lang)
        return fig
    ax = fig.add_subplot()
    places = range(len(table))
    needed = table["silent_estimate"].clip(0, 1)
    ax.hlines(places, table["estimate"], needed, color=style.PALE, linewidth=3)
    for column, marker, size, colour, key in (
        ("threshold", "|", 11, style.DARK, "tipping_threshold"),
        ("estimate", "o", 5.5, style.BLUE, "tipping_answered"),
    ):
        ax.plot(table[column], places, linestyle="none", marker=marker, markersize=size, color=colour, label=words[key])
    for possible, marker, key in ((True, "o", "tipping_silent"), (False, "x", "tipping_beyond")):
        of = table["possible"] == possible
        ax.plot(needed[of], [place for place in places if of[place]], linestyle="none", marker=marker, markersize=6,
                color=style.VERMILLION, markerfacecolor="white", label=words[key], clip_on=False)  # fmt: skip
    style.rows_axis(ax, [f"{row.number}.{row.test_number}" for row in table.itertuples()])
    ax.set_xlim(-0.02, 1.02)
    style.percent_axis(ax.xaxis, lang)
    fig.legend(loc="outside upper center", ncols=1 if style.is_narrow(options) else 2, frameon=False, fontsize=8)
    style.note(fig, options, lang, words["tipping_note"])
    return fig


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """How many tests facilities that did not answer could turn."""
    if table.empty:
        return ""
    turned = int(table["possible"].astype(bool).sum())
    return style.words(lang)["tipping_headline"].format(turned=number(turned, lang), n=number(len(table), lang))


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    return style.words(lang)["tipping_alt"].format(
        n=number(len(table), lang), beyond=number(int((~table["possible"].astype(bool)).sum()), lang)
    )


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        words["tipping_line" if row.possible else "tipping_line_beyond"].format(
            number=f"{row.number}.{row.test_number}", estimate=percent(row.estimate, lang), threshold=percent(row.threshold, lang),
            needed=percent(row.silent_estimate, lang), n=number(row.n, lang), silent=number(row.silent, lang),
        )
        for row in table.itertuples()
    ]  # fmt: skip


FIGURE = Figure(
    name="tipping",
    shows="A row a test on a share: what was answered, the threshold, and what silent facilities would have to answer to turn it",
    inputs=("findings", "tipping_points"),
    numbers=("number", "test_number"),
    no_audit="It has estimates of findings.csv in hundredths, and what follows from them and the threshold.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
