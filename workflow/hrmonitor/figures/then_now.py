"""Shares then and now, as pairs of dots with intervals: drugs, routes of administration."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.select import overall, shares
from hrmonitor.language import number, percent


def table(data: Data, options: dict) -> pd.DataFrame:
    frames = []
    for moment in ("then", "now"):
        frames.append(overall(shares(data, options["round"], options[moment])).assign(moment=moment))
    both = pd.concat(frames, ignore_index=True)
    now = both[both["moment"] == "now"].set_index("category")["estimate"]
    both["order"] = both["category"].map(now)
    return both.sort_values(["order", "category"], ascending=[False, True], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    categories = list(dict.fromkeys(table["category"]))
    words = style.words(lang)
    fig = style.figure(style.height_for(len(categories), 0.33, 1.0))
    if not categories:
        style.no_rows(fig, lang)
        return fig
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    ax, side = fig.subplots(1, 2, sharey=True, width_ratios=[6, 1.3])
    for moment, shift, x in (("then", -0.15, 0.0), ("now", 0.15, 0.55)):
        part = table[table["moment"] == moment].set_index("category").reindex(categories)
        places = [place + shift for place in range(len(categories))]
        style.dots(ax, places, part["estimate"], part["ci_low"], part["ci_high"], **style.MOMENTS[moment])
        for place, one in enumerate(part.itertuples()):
            shown = percent(one.estimate, lang) if pd.notna(one.estimate) else words["suppressed"]
            side.text(x, place, shown, va="center", fontsize=7.5 if pd.notna(one.estimate) else 6)
        side.annotate(
            options[f"year_{moment}"], (x, 1.02), xycoords=("data", "axes fraction"), va="bottom", fontsize=7.5
        )
    side.axis("off")
    style.rows_axis(ax, [labels[code] for code in categories])
    ax.set_xlim(-0.01, 1.02)
    style.percent_axis(ax.xaxis, lang)
    n = table["n"].dropna()
    ax.set_xlabel(f"{words['share_of_facilities']} (n = {number(n.max() if len(n) else 0, lang)})")
    style.moments_legend(fig, options, lang)
    style.note(fig, options, lang, words["interval_note"])
    return fig


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """category → then, now, both known; the largest change first."""
    both = table.pivot(index="category", columns="moment", values="estimate").reindex(columns=["then", "now"]).dropna()
    return both.loc[(both["now"] - both["then"]).abs().sort_values(ascending=False, kind="stable").index]


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words, changes = style.words(lang), _changes(table)
    if changes.empty:
        return words["no_rows"]
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    parts = [
        words["then_now_alt"].format(label=labels[code], then=percent(one["then"], lang), now=percent(one["now"], lang))
        for code, one in changes.head(3).iterrows()
    ]
    return words["largest_alt"].format(said="; ".join(parts))


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        style.said(
            f"{getattr(one, f'label_{lang}')}, {words[one.moment].lower()} ({options[f'year_{one.moment}']})", one, lang
        )
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="then_now",
    shows="Dumbbells: the share of facilities that name an option, then and now",
    inputs=("indicators",),
    options=("round", "then", "now", "year_then", "year_now"),
    numbers=("order",),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
)
