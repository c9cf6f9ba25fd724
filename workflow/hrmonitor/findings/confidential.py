"""The gate: a test whose number disclosure control hides tells no number and no verdict.

A median of three facilities is an answer of one, a difference of two single facilities tells both, and a ratio times a sum that is shown
is a sum that is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from hrmonitor.disclosure.rules import Rules, dominance, safe_quantile, too_few
from hrmonitor.disclosure.suppressions import ROUNDED
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.bounds import theme_answers
from hrmonitor.findings.verdicts import measure_of
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import yes_of

NUMBERS = ["estimate", "ci_low", "ci_high", "p", "p_holm", "overturn", "known_estimate", "known_low", "known_high", "known_n", "changers"]  # fmt: skip
# What stands beside an estimate of numbers, and is shown of enough facilities only.
BESIDE = ["ci_low", "ci_high", "p", "p_holm"]
OF_NUMBERS = ("ratio", "paired_change", "median")
NOT_ASSESSABLE = "not_assessable"


# Over 6 parameters: the gate holds all claims against all that is hidden, by the rules and the settings of the study.
def gated(
    table: pd.DataFrame,
    again: pd.DataFrame,
    claims: Mapping[str, Finding],
    rounds: Mapping[str, Round],
    suppressions: pd.DataFrame,
    settings: EstimationSettings,
    rules: Rules,
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """(tests, repetitions, what a user should know), with findings that rest on a hidden number not assessable, and without it.

    `table` is that of `verdicts.assess`, `again` that of `sensitivity.reassess`, `suppressions` the cells that are hidden.
    """
    table, again, notes = table.copy(), again.copy(), []
    for name, rows in table.groupby("finding", sort=False):
        finding = claims[str(name)]
        for place, (index, test) in enumerate(zip(rows.index, finding.tests, strict=True)):
            why = confidential(test, finding, rounds, suppressions, settings, rules)
            if why:
                table.loc[index, NUMBERS] = pd.NA
                table.loc[index, "passed"] = False
                table.loc[rows.index, "verdict"] = NOT_ASSESSABLE
                own = again["finding"] == name
                again.loc[own, "verdict"], again.loc[own, "as_before"] = NOT_ASSESSABLE, True
                notes.append(f"config.yaml, findings.{name}.tests[{place}]: its number is hidden, because {why}. The finding is not assessable.")  # fmt: skip
            elif _of_numbers(test) and float(table.loc[index, "n"]) < rules.minimum_spread:
                table.loc[index, BESIDE] = np.nan
    return table, again, notes


def is_hidden(row: Mapping) -> bool:
    """Whether `gated` took the number of a test in findings.csv: every other test of any answers has a p value."""
    return bool(row["n"]) and bool(pd.isna(row["estimate"])) and bool(pd.isna(row["p"]))


def without_hidden(beside: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """A table with a row a test (column `finding`) without the findings of which `gated` left a test without its number.

    All their tests go: what is said of the others was worked out with the verdict that the hidden number would have given.
    """
    hidden = [is_hidden(row) for row in findings.to_dict("records")]
    return beside[~beside["finding"].isin(findings.loc[hidden, "finding"])].reset_index(drop=True)


def confidential(
    test: FindingTest,
    finding: Finding,
    rounds: Mapping[str, Round],
    suppressions: pd.DataFrame,
    settings: EstimationSettings,
    rules: Rules,
) -> str:
    """Why the number of a test may not be told; empty if it may."""
    if measure_of(test) == "slope":
        return ""
    own = rounds[finding.round].only_services(test.services)
    since = rounds[test.since].only_services(test.services) if test.since else None
    for one, values in _behind(test, own, since, settings):
        known = ~np.isnan(values)
        if not known.any():
            continue
        if too_few(one.organisations[known], rules):
            return "too few facilities or organisations stand behind it"
        if _of_numbers(test) and measure_of(test) != "median":
            parts = pd.Series(values[known]), pd.Series(one.organisations[known].to_numpy())
            if dominance(*parts, rules) > 0:
                return "one organisation is too large a part of it"
        if measure_of(test) == "median" and not _safe_median(values, rules):
            return "it is what single facilities answered"
    if not test.theme and _touches(test, own, since, suppressions):
        return "a part of it is hidden"
    return ""


def _of_numbers(test: FindingTest) -> bool:
    return measure_of(test) in OF_NUMBERS or (measure_of(test) in ("change", "difference") and test.categories is None)


def _behind(
    test: FindingTest, own: Round, since: Round | None, settings: EstimationSettings
) -> Iterator[tuple[Round, np.ndarray]]:
    """The groups that a test sets beside each other: a round and the numbers of its facilities, NaN for those outside."""
    if test.theme:
        coded = set(theme_answers(test, own)["facility_id"])
        yield own, np.where(own.facilities["facility_id"].isin(coded), 1.0, np.nan)
    elif test.now:
        now, then = (own.values_of(getattr(test, key)) for key in ("now", "then"))
        yield own, np.where(np.isnan(then), np.nan, now)
        yield own, np.where(np.isnan(now), np.nan, then)
    elif test.by:
        by = own.facilities["_mode"] if test.by == "mode" else own.facilities[test.by]
        for group in (test.group, test.against):
            yield own, np.where(by.isin(group or ()), _values(test, own, settings), np.nan)
    else:
        yield own, _values(test, own, settings)
        indicator = own.questionnaire[test.question].indicator  # type: ignore[index]  # the kind of test has it
        question = since.questionnaire.by_indicator.get(indicator) if since is not None else None
        if since is not None and question is not None:
            yield since, _given(since, question.name) if test.categories else since.values_of(question.name)


def _values(test: FindingTest, one: Round, settings: EstimationSettings) -> np.ndarray:
    question = one.questionnaire[test.question]  # type: ignore[index]  # the kind of test has it
    if test.categories:
        return yes_of(one.facilities, question, test.categories, settings)
    return _given(one, question.name) if question.kind.startswith("select") else one.values_of(question.name)


def _given(one: Round, question: str) -> np.ndarray:
    return np.where(one.facilities[f"{question}__missing"].isna(), 1.0, np.nan)


def _safe_median(values: np.ndarray, rules: Rules) -> bool:
    """Whether the median itself, and so every interval around it, has enough facilities on both sides."""
    middle = float(np.nanmedian(values))
    return safe_quantile(values, middle, middle, rules)


def _touches(test: FindingTest, own: Round, since: Round | None, suppressions: pd.DataFrame) -> bool:
    """Whether a sum or count that the test puts together is hidden."""
    names = [name for name in (test.question, test.now, test.then) if name]
    indicators = {own.questionnaire[name].indicator for name in names} - {""}
    services = set(own.facilities["service"])
    hidden = suppressions[
        suppressions["table"].isin(["indicators", "changes"])
        & suppressions["indicator"].isin(indicators)
        & suppressions["service"].isin(services)
        & suppressions["round"].isin([own.name, *([since.name] if since is not None else [])])
        & (suppressions["reason"] != ROUNDED)
    ]
    if test.now or test.categories is None:
        # What is hidden of a median says nothing of sums.
        hidden = hidden[hidden["statistic"].isin(["sum", "mean", "total", "change", "paired_change", "paired_ratio"])]
    elif measure_of(test) != "change":
        hidden = hidden[(hidden["table"] == "indicators") & hidden["category"].isin(test.categories)]
    if since is None:
        hidden = hidden[hidden["table"] == "indicators"]
    return len(hidden) > 0
