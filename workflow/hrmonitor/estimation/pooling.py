"""Rubin's rules: one estimate from those of several completed data sets.

Rubin, Multiple Imputation for Nonresponse in Surveys (1987), chapter 3; degrees of freedom by Barnard and Rubin, Biometrika 86 (1999), which never
exceed those of the complete data, as few facilities would otherwise give too narrow intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

# A share of the variance that is nothing but the rounding of sums.
NO_DIFFERENCE = 1e-12


@dataclass(frozen=True)
class Pooled:
    """value and se: over all completed data sets. freedom: of Student's t. missing: the fraction of information that is missing."""

    value: float
    se: float
    freedom: float
    missing: float

    def interval(self, confidence: float) -> tuple[float, float]:
        margin = float(scipy.special.stdtrit(self.freedom, 0.5 + confidence / 2)) * self.se
        return self.value - margin, self.value + margin

    def p_value(self, threshold: float, sign: int) -> float:
        """One-sided: that the truth lies at the threshold or beyond it, seen from above (sign 1) or below (-1)."""
        distance = sign * (self.value - threshold)
        if not self.se:
            return 0.0 if distance > 0 else 1.0
        return float(scipy.special.stdtr(self.freedom, -distance / self.se))


def pool(values: Sequence[float], errors: Sequence[float], complete_freedom: float) -> Pooled:
    """The estimates of m completed data sets with their standard errors as one; `complete_freedom`: degrees of freedom without gaps."""
    m = len(values)
    if m < 2 or m != len(errors):
        raise ValueError(
            "Rubin's rules need two completed data sets or more, each with an estimate and its standard error."
        )
    within, between = float(np.mean(np.square(errors))), (1 + 1 / m) * float(np.var(values, ddof=1))
    total = within + between
    value, error = float(np.mean(values)), total**0.5
    share = between / total if total > 0 else 0.0
    observed = (complete_freedom + 1) / (complete_freedom + 3) * complete_freedom * (1 - share)
    if share < NO_DIFFERENCE:
        return Pooled(value, error, observed, 0.0)
    drawn = (m - 1) / share**2
    # Where all sets have an error of 0, only the draws are behind the estimate.
    freedom = 1 / (1 / drawn + 1 / observed) if within > 0 else float(m - 1)
    ratio = between / within if within > 0 else np.inf
    missing = (ratio + 2 / (freedom + 3)) / (ratio + 1) if within > 0 else 1.0
    return Pooled(value, error, freedom, float(missing))
