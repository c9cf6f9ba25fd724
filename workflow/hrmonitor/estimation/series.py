"""The straight line through a yearly series, whose values are not independent of each other: a year resembles the one before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from hrmonitor.estimation.estimate import NAN, t_interval


@dataclass(frozen=True)
class SeriesTrend:
    """The change a year with its interval and p, by the larger of two standard errors: `plain`, of independent years, and `robust`.

    autocorrelation: of the residuals of years that follow each other; durbin_watson: 2 without any, below it where years resemble each
    other. Both are NaN where no two years follow each other.
    """

    value: float
    low: float
    high: float
    plain: float
    robust: float
    p: float
    autocorrelation: float
    durbin_watson: float


def series_trend(years: np.ndarray, values: np.ndarray, confidence: float) -> SeriesTrend:
    """Least squares over distinct years, three at least, in ascending order; years may be missing.

    The robust standard error is Newey and West's (Econometrica 55, 1987) with their lag of 4 (n / 100)^(2/9) years (Review of Economic
    Studies 61, 1994), weights by the years between two values, and the factor n / (n - 2); R: sandwich::NeweyWest(prewhite = FALSE, adjust =
    TRUE). It is too small for short series, and where residuals alternate smaller than that of independent years, so that the interval,
    Student's t with n - 2 degrees of freedom, takes the larger. Autocorrelation is Durbin and Watson's (Biometrika 37, 1950) and that at
    lag 1; where years are missing, sums over pairs stand for all n - 1.
    """
    years, values = np.asarray(years, float), np.asarray(values, float)
    n = len(years)
    centred = years - years.mean()
    spread = float((centred**2).sum())
    slope = float(centred @ values) / spread
    residuals = values - values.mean() - slope * centred
    squares = float((residuals**2).sum())
    plain = float(np.sqrt(squares / (n - 2) / spread))
    apart = np.abs(years[:, None] - years[None, :])
    lag = int(4 * (n / 100) ** (2 / 9))
    influence = centred * residuals
    meat = float(influence @ np.clip(1 - apart / (lag + 1), 0, None) @ influence)
    robust = float(np.sqrt(max(meat, 0.0) * n / (n - 2))) / spread
    se = max(plain, robust)
    follows = np.diff(years) == 1
    if squares < 1e-20 * float((values**2).sum()) or not follows.any():
        autocorrelation = durbin_watson = NAN
    else:
        before, after = residuals[:-1][follows], residuals[1:][follows]
        share = (n - 1) / follows.sum()
        autocorrelation = share * float(before @ after) / squares
        durbin_watson = share * float(((after - before) ** 2).sum()) / squares
    p = 2 * float(scipy.special.stdtr(n - 2, -abs(slope) / se)) if se > 0 else NAN
    return SeriesTrend(
        slope, *t_interval(slope, se, n - 2, confidence), plain, robust, p, autocorrelation, durbin_watson
    )
