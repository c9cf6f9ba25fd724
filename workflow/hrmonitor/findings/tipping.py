"""How different facilities that did not answer must be for a test to come out otherwise: its tipping point.

Facilities that answered say something of the others only if these are alike. Here the others differ by delta from the estimate, whatever the
reason: of N facilities, n of which answered, the truth is then the estimate plus delta times (N - n) / N, and the interval moves along
(a pattern-mixture model with a fixed shift; Little, Journal of the American Statistical Association 88, 1993; Ratitch, O'Kelly and Tosiello,
Pharmaceutical Statistics 12, 2013, for the search of the tipping point). The tipping point is the delta at which the end of the interval that
the test goes by, at the level that Holm's method leaves it beside the other tests of its finding, reaches the threshold. Every facility that is
silent is taken for one that the question applies to, as in the worst case (`bounds`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hrmonitor.estimation import holm
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.bounds import limits_of, needed, population_of, silent, theme_answers
from hrmonitor.findings.tests import MEASURES, Measure
from hrmonitor.findings.verdicts import Least, describe, measure_of, p_value, run_tests, verdict
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.frame import is_sample
from hrmonitor.project.test_kinds import BELOW, kind_of
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.indicators import yes_of

COLUMNS = [
    "finding", "test", "test_number", "measure", "n", "silent", "estimate", "threshold", "delta", "silent_estimate", "possible", "verdict", "verdict_then",
]  # fmt: skip
# Shifts and levels are shown to a hundredth: of a share a whole per cent, as coarse as what is shown of a theme with hidden parts.
DIGITS = 2
# Bisection of a level of significance, between these.
SMALLEST, LARGEST, HALVINGS = 1e-12, 0.5, 60


def tipping_points(
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    least: Least,
) -> pd.DataFrame:
    """One row a test that silent facilities can move, in `COLUMNS`, findings by their number.

    silent: facilities of which no answer is known. delta: by how much they must differ from the estimate (blank where none are silent),
    silent_estimate: what they would then measure by themselves. possible: whether that can be (a share is between 0 and 1). verdict_then: the
    verdict on the finding once this test alone has come out otherwise. Medians, changes between rounds, differences between groups and series
    have no row: one shift does not say how they move.
    """
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1].number):
        if is_sample(evidence[finding.round].frame):  # of which nobody is known to be silent
            continue
        tested = run_tests(finding, evidence, series, settings, overturn=False)
        before = verdict(tested, finding.tests, least)
        rounds = [evidence[finding.round].only_services(test.services) for test in finding.tests]
        measures = [
            MEASURES[measure_of(test)](test, own, evidence, series, settings)
            for test, own in zip(finding.tests, rounds, strict=True)
        ]
        p = [p_value(test, measure) for test, measure in zip(finding.tests, measures, strict=True)]
        for place, (test, own, measure) in enumerate(zip(finding.tests, rounds, measures, strict=True)):
            found = measure.at(settings.confidence)
            if measure_of(test) not in LIMITS or not found.n or np.isnan(found.value) or not measure.sound:
                continue
            unknown = _silent(test, own, settings)
            level = critical_level(p, place, (1 - settings.confidence) / 2)
            delta = shift_to(test, measure, level, unknown / (found.n + unknown))
            low, high = LIMITS[measure_of(test)](test, own)
            alone = found.value + delta
            other = [replace(one, passed=one.passed != (here == place)) for here, one in enumerate(tested)]
            rows.append((
                name, describe(test), place + 1, measure_of(test), found.n, unknown, np.round(found.value, DIGITS), kind_of(test).threshold_of(test),
                np.round(delta, DIGITS), np.round(alone, DIGITS), bool(low <= alone <= high), before, verdict(other, finding.tests, least),
            ))  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"n": "Int64", "silent": "Int64", "possible": "bool"})


def critical_level(p: Sequence[float], place: int, error: float) -> float:
    """The largest p value with which the test at `place` passes, the others as they are: its level beside them by Holm's method."""

    def passes(own: float) -> bool:
        return holm([*p[:place], own, *p[place + 1 :]])[place] <= error

    low, high = SMALLEST, LARGEST
    if not passes(low):
        return low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if passes(middle) else (low, middle)
    return low


def shift_to(test: FindingTest, measure: Measure, level: float, weight: float) -> float:
    """The delta at which the end of the interval reaches the threshold, if silent facilities have this weight; NaN if they have none."""
    if not weight:
        return np.nan
    confidence, kind = 1 - 2 * level, kind_of(test)
    if kind.direction == BELOW:
        ends = [one.at(confidence).high for one in (measure, measure.known) if one is not None]
        end = max(ends)
    else:
        end = measure.at(confidence).low
    return (kind.threshold_of(test) - end) / weight


def _silent(test: FindingTest, round_: Round, settings: EstimationSettings) -> int:
    """Facilities of which it is not known what they would have said to the test's questions."""
    measure = measure_of(test)
    if measure == "theme":
        return max(len(population_of(round_)) - len(theme_answers(test, round_)), 0)
    if measure in ("ratio", "paired_change"):
        now, then = needed(test.now), needed(test.then)
        answered = ~np.isnan(round_.values_of(now) - round_.values_of(then))
        return silent(round_, answered, applies_to(round_.facilities, now) & applies_to(round_.facilities, then))
    question = needed(test.question)
    if measure == "share":
        answered = ~np.isnan(
            yes_of(round_.facilities, round_.questionnaire[question], needed(test.categories), settings)
        )
    else:
        answered = round_.facilities[question].notna().to_numpy(dtype=bool)
    return silent(round_, answered, applies_to(round_.facilities, question))


def _of_numbers(test: FindingTest, round_: Round) -> tuple[float, float]:
    now, then = (limits_of(round_.questionnaire[needed(name)]) for name in (test.now, test.then))
    return (-np.inf, np.inf) if now is None or then is None else (now[0] - then[1], now[1] - then[0])


# What facilities by themselves could measure at all. A ratio of totals moves as a mean of ratios, weighted by the earlier number, does.
LIMITS = {
    "share": lambda test, round_: (0.0, 1.0),
    "rises": lambda test, round_: (0.0, 1.0),
    "net": lambda test, round_: (-1.0, 1.0),
    "theme": lambda test, round_: (0.0, 1.0),
    "ratio": lambda test, round_: (0.0, np.inf),
    "paired_change": _of_numbers,
}
