"""Estimates for a small finite population of facilities, most of which answer.

Shares within one type of service: the exact hypergeometric interval. Figures over several types: stratified by
type with weights N_h/n_h, Taylor linearisation and the finite population correction, as R's `survey` package
does. Medians and ratios: a seeded bootstrap that respects the correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy import stats

REPLICATES = 999


@dataclass(frozen=True)
class Estimate:
    """A number with its interval and the number of facilities behind it. NaN where there is none."""

    value: float
    low: float
    high: float
    n: int
    se: float = float("nan")


NONE = Estimate(float("nan"), float("nan"), float("nan"), 0)


@lru_cache(maxsize=50_000)
def exact_count(m: int, n: int, population: int, confidence: float = 0.95) -> tuple[int, int]:
    """Smallest and largest M of `population` from which m of n could have come.

    All M for which both hypergeometric tails at m exceed (1 - confidence) / 2 (Wright, Exact confidence bounds when
    sampling from small finite universes, 1991). A census gives M = m.
    """
    if not 0 <= m <= n <= population:
        raise ValueError(f"m={m}, n={n}, population={population} do not fit")
    tail = (1 - confidence) / 2
    candidates = np.arange(m, population - (n - m) + 1)
    at_least = stats.hypergeom.sf(m - 1, population, candidates, n)
    at_most = stats.hypergeom.cdf(m, population, candidates, n)
    # Sums of probabilities are exact to some 1e-12 only; at a census both are 1.
    possible = candidates[(at_least > tail + 1e-12) & (at_most > tail + 1e-12)]
    return int(possible[0]), int(possible[-1])


def exact_share(m: int, n: int, population: int, confidence: float = 0.95) -> Estimate:
    """The share m/n with its exact interval; a census has no interval but its value."""
    if n == 0:
        return NONE
    population = max(population, n)
    low, high = exact_count(int(m), int(n), int(population), confidence)
    return Estimate(m / n, low / population, high / population, n)


def worst_case_share(m: int, n: int, population: int) -> tuple[float, float]:
    """Bounds that assume nothing about those who did not answer (Manski): m/N and (m + N - n)/N."""
    population = max(population, n)
    return m / population, (m + population - n) / population


def sign_test(up: int, down: int, confidence: float = 0.95) -> Estimate:
    """The share of rises among all changes, with the Clopper-Pearson interval.

    The interval lies above one half exactly when the two-sided exact sign test rejects "as many up as down" in
    favour of up.
    """
    n = up + down
    if n == 0:
        return NONE
    interval = stats.binomtest(up, n).proportion_ci(confidence, method="exact")
    return Estimate(up / n, interval.low, interval.high, n)


def stratified_mean(
    values: np.ndarray, strata: np.ndarray, population: dict[str, int], confidence: float = 0.95
) -> Estimate:
    """Weighted mean (or share, for 0/1 values) over the facilities that `values` covers.

    Taylor linearisation of the ratio sum(w y) / sum(w) under stratified simple random sampling without
    replacement (Lohr, Sampling: Design and Analysis, 3rd ed., 4.3 and 9.1); t interval with n - H degrees of freedom.
    `values` may hold NaN for facilities outside the domain: they count in n_h, not in the mean.
    """
    values, strata = np.asarray(values, dtype=float), np.asarray(strata)
    weights = _weights(strata, population)
    inside = ~np.isnan(values)
    n = int(inside.sum())
    if n == 0:
        return NONE
    size = weights[inside].sum()
    mean = float((weights[inside] * values[inside]).sum() / size)
    residuals = np.where(inside, np.nan_to_num(values) - mean, 0.0) / size
    return _with_t(mean, _variance_of_total(residuals, strata, population), n, strata, confidence)


def stratified_total(
    values: np.ndarray, strata: np.ndarray, population: dict[str, int], confidence: float = 0.95
) -> Estimate:
    """Total over the population: sum of N_h times the mean of stratum h (Lohr, 3.2), with a t interval."""
    values, strata = np.asarray(values, dtype=float), np.asarray(strata)
    inside = ~np.isnan(values)
    if not inside.any():
        return NONE
    values, strata = values[inside], strata[inside]
    total = float((_weights(strata, population) * values).sum())
    return _with_t(total, _variance_of_total(values, strata, population), len(values), strata, confidence)


def stratified_ratio(
    numerator: np.ndarray,
    denominator: np.ndarray,
    strata: np.ndarray,
    population: dict[str, int],
    confidence: float = 0.95,
) -> Estimate:
    """Ratio of two totals by Taylor linearisation (Lohr, 4.1), over facilities that gave both."""
    top, bottom, strata = np.asarray(numerator, float), np.asarray(denominator, float), np.asarray(strata)
    both = ~np.isnan(top) & ~np.isnan(bottom)
    top, bottom, strata = top[both], bottom[both], strata[both]
    weights = _weights(strata, population)
    if not len(top) or (size := (weights * bottom).sum()) == 0:
        return NONE
    ratio = float((weights * top).sum() / size)
    variance = _variance_of_total((top - ratio * bottom) / size, strata, population)
    return _with_t(ratio, variance, len(top), strata, confidence)


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value below and above which half the weight lies; midway between two where the half falls between them."""
    order = np.argsort(values, kind="stable")
    values, cumulated = values[order], np.cumsum(weights[order])
    half = cumulated[-1] / 2
    at = int(np.searchsorted(cumulated, half * (1 - 1e-12)))
    if at + 1 < len(values) and np.isclose(cumulated[at], half, rtol=1e-12):
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])


def bootstrap(
    statistic,
    columns: list[np.ndarray],
    strata: np.ndarray,
    population: dict[str, int],
    confidence: float,
    seed: int,
    name: str,
) -> Estimate:
    """`statistic(*columns, weights)` with a percentile interval from rescaled half-samples.

    Without-replacement scaled bootstrap (Chipperfield and Preston, Survey Methodology 33, 2007): of each stratum half
    is drawn, weights are w (1 - L + L d n/n*), L = sqrt(n* (1 - f) / (n - n*)). Where everybody answered, f = 1 and
    the interval collapses. `name` makes the draws of one estimate independent of the order of all.
    """
    columns, strata = [np.asarray(column, dtype=float) for column in columns], np.asarray(strata)
    present = ~np.any([np.isnan(column) for column in columns], axis=0)
    columns, strata = [column[present] for column in columns], strata[present]
    n = len(strata)
    if n == 0:
        return NONE
    weights = _weights(strata, population)
    value = statistic(*columns, weights)
    random = np.random.default_rng([seed, crc32(name.encode())])
    factors = np.ones((REPLICATES, n))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        size, half = len(members), len(members) // 2
        if half == 0:
            continue
        scale = np.sqrt(half * max(0.0, 1 - size / max(population[stratum], size)) / (size - half))
        drawn = random.random((REPLICATES, size)).argsort(axis=1) < half
        factors[:, members] = 1 - scale + scale * drawn * size / half
    replicates = np.array([statistic(*columns, weights * factor) for factor in factors])
    tail = (1 - confidence) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return Estimate(value, min(float(low), value), max(float(high), value), n)


def _weights(strata: np.ndarray, population: dict[str, int]) -> np.ndarray:
    """N_h / n_h for each facility."""
    names, place, counts = np.unique(strata, return_inverse=True, return_counts=True)
    return np.array([max(population[name], count) / count for name, count in zip(names, counts, strict=True)])[place]


def _variance_of_total(values: np.ndarray, strata: np.ndarray, population: dict[str, int]) -> float:
    """Variance of sum(w z): the sum over strata of N_h^2 (1 - f_h) s_h^2 / n_h.

    A stratum with a single answer borrows its deviation from the overall mean (R: lonely.psu = "adjust").
    """
    overall = values.mean()
    variance = 0.0
    for stratum in np.unique(strata):
        z = values[strata == stratum]
        n, size = len(z), max(population[stratum], len(z))
        spread = z.var(ddof=1) if n > 1 else (z[0] - overall) ** 2
        variance += size**2 * (1 - n / size) * spread / n
    return float(variance)


def _with_t(value: float, variance: float, n: int, strata: np.ndarray, confidence: float) -> Estimate:
    se = float(np.sqrt(max(variance, 0.0)))
    freedom = max(1, len(strata) - len(np.unique(strata)))
    margin = stats.t.ppf(0.5 + confidence / 2, freedom) * se
    return Estimate(value, value - margin, value + margin, n, se)
