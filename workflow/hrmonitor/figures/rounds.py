"""An indicator over the rounds: estimates with their intervals, a panel each, joined by a line where rounds asked alike."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.select import overall, question
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.language import number, percent

# How high a panel is, in inches; from so many rounds on only the first and last year are written.
TALL, MANY = 1.0, 6
COLUMNS = ["round", "year", "service", "indicator", "category", "statistic", "unit", "n", "estimate", "ci_low", "ci_high", "suppressed",
           "joined", "outcome"]  # fmt: skip
CLEAR = ("rises", "falls")
BROKEN = "not_comparable"


def table(data: Data, options: dict) -> pd.DataFrame:
    """`COLUMNS` and the labels of question and answer: each answer, or number, of the questions in each round that has it, for all services.

    `joined`: the round asked as the one before in the table; `outcome`: that of the trend, the same in each row of a series.
    """
    frames = []
    # Rounds of other groups are not of this series.
    rounds = [name for name in data.years if data.groups.get(name) == data.groups.get(options["round"])]
    published = data["indicators"][data["indicators"]["round"].isin(rounds)]
    for name in options["questions"]:
        one = question(data, options["round"], name)
        own = published[published["indicator"] == one.indicator]
        shares = one.kind.startswith("select")
        statistic = (
            "share"
            if shares
            else next((name for name in ("mean", *one.statistics) if name in set(own["statistic"])), "")
        )
        own = own[own["statistic"] == statistic]
        for category in [choice.name for choice in one.choices if not choice.missing] if shares else [""]:
            found = own[own["category"] == category]
            if found.empty:
                continue
            found = (
                overall(found)
                .assign(year=lambda rows: rows["round"].map(data.years))
                .sort_values("year", kind="stable")
            )
            labels = {
                lang: " – ".join([one.label(lang), *([one.choice(category).label(lang)] if category else [])])
                for lang in data.languages
            }
            found = found.assign(**{f"label_{lang}": label for lang, label in labels.items()})
            frames.append(
                found.assign(
                    joined=_joined(data, one.indicator, list(found["round"])),
                    outcome=_outcome(data, rounds, one.indicator, category),
                )
            )
    columns = [*COLUMNS, *(f"label_{lang}" for lang in data.languages)]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _joined(data: Data, indicator: str, rounds: list[str]) -> list[bool]:
    """Whether each round asked as the one before it; the first did not."""
    known = data["comparability"]
    own = known[(known["indicator"] == indicator) & (known["status"] != BROKEN)]
    alike = set(own[["round_from", "round"]].itertuples(index=False, name=None))
    return [False, *(pair in alike for pair in pairwise(rounds))]


def _outcome(data: Data, rounds: list[str], indicator: str, category: str) -> str:
    trends = data["trends"][data["trends"]["round"].isin(rounds)]
    own = overall(trends[(trends["indicator"] == indicator) & (trends["category"] == category)])
    return str(own["outcome"].iloc[-1]) if len(own) else ""


def _series(table: pd.DataFrame) -> list[pd.DataFrame]:
    return [own for _, own in table.groupby(["indicator", "category"], sort=False)]


def draw(table: pd.DataFrame, options: dict, lang: str):
    series = _series(table)
    if not series:
        return nothing(options, lang)
    sheet = Sheet(options, lang)
    columns = 1 if sheet.narrow or len(series) == 1 else 2
    width = (sheet.width - 0.2 * (columns - 1)) / columns
    span = (int(table["year"].min()), int(table["year"].max()))
    for place in range(0, len(series), columns):
        panels = [_Panel(own, width, span, lang) for own in series[place : place + columns]]

        def drawn(ax, y: float, panels=panels) -> None:
            for at, panel in enumerate(panels):
                panel.draw(ax, at * (width + 0.2), y)

        sheet.add(max(panel.height for panel in panels) + 0.1, drawn)
    words = style.words(lang)
    sheet.note(words["interval_note"], words["rounds_note"])
    return sheet.figure()


class _Panel:
    """A series with its name above and the years below."""

    def __init__(self, series: pd.DataFrame, width: float, span: tuple[int, int], lang: str):
        self.series, self.width, self.span, self.lang = series, width, span, lang
        self.title = style.fitted(series[f"label_{lang}"].iloc[0], width - 0.02, 7.8, "bold")
        self.top = (self.title.count("\n") + 1) * 0.14 + 0.04
        self.height = self.top + TALL + 0.2

    def draw(self, ax, left: float, top: float) -> None:
        ends = self.series[["ci_high", "estimate"]].astype(float).max().max()
        most = float(ends) if pd.notna(ends) and ends > 0 else 1.0
        floor, ceiling = top + self.top + TALL, top + self.top + 0.14

        def x(year):
            return left + 0.16 + (year - self.span[0]) / max(self.span[1] - self.span[0], 1) * (self.width - 0.32)

        def y(value):
            return floor - value / most * (floor - ceiling)

        ax.text(left, top, self.title, fontsize=7.8, weight="bold", va="top", linespacing=1.15)
        ax.hlines(floor, left, left + self.width, color="#888888", linewidth=0.6)
        shown = self.series.dropna(subset=["estimate"])
        for before, after in pairwise(shown.itertuples()):
            if after.joined and after.Index == before.Index + 1:
                ax.plot(
                    [x(before.year), x(after.year)],
                    [y(before.estimate), y(after.estimate)],
                    color=style.BLUE,
                    linewidth=1.2,
                )
        ranged = shown.dropna(subset=["ci_low", "ci_high"])
        ax.vlines(
            x(ranged["year"]),
            y(ranged["ci_low"].astype(float)),
            y(ranged["ci_high"].astype(float)),
            color=style.BLUE,
            alpha=0.45,
            linewidth=2.2,
        )
        ax.plot(
            x(shown["year"]),
            y(shown["estimate"].astype(float)),
            color=style.BLUE,
            marker="o",
            markersize=4,
            linestyle="none",
        )
        marked = shown if len(shown) < MANY else shown.iloc[[0, -1]]
        for one in marked.itertuples():
            high = one.ci_high if pd.notna(one.ci_high) else one.estimate
            ax.text(
                x(one.year),
                y(high) - 0.03,
                _value(one, self.lang),
                fontsize=6.8,
                weight="bold",
                ha="center",
                va="bottom",
            )
        years = list(dict.fromkeys(self.series["year"]))
        for year in years if len(years) < MANY else [years[0], years[-1]]:
            ax.text(x(year), floor + 0.025, str(int(year)), fontsize=6.2, color=style.QUIET, ha="center", va="top")


def _value(one, lang: str) -> str:
    return percent(one.estimate, lang) if one.statistic == "share" else number(one.estimate, lang, 1)


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """How many of the series rise and fall by the test for trend, or that none can be told yet."""
    words, outcomes = style.words(lang)["rounds_headline"], [own["outcome"].iloc[0] for own in _series(table)]
    if not outcomes:
        return ""
    if not any(outcome in CLEAR for outcome in outcomes):
        return words["not_yet"]
    return words["told"].format(**{way: number(outcomes.count(way), lang) for way in CLEAR})


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words = style.words(lang)
    if table.empty:
        return words["no_rows"]
    return words["rounds_alt"].format(
        n=number(len(_series(table)), lang), rounds=number(table["round"].nunique(), lang), first=int(table["year"].min()),
        last=int(table["year"].max()), headline=headline(table, options, lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    return [
        style.said(f"{getattr(one, f'label_{lang}')} ({int(one.year)})", one, lang, share=one.statistic == "share")
        for one in table.itertuples()
    ]


FIGURE = Figure(
    name="rounds",
    shows="A panel an answer or number: its estimates over the rounds with intervals, joined where rounds asked alike, and whether there is a trend",
    inputs=("indicators", "comparability", "trends"),
    options=("round", "questions"),
    audit="estimates",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
