"""What every estimator gives back, and sums and intervals that they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

NAN = float("nan")
# A sum so much smaller than its parts is none.
CANCELLED = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A number, its interval, the facilities behind it, its standard error and design effect; NaN where there is none."""

    value: float
    low: float
    high: float
    n: int
    se: float = NAN
    deff: float = NAN


NONE = Estimate(NAN, NAN, NAN, 0)


def t_quantile(confidence: float, freedom: int) -> float:
    """How many standard errors a two-sided interval reaches to each side."""
    return float(scipy.special.stdtrit(max(1, freedom), 0.5 + confidence / 2))


def t_interval(value: float, se: float, freedom: int, confidence: float) -> tuple[float, float]:
    """`value` plus and minus its standard error times the quantile of Student's t."""
    margin = t_quantile(confidence, freedom) * se
    return value - margin, value + margin


def sum_of(values: np.ndarray) -> float:
    """Their sum; nothing where what is left of values that cancel out is what binary fractions lose, which would depend on their order."""
    found = float(values.sum())
    return found if abs(found) > CANCELLED * float(np.abs(values).sum()) else 0.0
