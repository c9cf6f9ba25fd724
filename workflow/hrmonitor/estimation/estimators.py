"""Means, shares, totals, ratios, quantiles and differences under a design, with Taylor linearisation.

In every estimator a value of NaN puts a facility outside the domain: it counts in its stratum, not in the estimate. What they
give equals R's `survey` package (docs/methods/estimation.md has the comparison).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zlib import crc32

import numpy as np
import scipy

from hrmonitor.estimation import intervals as shares
from hrmonitor.estimation.designs import Design, freedom, variance
from hrmonitor.estimation.estimate import NAN, NONE, Estimate, t_interval, t_quantile

REPLICATES = 999


def mean(design: Design, y: np.ndarray, confidence: float) -> Estimate:
    """sum(w y) / sum(w), influence w (y - mean) / sum(w) (Lohr, Sampling: Design and Analysis, 3rd ed., 9.1); t interval."""
    y, inside = _values(y)
    if not inside.any():
        return NONE
    w = design.weights
    size = w[inside].sum()
    value = float((w * y)[inside].sum() / size)
    influence = np.where(inside, w * (y - value) / size, 0.0)
    return _estimate(design, value, influence, inside, confidence, _simple_variance(y[inside], w[inside]))


def total(design: Design, y: np.ndarray, confidence: float) -> Estimate:
    """sum(w y), influence w y (Lohr, 3.2); t interval."""
    y, inside = _values(y)
    if not inside.any():
        return NONE
    w = design.weights
    influence = np.where(inside, w * y, 0.0)
    simple = _simple_variance(y[inside], w[inside]) * w[inside].sum() ** 2
    return _estimate(design, float(influence.sum()), influence, inside, confidence, simple, centred=False)


def ratio(design: Design, top: np.ndarray, bottom: np.ndarray, confidence: float) -> Estimate:
    """sum(w top) / sum(w bottom), influence w (top - R bottom) / sum(w bottom) (Lohr, 4.1); t interval.

    With `top` a share times clients and `bottom` clients it is a mean weighted by clients.
    """
    top, inside_top = _values(top)
    bottom, inside_bottom = _values(bottom)
    inside = inside_top & inside_bottom
    w = design.weights
    size = (w * bottom)[inside].sum()
    if not inside.any() or size == 0:
        return NONE
    value = float((w * top)[inside].sum() / size)
    residual = top - value * bottom
    influence = np.where(inside, w * residual / size, 0.0)
    simple = _simple_variance(residual[inside], w[inside]) * (w[inside].sum() / size) ** 2
    return _estimate(design, value, influence, inside, confidence, simple)


def share(
    design: Design, yes: np.ndarray, confidence: float, interval: str = "exact", size: int | None = None
) -> Estimate:
    """The share of facilities for which `yes` is 1, of those where it is 0 or 1.

    Within one stratum of equal weights the interval of that name from `shares`; `size` is the number of facilities that the
    question is about, where that is not the whole population. Otherwise the interval is Wilson's, or for `clopper_pearson`
    that of the beta distribution, at the effective number of answers p (1 - p) / variance (Korn and Graubard, Survey
    Methodology 24, 1998; Franco and others, Journal of Survey Statistics and Methodology 7, 2019).
    """
    yes, inside = _values(yes)
    if not inside.any():
        return NONE
    if design.simple:
        size = design.population[str(design.strata[0])] if size is None else size
        return shares.share(int(yes[inside].sum()), int(inside.sum()), size, confidence, interval)
    found = mean(design, np.where(inside, yes, NAN), confidence)
    low, high = _effective_interval(design, found, inside, confidence, interval)
    return replace(found, low=low, high=high)


def _effective_interval(
    design: Design, found: Estimate, inside: np.ndarray, confidence: float, interval: str
) -> tuple[float, float]:
    """Interval of a weighted share at its effective number of answers; a share of 0 or 1 has that of a simple sample."""
    n = found.n
    # Fitted weights give shares, and errors, that are 0 or 1 but for rounding.
    p, se = round(found.value, 12), round(found.se, 12)
    free = 1 - n / max(design.weights[inside].sum(), n)
    if free <= 1e-12 or (se == 0 and 0 < p < 1):
        return found.value, found.value
    # A share of 0 or 1 shows no variance: take what a sample of this size, drawn at random, would have.
    effective = p * (1 - p) / se**2 if se > 0 and 0 < p < 1 else n / free
    degrees = freedom(design, inside)
    if interval == "clopper_pearson":
        narrow, wide = t_quantile(confidence, n - 1), t_quantile(confidence, degrees)
        # Both are 0 at no confidence at all, where p values look too.
        count = effective * ((narrow / wide) ** 2 if wide > 0 else 1.0)
        if count < 1e-9:  # as good as no answer
            return 0.0, 1.0
        tail = (1 - confidence) / 2
        low = scipy.special.betaincinv(p * count, (1 - p) * count + 1, tail) if p > 0 else 0.0
        high = scipy.special.betaincinv(p * count + 1, (1 - p) * count, 1 - tail) if p < 1 else 1.0
        return float(low), float(high)
    return shares.wilson(p, effective, t_quantile(confidence, degrees) ** 2)


def quantile(
    design: Design,
    y: np.ndarray,
    p: float,
    confidence: float,
    interval: str = "woodruff",
    seed: int = 0,
    name: str = "",
) -> Estimate:
    """The value below which a share `p` of the weight lies, with Woodruff's interval or that of the bootstrap.

    Woodruff (JASA 47, 1952): the interval of the share of facilities at or below the quantile, turned back into values; where
    it leaves 0 to 1 it ends at the smallest or largest value. The standard error is the interval's length over twice the
    quantile of t, as R has it (svyquantile with qrule = "hf2").
    """
    y, inside = _values(y)
    if not inside.any():
        return NONE
    if interval == "bootstrap":
        return bootstrap(
            design,
            lambda values, w: weighted_quantile(values, w, p),
            [np.where(inside, y, NAN)],
            confidence,
            seed,
            name,
        )
    # Sorted here: sorting again what is sorted costs next to nothing.
    order = np.argsort(y[inside], kind="stable")
    values, w = y[inside][order], design.weights[inside][order]
    value = weighted_quantile(values, w, p)
    below = mean(design, np.where(inside, (y <= value).astype(float), NAN), confidence)
    low, high = (weighted_quantile(values, w, min(max(end, 0.0), 1.0)) for end in (below.low, below.high))
    degrees = freedom(design, inside)
    se = (high - low) / (2 * t_quantile(confidence, degrees))
    return Estimate(value, min(low, value), max(high, value), int(inside.sum()), se)


def weighted_quantile(values: np.ndarray, weights: np.ndarray, p: float) -> float:
    """The inverse of the weighted distribution; midway between two values where the weight falls between them (type 2)."""
    order = np.argsort(values, kind="stable")
    ordered, cumulated = values[order], np.cumsum(weights[order])
    wanted = p * cumulated[-1]
    slack = 1e-12 * cumulated[-1]
    at = min(int(np.searchsorted(cumulated, wanted - slack)), len(ordered) - 1)
    if at + 1 < len(ordered) and abs(cumulated[at] - wanted) <= slack and p > 0:
        return float((ordered[at] + ordered[at + 1]) / 2)
    return float(ordered[at])


def difference(design: Design, y: np.ndarray, group: np.ndarray, confidence: float) -> Estimate:
    """Mean of the facilities of `group` less that of the others, the influences of both together; t interval."""
    y, inside = _values(y)
    w, group = design.weights, np.asarray(group, bool)
    parts = [inside & group, inside & ~group]
    if not all(part.any() for part in parts):
        return NONE
    means = [float((w * y)[part].sum() / w[part].sum()) for part in parts]
    influence = sum(
        sign * np.where(part, w * (y - middle) / w[part].sum(), 0.0)
        for sign, part, middle in zip((1, -1), parts, means, strict=True)
    )
    return _estimate(design, means[0] - means[1], influence, inside, confidence, NAN)


def bootstrap(
    design: Design,
    statistic: Callable[..., float],
    columns: list[np.ndarray],
    confidence: float,
    seed: int,
    name: str,
) -> Estimate:
    """`statistic(*columns, weights)` with a percentile interval from rescaled half-samples.

    Without-replacement scaled bootstrap (Chipperfield and Preston, Survey Methodology 33, 2007): of each stratum half
    is drawn, weights are w (1 - L + L d n/n*), L = sqrt(n* (1 - f) / (n - n*)). Where everybody answered, f = 1 and
    the interval collapses. `name` makes the draws of one estimate independent of the order of all.
    """
    columns = [np.asarray(column, dtype=float) for column in columns]
    inside = ~np.any([np.isnan(column) for column in columns], axis=0)
    n = int(inside.sum())
    if n == 0:
        return NONE
    columns, strata, weights = [column[inside] for column in columns], design.strata[inside], design.weights[inside]
    value = statistic(*columns, weights)
    random = np.random.default_rng([seed, crc32(name.encode())])
    factors = np.ones((REPLICATES, n))
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        size, half = len(members), len(members) // 2
        if half == 0:
            continue
        answered = int((design.strata == stratum).sum())
        scale = np.sqrt(half * (1 - answered / design.population[str(stratum)]) / (size - half))
        drawn = random.random((REPLICATES, size)).argsort(axis=1) < half
        factors[:, members] = 1 - scale + scale * drawn * size / half
    replicates = np.array([statistic(*columns, weights * factor) for factor in factors])
    tail = (1 - confidence) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return Estimate(value, min(float(low), value), max(float(high), value), n, float(replicates.std(ddof=1)))


def _values(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values with 0 where there is none, and where there is one."""
    y = np.asarray(y, dtype=float)
    inside = ~np.isnan(y)
    return np.where(inside, y, 0.0), inside


def _simple_variance(y: np.ndarray, w: np.ndarray) -> float:
    """Variance of a mean under simple random sampling without replacement of as many facilities (R: deff = TRUE)."""
    n, size = len(y), w.sum()
    if n < 2 or size <= n:
        return NAN
    middle = (w * y).sum() / size
    spread = (w * (y - middle) ** 2).sum() / size * n / (n - 1)
    return float(spread * (size - n) / (size * n))


def _estimate(
    design: Design,
    value: float,
    influence: np.ndarray,
    inside: np.ndarray,
    confidence: float,
    simple: float,
    centred: bool = True,
) -> Estimate:
    found = variance(design, influence)
    se = float(np.sqrt(found))
    degrees = freedom(design, inside)
    margin = se
    if centred:
        # Deviations from a domain's own mean are too small by one answer a stratum, which tells where few answered. R leaves
        # that; its intervals of small domains cover too seldom (docs/methods/estimation.md).
        margin *= np.sqrt((inside.sum() / degrees) / (len(inside) / design.freedom))
    low, high = t_interval(value, margin, degrees, confidence)
    return Estimate(value, low, high, int(inside.sum()), se, found / simple if simple > 0 else NAN)
