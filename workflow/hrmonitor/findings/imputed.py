"""Each test again with questions that were left open filled by multiple imputation, where config asks for it.

The answers are completed several times (`cleaning.chained_draws`), each completed set is measured as the answers are, and the measures are pooled
by Rubin's rules (`estimation.pooling`). Facilities of which no answer came stay silent: the weights stand for them, and `tipping` asks what they
could change. The verdict of the finding rests on the answers that were given; this table shows whether it would be another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hrmonitor.cleaning.chained_draws import complete
from hrmonitor.estimation import Estimate, holm
from hrmonitor.estimation.pooling import Pooled, pool
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.findings.tests import MEASURES, Measure
from hrmonitor.findings.verdicts import Least, describe, measure_of, run_tests, verdict
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.test_kinds import BELOW, kind_of
from hrmonitor.survey import Round

COLUMNS = [
    "finding", "test", "n", "completed_n", "sets", "estimate", "ci_low", "ci_high", "freedom", "missing_information", "p_holm", "passed", "verdict",
]  # fmt: skip
# As coarse as p values of themes of which a part is hidden.
ROUNDED, DIGITS = ["estimate", "ci_low", "ci_high", "freedom", "missing_information", "p_holm"], 3
# Measures with a standard error. A theme is coded by people, a median has none, and changes and differences mix rounds or groups.
POOLED = ("share", "rises", "net", "ratio", "paired_change")


# Over 6 parameters: what `verdicts.assess` takes, and how many sets are drawn.
def imputed_tests(
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    least: Least,
    sets: int,
) -> pd.DataFrame:
    """One row a test, in `COLUMNS`, findings by their number; the numbers are blank for tests that cannot be pooled, which stay as they are.

    n: facilities that answered, completed_n: those with filled answers. freedom: degrees of freedom. missing_information: the fraction of
    what the test knows that gaps have taken away.
    """
    completed = {name: _completed(name, findings, evidence[name], settings.seed, sets) for name in _rounds(findings)}
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1].number):
        given = run_tests(finding, evidence, series, settings, overturn=False)
        pooled = [_pooled(test, evidence, completed[finding.round], series, settings) for test in finding.tests]
        p = [
            one.p if found is None else found[0].p_value(kind_of(test).threshold_of(test), _sign(test))
            for one, found, test in zip(given, pooled, finding.tests, strict=True)
        ]
        error = (1 - settings.confidence) / 2 * (1 + 1e-6)
        corrected = holm(p)
        again = [
            replace(one, passed=bool(own <= error) and one.sound) for one, own in zip(given, corrected, strict=True)
        ]
        outcome = verdict(again, finding.tests, least)
        for test, one, found, own in zip(finding.tests, again, pooled, corrected, strict=True):
            rows.append(
                (name, describe(test), one.found.n, *_numbers(test, found, settings, sets), own, one.passed, outcome)
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    table[ROUNDED] = table[ROUNDED].astype(float).round(DIGITS)
    return table.astype({"n": "Int64", "completed_n": "Int64", "sets": "Int64", "passed": "bool"})


def _sign(test: FindingTest) -> int:
    return -1 if kind_of(test).direction == BELOW else 1


def _rounds(findings: Mapping[str, Finding]) -> list[str]:
    return list(dict.fromkeys(finding.round for finding in findings.values()))


def _completed(name: str, findings: Mapping[str, Finding], round_: Round, seed: int, sets: int) -> list[Round]:
    """The round with its gaps filled, as many times over."""
    tests = [test for finding in findings.values() if finding.round == name for test in finding.tests]
    pooled = [test for test in tests if measure_of(test) in POOLED]
    questions = [named for test in pooled for named in (test.question, test.now, test.then) if named]
    return [
        replace(round_, facilities=complete(round_.facilities, round_.questionnaire, questions, seed, number))
        for number in range(sets)
    ]


def _pooled(
    test: FindingTest,
    evidence: Mapping[str, Round],
    completed: Sequence[Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
) -> tuple[Pooled, int] | None:
    """The test's measure over all completed sets, and the facilities that it rests on."""
    if measure_of(test) not in POOLED:
        return None
    found: list[Estimate] = []
    for own in completed:
        limited = own.only_services(test.services)
        measure = MEASURES[measure_of(test)](test, limited, evidence, series, settings)
        found.append(_with_error(test, measure, settings))
    if any(np.isnan([one.value, one.se]).any() for one in found):
        return None
    own = completed[0].only_services(test.services)
    complete_freedom = float(max(1, round_design(own.facilities, own.frame, settings).freedom))
    return pool([one.value for one in found], [one.se for one in found], complete_freedom), found[0].n


def _with_error(test: FindingTest, measure: Measure, settings: EstimationSettings) -> Estimate:
    """The estimate with its standard error. Rises among changes have a binomial one, as the sign test takes them."""
    found = measure.at(settings.confidence)
    if measure_of(test) == "rises" and measure.changers:
        return replace(found, se=float(np.sqrt(found.value * (1 - found.value) / measure.changers)))
    if measure.known is not None and _sign(test) < 0:
        # A test below a threshold must pass on both bases: the one that is nearer to it.
        return max(found, measure.known.at(settings.confidence), key=lambda one: one.value)
    return found


def _numbers(
    test: FindingTest, found: tuple[Pooled, int] | None, settings: EstimationSettings, sets: int
) -> tuple[int | None, int | None, float, float, float, float, float]:
    if found is None:
        return None, None, np.nan, np.nan, np.nan, np.nan, np.nan
    pooled, n = found
    low, high = pooled.interval(settings.confidence)
    if measure_of(test) in ("share", "rises"):
        low, high = max(0.0, low), min(1.0, high)
    return n, sets, pooled.value, low, high, pooled.freedom, pooled.missing
