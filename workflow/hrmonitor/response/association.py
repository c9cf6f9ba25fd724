"""Tests and effect sizes for two groups within strata, made for few and unequal numbers."""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import scipy

DRAWS = 9999
# Numbers held in memory at a time while drawing.
CELLS = 2_000_000


def informative(group: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Which rows lie in a stratum that has both groups; the others say nothing about a difference."""
    both = [one for one in np.unique(strata) if len(np.unique(group[strata == one])) == 2]
    return np.isin(strata, both)


def stratified_association(
    scores: np.ndarray, group: np.ndarray, strata: np.ndarray, seed: int, name: str
) -> tuple[float, float]:
    """(statistic, p): do the scores differ between the two groups within strata?

    `scores` has a row a facility and a column a category (0/1), or one column of ranks. The statistic is the generalised
    Cochran-Mantel-Haenszel statistic (Landis, Heyman and Koch, International Statistical Review 46, 1978): for 0/1
    the classical one without continuity correction, for ranks of `strata_ranks` van Elteren's. p comes from `DRAWS` random
    allotments of the groups within strata, the one observed among them, so it holds however small the groups; `name` makes
    its draws independent of other tests.
    """
    centred, totals, covariance = _centred(scores, group, strata)
    inverse = np.linalg.pinv(covariance, hermitian=True)
    statistic = float(totals @ inverse @ totals)
    drawn = np.vstack([one @ centred for one in allotments(group, strata, seed, name)])
    as_extreme = (drawn @ inverse * drawn).sum(axis=1) >= statistic - 1e-9
    return statistic, float((1 + as_extreme.sum()) / (1 + DRAWS))


def _centred(scores, group, strata):
    """Scores less their stratum's mean, the first group's sums of them, and the covariance of those under no difference."""
    scores = np.asarray(scores, dtype=float).reshape(len(group), -1)
    centred = np.empty_like(scores)
    covariance = np.zeros((scores.shape[1], scores.shape[1]))
    for stratum in np.unique(strata):
        members = strata == stratum
        part = scores[members] - scores[members].mean(axis=0)
        centred[members] = part
        n, first = len(part), int(group[members].sum())
        if n > 1:
            covariance += first * (n - first) / (n * (n - 1)) * part.T @ part
    return centred, np.asarray(group, dtype=float) @ centred, covariance


def allotments(group: np.ndarray, strata: np.ndarray, seed: int, name: str, draws: int = DRAWS) -> Iterator[np.ndarray]:
    """`draws` random allotments of the groups (0/1) to the rows, each stratum keeping its numbers; some at a time, for memory."""
    random = np.random.default_rng([seed, crc32(name.encode())])
    group = np.asarray(group, dtype=float)
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
    at_a_time = max(1, CELLS // len(group))
    for start in range(0, draws, at_a_time):
        drawn = np.empty((min(at_a_time, draws - start), len(group)))
        for inside in members:
            drawn[:, inside] = random.permuted(np.tile(group[inside], (len(drawn), 1)), axis=1)
        yield drawn


def strata_ranks(values: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """Midranks within each stratum over its size plus one: the scores of van Elteren's test."""
    ranks = np.empty(len(values))
    for stratum in np.unique(strata):
        members = strata == stratum
        ranks[members] = scipy.stats.rankdata(values[members]) / (members.sum() + 1)
    return ranks


def share_difference(
    gave: np.ndarray, group: np.ndarray, strata: np.ndarray, confidence: float
) -> tuple[float, float, float]:
    """(difference, low, high): Mantel-Haenszel difference of shares, first group less the second.

    Variance by Sato, Greenland and Robins (Biometrics 45, 1989), which holds for few large and for many small strata.
    """
    top = bottom = linear = constant = 0.0
    for stratum in np.unique(strata):
        members = strata == stratum
        first, second = members & (group == 1), members & (group == 0)
        n1, n0, a, b = first.sum(), second.sum(), gave[first].sum(), gave[second].sum()
        n = n1 + n0
        top += (a * n0 - b * n1) / n
        bottom += n1 * n0 / n
        linear += (b * n1**2 - a * n0**2 + n1 * n0 * (n0 - n1) / 2) / n**2
        constant += (a * (n0 - b) + b * (n1 - a)) / (2 * n)
    difference = top / bottom
    margin = scipy.stats.norm.ppf(0.5 + confidence / 2) * np.sqrt(max(0.0, difference * linear + constant)) / bottom
    return float(difference), float(max(-1.0, difference - margin)), float(min(1.0, difference + margin))


def shift(
    values: np.ndarray, group: np.ndarray, strata: np.ndarray, confidence: float, seed: int, name: str
) -> tuple[float, float, float]:
    """(shift, low, high): by how much the first group's numbers lie above the second's, within strata.

    The Hodges-Lehmann estimate: the middle of all differences between a facility of one group and one of the other in the
    same stratum, weighted as in van Elteren's test; the interval holds the shifts which that test does not reject (Hodges and
    Lehmann, Annals of Mathematical Statistics 34, 1963). NaN where the groups are too small for a bound.
    """
    all_differences, all_weights = [], []
    for stratum in np.unique(strata):
        members = strata == stratum
        first, second = values[members & (group == 1)], values[members & (group == 0)]
        pairs = np.subtract.outer(first, second).ravel()
        all_differences.append(pairs)
        all_weights.append(np.full(len(pairs), 1 / (members.sum() + 1)))
    differences, weights = np.concatenate(all_differences), np.concatenate(all_weights)
    order = np.argsort(differences, kind="stable")
    differences, below = differences[order], np.cumsum(weights[order])
    half = below[-1] / 2
    centred = _centred(strata_ranks(values, strata), group, strata)[0]
    drawn = np.abs(np.vstack([one @ centred for one in allotments(group, strata, seed, name)])).ravel()
    critical = np.quantile(drawn, confidence, method="higher")

    def at(weight: float) -> float:
        """The difference below which that weight lies; midway where it falls between two."""
        place = int(np.searchsorted(below, weight - 1e-9))
        if place + 1 < len(below) and abs(below[place] - weight) < 1e-9:
            return float(differences[place] + differences[place + 1]) / 2
        return float(differences[place])

    if critical > half - 1e-9:
        return at(half), float("nan"), float("nan")
    # Between two neighbouring differences the test sees the same weights; it keeps those within `critical` of the middle.
    low = np.flatnonzero(below >= half - critical - 1e-9)[0]
    high = np.flatnonzero(below <= half + critical + 1e-9)[-1] + 1
    return at(half), float(differences[low]), float(differences[high])
