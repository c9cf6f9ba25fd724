"""Score interval of a share over several strata: all shares that the answers do not contradict, strata of one mind included.

For a share P the strata's shares are the likeliest that add up to it, and P belongs to the interval when the estimate lies within t standard
errors *at those shares* (Wilson's idea, for strata: Miettinen and Nurminen, Statistics in Medicine 4, 1985; Yan and Su, Journal
of Biopharmaceutical Statistics 20, 2010). A stratum in which all say the same shows no variance at its estimate and does at every other
share, so the interval has a width unless everybody answered. Likelihood and variance are those of sampling without replacement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

# Multipliers of Lagrange that are tried at once, and in how many rounds.
TRIED, ROUNDS = 20, 6
# Squares below this are rounding errors.
NOTHING = 1e-24


@dataclass(frozen=True)
class Strata:
    """By stratum: `weight` (adding up to 1), `n` answers, the `share` that said yes, and `size`, of how many they are."""

    weight: np.ndarray
    n: np.ndarray
    share: np.ndarray
    size: np.ndarray

    @property
    def silent(self) -> float:
        """Facilities that did not answer."""
        return float(np.maximum(self.size - self.n, 0.0).sum())

    @cached_property
    def effective(self) -> np.ndarray:
        """Answers worth as much when drawn with replacement: n (N - 1) / (N - n); endless where everybody answered."""
        silent = np.maximum(self.size - self.n, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            worth = self.n * (self.size - 1) / silent
        return np.where(silent < 1e-9, np.inf, np.maximum(worth, self.n))

    @cached_property
    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """The shares of a stratum that its answers allow, whatever the others would have said."""
        yes, size = self.share * self.n, np.maximum(self.size, self.n)
        return yes / size, np.minimum((yes + size - self.n) / size, 1.0)

    def variance(self, p: np.ndarray) -> np.ndarray:
        """Variance of the estimate where the strata's shares are `p` (the last axis)."""
        return (self.weight**2 * p * (1 - p) / self.effective).sum(axis=-1)


def score_interval(strata: Strata, variance: float, t: float) -> tuple[float, float]:
    """Ends of the interval at `t` standard errors.

    `variance` is that of the linearised estimate: what it has more than independent answers would show (weights that differ, a domain of
    unknown size, clusters) is added at every share; what it has less (weights fitted to the register) is taken off in proportion.
    """
    value = float((strata.weight * strata.share).sum())
    plain = float(strata.variance(strata.share))
    more = max(variance - plain, 0.0)
    less = min(variance / plain, 1.0) if plain > 0 else 1.0
    if t <= 0:
        return value, value

    far = float((strata.n / strata.weight).max())

    def end(sign: int) -> float:
        low, high = 1e-7 * far, 1e7 * far
        for _ in range(ROUNDS):
            multipliers = np.exp(np.linspace(np.log(low), np.log(high), TRIED))
            p = _likeliest(strata, sign * multipliers)
            shares = (strata.weight * p).sum(axis=-1)
            clear = (shares - value) ** 2 > t**2 * (less * strata.variance(p) + more) + NOTHING
            if not clear.any():
                # No share that the answers allow lies that far from the estimate; what `more` adds has no such limit.
                return shares[-1]
            first = int(np.argmax(clear))
            low, high = multipliers[max(first - 1, 0)], multipliers[first]
        return shares[first]

    margin = t * np.sqrt(more)
    low, high = float(end(-1)), float(end(+1))
    return max(min(low, value - margin), 0.0), min(max(high, value + margin), 1.0)


def unanimous_end(strata: Strata, tail: float) -> float:
    """How large a share of the population may say otherwise where, in the strata that are not all known, all answers are the same.

    The most facilities, spread over the strata as suits them best, of which none would have answered with a probability of more than
    `tail`: each one more in a stratum makes that (N - n - k) / (N - k) times as probable, k being there already.
    """
    factors = []
    for n, size in zip(strata.n, np.maximum(strata.size, strata.n), strict=True):
        if size - n < 1e-9 or n <= 0:
            continue
        most = int(min(np.floor(size - n + 1e-9), np.ceil(np.log(tail) / np.log1p(-n / size))))
        k = np.arange(most)
        factors.append(np.log(np.maximum(size - n - k, 1e-12) / (size - k)))
    if not factors:
        return 0.0
    likely = np.cumsum(np.sort(np.concatenate(factors))[::-1])
    return float((likely > np.log(tail)).sum() / np.maximum(strata.size, strata.n).sum())


def _likeliest(strata: Strata, multipliers: np.ndarray) -> np.ndarray:
    """One row a multiplier: the shares of greatest likelihood at which the sum with these weights is what the multiplier makes it."""
    n = np.where(np.isinf(strata.effective), 1.0, strata.effective)
    pull = multipliers[:, None] * strata.weight
    middle = pull - n
    root = np.sqrt(np.maximum(middle**2 + 4 * pull * n * strata.share, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(pull > 0, (middle + root) / (2 * pull), 2 * n * strata.share / (root - middle))
    # Near 0 the first form loses its digits.
    p = np.where(np.abs(pull) < 1e-6 * n, strata.share + pull / n * strata.share * (1 - strata.share), p)
    p = np.where(np.isinf(strata.effective), strata.share, p)
    return np.clip(p, *strata.limits)
