"""A number then and now by type of service: medians with intervals."""

import pandas as pd

from hrmonitor.figures import Data, style
from hrmonitor.figures.select import estimates, question
from hrmonitor.language import interval, number

KIND = "Dots with intervals: the median of a number, then and now, by type of service"
INPUTS = ("indicators",)


def table(data: Data, options: dict) -> pd.DataFrame:
    frames = []
    for moment in ("then", "now"):
        found = estimates(data, options["round"], options[moment], "median")
        frames.append(found.assign(moment=moment, unit=question(data, options["round"], options[moment]).unit))
    return pd.concat(frames, ignore_index=True)


def _unit(table: pd.DataFrame, lang: str) -> str:
    return style.words(lang)["units"].get(table["unit"].iloc[0], table["unit"].iloc[0])


def draw(table: pd.DataFrame, options: dict, lang: str):
    services = list(dict.fromkeys(table["service"]))
    words = style.words(lang)
    fig = style.figure(style.height_for(len(services), 0.38, 0.85))
    ax = fig.add_subplot()
    for moment, colour, shift in (("then", style.ORANGE, -0.15), ("now", style.BLUE, 0.15)):
        part = table[table["moment"] == moment].set_index("service").reindex(services)
        places = [place + shift for place in range(len(services))]
        style.dots(ax, places, part["estimate"], part["ci_low"], part["ci_high"], colour)
        for place, one in zip(places, part.itertuples(), strict=True):
            label = (
                words["suppressed"] if one.suppressed else f"{number(one.estimate, lang)}  (n = {number(one.n, lang)})"
            )
            at = 0 if pd.isna(one.ci_high) else one.ci_high
            ax.annotate(label, (at, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=7)
    style.rows_axis(ax, [style.service_label(service, lang) for service in services])
    top = table["ci_high"].max()
    ax.set_xlim(0, (top if pd.notna(top) and top > 0 else 1) * 1.22)
    style.number_axis(ax.xaxis, lang)
    ax.set_xlabel(words["median_of"].format(unit=_unit(table, lang)))
    handles = [style.mpl.lines.Line2D([], [], marker="o", linestyle="none", color=colour, label=f"{words[moment]} ({options[f'year_{moment}']})")
               for moment, colour in (("then", style.ORANGE), ("now", style.BLUE))]  # fmt: skip
    fig.legend(handles=handles, loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    parts = []
    for one in table.itertuples():
        shown = interval(one.ci_low, one.ci_high, lang, share=False)
        parts.append(
            f"{style.service_label(one.service, lang)}, {words[one.moment]}: {number(one.estimate, lang)} ({shown})"
        )
    return words["median_of"].format(unit=_unit(table, lang)) + ". " + "; ".join(parts) + "."
