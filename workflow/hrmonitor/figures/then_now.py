"""Shares then and now, as dumbbells, an option a line."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.barriers import share_shown
from hrmonitor.figures.data import Data
from hrmonitor.figures.dumbbells import dumbbell, moments_legend, records
from hrmonitor.figures.select import overall, shares
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.language import listed, number, percent
from hrmonitor.study import within


def table(data: Data, options: dict) -> pd.DataFrame:
    frames = []
    for moment in ("then", "now"):
        frames.append(overall(shares(data, options["round"], options[moment])).assign(moment=moment))
    both = pd.concat(frames, ignore_index=True)
    now = both[both["moment"] == "now"].set_index("category")["estimate"]
    both["order"] = both["category"].map(now)
    return both.sort_values(["order", "category"], ascending=[False, True], kind="stable").reset_index(drop=True)


def draw(table: pd.DataFrame, options: dict, lang: str):
    words = style.words(lang)
    if table.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=1.0)
    n = table["n"].dropna()
    sheet.text(f"{words['share_of_facilities']} (n = {number(n.max() if len(n) else 0, lang)})")
    moments_legend(sheet, options, lang)
    left, right = sheet.lane
    for rows in records(table, "category").values():
        first = next(iter(rows.values()))
        shown = [share_shown(rows[moment], lang) if moment in rows else "–" for moment in ("then", "now")]
        sheet.row(first[f"label_{lang}"], " › ".join(shown), dumbbell(rows, (left, right), 1.0))
    sheet.axis([(left + tick * (right - left), percent(tick, lang)) for tick in (0, 0.25, 0.5, 0.75, 1)])
    sheet.note(words["interval_note"])
    return sheet.figure()


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """category → then, now, both known; the largest change first."""
    both = table.pivot(index="category", columns="moment", values="estimate").reindex(columns=["then", "now"]).dropna()
    return both.loc[(both["now"] - both["then"]).abs().sort_values(ascending=False, kind="stable").index]


def _told(table: pd.DataFrame, lang: str, most: int) -> list[str]:
    labels = table.drop_duplicates("category").set_index("category")[f"label_{lang}"]
    return [
        style.words(lang)["then_now_alt"].format(
            label=labels[code], then=percent(one["then"], lang), now=percent(one["now"], lang)
        )
        for code, one in _changes(table).head(most).iterrows()
    ]


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """The largest change, with both shares."""
    told = _told(table, lang, 1)
    return style.words(lang)["largest_headline"].format(told[0]) if told else ""


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    words, told = style.words(lang), _told(table, lang, 3)
    return words["largest_alt"].format(said=listed(told, lang)) if told else words["no_rows"]


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words = style.words(lang)
    return [
        style.said(
            f"{getattr(one, f'label_{lang}')}, {within(words[one.moment], lang)} ({options[f'year_{one.moment}']})",
            one,
            lang,
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
    headline=headline,
)
