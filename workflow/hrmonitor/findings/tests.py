"""What a test of a finding measures, at any level of confidence: shares, rises against falls, ratios, changes, differences, slopes.

Each function takes the test, the answers of the finding's round, those of all rounds, the published series and the settings, and
gives a `Measure`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy

from hrmonitor.errors import ComparisonError, ConfigError
from hrmonitor.estimation import (
    NONE,
    Design,
    Estimate,
    bootstrap,
    difference,
    mean,
    of_item,
    quantile,
    ratio,
    share,
    share_difference,
    sign_test,
)
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design, sizes_of
from hrmonitor.project.test_kinds import KINDS
from hrmonitor.questionnaire.comparability import comparable
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.changes import Populations, change_of, matched
from hrmonitor.tabulation.indicators import domain_size, yes_of

RISES, FALLS = ("increase", "strong_increase"), ("decrease", "strong_decrease")


@dataclass(frozen=True)
class Measure:
    """`at(confidence)` gives the estimate; `flipped(k)` the same with k facilities more (or -k fewer) that say yes, None when
    there are not so many; `sound` is False where the data behind it are not good enough to pass a test at all."""

    at: Callable[[float], Estimate]
    flipped: Callable[[int], Measure | None] | None = None
    sound: bool = True


def _share(test, evidence, rounds, series, settings) -> Measure:
    """Share of facilities that gave one of the categories, of those that were asked."""
    question = evidence.questionnaire[test["question"]]
    yes = yes_of(evidence.facilities, question, test["categories"], settings)
    design = round_design(evidence.facilities, evidence.frame, settings)
    applies = applies_to(evidence.facilities, question.name, not settings.dont_know_in_base)
    size = domain_size(evidence.facilities["service"], applies, sizes_of(evidence.frame))
    item, said = of_item(design, applies, yes)
    return _share_measure(said, item, size, settings)


def _share_measure(
    yes: np.ndarray, design: Design, size: int, settings: EstimationSettings, sound: bool = True
) -> Measure:
    def flipped(more: int) -> Measure | None:
        # Those that weigh most first: so few facilities could turn the outcome.
        candidates = np.flatnonzero(yes == (0 if more > 0 else 1))
        if len(candidates) < abs(more):
            return None
        chosen = candidates[np.argsort(-design.weights[candidates], kind="stable")][: abs(more)]
        other = yes.copy()
        other[chosen] = 1 - other[chosen]
        return _share_measure(other, design, size, settings, sound)

    return Measure(lambda confidence: share(design, yes, confidence, settings.share_interval, size), flipped, sound)


def _rises(test, evidence, rounds, series, settings) -> Measure:
    """Share of rises among the facilities that report a rise or a fall; the interval is that of the exact sign test."""
    answers = evidence.facilities[test["question"]]
    return _rises_measure(int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum()))


def _rises_measure(up: int, down: int) -> Measure:
    def flipped(more: int) -> Measure | None:
        return _rises_measure(up + more, down - more) if min(up + more, down - more) >= 0 else None

    return Measure(lambda confidence: sign_test(up, down, confidence), flipped)


def _ratio(test, evidence, rounds, series, settings) -> Measure:
    """Total of `now` over total of `then`, at facilities that gave both."""
    design, now, then = _of_both(test, evidence, settings)
    if settings.variance == "linearised":
        return Measure(lambda confidence: ratio(design, now, then, confidence))

    def of_totals(top, bottom, weights):
        return float((weights * top).sum() / (weights * bottom).sum())

    name = f"{evidence.name}/ratio/{test['now']}/{test['then']}"
    return Measure(lambda confidence: bootstrap(design, of_totals, [now, then], confidence, settings.seed, name))


def _paired_change(test, evidence, rounds, series, settings) -> Measure:
    """Mean of `now` less `then`, at facilities that gave both."""
    design, now, then = _of_both(test, evidence, settings)
    return Measure(lambda confidence: mean(design, now - then, confidence))


def _of_both(test, evidence, settings) -> tuple[Design, np.ndarray, np.ndarray]:
    """The design of the facilities that gave both numbers, of all to which both questions apply, and the numbers."""
    now, then = (evidence.values_of(test[key]) for key in ("now", "then"))
    applies = applies_to(evidence.facilities, test["now"]) & applies_to(evidence.facilities, test["then"])
    return of_item(round_design(evidence.facilities, evidence.frame, settings), applies, now, then)


def _median(test, evidence, rounds, series, settings) -> Measure:
    """Median of a number over facilities."""
    applies = applies_to(evidence.facilities, test["question"])
    design = round_design(evidence.facilities, evidence.frame, settings)
    design, values = of_item(design, applies, evidence.values_of(test["question"]))
    name = f"{evidence.name}/median/{test['question']}"
    return Measure(
        lambda confidence: quantile(design, values, 0.5, confidence, settings.quantile_interval, settings.seed, name)
    )


def _change(test, evidence, rounds, series, settings) -> Measure:
    """Change of a mean or share since an earlier round, with the covariance of the facilities that answered both.

    Raises `ConfigError` when the two rounds did not ask the same.
    """
    since = rounds[test["since"]]
    indicator = evidence.questionnaire[test["question"]].indicator
    try:
        link = comparable(since.questionnaire, evidence.questionnaire, indicator)
        if link.services:
            evidence, since = (round_.only_services(link.services) for round_ in (evidence, since))
        if "categories" in test:
            now = yes_of(evidence.facilities, link.later, test["categories"], settings)
            then = yes_of(since.facilities, link.earlier, link.earlier_categories(test["categories"]), settings)
        else:
            now, then = evidence.values_of(link.later.name), since.values_of(link.earlier.name)
    except ComparisonError as error:
        raise ConfigError(str(error)) from error
    pairs = matched(since.facilities, then, evidence.facilities, now)
    populations = Populations.of(link, since, evidence, settings)
    return Measure(lambda confidence: change_of(pairs, populations, confidence, "categories" in test))


def _difference(test, evidence, rounds, series, settings) -> Measure:
    """Mean or share at one group of facilities less that at another; groups by service, province, mode or a question."""
    facilities = evidence.facilities
    by = facilities["_mode"] if test["by"] == "mode" else facilities[test["by"]]
    if "categories" in test:
        values = yes_of(facilities, evidence.questionnaire[test["question"]], test["categories"], settings)
    else:
        values = evidence.values_of(test["question"])
    values = np.where(by.isin([*test["group"], *test["against"]]), values, np.nan)
    group = by.isin(test["group"]).to_numpy(dtype=float)
    design = round_design(facilities, evidence.frame, settings)
    applies = applies_to(facilities, test["question"], "categories" in test and not settings.dont_know_in_base)
    # Facilities of neither group are known to be outside, whatever they answered.
    applies &= by.isin([*test["group"], *test["against"]]).to_numpy(dtype=bool)
    design, values, group = of_item(design, applies, values, group)
    estimate = share_difference if "categories" in test else difference
    return Measure(lambda confidence: estimate(design, values, group == 1, confidence))


def _theme(test, evidence, rounds, series, settings) -> Measure:
    """Share of facilities in whose open answers the theme is, of those whose answer was coded; sound only if coders agree."""
    coded = theme_answers(test, evidence)
    if coded.empty:
        return Measure(lambda confidence: NONE)
    sound = bool(coded["agreement"].iloc[0] >= test["min_alpha"])
    size = sum(sizes_of(evidence.frame).values())
    return _share_measure(
        coded["present"].to_numpy(dtype=float), round_design(coded, evidence.frame, settings), size, settings, sound
    )


def theme_answers(test: dict, evidence: Round) -> pd.DataFrame:
    """The rows of `Round.themes` about the test's theme, of facilities that are in the evidence."""
    themes = evidence.themes
    return themes[
        (themes["round"] == evidence.name) & (themes["question"] == test["question"])
        & (themes["theme"] == test["theme"]) & themes["facility_id"].isin(evidence.facilities["facility_id"])
    ]  # fmt: skip


def _slope(test, evidence, rounds, series, settings) -> Measure:
    """Change a year of a published series: Theil and Sen's slope, with Sen's interval (JASA 63, 1968).

    Raises `ConfigError` when its values come from several editions, which do not count alike.
    """
    chosen = series[(series["series"] == test["series"]) & series["year"].between(test["from"], test["to"])]
    editions = sorted(chosen["edition"].astype(str).unique())
    if "edition" in test:
        chosen = chosen[chosen["edition"].astype(str) == test["edition"]]
    elif len(editions) > 1:
        raise ConfigError(
            f"the series {test['series']!r} has values of several editions ({', '.join(editions)}), which must not be joined. "
            "Name one with `edition:`."
        )
    years, values = chosen["year"].to_numpy(float), chosen["value"].to_numpy(float)
    if len(years) < 3:
        return Measure(lambda confidence: replace(NONE, n=len(years)))

    def at(confidence: float) -> Estimate:
        found = scipy.stats.theilslopes(values, years, confidence)
        return Estimate(float(found.slope), float(found.low_slope), float(found.high_slope), len(years))

    return Measure(at)


MEASURES = {
    "share": _share,
    "rises": _rises,
    "ratio": _ratio,
    "paired_change": _paired_change,
    "median": _median,
    "change": _change,
    "difference": _difference,
    "theme": _theme,
    "slope": _slope,
}
if set(MEASURES) != {kind.measure for kind in KINDS.values()}:
    raise RuntimeError("project/test_kinds.py and findings/tests.py must name the same measures")
