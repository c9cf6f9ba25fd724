"""Appendix: every published figure that the project knows, with its base, its notes and its source."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd

from hrmonitor.language import escape_markdown, headed, listed, number
from hrmonitor.tabulation.against_published import read_reference


def chapter(story) -> str:
    """The appendix in Markdown: a table a topic, a row a series, values with their years."""
    words = story.words["published"]
    reference = read_reference(story.root / story.config.report.reference)
    if reference.empty:
        return story._join([story._heading(words["title"], "published"), words["none"]])
    parts = [story._heading(words["title"], "published"), words["intro"]]
    for topic, group in reference.groupby("topic", sort=False):
        title = story.study.names.get("topics", {}).get(topic) or escape_markdown(topic)
        rows, basis = [], ""
        for _, series in group.groupby("series", sort=False):
            # A basis stands at the first of the rows that share it.
            rows.append(_row(story, series, series[f"basis_{story.lang}"].iloc[0] != basis))
            basis = series[f"basis_{story.lang}"].iloc[0]
        parts.append(f"## {title}")
        parts.append(
            story._table(
                words["columns"],
                rows,
                [36, 26, 38],
                words["caption"].format(topic=title),
                f"tbl-published-{str(topic).replace('_', '-')}",
                "lll",
            )
        )
    return story._join(parts)


def plain_number(value: float, lang: str) -> str:
    """The number as it was published: with as many decimals as it has."""
    _, _, decimals = format(Decimal(str(value)).normalize(), "f").partition(".")
    return number(value, lang, len(decimals))


def _row(story, series: pd.DataFrame, with_basis: bool) -> list[str]:
    words, lang = story.words["published"], story.lang
    first = series.iloc[0]
    counts = story.words["national"]["beside"]["counts"][first["counts"]]
    unit = story.study.units(words["units"]).get(first["unit"], first["unit"])
    label = f"**{escape_markdown(first[f'label_{lang}'])}** ({listed((unit, counts), lang)})"
    if with_basis:
        label += f". {escape_markdown(first[f'basis_{lang}'])}."
    values = [_value(row, lang) for row in series.to_dict("records")]
    notes = []
    for note, rows in series.groupby(f"note_{lang}" if f"note_{lang}" in series else "note", sort=False):
        if note:
            notes.append(f"{headed(_years(rows['year']), escape_markdown(note), lang)}.")
    cited = series.groupby("source", sort=False)["year"]
    sources = [
        escape_markdown(source) + (f" ({_years(years)})" if cited.ngroups > 1 else "") for source, years in cited
    ]
    return [
        label,
        listed((value for value in values if value), lang) or "–",
        " ".join([*notes, f"{listed(sources, lang)}."]),
    ]


def _value(row: dict, lang: str) -> str:
    """`14,000 (2012; 12,700–16,300)`; `> 25 (2010)` where only an end is known; nothing where there is no number.

    An asterisk marks a derived value.
    """
    low, high = (("" if math.isnan(row[end]) else plain_number(row[end], lang)) for end in ("low", "high"))
    about = [str(row["year"])]
    if not math.isnan(row["value"]):
        shown = plain_number(row["value"], lang)
        if low and high:
            about.append(f"{low}–{high}")
    elif low and high:
        shown = f"{low}–{high}"
    elif low or high:
        shown = f"\\> {low}" if low else f"\\< {high}"
    else:
        return ""
    derived = "\\*" if row["status"] == "D" else ""
    return f"{shown}{derived} ({'; '.join(about)})"


def _years(years: pd.Series) -> str:
    """2006–2012 for a run of years, else each."""
    found = sorted(set(years))
    if len(found) > 2 and found == list(range(found[0], found[-1] + 1)):
        return f"{found[0]}–{found[-1]}"
    return ", ".join(str(year) for year in found)
