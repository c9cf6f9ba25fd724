"""Published national series over the years, all on one span; series with different bases are never joined by a line."""

import math

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.figures.trend_line import gaps, runs, value_in_words
from hrmonitor.language import headed, join, listed, number

# How high a panel is, in inches, and how many sources are named below it.
TALL, MOST_SOURCES = 0.95, 3


def table(data: Data, options: dict) -> pd.DataFrame:
    found = data["reference"][data["reference"]["series"].isin(options["series"]) & data["reference"]["value"].notna()]
    return found.sort_values(["series", "year", "edition"], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    names = list(dict.fromkeys(table["series"]))
    if not names:
        return nothing(options, lang)
    sheet = Sheet(options, lang)
    columns = 1 if sheet.narrow or len(names) == 1 else 2
    span = (int(table["year"].min()), int(table["year"].max()))
    width = (sheet.width - 0.2 * (columns - 1)) / columns
    for place in range(0, len(names), columns):
        panels = [_Panel(table[table["series"] == name], width, span, lang) for name in names[place : place + columns]]

        def drawn(ax, y: float, panels=panels) -> None:
            for at, panel in enumerate(panels):
                panel.draw(ax, at * (width + 0.2), y)

        sheet.add(max(panel.height for panel in panels) + 0.1, drawn)
    # Published figures are real in a synthetic round as well.
    sheet.options = options | {"synthetic": False}
    sheet.note(style.words(lang)["published_note"])
    return sheet.figure()


class _Panel:
    """A series with its name above and its sources below."""

    def __init__(self, series: pd.DataFrame, width: float, span: tuple[int, int], lang: str):
        self.series, self.width, self.span, self.lang = series.sort_values("year", kind="stable"), width, span, lang
        self.title = style.fitted(series[f"label_{lang}"].iloc[0], width - 0.02, 7.8, "bold")
        sources = list(dict.fromkeys(str(source) for source in series["source"] if str(source).strip()))
        told = listed(sources[:MOST_SOURCES], lang)
        if len(sources) > MOST_SOURCES:
            told += f" {style.words(lang)['more_sources'].format(len(sources) - MOST_SOURCES)}"
        self.source = style.fitted(style.words(lang)["source"].format(told), width - 0.02, 6.2) if told else ""
        self.top = (self.title.count("\n") + 1) * 0.14 + 0.04
        self.height = self.top + TALL + 0.17 + (self.source.count("\n") + 1) * 0.112

    def draw(self, ax, left: float, top: float) -> None:
        series = self.series
        ends = series[["high", "value"]].max().max()
        most = float(ends) if pd.notna(ends) and ends > 0 else 1.0
        floor, ceiling = top + self.top + TALL, top + self.top + 0.2

        def x(year):
            return left + 0.1 + (year - self.span[0]) / max(self.span[1] - self.span[0], 1) * (self.width - 0.2)

        def y(value):
            return floor - value / most * (floor - ceiling)

        ax.text(left, top, self.title, fontsize=7.8, weight="bold", va="top", linespacing=1.15)
        for low, high in gaps(series):
            ax.add_patch(
                style.mpl.patches.Rectangle(
                    (x(low), ceiling - 0.08), x(high) - x(low), floor - ceiling + 0.08, fc="#EFEFEF", ec="none"
                )
            )
        ax.hlines(floor, left, left + self.width, color="#888888", linewidth=0.6)
        for run in runs(series):
            ax.plot(x(run["year"]), y(run["value"]), color=style.BLUE, linewidth=1.4, marker="o", markersize=3)
        ranged = series.dropna(subset=["low", "high"])
        ax.vlines(x(ranged["year"]), y(ranged["low"]), y(ranged["high"]), color=style.BLUE, alpha=0.4, linewidth=2)
        self._labels(ax, x, y, (left, floor))
        for year, ha in dict.fromkeys(zip(dict.fromkeys(self.span), ("left", "right"), strict=False)):
            ax.text(
                left if ha == "left" else left + self.width,
                floor + 0.025,
                str(year),
                fontsize=6.2,
                color=style.QUIET,
                ha=ha,
                va="top",
            )
        ax.text(left, floor + 0.15, self.source, fontsize=6.2, color=style.QUIET, va="top", linespacing=1.15)

    def _labels(self, ax, x, y, corner: tuple[float, float]) -> None:
        """The first and the last value with their years, and the highest between them."""
        series, lang = self.series, self.lang
        marked = [series.index[0], *([series["value"].idxmax()] if len(series) > 2 else []), series.index[-1]]
        taken: list[tuple[float, float]] = []
        for index in dict.fromkeys([marked[0], marked[-1], *marked]):
            one = series.loc[index]
            shown = f"{value_in_words(one, lang)} ({int(one['year'])})"
            half = style.text_width(shown, 6.8, "bold") / 2
            low, high = corner[0], corner[0] + self.width
            at, falls = x(one["year"]), False
            if index == marked[0] and _next(series, 1) > one["value"]:
                at -= half - 0.08
            if index == marked[-1]:
                falls = _next(series, -2) > one["value"]
            middle = min(max(at, low + half), high - half)
            if any(abs(middle - other) < half + other_half + 0.04 for other, other_half in taken):
                continue
            taken.append((middle, half))
            ax.plot(x(one["year"]), y(one["value"]), color=style.BLUE, marker="o", markersize=4.5)
            top = max(one["value"], one["high"] if pd.notna(one["high"]) else one["value"])
            # A last value that a line falls to has its number below, clear of the line, where there is room.
            below = falls and corner[1] - y(one["value"]) > 0.2
            ax.text(middle, y(one["value"]) + 0.05 if below else y(top) - 0.05, shown, fontsize=6.8, weight="bold", ha="center",
                    va="top" if below else "bottom")  # fmt: skip


def _next(series: pd.DataFrame, place: int) -> float:
    """The second value or the last but one; none where there are fewer."""
    return float(series["value"].iloc[place]) if len(series) > 1 else math.nan


def _ends(part: pd.DataFrame) -> tuple:
    part = part.sort_values("year", kind="stable")
    first, last = part.iloc[[0, -1]].itertuples()
    return first, last


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """How many of the series are lower at their end than at their start, and how many higher; with a break in one, only how many there are."""
    pairs = [_ends(part) for _, part in table.groupby("series", sort=False) if len(part) > 1]
    if not pairs:
        return ""
    words = style.words(lang)
    if table.groupby("series")["run"].nunique().max() > 1:
        return words["series_broken_headline"].format(n=number(len(pairs), lang))
    lower, higher = (
        sum(last.value < first.value for first, last in pairs),
        sum(last.value > first.value for first, last in pairs),
    )
    return words["series_headline"].format(
        n=number(len(pairs), lang), lower=number(lower, lang), higher=number(higher, lang)
    )


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    """One sentence; the values are in the description."""
    words = style.words(lang)
    if table.empty:
        return words["no_rows"]
    series = number(table["series"].nunique(), lang)
    return words["series_alt"].format(n=series, first=int(table["year"].min()), last=int(table["year"].max()))


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    lines = []
    for _, part in table.groupby("series", sort=False):
        values = [f"{number(one.value, lang)} ({one.year})" for one in part.itertuples()]
        lines.append(f"{headed(part[f'label_{lang}'].iloc[0], join(values, lang), lang)}.")
    return lines


FIGURE = Figure(
    name="national_series",
    shows="Lines of published national series on one span, each value a point; breaks are shaded",
    inputs=("reference",),
    options=("series",),
    no_audit="Others published these numbers.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
