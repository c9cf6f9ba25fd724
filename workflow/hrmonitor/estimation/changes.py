"""Change between two rounds: at the same facilities, and between all that answered in each.

The facilities that answered both rounds make the two means depend on each other; taking them for independent would make the interval of
the difference too wide (or, where answers move against each other, too narrow).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hrmonitor.estimation.clusters import likeness_of_contrast, wider, with_clusters
from hrmonitor.estimation.designs import stratified
from hrmonitor.estimation.estimate import NAN, NONE, Estimate, t_interval
from hrmonitor.estimation.estimators import joined_margin, mean, ratio
from hrmonitor.estimation.intervals import exact_share


def paired_change(
    now: np.ndarray, then: np.ndarray, strata: np.ndarray, population: Mapping[str, float], confidence: float
) -> Estimate:
    """Mean of now - then over facilities that gave both (NaN where not)."""
    return mean(stratified(strata, population), np.asarray(now, float) - np.asarray(then, float), confidence)


# Over 6 parameters: as `unpaired_change`.
def paired_ratio(
    now: np.ndarray, then: np.ndarray, strata: np.ndarray, population: Mapping[str, float], confidence: float, clusters: np.ndarray | None = None
) -> Estimate:  # fmt: skip
    """Total of now over total of then, at facilities that gave both (NaN where not); `clusters` are their organisations, if not independent."""
    design = stratified(strata, population)
    return ratio(design if clusters is None else with_clusters(design, clusters), now, then, confidence)


# Over 6 parameters: two rounds have their answers and populations, and facilities in both.
def unpaired_change(
    then: Mapping[str, np.ndarray],
    now: Mapping[str, np.ndarray],
    population_then: Mapping[str, float],
    population_now: Mapping[str, float],
    in_both: Mapping[str, float],
    confidence: float,
    clusters: Mapping[str, np.ndarray] | None = None,
) -> Estimate:
    """Difference of two stratified means, each over all facilities that answered its round, with their covariance.

    then, now: stratum -> one value a facility that answered in either round, in the same order, NaN where it did not in this
    one. in_both: stratum -> facilities open in both rounds.

    Within a stratum Var(d) = (1 - f1) s1^2 / n1 + (1 - f2) s2^2 / n2 - 2 (n12 / (n1 n2) - N12 / (N1 N2)) s12 (Tam, The
    American Statistician 38, 1984; with a population that changes, Knottnerus and van Delden, Survey Methodology 38, 2012),
    s12 being the covariance at the n12 facilities that answered both. Strata weigh by their facilities in the later round. A stratum with
    one answer shows no spread of its own: it deviates from the mean of its round (R: lonely.psu = "adjust").

    clusters: stratum -> the organisation of each facility, where answers of one organisation are not independent (`clusters.likeness_of_contrast`).
    """
    names = _in_both_rounds(then, now)
    if not names:
        return NONE
    size = sum(population_now[name] for name in names)
    value, spread, answered, degrees = 0.0, 0.0, 0, 0
    centres = centres_of(names, then, now, population_now)
    for name in names:
        early, late = then[name], now[name]
        share = population_now[name] / size
        difference, its_variance = stratum_change(
            early, late, (population_then[name], population_now[name], in_both[name]), centres
        )
        value += share * difference
        spread += share**2 * its_variance
        answered += _answered(early, late)
        degrees += min(counts_of(early), counts_of(late)) - 1
    if len(names) == 1 and degrees == 0 and population_now[names[0]] > 1:
        return Estimate(value, NAN, NAN, answered)
    se = float(np.sqrt(max(spread, 0.0)))
    if clusters is not None and se > 0:
        more, organisations = _likeness(names, then, now, (population_then, population_now), clusters, spread)
        se *= float(np.sqrt(more))
        degrees = organisations - 1
    low, high = t_interval(value, se, degrees, confidence)
    return Estimate(value, low, high, answered, se)


# Over 6 parameters: as `unpaired_change`.
def _likeness(
    names, then, now, populations: tuple[Mapping, Mapping], clusters: Mapping[str, np.ndarray], spread: float
) -> tuple[float, int]:
    return likeness_of_contrast(
        {name: np.column_stack([then[name], now[name]]) for name in names},
        {name: [population[name] for population in populations] for name in names},
        np.array([-1.0, 1.0]), clusters, spread,
    )  # fmt: skip


def centres_of(
    names: list[str], then: Mapping[str, np.ndarray], now: Mapping[str, np.ndarray], population: Mapping[str, float]
) -> tuple[float, float]:
    """The means of both rounds over the strata."""
    weights = [population[name] for name in names]
    early, late = (
        float(np.average([np.nanmean(side[name]) for name in names], weights=weights)) for side in (then, now)
    )
    return early, late


# Over 6 parameters: as `unpaired_change`.
def share_change(
    then: Mapping[str, np.ndarray],
    now: Mapping[str, np.ndarray],
    population_then: Mapping[str, float],
    population_now: Mapping[str, float],
    in_both: Mapping[str, float],
    confidence: float,
    clusters: Mapping[str, np.ndarray] | None = None,
) -> Estimate:
    """As `unpaired_change`, for answers of 0 and 1: the interval comes from the exact ones of the two rounds.

    A share of none or all shows no variance, though the facilities that did not answer may differ. So each stratum's two exact
    intervals are joined by the method of variance estimates recovery, with the correlation of the two shares (Zou and Donner,
    Statistics in Medicine 27, 2008).
    """
    plain = unpaired_change(then, now, population_then, population_now, in_both, confidence)
    if not plain.n:
        return NONE
    names = _in_both_rounds(then, now)
    size = sum(population_now[name] for name in names)
    below, above = 0.0, 0.0
    centres = centres_of(names, then, now, population_now)
    for name in names:
        weight = (population_now[name] / size) ** 2
        rounds = [(then[name], population_then[name]), (now[name], population_now[name])]
        early, late = (
            exact_share(
                int(np.nansum(values)), counts_of(values), max(round(population), counts_of(values)), confidence
            )
            for values, population in rounds
        )
        sizes = population_then[name], population_now[name], in_both[name]
        spread = stratum_change(then[name], now[name], sizes, centres)[1]
        r = (early.se**2 + late.se**2 - spread) / (2 * early.se * late.se) if early.se > 0 and late.se > 0 else 0.0
        r = min(max(r, -1.0), 1.0)
        below += weight * joined_margin(late.value - late.low, early.high - early.value, r)
        above += weight * joined_margin(late.high - late.value, early.value - early.low, r)
    longer, se = 1.0, plain.se
    if clusters is not None:
        populations = population_then, population_now
        more, organisations = _likeness(names, then, now, populations, clusters, plain.se**2)
        longer, se = wider(more, organisations, plain.n, confidence), plain.se * float(np.sqrt(more))
    low, high = plain.value - longer * float(np.sqrt(below)), plain.value + longer * float(np.sqrt(above))
    return Estimate(plain.value, max(low, -1.0), min(high, 1.0), plain.n, se)


def _in_both_rounds(then: Mapping[str, np.ndarray], now: Mapping[str, np.ndarray]) -> list[str]:
    return [name for name in now if name in then and counts_of(then[name]) and counts_of(now[name])]


def _answered(early: np.ndarray, late: np.ndarray) -> int:
    """Facilities that answered in either round."""
    return int((~np.isnan(early) | ~np.isnan(late)).sum())


def stratum_change(early, late, sizes: tuple[float, float, float], centres: tuple[float, float]) -> tuple[float, float]:
    """The change in a stratum and its variance; `sizes` of both rounds and of those open in both."""
    size_then, size_now, in_both = sizes
    x, y = early[~np.isnan(early)], late[~np.isnan(late)]
    size_then, size_now = max(size_then, len(x)), max(size_now, len(y))
    both = ~np.isnan(early) & ~np.isnan(late)
    covariance = 0.0
    if both.sum():
        several = both.sum() > 1
        s12 = (
            float(np.cov(early[both], late[both])[0, 1])
            if several
            else float((early[both][0] - centres[0]) * (late[both][0] - centres[1]) * (len(x) == len(y) == 1))
        )
        covariance = (both.sum() / (len(x) * len(y)) - max(in_both, both.sum()) / (size_then * size_now)) * s12
    spread = sum(
        (1 - len(z) / size) * (z.var(ddof=1) if len(z) > 1 else float((z[0] - centre) ** 2)) / len(z)
        for z, size, centre in ((x, size_then, centres[0]), (y, size_now, centres[1]))
    )
    its_variance = spread - 2 * covariance
    # Where nobody's answer changed the terms cancel, but for rounding, of which the root would be published as a standard error.
    return float(y.mean() - x.mean()), 0.0 if abs(its_variance) < 1e-12 * spread else its_variance


def counts_of(values: np.ndarray) -> int:
    return int((~np.isnan(values)).sum())


def holm(p_values: list[float]) -> list[float]:
    """p values adjusted for their number (Holm, Scandinavian Journal of Statistics 6, 1979); NaN stays NaN and is not counted."""
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    largest = 0.0
    for place, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - place) * p[index]))
        adjusted[index] = largest
    return adjusted.tolist()
