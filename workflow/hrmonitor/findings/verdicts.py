"""Findings: claims in config.yaml, each with the tests that would support it, against the answers.

A test measures something (a share, a ratio, a change ...) and holds its interval against a threshold. docs/methods/findings.md lists the
vocabulary for users. Its p value is the smallest one-sided error at which the interval still keeps clear of the
threshold, so that interval and test can never disagree; within a finding the p values are corrected by Holm's method.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import scipy

from hrmonitor.errors import ConfigError
from hrmonitor.estimation import NONE, Estimate, holm
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.tests import MEASURES, Measure
from hrmonitor.project.config import Finding, FindingTest
from hrmonitor.project.test_kinds import BELOW, kind_of
from hrmonitor.survey import Round

COLUMNS = [
    "finding", "evidence", "test", "estimate", "ci_low", "ci_high", "n", "passed", "verdict",
    "p", "p_holm", "overturn", "known_estimate", "known_low", "known_high", "known_n", "changers",
]  # fmt: skip
# The smallest p value that is told apart from 0, and how far off its logarithm may be.
SMALLEST_P, PRECISION = 1e-12, 3e-7
# A slope rests on years, not on facilities.
MINIMUM_YEARS = 5
# A repetition with fewer of the facilities than this shows the loss of answers rather than a weakness of the verdict.
ENOUGH_LEFT = 0.5


@dataclass(frozen=True)
class Tested:
    """What a test found.

    p, p_holm: alone, and corrected for the tests of its finding. opposed: the opposite is significant. overturn: the smallest number of
    facilities that, answering otherwise, would turn the outcome (None where that cannot be counted). known: the estimate with those who
    answered "don't know" left out, where they count in the other. organisations, changers and sound are those of the `Measure`.
    """

    found: Estimate
    p: float
    p_holm: float
    passed: bool
    opposed: bool = False
    overturn: int | None = None
    known: Estimate | None = None
    organisations: int | None = None
    changers: int | None = None
    sound: bool = True


@dataclass(frozen=True)
class Least:
    """How many facilities, and of how many organisations, must stand behind every test of a finding that is assessed."""

    facilities: int
    organisations: int


def assess(
    findings: Mapping[str, Finding],
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    least: Least,
) -> pd.DataFrame:
    """One row a test, in `COLUMNS`, findings by their number; the verdict stands on each of a finding's rows.

    `evidence` by round; `series` are the published national series (`reference.read_reference`).
    """
    rows = []
    for name, finding in sorted(findings.items(), key=lambda item: item[1].number):
        try:
            tested = run_tests(finding, evidence, series, settings)
        except ConfigError as error:
            raise ConfigError(f"config.yaml, findings.{name}: {error}") from error
        outcome = verdict(tested, finding.tests, least)
        for test, one in zip(finding.tests, tested, strict=True):
            known = one.known or NONE
            rows.append((name, _evidence(test), describe(test),
                         one.found.value, one.found.low, one.found.high, one.found.n, one.passed, outcome, one.p, one.p_holm,
                         one.overturn, known.value, known.low, known.high, known.n if one.known else None, one.changers))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(("overturn", "known_n", "changers"), "Int64"))


def with_statements(table: pd.DataFrame, findings: Mapping[str, Finding], languages: list[str]) -> pd.DataFrame:
    """The table of `assess` with the claims in words behind `finding`: `statement_{lang}` for each of the languages."""
    table = table.copy()
    for place, lang in enumerate(languages, start=1):
        claims = [findings[name].statement[lang] for name in table["finding"]]
        table.insert(place, f"statement_{lang}", pd.Series(claims, dtype="str"))
    return table


def run_tests(
    finding: Finding,
    evidence: Mapping[str, Round],
    series: pd.DataFrame,
    settings: EstimationSettings,
    overturn: bool = True,
) -> list[Tested]:
    """The finding's tests, those with a p value corrected for their number; what would overturn them is the slowest part."""
    measures = []
    for test in finding.tests:
        own = evidence[finding.round]
        limited = own.only_services(test.services)
        measures.append(MEASURES[measure_of(test)](test, limited, evidence, series, settings))
    p = [p_value(test, measure) for test, measure in zip(finding.tests, measures, strict=True)]
    opposed = _opposed(finding.tests, measures, settings)
    outcomes = [
        replace(one, opposed=contrary)
        for one, contrary in zip(_outcomes(finding.tests, measures, p, settings), opposed, strict=True)
    ]
    if not overturn:
        return outcomes
    return [
        replace(one, overturn=_overturn(finding.tests, measures, p, place, settings))
        for place, one in enumerate(outcomes)
    ]


def measure_of(test: FindingTest) -> str:
    """share for share_above and share_below, and so on."""
    return kind_of(test).measure


def p_value(test: FindingTest, measure: Measure, opposite: bool = False) -> float:
    """The one-sided p value of a test, or of its opposite, by inverting its interval; 1 if nobody answered.

    "Don't know" is no evidence that a share is small: what lies below a threshold, a test or the opposite of one, must do so whether it
    counts as another answer or not at all, and the larger p value counts.
    """
    sign = -1 if (kind_of(test).direction == BELOW) != opposite else 1
    threshold = kind_of(test).threshold_of(test)
    p = _inverted(measure, threshold, sign)
    return max(p, _inverted(measure.known, threshold, sign)) if sign < 0 and measure.known is not None else p


def _inverted(measure: Measure, threshold: float, sign: int) -> float:
    """The smallest one-sided error at which the interval still lies above (sign 1) or below (-1) the threshold."""

    def room(log_p: float) -> float:
        found = measure.at(1 - 2 * math.exp(log_p))
        return sign * ((found.low if sign > 0 else found.high) - threshold)

    widest = math.log(0.5 - 1e-9)
    if not measure.at(0.5).n or not room(widest) > 0:
        return 1.0
    smallest = math.log(SMALLEST_P)
    if room(smallest) > 0:
        return 0.0
    # The root may lie on either side of the place where the interval begins to keep clear.
    return min(math.exp(float(scipy.optimize.brentq(room, smallest, widest, xtol=PRECISION)) + PRECISION), 0.5)


def _outcomes(
    tests: Sequence[FindingTest], measures: list[Measure], p: list[float], settings: EstimationSettings
) -> list[Tested]:
    """Passed or not, by the corrected p values."""
    error = _error(settings)
    tested = []
    for measure, own, corrected in zip(measures, p, holm(p), strict=True):
        passed = corrected <= error and measure.sound
        known = measure.known.at(settings.confidence) if measure.known else None
        tested.append(Tested(measure.at(settings.confidence), own, corrected, bool(passed), known=known,
                             organisations=measure.organisations, changers=measure.changers, sound=measure.sound))  # fmt: skip
    return tested


def _error(settings: EstimationSettings) -> float:
    """The one-sided error of a test, up to the precision of the bisection."""
    return (1 - settings.confidence) / 2 * (1 + 1e-6)


def _opposed(tests: Sequence[FindingTest], measures: list[Measure], settings: EstimationSettings) -> list[bool]:
    """Of which necessary tests the opposite is significant, corrected for their number too."""
    p = [
        p_value(test, measure, opposite=True) if test.necessary else math.nan
        for test, measure in zip(tests, measures, strict=True)
    ]
    return [
        corrected <= _error(settings) and measure.sound for corrected, measure in zip(holm(p), measures, strict=True)
    ]


def _overturn(
    tests: Sequence[FindingTest], measures: list[Measure], p: list[float], place: int, settings: EstimationSettings
) -> int | None:
    """How many facilities at the least must answer otherwise for this test, the others as they are, to come out otherwise."""
    test, measure = tests[place], measures[place]
    if measure.flipped is None or not measure.at(settings.confidence).n:
        return None
    before = _outcomes(tests, measures, p, settings)[place].passed
    # A test that failed for a rise, or passed for a fall, is turned by more facilities that say yes.
    sign = 1 if before == (kind_of(test).direction == BELOW) else -1

    def turned(flips: int) -> bool:
        other = measure.flipped(sign * flips)  # type: ignore[misc]  # checked to be there by who asks for it
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


def verdict(tested: list[Tested], tests: Sequence[FindingTest], least: Least) -> str:
    """The verdict on a finding from its tests.

    not_assessable: a test rests on too few facilities or organisations (a slope: on too few years). contradicted: the opposite of a
    necessary test is significant. not_supported: a necessary test does not pass, or none does. supported: all pass. Else partly.
    """
    if any(_too_few(one, test, least) for one, test in zip(tested, tests, strict=True)):
        return "not_assessable"
    necessary = [one for one, test in zip(tested, tests, strict=True) if test.necessary]
    if any(one.opposed for one in necessary):
        return "contradicted"
    passed = [one.passed for one in tested]
    if all(passed):
        return "supported"
    if any(passed) and all(one.passed for one in necessary):
        return "partly_supported"
    return "not_supported"


def _too_few(one: Tested, test: FindingTest, least: Least) -> bool:
    if measure_of(test) == "slope":
        return one.found.n < MINIMUM_YEARS
    return one.found.n < least.facilities or (one.organisations is not None and one.organisations < least.organisations)


def strengths(findings: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.Series:
    """Finding -> how far its verdict can be relied on, from what `sensitivity.reassess` found.

    strong: it stays the same in every repetition, all of which can be assessed, and in the worst case, in which every test could be
    bounded; moderate: it changes in no repetition that can be assessed, but one cannot, or it changes (or cannot be bounded) in the worst
    case; weak: a repetition gives another; none: it could not be assessed. A repetition that leaves fewer than half of the facilities, or
    that gives no verdict, cannot be assessed: it speaks neither for the verdict nor against it.
    """
    told = telling(sensitivity)
    untold = set(sensitivity.loc[~told & (sensitivity["scenario"] != "worst_case"), "finding"])
    sensitivity = sensitivity[told]
    worst = sensitivity["scenario"] == "worst_case"
    stays = sensitivity[~worst].groupby("finding")["as_before"].all()
    stays_at_worst = sensitivity[worst].groupby("finding")["as_before"].all()

    def strength(name: str, outcome: str) -> str:
        if outcome == "not_assessable":
            return "none"
        if not stays.get(name, True):
            return "weak"
        return "strong" if stays_at_worst.get(name, False) and name not in untold else "moderate"

    verdicts = findings.drop_duplicates("finding").set_index("finding")["verdict"]
    return pd.Series({name: strength(name, outcome) for name, outcome in verdicts.items()}, dtype="str")


def telling(sensitivity: pd.DataFrame) -> pd.Series:
    """Whether a repetition leaves enough facilities, at least half of them, to say something about the verdict."""
    everyone = sensitivity.groupby("finding")["facilities"].transform("max")
    return (sensitivity["facilities"] >= ENOUGH_LEFT * everyone) & (sensitivity["verdict"] != "not_assessable")


def describe(test: FindingTest) -> str:
    """The test in one line, such as `share_above 0.5: stable, decrease`."""
    text = test.test
    if kind_of(test).name != "more_increased":
        text += f" {kind_of(test).threshold_of(test):g}"
    detail = test.categories or ([test.theme] if test.theme is not None else [])
    text += f": {', '.join(detail)}" if detail else ""
    if test.since:
        text += f" since {test.since}"
    if test.by:
        text += f"; {test.by} {', '.join(test.group)} against {', '.join(test.against)}"  # type: ignore[arg-type]  # the kind of test, or the round, has it
    return text + (f" ({', '.join(test.services)})" if test.services else "")


def _evidence(test: FindingTest) -> str:
    keys = ("question", "series") if not test.now else ("now", "then")
    return " ".join(getattr(test, key) for key in keys if getattr(test, key))
