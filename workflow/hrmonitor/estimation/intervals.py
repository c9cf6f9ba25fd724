"""Shares of facilities of one kind: m of n answered, of N that there are.

The exact interval is the default; the other two are for comparison with figures that others computed so. Beside each stand the
bounds that assume nothing about those who did not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import scipy

from hrmonitor.estimation.estimate import NAN, NONE, Estimate

INTERVALS = ("exact", "wilson", "clopper_pearson")
# From so many numbers of facilities on, the search for an exact interval's end looks around a guess, so far to either side; of fewer it looks
# at a quarter, a half and three quarters. Each number that it looks at costs a sum of probabilities.
FEW = 100
STEPS = np.array([0, *(sign * 4**power for power in (0, 1, 2, 3, 5, 7, 9, 11, 13) for sign in (1, -1))])
QUARTERS = np.array([1, 2, 3])


@lru_cache(maxsize=50_000)
def exact_count(m: int, n: int, population: int, confidence: float = 0.95) -> tuple[int, int]:
    """Smallest and largest M of `population` from which m of n could have come.

    All M for which both hypergeometric tails at m exceed (1 - confidence) / 2 (Wright, Exact confidence bounds when
    sampling from small finite universes, 1991). A census gives M = m.
    """
    if not 0 <= m <= n <= population:
        raise ValueError(f"m={m}, n={n}, population={population} do not fit")
    # Sums of probabilities are exact to some 1e-12 only; at a census both are 1.
    tail = (1 - confidence) / 2 + 1e-12
    first, last = m, population - (n - m)
    near = wilson_share(m, n, population, confidence) if n else NONE
    low, high = (round(end * population) if n else first for end in (near.low, near.high))
    low = _turn(lambda among: scipy.stats.hypergeom.sf(m - 1, population, among, n) > tail, first, last, low)
    high = _turn(lambda among: scipy.stats.hypergeom.cdf(m, population, among, n) <= tail, first, last + 1, high) - 1
    return low, high


def _turn(holds: Callable[[np.ndarray], np.ndarray], first: int, last: int, near: int) -> int:
    """The first number of `first` to `last` from which on `holds` is true; `last` itself is taken to be so.

    Of many numbers, those around `near` are looked at first, ever further apart: a population of a million costs two looks.
    """
    while first < last:
        steps = near + STEPS if last - first > FEW else first + (last - first) * QUARTERS // 4
        among = np.unique(np.clip(steps, first, last - 1))
        true = holds(among)
        place = int(np.argmax(true)) if true.any() else len(among)
        if place:
            first = int(among[place - 1]) + 1
        if place < len(among):
            last = int(among[place])
        near = (first + last) // 2
    return last


def exact_share(m: int, n: int, population: float, confidence: float = 0.95) -> Estimate:
    """The share m/n with its exact hypergeometric interval; a census has no interval but its value.

    Its ends are numbers of facilities that can be, m/n of the population need not be one: where all but a few answered it may lie outside by
    a fortieth of a facility. Of 84, 1 of 83 gives 1 facility and no other (of 2, both would have answered in 98% of samples), and 1.01 as
    the estimate; the interval then ends at the estimate.
    """
    if n == 0:
        return NONE
    if np.isinf(population):
        return clopper_pearson_share(m, n, population, confidence)
    population = max(population, n)
    low, high = exact_count(int(m), int(n), int(population), confidence)
    return Estimate(
        m / n,
        min(low / population, m / n),
        max(high / population, m / n),
        n,
        simple_se(m / n, n, population),
        _deff(n, population),
    )


def wilson_share(m: int, n: int, population: float, confidence: float = 0.95) -> Estimate:
    """The share with Wilson's score interval, z squared times the correction (N - n) / (N - 1).

    It may end at shares that no whole number of facilities gives: 9 of 17, of 24, has its lower end at 9.6 facilities.
    """
    if n == 0:
        return NONE
    population = max(population, n)
    correction = 1.0 if np.isinf(population) else (population - n) / (population - 1) if population > 1 else 0.0
    low, high = wilson(m / n, n, scipy.special.ndtri(0.5 + confidence / 2) ** 2 * correction)
    return Estimate(m / n, low, high, n, simple_se(m / n, n, population), _deff(n, population))


def clopper_pearson_share(m: int, n: int, population: float, confidence: float = 0.95) -> Estimate:
    """The share with the exact binomial interval: as if the facilities were drawn from endlessly many."""
    if n == 0:
        return NONE
    tail = (1 - confidence) / 2
    low = float(scipy.special.betaincinv(m, n - m + 1, tail)) if m > 0 else 0.0
    high = float(scipy.special.betaincinv(m + 1, n - m, 1 - tail)) if m < n else 1.0
    return Estimate(m / n, low, high, n, simple_se(m / n, n, population), _deff(n, population))


def share(m: int, n: int, population: float, confidence: float, interval: str) -> Estimate:
    """The share m/n with the interval of that name, one of `INTERVALS`."""
    method = {"exact": exact_share, "wilson": wilson_share, "clopper_pearson": clopper_pearson_share}[interval]
    return method(m, n, population, confidence)


def wilson(p: float, n: float, z_squared: float) -> tuple[float, float]:
    """Wilson's score interval of a share p of (effectively) n answers (Wilson, JASA 22, 1927)."""
    centre = (p + z_squared / (2 * n)) / (1 + z_squared / n)
    half = np.sqrt(z_squared * (p * (1 - p) / n + z_squared / (4 * n**2))) / (1 + z_squared / n)
    # At 0 and 1 the ends are p itself, but for rounding.
    return min(max(centre - half, 0.0), p), max(min(centre + half, 1.0), p)


def worst_case_share(m: int, n: int, population: int) -> tuple[float, float]:
    """Bounds that assume nothing about those who did not answer (Manski): m/N and (m + N - n)/N; 0 and 1 of nobody."""
    population = max(population, n)
    if not population:
        return 0.0, 1.0
    return m / population, (m + population - n) / population


def sign_test(up: int, down: int, confidence: float = 0.95) -> Estimate:
    """The share of rises among all changes, with the Clopper-Pearson interval.

    The interval lies above one half exactly when the two-sided exact sign test rejects "as many up as down" in
    favour of up.
    """
    return clopper_pearson_share(up, up + down, 2**31, confidence)


def simple_se(p: float, n: int, population: float) -> float:
    """Standard error of a share under simple random sampling without replacement (Lohr, 2.3)."""
    population = max(population, n)
    return float(np.sqrt(p * (1 - p) / (n - 1) * (1 - n / population))) if n > 1 else (0.0 if n == population else NAN)


def _deff(n: int, population: float) -> float:
    """Simple random sampling is what the design effect compares with; a census has none."""
    return 1.0 if n < population else NAN
