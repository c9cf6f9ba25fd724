"""Indicators: for every analysable question an estimate with its interval, by type of service and for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.estimation import (
    NONE,
    Estimate,
    bootstrap,
    exact_share,
    stratified_mean,
    stratified_total,
    weighted_median,
    worst_case_share,
)
from hrmonitor.questionnaire import Question, Questionnaire

COLUMNS = [
    "round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed",
]  # fmt: skip
ALL = "all"
# Reasons for a missing value that keep a facility out of the base of a share.
OUT_OF_BASE = ("not_asked", "no_answer", "refused", "not_applicable")


@dataclass(frozen=True)
class Settings:
    """How to estimate: confidence level, seed, and whether "don't know" counts in the base."""

    confidence: float
    seed: int
    dont_know_in_base: bool


def estimate_round(
    round_: str, facilities: pd.DataFrame, population: dict[str, int], questionnaire: Questionnaire, settings: Settings
) -> pd.DataFrame:
    """All indicators of a round, in `COLUMNS`; shares between 0 and 1, `suppressed` still False.

    `population` is the number of facilities by service in the register. Beside every share stands a row `share_bounds`
    with the bounds that assume nothing about those who did not answer.
    """
    rows: list[dict] = []
    services = [service for service in population if (facilities["service"] == service).any()]
    for question in questionnaire:
        if not question.indicator:
            continue
        asked = asked_of(facilities, question.name)
        asking = [service for service in services if asked[facilities["service"] == service].any()]
        for service in [*asking, *([ALL] if len(asking) > 1 else [])]:
            chosen = facilities["service"].isin(asking) if service == ALL else facilities["service"] == service
            part = facilities[chosen]
            sizes = {name: population[name] for name in (asking if service == ALL else [service])}
            lead = {"round": round_, "service": service, "indicator": question.indicator}
            estimates = _shares if question.kind.startswith("select") else _numbers
            rows += [{**lead, **row} for row in estimates(question, part, sizes, settings, f"{round_}/{service}")]
    return pd.DataFrame(rows, columns=COLUMNS).assign(suppressed=False)


def asked_of(facilities: pd.DataFrame, question: str) -> pd.Series:
    """Whether the facility was asked the question."""
    return facilities[f"{question}__missing"].fillna("") != "not_asked"


def in_base(facilities: pd.DataFrame, question: str, dont_know_in_base: bool) -> pd.Series:
    """Whether the facility counts in the base of shares: asked, and answered (or "don't know")."""
    out = OUT_OF_BASE if dont_know_in_base else (*OUT_OF_BASE, "dont_know")
    return ~facilities[f"{question}__missing"].fillna("").isin(out)


def domain_size(facilities: pd.DataFrame, question: str, sizes: dict[str, int]) -> int:
    """Facilities in the population that the question is about.

    All of them if all were asked; else N times the share of those who answered that were asked, as the register does not
    know (for instance) which facilities see people who use GHB.
    """
    asked = asked_of(facilities, question)
    total = 0.0
    for service, size in sizes.items():
        members = facilities["service"] == service
        if members.any():
            total += size * asked[members].mean()
    return max(round(total), int(asked.sum()))


def has_category(facilities: pd.DataFrame, question: Question, category: str) -> pd.Series:
    """Whether the facility gave that answer; False where it gave none."""
    if question.kind == "select_multiple":
        return facilities[f"{question.name}/{category}"].fillna(False).astype(bool)
    reason = question.choice(category).missing
    if reason:
        return facilities[f"{question.name}__missing"] == reason
    return (facilities[question.name] == category).fillna(False).astype(bool)


def offered(facilities: pd.DataFrame, question: Question, category: str) -> pd.Series:
    """Whether the facility could give that answer: an option that its version of the form lacked is not a no."""
    if question.kind != "select_multiple":
        return pd.Series(True, index=facilities.index)
    return facilities[f"{question.name}/{category}"].notna()


def _shares(
    question: Question, part: pd.DataFrame, sizes: dict[str, int], settings: Settings, place: str
) -> list[dict]:
    answered = in_base(part, question.name, settings.dont_know_in_base)
    population = domain_size(part, question.name, sizes)
    rows = []
    for choice in question.choices:
        if choice.missing in OUT_OF_BASE or (choice.missing == "dont_know" and not settings.dont_know_in_base):
            continue
        base = answered & offered(part, question, choice.name)
        gave = has_category(part, question, choice.name) & base
        m, n = int(gave.sum()), int(base.sum())
        if len(sizes) == 1:
            found = exact_share(m, n, population, settings.confidence)
        else:
            values = gave.astype(float).where(base).to_numpy()
            found = stratified_mean(values, part["service"].to_numpy(), sizes, settings.confidence)
            found = Estimate(found.value, max(found.low, 0.0), min(found.high, 1.0), found.n)
        low, high = worst_case_share(m, n, population) if n else (np.nan, np.nan)
        common = {"category": choice.name, "n": n, "population": population, "unit": "share"}
        rows.append({**common, "statistic": "share", **_numbers_of(found)})
        rows.append({**common, "statistic": "share_bounds", "estimate": np.nan, "ci_low": low, "ci_high": high})
    return rows


def _numbers(
    question: Question, part: pd.DataFrame, sizes: dict[str, int], settings: Settings, place: str
) -> list[dict]:
    values = part[question.name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    strata = part["service"].to_numpy()
    population = domain_size(part, question.name, sizes)
    rows = []
    for statistic in question.statistics:
        found = NONE
        if not np.isnan(values).all():
            found = _number(statistic, values, strata, sizes, settings, f"{place}/{question.indicator}/{statistic}")
        rows.append({"category": "", "statistic": statistic, "n": int((~np.isnan(values)).sum()), "population": population,
                     "unit": question.unit, **_numbers_of(found)})  # fmt: skip
    return rows


def _number(statistic, values, strata, sizes, settings, name) -> Estimate:
    if statistic == "mean":
        return stratified_mean(values, strata, sizes, settings.confidence)
    if statistic == "total":
        found = stratified_total(values, strata, sizes, settings.confidence)
        # At least what was counted.
        return Estimate(found.value, max(found.low, float(np.nansum(values))), found.high, found.n)
    return bootstrap(weighted_median, [values], strata, sizes, settings.confidence, settings.seed, name)


def _numbers_of(found: Estimate) -> dict[str, float]:
    return {"estimate": found.value, "ci_low": found.low, "ci_high": found.high}
