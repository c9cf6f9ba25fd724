"""The same facilities then and now: a mark a few facilities of like size, above the line is more, below is fewer."""

import numpy as np
import pandas as pd

from hrmonitor.disclosure.rounding import averaged
from hrmonitor.figures import Data, style
from hrmonitor.language import number, percent

KIND = "Scatter of now against then, a mark for a few facilities of like size, with the line of no change"
INPUTS = ("facilities",)
# Means of a mark are multiples of this: what one facility answered must not follow from them and a total.
STEP = 5.0


def table(data: Data, options: dict) -> pd.DataFrame:
    """service, then, now, facilities: means of neighbouring facilities in each type of service, as nobody's own answer is shown."""
    facilities = data.facilities[options["round"]]
    pairs = facilities[["service", options["then"], options["now"]]].set_axis(["service", "then", "now"], axis=1)
    return averaged(pairs.dropna(), "service", data.minimum_cell, STEP)


def draw(table: pd.DataFrame, options: dict, lang: str):
    fig = style.figure(3.5)
    ax = fig.add_subplot()
    words = style.words(lang)
    low, high = (table[["then", "now"]].min().min(), table[["then", "now"]].max().max()) if len(table) else (1, 10)
    low, high = max(low * 0.8, 0.5), high * 1.25
    ax.plot([low, high], [low, high], color=style.GREY, linewidth=1, zorder=1)
    markers = ["o", "s", "^", "D", "v", "P"]
    colours = [style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.VERMILLION, style.SKY]
    for place, (service, group) in enumerate(table.groupby("service", sort=False)):
        ax.plot(group["then"], group["now"], linestyle="none", marker=markers[place % 6], markersize=4.5, alpha=0.75, color=colours[place % 6],
                label=f"{style.service_label(service, lang)} (n = {number(group['facilities'].sum(), lang)})")  # fmt: skip
    ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(low, high))
    ax.minorticks_off()
    ticks = [tick for tick in (1, 3, 10, 30, 100, 300, 1000, 3000) if low <= tick <= high]
    ax.set_xticks(ticks, [number(tick, lang) for tick in ticks])
    ax.set_yticks(ticks, [number(tick, lang) for tick in ticks])
    ax.grid(True, axis="both")
    ax.set_xlabel(f"{words['then']} ({options['year_then']})")
    ax.set_ylabel(f"{words['now']} ({options['year_now']})")
    ax.text(0.03, 0.96, words["more"], transform=ax.transAxes, fontsize=8, color="#555555", va="top")
    ax.text(0.97, 0.04, words["fewer"], transform=ax.transAxes, fontsize=8, color="#555555", ha="right")
    if len(table):
        fig.legend(loc="outside right center", frameon=False, fontsize=8)
    return fig


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    up, down = int((table["now"] > table["then"]).sum()), int((table["now"] < table["then"]).sum())
    then, now = ((table[moment] * table["facilities"]).sum() for moment in ("then", "now"))
    return style.words(lang)["paired_alt"].format(
        marks=number(len(table), lang),
        least=number(table["facilities"].min() if len(table) else 0, lang),
        n=number(table["facilities"].sum(), lang),
        up=number(up, lang),
        down=number(down, lang),
        change=percent(now / then - 1 if then else np.nan, lang),
    )
