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
from hrmonitor.estimation.clusters import clustered_sign_test
from hrmonitor.estimation.estimators import joined_margin
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design, sizes_of
from hrmonitor.findings.bounds import FALLS, RISES, theme_answers, without_dont_know
from hrmonitor.project.test_kinds import KINDS
from hrmonitor.questionnaire.comparability import comparable
from hrmonitor.survey import Round, applies_to
from hrmonitor.tabulation.changes import Populations, change_of, matched, related_groups
from hrmonitor.tabulation.indicators import domain_size, yes_of


@dataclass(frozen=True)
class Measure:
    """What a test measures.

    at: confidence -> estimate. flipped: k -> the same with k facilities more (or -k fewer) that say yes, None when there are not so
    many. sound: False where the data behind it are not good enough to pass a test at all. known: the same with those who answered "don't
    know" left out, where they count as another answer; a test that passes below its threshold must pass there too. organisations: how many
    stand behind it (None for a series). changers: of how many facilities a share of rises is.
    """

    at: Callable[[float], Estimate]
    flipped: Callable[[int], Measure | None] | None = None
    sound: bool = True
    known: Measure | None = None
    organisations: int | None = None
    changers: int | None = None


def _share(test, evidence, rounds, series, settings) -> Measure:
    """Share of facilities that gave one of the categories, of those that were asked."""
    question = evidence.questionnaire[test.question]
    yes = yes_of(evidence.facilities, question, test.categories, settings)
    design = round_design(evidence.facilities, evidence.frame, settings)
    applies = applies_to(evidence.facilities, question.name, not settings.dont_know_in_base)
    size = domain_size(evidence.facilities["service"], applies, sizes_of(evidence.frame))
    item, (said,) = of_item(design, applies, yes)
    measure = replace(
        _share_measure(said, item, size, settings), organisations=_organisations(evidence, ~np.isnan(yes))
    )
    unsure = (evidence.facilities[f"{question.name}__missing"] == "dont_know").to_numpy(dtype=bool)
    if not settings.dont_know_in_base or not unsure.any():
        return measure
    know = applies_to(evidence.facilities, question.name, to_those_who_know=True)
    size = domain_size(evidence.facilities["service"], know, sizes_of(evidence.frame))
    item, (said,) = of_item(design, know, without_dont_know(evidence, question, test.categories, settings))
    return _with_known(measure, _share_measure(said, item, size, settings))


def _with_known(measure: Measure, known: Measure) -> Measure:
    """The measure with another one beside it, whose facilities answer otherwise with it."""

    def flipped(more: int) -> Measure | None:
        if measure.flipped is None or known.flipped is None:
            return None
        other, other_known = measure.flipped(more), known.flipped(more)
        return None if other is None or other_known is None else _with_known(other, other_known)

    return replace(measure, flipped=flipped, known=known)


def _behind(evidence: Round, values: np.ndarray) -> int:
    return _organisations(evidence, ~np.isnan(values))


def _organisations(evidence: Round, answered: np.ndarray) -> int:
    """Organisations of the facilities that answered."""
    return int(evidence.organisations[answered].nunique())


def _share_measure(
    yes: np.ndarray, design: Design, size: float, settings: EstimationSettings, sound: bool = True
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
    """Share of rises among the facilities that report a rise or a fall; the interval is that of the exact sign test, or where facilities of
    an organisation answer alike that of `clustered_sign_test`.

    It rests on all that answered: a trend on which nobody changed is evidence too.
    """
    answers = evidence.facilities[test.question]
    given = answers.notna().to_numpy(dtype=bool)
    design = round_design(evidence.facilities, evidence.frame, settings)
    clusters = design.clusters
    if clusters is None:
        measure = _rises_measure(int(answers.isin(RISES).sum()), int(answers.isin(FALLS).sum()), int(given.sum()))
    else:
        rise = np.where(answers.isin(RISES), 1.0, np.where(answers.isin(FALLS), 0.0, np.nan))
        # Answers count once, whatever their weight, unless organisations have a vote each.
        weights = np.ones(len(rise))
        if settings.one_vote:
            weights = 1 / pd.Series(~np.isnan(rise)).groupby(clusters).transform("sum").clip(lower=1).to_numpy(float)
        measure = _clustered_rises(rise, weights, clusters, int(given.sum()))
    return replace(measure, organisations=_organisations(evidence, given))


def _clustered_rises(rise: np.ndarray, weights: np.ndarray, clusters: np.ndarray, n: int) -> Measure:
    def flipped(more: int) -> Measure | None:
        # Of one organisation after another: so few facilities could turn the outcome.
        candidates = np.flatnonzero(rise == (0 if more > 0 else 1))
        if len(candidates) < abs(more):
            return None
        chosen = candidates[np.argsort(clusters[candidates], kind="stable")][: abs(more)]
        other = rise.copy()
        other[chosen] = 1 - other[chosen]
        return _clustered_rises(other, weights, clusters, n)

    def at(confidence: float) -> Estimate:
        return replace(clustered_sign_test(rise, weights, clusters, confidence), n=n)

    return Measure(at, flipped, changers=int((~np.isnan(rise)).sum()))


def _rises_measure(up: int, down: int, n: int) -> Measure:
    def flipped(more: int) -> Measure | None:
        return _rises_measure(up + more, down - more, n) if min(up + more, down - more) >= 0 else None

    def at(confidence: float) -> Estimate:
        return replace(sign_test(up, down, confidence), n=n)

    return Measure(at, flipped, changers=up + down)


def _net(test, evidence, rounds, series, settings) -> Measure:
    """Share of facilities that report a rise less the share that report a fall, of all that answered.

    The interval joins those of the two shares (Zou and Donner, Statistics in Medicine 27, 2008): where nobody reports a change it is as
    wide as a share of nobody leaves it.
    """
    answers = evidence.facilities[test.question]
    given = answers.notna().to_numpy(dtype=bool)
    design = round_design(evidence.facilities, evidence.frame, settings)
    rise, fall = (np.where(given, answers.isin(ways).to_numpy(dtype=float), np.nan) for ways in (RISES, FALLS))
    applies = applies_to(evidence.facilities, test.question)
    item, (rise, fall) = of_item(design, applies, rise, fall)
    size = domain_size(evidence.facilities["service"], applies, sizes_of(evidence.frame))
    return replace(_net_measure(rise, fall, item, size, settings), organisations=_organisations(evidence, given))


def _net_measure(
    rise: np.ndarray, fall: np.ndarray, design: Design, size: float, settings: EstimationSettings
) -> Measure:
    def flipped(more: int) -> Measure | None:
        # A fall that becomes a rise, those that weigh most first.
        source, other = (fall, rise) if more > 0 else (rise, fall)
        candidates = np.flatnonzero(source == 1)
        if len(candidates) < abs(more):
            return None
        chosen = candidates[np.argsort(-design.weights[candidates], kind="stable")][: abs(more)]
        source, other = source.copy(), other.copy()
        source[chosen], other[chosen] = 0.0, 1.0
        pair = (other, source) if more > 0 else (source, other)
        return _net_measure(*pair, design, size, settings)

    def at(confidence: float) -> Estimate:
        up, down = (share(design, yes, confidence, settings.share_interval, size) for yes in (rise, fall))
        net = mean(design, rise - fall, confidence)
        if not net.n:
            return NONE
        r = (up.se**2 + down.se**2 - net.se**2) / (2 * up.se * down.se) if up.se > 0 and down.se > 0 else 0.0
        r = min(max(r, -1.0), 1.0)
        low = joined_margin(up.value - up.low, down.high - down.value, r)
        high = joined_margin(up.high - up.value, down.value - down.low, r)
        return replace(net, low=net.value - float(np.sqrt(low)), high=net.value + float(np.sqrt(high)))

    return Measure(at, flipped)


def _ratio(test, evidence, rounds, series, settings) -> Measure:
    """Total of `now` over total of `then`, at facilities that gave both."""
    design, now, then = _of_both(test, evidence, settings)
    behind = _behind(evidence, evidence.values_of(test.now) - evidence.values_of(test.then))
    if settings.variance == "linearised":
        return Measure(lambda confidence: ratio(design, now, then, confidence), organisations=behind)

    def of_totals(top, bottom, weights):
        return float((weights * top).sum() / (weights * bottom).sum())

    name = f"{evidence.name}/ratio/{test.now}/{test.then}"
    return Measure(lambda confidence: bootstrap(design, of_totals, [now, then], confidence, settings.seed, name),
                   organisations=behind)  # fmt: skip


def _paired_change(test, evidence, rounds, series, settings) -> Measure:
    """Mean of `now` less `then`, at facilities that gave both."""
    design, now, then = _of_both(test, evidence, settings)
    behind = _behind(evidence, evidence.values_of(test.now) - evidence.values_of(test.then))
    return Measure(lambda confidence: mean(design, now - then, confidence), organisations=behind)


def _of_both(test, evidence, settings) -> tuple[Design, np.ndarray, np.ndarray]:
    """The design of the facilities that gave both numbers, of all to which both questions apply, and the numbers."""
    now, then = (evidence.values_of(getattr(test, key)) for key in ("now", "then"))
    applies = applies_to(evidence.facilities, test.now) & applies_to(evidence.facilities, test.then)
    design, (now, then) = of_item(round_design(evidence.facilities, evidence.frame, settings), applies, now, then)
    return design, now, then


def _median(test, evidence, rounds, series, settings) -> Measure:
    """Median of a number over facilities."""
    applies = applies_to(evidence.facilities, test.question)
    design = round_design(evidence.facilities, evidence.frame, settings)
    design, (values,) = of_item(design, applies, evidence.values_of(test.question))
    name = f"{evidence.name}/median/{test.question}"
    return Measure(
        lambda confidence: quantile(design, values, 0.5, confidence, settings.quantile_interval, settings.seed, name),
        organisations=_behind(evidence, evidence.values_of(test.question)),
    )


def _change(test, evidence, rounds, series, settings) -> Measure:
    """Change of a mean or share since an earlier round, with the covariance of the facilities that answered both.

    Raises `ConfigError` when the two rounds did not ask the same.
    """
    since = rounds[test.since]
    indicator = evidence.questionnaire[test.question].indicator
    try:
        link = comparable(since.questionnaire, evidence.questionnaire, indicator)
        evidence, since = (round_.only_services(link.services) for round_ in (evidence, since))
        if test.categories is not None:
            now = yes_of(evidence.facilities, link.later, test.categories, settings)
            then = yes_of(since.facilities, link.earlier, link.earlier_categories(test.categories), settings)
        else:
            now, then = evidence.values_of(link.later.name), since.values_of(link.earlier.name)
    except ComparisonError as error:
        raise ConfigError(str(error)) from error
    pairs = matched(since.facilities, then, evidence.facilities, now)
    populations, groups = Populations.of(link, since, evidence, settings), related_groups([since, evidence], settings)
    return Measure(lambda confidence: change_of(pairs, populations, confidence, test.categories is not None, groups),
                   organisations=_behind(evidence, now))  # fmt: skip


def _difference(test, evidence, rounds, series, settings) -> Measure:
    """Mean or share at one group of facilities less that at another; groups by service, province, mode or a question."""
    facilities = evidence.facilities
    by = facilities["_mode"] if test.by == "mode" else facilities[test.by]
    if test.categories is not None:
        values = yes_of(facilities, evidence.questionnaire[test.question], test.categories, settings)
    else:
        values = evidence.values_of(test.question)
    values = np.where(by.isin([*test.group, *test.against]), values, np.nan)
    group = by.isin(test.group).to_numpy(dtype=float)
    design = round_design(facilities, evidence.frame, settings)
    applies = applies_to(facilities, test.question, test.categories is not None and not settings.dont_know_in_base)
    # Facilities of neither group are known to be outside, whatever they answered.
    applies &= by.isin([*test.group, *test.against]).to_numpy(dtype=bool)
    behind = _behind(evidence, values)
    design, (values, group) = of_item(design, applies, values, group)
    estimate = share_difference if test.categories is not None else difference
    return Measure(lambda confidence: estimate(design, values, group == 1, confidence), organisations=behind)


def _theme(test, evidence, rounds, series, settings) -> Measure:
    """Share of facilities in whose open answers the theme is, of those whose answer was coded; sound only if coders agree."""
    coded = theme_answers(test, evidence)
    if coded.empty:
        return Measure(lambda confidence: NONE, organisations=0)
    # By the lower end: agreement that chance may have made is not enough. Without an interval there is none.
    sound = bool(coded["agreement_low"].iloc[0] >= test.min_alpha)
    size = sum(sizes_of(evidence.frame).values())
    measure = _share_measure(
        coded["present"].to_numpy(dtype=float), round_design(coded, evidence.frame, settings), size, settings, sound
    )
    return replace(
        measure,
        organisations=_organisations(
            evidence, evidence.facilities["facility_id"].isin(coded["facility_id"]).to_numpy()
        ),
    )


def _slope(test, evidence, rounds, series, settings) -> Measure:
    """Change a year of a published series: Theil and Sen's slope, with Sen's interval (JASA 63, 1968).

    Raises `ConfigError` when its values come from several editions, which do not count alike.
    """
    chosen = series[(series["series"] == test.series) & series["year"].between(test.from_, test.to)]
    editions = sorted(chosen["edition"].astype(str).unique())
    if test.edition:
        chosen = chosen[chosen["edition"].astype(str) == test.edition]
    elif len(editions) > 1:
        raise ConfigError(
            f"the series {test.series!r} has values of several editions ({', '.join(editions)}), which must not be joined. "
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
    "net": _net,
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
