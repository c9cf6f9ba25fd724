"""Findings: claims in config.yaml, each with the tests that would support it, against the answers.

The vocabulary of tests (docs/findings.md says the same for users):

- `share_above`, `share_below` (question, categories, threshold): the exact interval of the share of facilities that gave
  one of the categories lies above, below the threshold;
- `more_increased` (question on the trend scale): more facilities report a rise than a fall, by the exact sign test;
  `not_more_increased`: that is not so;
- `ratio_below` (now, then, threshold): the interval of the ratio of totals, at facilities that gave both, lies below;
- `paired_change_above` (now, then, threshold): the interval of the mean change at the same facilities lies above;
- `theme_above` (question, theme, threshold, min_alpha): the theme's exact interval lies above the threshold, and coders
  agree well enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.estimation import Estimate, bootstrap, exact_share, sign_test, stratified_mean
from hrmonitor.indicators import Settings, domain_size, has_category, in_base, offered
from hrmonitor.questionnaire import Questionnaire

COLUMNS = [
    "finding", "statement_en", "statement_nl", "evidence", "test", "estimate", "ci_low", "ci_high", "n", "passed", "verdict",
]  # fmt: skip
RISES, FALLS = ("increase", "strong_increase"), ("decrease", "strong_decrease")


@dataclass(frozen=True)
class Evidence:
    """A round's answers: typed facilities, facilities by service in the register, the form, themes of all rounds."""

    round: str
    facilities: pd.DataFrame
    population: dict[str, int]
    questionnaire: Questionnaire
    themes: pd.DataFrame


def assess(findings: dict, evidence: dict[str, Evidence], settings: Settings, minimum_facilities: int) -> pd.DataFrame:
    """One row a test, in `COLUMNS`, findings by their number; the verdict stands on each of a finding's rows."""
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1]["number"]):
        tested = [_TESTS[test["test"]](test, evidence[finding["round"]], settings) for test in finding["tests"]]
        outcome = verdict([passed for _, passed in tested], [found.n for found, _ in tested], minimum_facilities)
        for test, (found, passed) in zip(finding["tests"], tested, strict=True):
            rows.append((name, finding["statement"]["en"], finding["statement"]["nl"], _evidence(test), describe(test),
                         found.value, found.low, found.high, found.n, passed, outcome))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def verdict(passed: list[bool], n: list[int], minimum_facilities: int) -> str:
    """Supported when all tests pass, partly when some do; not assessable when one rests on too few facilities."""
    if min(n) < minimum_facilities:
        return "not_assessable"
    if all(passed):
        return "supported"
    return "partly_supported" if any(passed) else "not_supported"


def describe(test: dict) -> str:
    """The test in one line, such as `share_above 0.5: stable, decrease`."""
    text = test["test"]
    if "threshold" in test:
        text += f" {test['threshold']:g}"
    detail = test.get("categories") or ([test["theme"]] if "theme" in test else [])
    return text + (f": {', '.join(detail)}" if detail else "")


def _evidence(test: dict) -> str:
    return test["question"] if "question" in test else f"{test['now']} {test['then']}"


def _share(test: dict, evidence: Evidence, settings: Settings) -> Estimate:
    facilities, question = evidence.facilities, evidence.questionnaire[test["question"]]
    base = in_base(facilities, question.name, settings.dont_know_in_base)
    gave = pd.concat([has_category(facilities, question, code) for code in test["categories"]], axis=1).any(axis=1)
    could = pd.concat([offered(facilities, question, code) for code in test["categories"]], axis=1).all(axis=1)
    base &= could | gave
    population = domain_size(facilities, question.name, evidence.population)
    return exact_share(int((gave & base).sum()), int(base.sum()), population, settings.confidence)


def _share_above(test, evidence, settings) -> tuple[Estimate, bool]:
    found = _share(test, evidence, settings)
    return found, bool(found.low > test["threshold"])


def _share_below(test, evidence, settings) -> tuple[Estimate, bool]:
    found = _share(test, evidence, settings)
    return found, bool(found.high < test["threshold"])


def _more_increased(test, evidence, settings) -> tuple[Estimate, bool]:
    answers = evidence.facilities[test["question"]]
    found = sign_test(int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum()), settings.confidence)
    return found, bool(found.low > 0.5)


def _not_more_increased(test, evidence, settings) -> tuple[Estimate, bool]:
    found, more = _more_increased(test, evidence, settings)
    return found, found.n > 0 and not more


def _pair(test, evidence) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    facilities = evidence.facilities
    now, then = (
        facilities[test[key]].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for key in ("now", "then")
    )
    return now, then, facilities["service"].to_numpy()


def _ratio_below(test, evidence, settings) -> tuple[Estimate, bool]:
    now, then, strata = _pair(test, evidence)

    def ratio(top, bottom, weights):
        return float((weights * top).sum() / (weights * bottom).sum())

    found = bootstrap(ratio, [now, then], strata, evidence.population, settings.confidence, settings.seed,
                      f"{evidence.round}/ratio/{test['now']}/{test['then']}")  # fmt: skip
    return found, bool(found.high < test["threshold"])


def _paired_change_above(test, evidence, settings) -> tuple[Estimate, bool]:
    now, then, strata = _pair(test, evidence)
    found = stratified_mean(now - then, strata, evidence.population, settings.confidence)
    return found, bool(found.low > test["threshold"])


def _theme_above(test, evidence, settings) -> tuple[Estimate, bool]:
    themes = evidence.themes
    chosen = (
        (themes["round"] == evidence.round) & (themes["question"] == test["question"])
        & (themes["theme"] == test["theme"]) & (themes["service"] == "all")
    )  # fmt: skip
    row = themes[chosen].iloc[0]
    found = Estimate(row["estimate"], row["ci_low"], row["ci_high"], int(row["n"]))
    return found, bool(found.low > test["threshold"] and row["agreement"] >= test["min_alpha"])


_TESTS = {
    "share_above": _share_above,
    "share_below": _share_below,
    "more_increased": _more_increased,
    "not_more_increased": _not_more_increased,
    "ratio_below": _ratio_below,
    "paired_change_above": _paired_change_above,
    "theme_above": _theme_above,
}
