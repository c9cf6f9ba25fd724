"""What published figures say on a finding: real numbers with their years, the break in their series, and whether they speak against it.

Which series stands beside which finding, and how it would move if the finding held in it, is declared in config.yaml; the sentences
follow from the values.
"""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd

from hrmonitor.language import escape_markdown, join, listed, percent
from hrmonitor.project.config import PublishedSeries
from hrmonitor.reporting.chapters.published import plain_number
from hrmonitor.tabulation.against_published import read_publications

# A change within so much of the first value is none: counting the same people twice does as much.
SAME = 0.05
# So many years before the year of asking a finding is about: its questions ask for the change since.
YEARS = 3
# Of a run of values with more than these, the first, the last and the largest or smallest between them are told.
TOLD_IN_FULL = 4
AGREES = {"rise": ("rise",), "fall": ("fall",), "no_rise": ("fall", "same")}


def box(story, name: str) -> str:
    """What published figures say on a finding; nothing in a study that sets no figure beside any."""
    if not any(one.published for one in story.config.findings.values()):
        return ""
    words, finding = story.words["beside"], story.config.findings[name]
    year = story.config.rounds[finding.round].year
    told = [_series(story, one, year) for one in finding.published] or [words["none"]]
    body = "\n\n".join([f"**{words['title']}**", *told, *_sources(story, finding.published)])
    return f"::: {{.published}}\n{body}\n:::"


def first(story, name: str) -> str:
    """The first series of the finding's box in one sentence; empty where there is none."""
    published = story.config.findings[name].published
    if not published:
        return ""
    values = values_of(story, published[0])
    return " ".join([_numbers(story, values), *_break(story, values)])


def sources(story) -> str:
    """The sources of all boxes with their addresses, as a chapter; nothing where no box has a figure."""
    words = story.words["beside"]
    used = [values_of(story, one) for finding in story.config.findings.values() for one in finding.published]
    if not used:
        return ""
    rows = (
        pd.concat(used)
        .drop_duplicates(["source", "source_url"])
        .sort_values("source", key=lambda names: names.str.lower())
    )
    first = read_publications(story.root / story.config.report.reference)
    lines = []
    for one in rows.to_dict("records"):
        line = f"- {escape_markdown(one['source'])}"
        line += f". {escape_markdown(one['source_url'])}" if one["source_url"] else ""
        if keys := first.get(one["source"]):
            line += f". {words['first_published'].format(citations='; '.join(f'@{key}' for key in keys))}"
        lines.append(line)
    return story._join(
        [story._heading(words["list_title"], "sources"), words["list_intro"], "::: {.sources}", "\n".join(lines), ":::"]
    )


def values_of(story, one: PublishedSeries) -> pd.DataFrame:
    """The values that are told: those with a number, from the year on that config names."""
    own = story.series[(story.series["series"] == one.series) & (story.series["year"] >= (one.from_ or 0))]
    return own[own[["value", "low", "high"]].notna().any(axis=1)].sort_values("year", kind="stable")


def moved(values: pd.DataFrame) -> tuple[str, float] | None:
    """(`rise`, `fall` or `same`; change as a share of the first) between the first and the last value; None where there are not two."""
    known = values[values["value"].notna()]
    if known["year"].nunique() < 2 or not known["value"].iloc[0]:
        return None
    change = known["value"].iloc[-1] / known["value"].iloc[0] - 1
    return ("same" if abs(change) <= SAME else "rise" if change > 0 else "fall"), change


def _series(story, one: PublishedSeries, year: int) -> str:
    """Numbers, break, what they say on the finding, which is about the years up to `year`."""
    words, values = story.words["beside"], values_of(story, one)
    breaks = _break(story, values)
    told = [_numbers(story, values), *breaks]
    change = moved(values)
    if one.expect and change:
        way, share = change
        known = values[values["value"].notna()]
        key = "agrees" if way in AGREES[one.expect] else "against"
        if known["year"].iloc[-1] < year - YEARS or known["year"].iloc[0] > year:
            key = "outside"
        elif breaks and key == "agrees":
            # Two ways of counting may differ by as much: nothing that could speak for the finding.
            key = "apart"
        told.append(words["trend"][way][key].format(
            change=_difference(story, known, share), **{"from": known["year"].iloc[0], "to": known["year"].iloc[-1]}))  # fmt: skip
        if breaks and key == "against":
            told.append(words["across"])
    if one.says:
        told.append(escape_markdown(one.says[story.lang]))
    return " ".join(told)


def _difference(story, known: pd.DataFrame, share: float) -> str:
    """`50%` of a number of people; of a percentage or an age in its own unit, as four points of five per cent are no 80%."""
    unit = known["unit"].iloc[0]
    if unit not in story.words["beside"]["differences"]:
        return percent(abs(share), story.lang)
    difference = abs(known["value"].iloc[-1] - known["value"].iloc[0])
    return story.words["beside"]["differences"][unit].format(plain_number(round(difference, 6), story.lang))


def _numbers(story, values: pd.DataFrame) -> str:
    words, row = story.words["beside"], values.iloc[0]
    label = escape_markdown(row[f"label_{story.lang}"])
    if len(values) == 1:
        return words["level"].format(label=label, value=_shown(story, row), year=row["year"])
    chosen = [_of_run(run) for _, run in values.groupby("run", sort=False)]
    told = [
        words["value"].format(value=_shown(story, one), year=one["year"]) for run in chosen for _, one in run.iterrows()
    ]
    return words["series"].format(label=label, values=", ".join(told))


def _of_run(run: pd.DataFrame) -> pd.DataFrame:
    if len(run) <= TOLD_IN_FULL:
        return run
    inner = run["value"].iloc[1:-1]
    top = inner.idxmax() if inner.max() > run["value"].iloc[[0, -1]].max() else None
    return run.loc[[run.index[0], *([top] if top is not None else []), run.index[-1]]]


def _break(story, values: pd.DataFrame) -> list[str]:
    """A sentence on the years after which the count was made in another way."""
    years = [str(year) for year in _breaks(values)]
    return [story.words["beside"]["break"].format(years=join(years, story.lang))] if years else []


def _breaks(values: pd.DataFrame) -> list[int]:
    """The last year before each break: between two values that were not counted alike."""
    rows = values[["year", "run"]].to_dict("records")
    return [before["year"] for before, after in pairwise(rows) if before["run"] != after["run"]]


def _shown(story, row) -> str:
    """`15,733`, `71%`, `20–51%`, `more than 25`: a number as it was published, with its unit."""
    low, high = (None if math.isnan(row[end]) else plain_number(row[end], story.lang) for end in ("low", "high"))
    if not math.isnan(row["value"]):
        value = plain_number(row["value"], story.lang)
    elif low and high:
        value = f"{low}–{high}"
    else:
        value = f"\\> {low}" if low else f"\\< {high}"
    return story.words["beside"]["units"].get(row["unit"], "{}").format(value)


def _sources(story, published: tuple[PublishedSeries, ...]) -> list[str]:
    names = list(dict.fromkeys(name for one in published for name in values_of(story, one)["source"]))
    told = listed((escape_markdown(name) for name in names), story.lang)
    return [story.words["beside"]["sources"].format(sources=told)] if names else []
