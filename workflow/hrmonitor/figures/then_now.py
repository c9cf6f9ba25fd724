"""Shares then and now, as pairs of dots with intervals: drugs, routes of administration."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.figures.select import overall, shares
from hrmonitor.language import number, percent

KIND = "Dumbbells: the share of facilities that name an option, then and now"
INPUTS = ("indicators",)


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
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    fig = style.figure(style.height_for(len(categories)))
    ax = fig.add_subplot()
    for moment, colour, shift in (("then", style.ORANGE, -0.14), ("now", style.BLUE, 0.14)):
        part = table[table["moment"] == moment].set_index("category").reindex(categories)
        places = [place + shift for place in range(len(categories))]
        style.dots(ax, places, part["estimate"], part["ci_low"], part["ci_high"], colour)
    style.rows_axis(ax, [labels[code] for code in categories])
    ax.set_xlim(-0.01, 1.02)
    style.percent_axis(ax.xaxis, lang)
    words = style.words(lang)
    ax.set_xlabel(f"{words['share_of_facilities']} (n = {number(table['n'].max(), lang)})")
    handles = [style.mpl.lines.Line2D([], [], marker="o", linestyle="none", color=colour, label=f"{words[moment]} ({options[f'year_{moment}']})")
               for moment, colour in (("then", style.ORANGE), ("now", style.BLUE))]  # fmt: skip
    fig.legend(handles=handles, loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    parts = []
    for code in dict.fromkeys(table["category"]):
        pair = table[table["category"] == code].set_index("moment")
        label = pair.iloc[0][f"label_{lang}"]
        parts.append(words["then_now_alt"].format(
            label=label, then=percent(pair["estimate"].get("then", float("nan")), lang), now=percent(pair["estimate"].get("now", float("nan")), lang)))  # fmt: skip
    return "; ".join(parts) + "."
