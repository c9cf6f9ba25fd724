"""What the CSVs say: a reader for each way in which `resources/tables.yaml` and the figures let the audit read a table.

A reader takes a table and gives statements (`published.COLUMNS`); what it finds out of bases and services it notes in the `Reading`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from hrmonitor.disclosure.audit.protected import follow_up
from hrmonitor.disclosure.audit.ranges import DIGITS, PER_CENT, around, is_multiple, step_of, step_of_mean
from hrmonitor.questionnaire.model import Questionnaire


@dataclass
class Reading:
    """What readers know, and what they find out besides statements.

    forms: by round, the newest last. rules: `disclosure:` of config.yaml. totals: (round, service, indicator) -> total, where totals are
    rounded. steps: (round, service, indicator, statistic) -> what the number is a multiple of. derived: indicators that are others divided by a number (raw/reference/derived.csv). figures: `figures:` of config.yaml.
    bases, populations, asked, pairs and marks are those of `Published`.
    """

    forms: dict[str, Questionnaire]
    rules: dict
    totals: dict[tuple[str, str, str], float]
    steps: dict[tuple[str, str, str, str], float]
    derived: dict[str, tuple[str, float]]
    figures: dict[str, dict]
    bases: dict[tuple[str, str, str], int] = field(default_factory=dict)
    populations: dict[tuple[str, str, str], int] = field(default_factory=dict)
    asked: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    pairs: dict[tuple[str, str, str, str, str], int] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)


def _of_estimates(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    """indicators, changes, our figures beside published ones, and figures made from them."""
    rules, totals = reading.rules, reading.totals
    if "published" not in table:
        _note_estimates(reading, table)
    for row in table.to_dict("records"):
        lead = (source, row.get("round_from", ""), row["round"], row["service"], row["indicator"], row["category"])
        estimate, statistic = row["estimate"], row["statistic"]
        scale, of = 1.0, row["indicator"]
        if "published" in row:
            form = reading.forms.get(row["round"])
            question = form.by_indicator.get(row["indicator"]) if form else None
            scale = 100.0 if question is not None and statistic == "share" else 1.0
            if pd.isna(estimate) and pd.notna(row["gap"]):
                estimate = row["published"] + row["gap"]
            if row["indicator"] in reading.derived:
                of, divided_by = reading.derived[row["indicator"]]
                lead, scale = (*lead[:4], of, ""), 1 / divided_by
        step = (
            step_of(row["se"]) if "se" in row else reading.steps.get((row["round"], row["service"], of, statistic), 0.0)
        )
        step = 0.0 if row.get("unit") == "share" else step * min(scale, 1.0)
        if pd.notna(estimate):
            slack = max(DIGITS * max(1.0, abs(estimate)), step / 2)
            # What is said to be rounded is taken for it where it can be.
            if row.get("suppression") == "rounded" and is_multiple(100 * estimate, 1):
                slack = max(slack, PER_CENT)
            if statistic == "total" and rules["rounding_base"] and is_multiple(estimate, rules["rounding_base"]):
                slack = max(step / 2, rules["rounding_base"] / 2)
            elif statistic == "mean" and lead[2:5] in totals:
                slack = max(step / 2, step_of_mean(estimate, totals[lead[2:5]], rules))
            low, high = around(estimate, slack)
            yield (*lead, statistic, low / scale, high / scale)
        for beside in ("ci_low", "ci_high", "se", "deff"):
            if pd.notna(row.get(beside)):
                off = max(DIGITS * max(1, abs(row[beside])), step / 2 if beside.startswith("ci") else 0.0)
                yield (*lead, f"{statistic}/{beside}", *(limit / scale for limit in around(row[beside], off)))


def _note_estimates(reading: Reading, table: pd.DataFrame) -> None:
    """Answers behind estimates and changes, and the services that have some."""
    if "round_from" in table:
        paired = table[table["statistic"].isin(["paired_change", "paired_ratio"]) & table["n"].notna()]
        place = ["round_from", "round", "service", "indicator", "category"]
        reading.pairs |= {tuple(row[:5]): int(row[5]) for row in paired[[*place, "n"]].itertuples(index=False)}
        return
    for row in table.to_dict("records"):
        base = (row["round"], row["service"], row["indicator"])
        if pd.notna(row.get("population")):
            reading.populations[base] = int(row["population"])
        if pd.notna(row["n"]):
            reading.bases[base] = max(int(row["n"]), reading.bases.get(base, 0))
        services = reading.asked.setdefault((row["round"], row["indicator"]), [])
        if row["service"] not in services and not (pd.notna(row["n"]) and row["n"] == 0):
            services.append(row["service"])


def _of_themes(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    for row in table.to_dict("records"):
        indicator = f"{row['question']}/{row['theme']}"
        place = (row["round"], row["service"], indicator)
        if pd.notna(row["n"]) and row["n"] > 0:
            reading.bases[place] = int(row["n"])
            services = reading.asked.setdefault((row["round"], indicator), [])
            if row["service"] not in services:
                services.append(row["service"])
        if pd.notna(row["estimate"]):
            # Whole per cents are rounded ones: no share of facilities of several services is one by chance.
            whole = row["service"] == "all" and is_multiple(100 * row["estimate"], 1)
            yield (source, "", row["round"], row["service"], indicator, "", "theme",
                   *around(row["estimate"], PER_CENT if whole else DIGITS))  # fmt: skip
        for end in ("ci_low", "ci_high"):
            if pd.notna(row[end]):
                yield (
                    source,
                    "",
                    row["round"],
                    row["service"],
                    indicator,
                    "",
                    f"theme/{end}",
                    *around(row[end], DIGITS),
                )


def _of_gaps(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    """Questions left open: "don't know" is an answer of the form, and who was not asked a follow-up gave another answer."""
    counts = table.set_index(["round", "question", "service", "reason"])[["n", "population"]]
    for (round_, name, service, reason), row in counts.iterrows():
        form = reading.forms.get(round_)
        if form is None or name not in form.questions or pd.isna(row["n"]):
            continue
        question = form[name]
        if reason == "dont_know" and question.indicator:
            for choice in question.choices:
                if choice.missing == "dont_know":
                    yield (source, "", round_, service, question.indicator, choice.name, "count", row["n"], row["n"])
    for round_, form in reading.forms.items():
        for question in form:
            for other, category in follow_up(question, form) if question.indicator else []:
                for service in counts.index.get_level_values("service").unique():
                    place = (round_, other, service, "not_asked")
                    if place in counts.index and pd.notna(counts.loc[place, "n"]):
                        n = counts.loc[place, "population"] - counts.loc[place, "n"]
                        yield (source, "", round_, service, question.indicator, category, "count", n, n)


def _of_findings(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    """A test on shares states the sum of its categories for all services."""
    for row in table.to_dict("records"):
        found = re.fullmatch(r"share_(?:above|below) \S+: ([\w, ]+)", str(row["test"]))
        if not found or pd.isna(row["estimate"]):
            continue
        for round_, form in reading.forms.items():
            question = form.questions.get(row["evidence"])
            if question is not None and question.indicator and question.kind == "select_one":
                yield (source, "", round_, "all", question.indicator, found.group(1).replace(", ", "|"), "union",
                       *around(row["estimate"], DIGITS))  # fmt: skip
                break


def _of_marks(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    """A scatter of facilities: its marks add up to the sums of those that gave both numbers."""
    if "facilities" not in table or (table["facilities"] < reading.rules["minimum_cell"]).any():
        reading.marks.append(source)
    options = reading.figures.get(source.rpartition("/")[2].removesuffix(".csv"))
    if not options or not {"facilities", "rounded_to"} <= set(table):
        return
    for moment in ("then", "now"):
        question = reading.forms[options["round"]][options[moment]]
        for service, marks in table.groupby("service"):
            total, n = float((marks[moment] * marks["facilities"]).sum()), int(marks["facilities"].sum())
            low, high = around(total, n * float(marks["rounded_to"].iloc[0]) / 2)
            yield (source, "", options["round"], service, question.indicator, str(n), "marks", low, high)


def _of_sizes(reading: Reading, source: str, table: pd.DataFrame) -> Iterator[tuple]:
    """How many facilities there are and how many answered: `published.sizes_of` reads it before all others."""
    return iter(())


# For each way of `declarations.tables.AUDITS`.
READERS: dict[str, Callable[[Reading, str, pd.DataFrame], Iterator[tuple]]] = {
    "estimates": _of_estimates,
    "themes": _of_themes,
    "gaps": _of_gaps,
    "findings": _of_findings,
    "marks": _of_marks,
    "sizes": _of_sizes,
}
