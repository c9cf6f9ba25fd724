"""The findings on one page: each test a line with its estimate, interval and threshold, the verdict, and published figures beside."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.tested import add_numbers, rows_of_tests, tests_in_words
from hrmonitor.figures.track import Scale, draw_track, scale_of
from hrmonitor.figures.trend_line import draw_series, value_in_words
from hrmonitor.language import join, number, terms
from hrmonitor.study import within

COLUMNS = [
    "number", "finding", "verdict", "test_number", "measure", "direction", "threshold", "estimate", "ci_low", "ci_high", "n", "outcome", "unit",
    "series", "year", "value", "low", "high", "run",
]  # fmt: skip
# What is written in which size, in points; the lines of a size stand so far apart, in inches.
CLAIM, LABEL, SMALL = 8.4, 7.8, 6.7
LINE = {CLAIM: 0.148, LABEL: 0.14, SMALL: 0.12}
SPARK, GAP = 0.42, 0.11


def table(data: Data, options: dict) -> pd.DataFrame:
    """A row a test, in the order of the findings, then a row a value of the series that its finding declares.

    `label_{lang}` is the question of the test in a few words, or the name of the series; `unit` says how estimates are written
    (share, share_change, ratio, %, or that of the question).
    """
    rows, languages = [], data.languages
    for place, (name, group) in enumerate(data["findings"].groupby("finding", sort=False), start=1):
        claim = data.claims[name]
        head = {"number": place, "finding": name, "verdict": group["verdict"].iloc[0]}
        head |= {f"statement_{lang}": claim["statement"][lang] for lang in languages}
        rows += [head | one for one in rows_of_tests(data, name, group)]
        rows += [head | {"measure": "published", **one} for one in _published(data, claim)]
    texts = [f"{column}_{lang}" for column in ("statement", "label") for lang in languages]
    return pd.DataFrame(rows, columns=[*COLUMNS, *texts])


def _published(data: Data, claim: dict) -> list[dict]:
    """The first of the finding's series (`published` in config.yaml) with values to draw, else the first with a range; the report has the rest."""
    reference, names = data["reference"], [f"label_{lang}" for lang in data.languages]
    valued, ranges = [], []
    for entry in claim.get("published", ()):
        of_series = (reference["series"] == entry["series"]) & (reference["year"] >= entry.get("from", -math.inf))
        found = reference[of_series].sort_values(["year", "edition"], kind="stable")
        valued.append(found[found["value"].notna()])
        ranges.append(found[found[["low", "high"]].notna().any(axis=1)].tail(1))
    kept = next((one for one in (*valued, *ranges) if len(one)), None)
    if kept is None:
        return []
    return kept[["series", "year", "value", "low", "high", "run", "unit", *names]].to_dict("records")


@dataclass
class Block:
    """A finding as it is drawn: `claim` and the questions of its tests in lines that fit, and how high each part is, in inches."""

    tests: pd.DataFrame
    series: pd.DataFrame
    claim: str = ""
    labels: list[str] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    series_label: str = ""

    @property
    def verdict(self) -> str:
        return self.tests["verdict"].iloc[0]


@dataclass(frozen=True)
class Columns:
    """Where the parts of a line stand, in inches from the left; a narrow figure has the questions above the lines."""

    width: float
    claim: float
    label: float
    track: tuple[float, float]
    numbers: float
    aside: float | None
    aside_width: float

    @staticmethod
    def of(options: dict) -> Columns:
        width = style.width_of(options)
        if style.is_narrow(options):
            return Columns(width, width, width, (0.06, 1.5), 1.62, None, width - 0.02)
        return Columns(width, 4.76, 2.12, (2.42, 3.48), 3.58, 5.02, width - 5.08)


def _blocks(table: pd.DataFrame, columns: Columns, lang: str) -> list[Block]:
    blocks = []
    for _, rows in table.groupby("number", sort=True):
        tests, series = rows[rows["series"].isna()], rows[rows["series"].notna()]
        block = Block(tests, series)
        block.claim = style.fitted(tests[f"statement_{lang}"].iloc[0], columns.claim - 0.26, CLAIM, "bold")
        block.labels = [style.fitted(label, columns.label, LABEL) for label in tests[f"label_{lang}"]]
        lines = [label.count("\n") + 1 for label in block.labels]
        if columns.aside is None:
            block.heights = [count * LINE[LABEL] + 0.36 for count in lines]
        else:
            block.heights = [max(0.23, count * LINE[LABEL] + 0.03) for count in lines]
        if len(series):
            block.series_label = style.fitted(series[f"label_{lang}"].iloc[0], columns.aside_width, SMALL)
        blocks.append(block)
    return blocks


def _claim_height(block: Block, columns: Columns) -> float:
    lines = (block.claim.count("\n") + 1) * LINE[CLAIM]
    return lines + (LINE[CLAIM] + 0.05 if columns.aside is None else 0.06)


def _aside_height(block: Block, columns: Columns) -> float:
    """How much room the published series takes."""
    if not block.series_label:
        return 0.0
    own = SPARK + 0.12 if len(block.series) > 1 else LINE[LABEL]
    return (block.series_label.count("\n") + 1) * LINE[SMALL] + own


def _height(block: Block, columns: Columns) -> float:
    own = _claim_height(block, columns) + sum(block.heights)
    if columns.aside is None:
        return own + _aside_height(block, columns)
    return max(own, LINE[CLAIM] + 0.08 + _aside_height(block, columns))


def draw(table: pd.DataFrame, options: dict, lang: str):
    words, columns = style.words(lang), Columns.of(options)
    blocks = _blocks(table, columns, lang)
    if not blocks:
        fig = style.figure(1.6, options)
        style.no_rows(fig, lang, "no_findings")
        return fig
    note = style.fitted(style.note_text(options, lang, words["overview_note"]), columns.width - 0.02, SMALL)
    top = 0.0 if columns.aside is None else 0.2
    foot = (note.count("\n") + 1) * LINE[SMALL] + 0.1
    height = top + sum(_height(block, columns) + GAP for block in blocks) + foot
    fig = style.figure(height, options, "none")
    # One unit of the axes is an inch of paper.
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, columns.width), ylim=(height, 0))
    ax.axis("off")
    if columns.aside is not None:
        for x, key in ((0.26, "tested"), (columns.numbers, "found"), (columns.aside, "verdict_published")):
            ax.text(x, 0.09, words[key], fontsize=SMALL, color=style.QUIET, va="center")
    y = top
    for block in blocks:
        ax.hlines(y, 0, columns.width, color="#C8C8C8", linewidth=0.6)
        _draw_block(ax, block, y + GAP / 2, columns, lang)
        y += _height(block, columns) + GAP
    ax.hlines(y, 0, columns.width, color="#C8C8C8", linewidth=0.6)
    ax.text(0, y + 0.06, note, fontsize=SMALL, color=style.QUIET, va="top", linespacing=1.25)
    return fig


def _draw_block(ax, block: Block, y: float, columns: Columns, lang: str) -> None:
    colour = style.VERDICTS[block.verdict]
    ax.text(0, y, number(block.tests["number"].iloc[0], lang), fontsize=CLAIM, weight="bold", color=colour, va="top")
    ax.text(0.26, y, block.claim, fontsize=CLAIM, weight="bold", va="top", linespacing=1.2)
    verdict = terms(lang)["verdicts"][block.verdict]
    narrow = columns.aside is None
    claim = (block.claim.count("\n") + 1) * LINE[CLAIM]
    at = (0.26, y + claim + 0.02) if narrow else (columns.aside, y)
    ax.text(*at, verdict, fontsize=CLAIM, weight="bold", color=colour, va="top")
    line = y + _claim_height(block, columns)
    scales: dict[str, Scale] = {}
    for measure, rows in block.tests.groupby("measure", sort=False):
        scales[measure] = scale_of(rows)
    for label, height, one in zip(block.labels, block.heights, block.tests.itertuples(), strict=True):
        middle = line + height - 0.19 if narrow else line + height / 2
        ax.text(0 if narrow else 0.26, line if narrow else middle, label, fontsize=LABEL, va="top" if narrow else "center",
                linespacing=1.15)  # fmt: skip
        draw_track(ax, one, columns.track, middle, scales[one.measure], colour, lang)
        add_numbers(ax, one, (columns.numbers, columns.aside or columns.width), middle, lang)
        line += height
    if block.series_label:
        top = line if narrow else y + LINE[CLAIM] + 0.06
        ax.text(columns.aside or 0.0, top, block.series_label, fontsize=SMALL, color=style.QUIET, va="top", linespacing=1.2)  # fmt: skip
        top += (block.series_label.count("\n") + 1) * LINE[SMALL]
        box = (columns.aside or 0.0, columns.aside_width, top, SPARK)
        draw_series(ax, block.series, box, lang)


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """`Of seven findings, seven are supported`, by the verdicts."""
    first = table.drop_duplicates("number")
    if first.empty:
        return ""
    return style.words(lang)["verdicts_alt"].format(n=number(len(first), lang), said=_verdicts(first, lang)).rstrip(".")


def _verdicts(first: pd.DataFrame, lang: str) -> str:
    counts = first["verdict"].value_counts()
    order = [name for name in terms(lang)["verdicts"] if name in counts]
    return join(
        [
            style.words(lang)["of_verdict"].format(
                n=number(counts[name], lang), verdict=within(terms(lang)["verdicts"][name], lang)
            )
            for name in order
        ],
        lang,
    )


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    first = table.drop_duplicates("number")
    if first.empty:
        return style.words(lang)["no_findings"]
    return style.words(lang)["verdicts_alt"].format(n=number(len(first), lang), said=_verdicts(first, lang))


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words, lines = style.words(lang), []
    for place, group in table.groupby("number"):
        tests, series = group[group["series"].isna()], group[group["series"].notna()]
        verdict = within(terms(lang)["verdicts"][tests["verdict"].iloc[0]], lang)
        lines.append(words["overview_finding"].format(number=number(place, lang), statement=tests[f"statement_{lang}"].iloc[0], verdict=verdict))  # fmt: skip
        lines += tests_in_words(tests.to_dict("records"), lang)
        if len(series):
            values = [f"{value_in_words(one, lang)} ({int(one.year)})" for one in series.itertuples()]
            lines.append(
                words["overview_series"].format(label=series[f"label_{lang}"].iloc[0], values=join(values, lang))
            )
    return lines


FIGURE = Figure(
    name="overview",
    shows="A block a finding: its tests as lines with estimate, interval and threshold, the verdict, and a published series beside",
    inputs=("findings", "reference"),
    numbers=(
        "number",
        "test_number",
        "threshold",
        "estimate",
        "ci_low",
        "ci_high",
        "n",
        "year",
        "value",
        "low",
        "high",
    ),
    no_audit="Its tests are those of findings.csv, which the audit reads; others published the rest.",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
