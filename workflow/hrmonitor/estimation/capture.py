"""How many persons there are, from how many are on two or three lists at once (capture-recapture).

All of it assumes that nobody joins or leaves the population between the lists, that who is on two lists is recognised as one person, that
within a list everybody is as likely to be on it, and, unless a model says otherwise, that being on one list does not make it more or less
likely to be on another. No data can show the last: with two lists it cannot be tested at all.

A cell is a set of lists with the persons who are on exactly these; nobody counts those who are on none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy

from hrmonitor.estimation.estimate import NAN

Lists = frozenset[str]
# Beyond this a coefficient of a log-linear model has no end: e to the 25th are more persons than there are.
LARGEST_COEFFICIENT = 25
STEPS = 100
# An upper end is looked for up to so many times the persons on the lists.
FURTHEST = 1e6


@dataclass(frozen=True)
class Size:
    """A number of persons with its standard error and interval, and the AIC of the model behind it; NaN where there is none."""

    value: float = NAN
    low: float = NAN
    high: float = NAN
    se: float = NAN
    aic: float = NAN


def cells_of(totals: Mapping[Lists, int]) -> dict[Lists, int]:
    """Persons on exactly these lists, from persons on at least these: the totals of two or three lists and all their overlaps.

    A negative cell means that the totals cannot be. Raises `KeyError` for an overlap that is missing.
    """
    lists = sorted(frozenset().union(*totals))
    subsets = [frozenset(own) for size in range(1, len(lists) + 1) for own in combinations(lists, size)]
    return {
        own: sum((-1) ** (len(larger) - len(own)) * totals[larger] for larger in subsets if own <= larger)
        for own in subsets
    }


def chapman(first: int, second: int, both: int, confidence: float) -> Size:
    """Chapman's estimate for two lists of `first` and `second` persons, `both` of whom are on the two.

    (n1 + 1)(n2 + 1) / (m + 1) - 1 (Chapman, University of California Publications in Statistics 1, 1951) with Seber's variance
    (Biometrika 57, 1970). The interval is log-normal in the persons on no list, so that it never ends below those who were counted (Chao,
    Biometrics 43, 1987, equation 12).
    """
    seen = first + second - both
    value = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    unseen = value - seen
    if unseen <= 0 or variance <= 0:
        return Size(value, float(seen), value, float(np.sqrt(variance)))
    reach = np.exp(scipy.special.ndtri(0.5 + confidence / 2) * np.sqrt(np.log1p(variance / unseen**2)))
    return Size(value, float(seen + unseen / reach), float(seen + unseen * reach), float(np.sqrt(variance)))


def models(lists: Collection[str]) -> list[frozenset[Lists]]:
    """The log-linear models of two or three lists, each by the pairs of lists that depend: none first, then one more at a time."""
    pairs = [frozenset(pair) for pair in combinations(sorted(lists), 2)] if len(lists) > 2 else []
    return [frozenset(own) for size in range(len(pairs) + 1) for own in combinations(pairs, size)]


def log_linear(cells: Mapping[Lists, int], pairs: Collection[Lists], confidence: float) -> Size:
    """The log-linear estimate in which the `pairs` of lists depend; that of two lists without any is Lincoln and Petersen's.

    Cells are Poisson counts whose logarithms add up a term a list and a term a pair (Fienberg, Biometrika 59, 1972; Bishop, Fienberg and
    Holland, Discrete Multivariate Analysis, 1975, chapter 6). The persons on no list are exp(intercept), and the standard error is that
    of Rivest and Lévesque (Canadian Journal of Statistics 29, 2001). The interval is the multinomial profile likelihood's (Cormack,
    Biometrics 48, 1992), as in R's Rcapture; its upper end is NaN where the likelihood does not fall off. Nothing but NaN where a zero
    among the cells leaves the model without an estimate.
    """
    lists = sorted(frozenset().union(*cells))
    rows = sorted(cells, key=lambda own: (len(own), sorted(own)))
    counts = np.array([cells[own] for own in rows], float)
    terms = [*(frozenset({name}) for name in lists), *sorted(pairs, key=sorted)]
    design = np.array([[1.0, *(term <= own for term in terms)] for own in rows])
    fitted = _fit(design, counts)
    if fitted is None:
        return Size()
    coefficients, means = fitted
    unseen = float(np.exp(coefficients[0]))
    covariance = np.linalg.inv(design.T @ (means[:, None] * design))
    se = float(np.sqrt(unseen + unseen**2 * covariance[0, 0]))
    log_likelihood = float((scipy.special.xlogy(counts, means) - means - scipy.special.gammaln(counts + 1)).sum())
    low, high = _profile(design, counts, unseen, confidence)
    return Size(counts.sum() + unseen, low, high, se, 2 * design.shape[1] - 2 * log_likelihood)


def _fit(design: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Coefficients and means of a Poisson regression by Newton's method; None where it does not come to an end."""
    coefficients = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(STEPS):
        means = np.exp(np.clip(design @ coefficients, -50, 50))
        try:
            step = np.linalg.solve(design.T @ (means[:, None] * design), design.T @ (counts - means))
        except np.linalg.LinAlgError:
            return None
        # Far from the end a whole step may leap over it.
        coefficients = coefficients + step * min(1.0, 2 / max(1e-300, float(np.abs(step).max())))
        if np.abs(coefficients).max() > LARGEST_COEFFICIENT:
            return None
        if np.abs(step).max() < 1e-11:
            return coefficients, np.exp(design @ coefficients)
    return None


def _profile(design: np.ndarray, counts: np.ndarray, unseen: float, confidence: float) -> tuple[float, float]:
    """The numbers of persons whose profile likelihood is within the quantile of chi-squared of the largest."""
    # The cell of no list has the intercept alone.
    whole = np.vstack([design, np.eye(1, design.shape[1])])

    def likelihood(missing: float) -> float:
        observed = np.append(counts, missing)
        fitted = _fit(whole, observed)
        if fitted is None:
            return -np.inf
        total, means = observed.sum(), fitted[1]
        deviance = 2 * float((scipy.special.xlogy(observed, observed / means)).sum())
        xlogy, gammaln = scipy.special.xlogy, scipy.special.gammaln
        return -deviance / 2 + float(
            xlogy(missing, missing) - gammaln(missing + 1) + gammaln(total + 1) - xlogy(total, total)
        )

    found = scipy.optimize.minimize_scalar(
        lambda missing: -likelihood(missing), bounds=(0, 1.5 * unseen + 1), method="bounded", options={"xatol": 1e-6}
    )
    best, seen = float(found.x), float(counts.sum())
    least = -float(found.fun) - scipy.special.chdtri(1, 1 - confidence) / 2
    return seen + _end(likelihood, best, 0.0, least), seen + _upper(likelihood, best, least, seen)


def _upper(likelihood: Callable[[float], float], best: float, least: float, seen: float) -> float:
    beyond = 2 * best + 10
    while likelihood(beyond) > least:
        beyond *= 2
        if beyond > FURTHEST * seen:
            return NAN
    return _end(likelihood, best, beyond, least)


def _end(likelihood: Callable[[float], float], best: float, beyond: float, least: float) -> float:
    """Where the likelihood between the best value and one beyond the end crosses the least; `beyond` where it does not."""
    if likelihood(beyond) >= least:
        return beyond
    return float(scipy.optimize.brentq(lambda missing: likelihood(missing) - least, best, beyond, xtol=1e-6))
