"""Findings: claims in config.yaml, each with the tests that would support it, against the answers.

A test measures something (a share, a ratio, a change ...) and holds its interval against a threshold. docs/methods/findings.md lists the
vocabulary for users. Its p value is the smallest one-sided error at which the interval still keeps clear of the
threshold, so that interval and test can never disagree; within a finding the p values are corrected by Holm's method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from hrmonitor.errors import ConfigError
from hrmonitor.estimation import Estimate, holm
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.tests import MEASURES, Measure
from hrmonitor.project.test_kinds import BELOW, NO_RISE, kind_of
from hrmonitor.survey import Round

COLUMNS = [
    "finding", "evidence", "test", "estimate", "ci_low", "ci_high", "n", "passed", "verdict",
    "p", "p_holm", "overturn",
]  # fmt: skip
# Bisection of the p value: from the smallest that is told apart from 0, in so many halvings of its logarithm.
SMALLEST_P, HALVINGS = 1e-12, 26
# A slope rests on years, not on facilities.
MINIMUM_YEARS = 5
# A repetition with fewer of the facilities than this shows the loss of answers rather than a weakness of the verdict.
ENOUGH_LEFT = 0.5


@dataclass(frozen=True)
class Tested:
    """What a test found: `p` is NaN for one that passes by the absence of evidence; `overturn` is the smallest number of
    facilities that, answering otherwise, would turn its outcome (None where that cannot be counted)."""

    found: Estimate
    p: float
    p_holm: float
    passed: bool
    overturn: int | None


def assess(
    findings: dict,
    evidence: dict[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    minimum_facilities: int,
) -> pd.DataFrame:
    """One row a test, in `COLUMNS`, findings by their number; the verdict stands on each of a finding's rows.

    `evidence` by round; `series` are the published national series (`reference.read_reference`).
    """
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1]["number"]):
        try:
            tested = run_tests(finding, evidence, series, settings)
        except ConfigError as error:
            raise ConfigError(f"config.yaml, findings.{name}: {error}") from error
        outcome = verdict(tested, finding["tests"], minimum_facilities)
        for test, one in zip(finding["tests"], tested, strict=True):
            rows.append((name, _evidence(test), describe(test),
                         one.found.value, one.found.low, one.found.high, one.found.n, one.passed, outcome, one.p, one.p_holm,
                         one.overturn))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).astype({"overturn": "Int64"})


def with_statements(table: pd.DataFrame, findings: dict, languages: list[str]) -> pd.DataFrame:
    """The table of `assess` with the claims in words behind `finding`: `statement_{lang}` for each of the languages."""
    table = table.copy()
    for place, lang in enumerate(languages, start=1):
        claims = [findings[name]["statement"][lang] for name in table["finding"]]
        table.insert(place, f"statement_{lang}", pd.Series(claims, dtype="str"))
    return table


def run_tests(
    finding: dict,
    evidence: dict[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    overturn: bool = True,
) -> list[Tested]:
    """The finding's tests, those with a p value corrected for their number; what would overturn them is the slowest part."""
    measures = []
    for test in finding["tests"]:
        own = evidence[finding["round"]]
        limited = own.only_services(test["services"]) if "services" in test else own
        measures.append(MEASURES[measure_of(test)](test, limited, evidence, series, settings))
    p = [p_value(test, measure) for test, measure in zip(finding["tests"], measures, strict=True)]
    outcomes = _outcomes(finding["tests"], measures, p, settings)
    if not overturn:
        return outcomes
    return [
        replace(one, overturn=_overturn(finding["tests"], measures, p, place, settings))
        for place, one in enumerate(outcomes)
    ]


def measure_of(test: dict) -> str:
    """share for share_above and share_below, and so on."""
    return kind_of(test).measure


def p_value(test: dict, measure: Measure) -> float:
    """The one-sided p value of a test by inverting its interval; NaN for `not_more_increased`, 1 if nobody answered."""
    kind = kind_of(test)
    if kind.direction == NO_RISE:
        return math.nan
    sign = -1 if kind.direction == BELOW else 1
    threshold = kind.threshold_of(test)

    def clear(p: float) -> bool:
        found = measure.at(1 - 2 * p)
        return sign * ((found.low if sign > 0 else found.high) - threshold) > 0

    if not measure.at(0.5).n or not clear(0.5 - 1e-9):
        return 1.0
    if clear(SMALLEST_P):
        return 0.0
    low, high = math.log(SMALLEST_P), math.log(0.5)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if clear(math.exp(middle)) else (middle, high)
    return math.exp(high)


def _outcomes(tests: list[dict], measures: list[Measure], p: list[float], settings: EstimationSettings) -> list[Tested]:
    """Passed or not, by the corrected p values; `not_more_increased` passes when its opposite does not."""
    adjusted = holm(p)
    error = (1 - settings.confidence) / 2
    tested = []
    for test, measure, own, corrected in zip(tests, measures, p, adjusted, strict=True):
        found = measure.at(settings.confidence)
        if kind_of(test).direction == NO_RISE:
            passed = found.n > 0 and not found.low > kind_of(test).threshold_of(test)
        else:
            # Up to the precision of the bisection.
            passed = corrected <= error * (1 + 1e-6) and measure.sound
        tested.append(Tested(found, own, corrected, bool(passed), None))
    return tested


def _overturn(
    tests: list[dict], measures: list[Measure], p: list[float], place: int, settings: EstimationSettings
) -> int | None:
    """How many facilities at the least must answer otherwise for this test, the others as they are, to come out otherwise."""
    test, measure = tests[place], measures[place]
    if measure.flipped is None or not measure.at(settings.confidence).n:
        return None
    before = _outcomes(tests, measures, p, settings)[place].passed
    # A test that failed for a rise, or passed for a fall, is turned by more facilities that say yes.
    sign = 1 if before == (kind_of(test).direction in (BELOW, NO_RISE)) else -1

    def turned(flips: int) -> bool:
        other = measure.flipped(sign * flips)
        if other is None:  # more than there are
            return True
        again = [*measures[:place], other, *measures[place + 1 :]]
        new_p = [*p[:place], p_value(test, other), *p[place + 1 :]]
        return _outcomes(tests, again, new_p, settings)[place].passed != before

    low, high = 0, 1
    while not turned(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if turned(middle) else (middle, high)
    return high if measure.flipped(sign * high) else None


def verdict(tested: list[Tested], tests: list[dict], minimum_facilities: int) -> str:
    """Supported when all tests pass, partly when some do; not assessable when one rests on too few facilities."""
    least = [MINIMUM_YEARS if measure_of(test) == "slope" else minimum_facilities for test in tests]
    if any(one.found.n < enough for one, enough in zip(tested, least, strict=True)):
        return "not_assessable"
    passed = [one.passed for one in tested]
    if all(passed):
        return "supported"
    return "partly_supported" if any(passed) else "not_supported"


def strengths(findings: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.Series:
    """Finding -> how far its verdict can be relied on, from what `sensitivity.reassess` found.

    strong: it stays the same in every repetition and in the worst case; moderate: in every repetition, but not (or not testably)
    in the worst case; weak: a repetition gives another; none: it could not be assessed. A repetition that leaves fewer than
    half of the facilities, or that cannot be assessed, says nothing.
    """
    sensitivity = sensitivity[telling(sensitivity)]
    worst = sensitivity["scenario"] == "worst_case"
    stays = sensitivity[~worst].groupby("finding")["as_before"].all()
    stays_at_worst = sensitivity[worst].groupby("finding")["as_before"].all()

    def strength(name: str, outcome: str) -> str:
        if outcome == "not_assessable":
            return "none"
        if not stays.get(name, True):
            return "weak"
        return "strong" if stays_at_worst.get(name, False) else "moderate"

    verdicts = findings.drop_duplicates("finding").set_index("finding")["verdict"]
    return pd.Series({name: strength(name, outcome) for name, outcome in verdicts.items()}, dtype="str")


def telling(sensitivity: pd.DataFrame) -> pd.Series:
    """Whether a repetition leaves enough facilities, at least half of them, to say something about the verdict."""
    everyone = sensitivity.groupby("finding")["facilities"].transform("max")
    return (sensitivity["facilities"] >= ENOUGH_LEFT * everyone) & (sensitivity["verdict"] != "not_assessable")


def describe(test: dict) -> str:
    """The test in one line, such as `share_above 0.5: stable, decrease`."""
    text = test["test"]
    if "threshold" in test:
        text += f" {test['threshold']:g}"
    detail = test.get("categories") or ([test["theme"]] if "theme" in test else [])
    text += f": {', '.join(detail)}" if detail else ""
    if "since" in test:
        text += f" since {test['since']}"
    if "by" in test:
        text += f"; {test['by']} {', '.join(test['group'])} against {', '.join(test['against'])}"
    return text + (f" ({', '.join(test['services'])})" if "services" in test else "")


def _evidence(test: dict) -> str:
    keys = ("question", "series") if "now" not in test else ("now", "then")
    return " ".join(test[key] for key in keys if key in test)
