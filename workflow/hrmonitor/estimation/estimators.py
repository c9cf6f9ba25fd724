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

from hrmonitor.errors import EstimationError
from hrmonitor.estimation import intervals as shares
from hrmonitor.estimation.clusters import assumed, drawn_organisations, likeness
from hrmonitor.estimation.designs import Design, freedom, variance
from hrmonitor.estimation.estimate import NAN, NONE, Estimate, sum_of, t_interval, t_quantile
from hrmonitor.estimation.score import Strata, score_interval, unanimous_end

REPLICATES = 999
# Fewer silent facilities than this are none: sizes of domains are fractions.
SILENT = 1e-6


def mean(design: Design, y: np.ndarray, confidence: float) -> Estimate:
    """sum(w y) / sum(w), influence w (y - mean) / sum(w) (Lohr, Sampling: Design and Analysis, 3rd ed., 9.1); t interval."""
    y, inside = _values(y)
    if not inside.any():
        return NONE
    whole = design.whole
    size = whole[inside].sum()
    value = float((whole * y)[inside].sum() / size)
    influence = np.where(inside, design.weights * (y - value) / size, 0.0)
    simple = _simple_variance(design, y[inside], whole[inside], design.number(inside))
    return _estimate(design, value, influence, inside, confidence, simple)


def total(design: Design, y: np.ndarray, confidence: float) -> Estimate:
    """sum(w y), influence w y (Lohr, 3.2); t interval."""
    y, inside = _values(y)
    if not inside.any():
        return NONE
    w = design.weights
    influence = np.where(inside, w * y, 0.0)
    simple = _simple_variance(design, y[inside], w[inside], int(inside.sum())) * w[inside].sum() ** 2
    return _estimate(design, float(influence.sum()), influence, inside, confidence, simple, centred=False)


def ratio(design: Design, top: np.ndarray, bottom: np.ndarray, confidence: float) -> Estimate:
    """sum(w top) / sum(w bottom), influence w (top - R bottom) / sum(w bottom) (Lohr, 4.1); t interval.

    With `top` a share times clients and `bottom` clients it is a mean weighted by clients.
    """
    top, inside_top = _values(top)
    bottom, inside_bottom = _values(bottom)
    inside = inside_top & inside_bottom
    w = design.weights
    size, over = sum_of((w * bottom)[inside]), sum_of((w * top)[inside])
    if not inside.any() or size == 0:
        return NONE
    value = over / size
    residual = top - value * bottom
    influence = np.where(inside, w * residual / size, 0.0)
    spread = _simple_variance(design, residual[inside], w[inside], int(inside.sum()))
    simple = spread * (w[inside].sum() / size) ** 2
    return _estimate(design, value, influence, inside, confidence, simple)


def share(
    design: Design, yes: np.ndarray, confidence: float, interval: str = "exact", size: float | None = None
) -> Estimate:
    """The share of facilities for which `yes` is 1, of those where it is 0 or 1.

    Within one stratum of equal weights the interval of that name from `intervals`; `size` is the number of facilities that the
    question is about, where that is not the whole population. Otherwise the score interval for strata (`score`), or for
    `clopper_pearson` that of the beta distribution at the effective number of answers p (1 - p) / variance (Korn and Graubard, Survey
    Methodology 24, 1998), as it is of a sample that brings its design (R: svyciprop with method = "beta").
    """
    yes, inside = _values(yes)
    if not inside.any():
        return NONE
    if design.simple(inside):
        if design.units is not None:
            size = np.inf
        elif size is None:
            size = round(design.population[str(design.strata[0])])
        return shares.share(int(design.each(yes)[inside].sum()), design.number(inside), size, confidence, interval)
    found = mean(design, np.where(inside, yes, NAN), confidence)
    if design.units is not None:
        low, high = _of_sample(design, found, inside, confidence, interval)
        return replace(found, low=low, high=high)
    strata = _strata(design, yes, inside)
    if strata.silent < SILENT:
        return replace(found, low=found.value, high=found.value)
    degrees, more, narrowest = freedom(design, inside), 1.0, [found.value]
    if design.clusters is not None:
        # Over several strata the interval is that of independent answers with larger errors, and so never the narrower one.
        if design.independent.simple(inside):
            alone = share(design.independent, np.where(inside, yes, NAN), confidence, interval, size)
            narrowest += [alone.low, alone.high]
        plain = mean(design.independent, np.where(inside, yes, NAN), confidence).se ** 2
        more = likeness(design, inside, found.se**2, plain)
        found = replace(found, se=float(np.sqrt(plain * more)))
    if interval == "clopper_pearson":
        low, high = _korn_graubard(found, strata, degrees, confidence)
    else:
        low, high = score_interval(strata, found.se**2 / more, t_quantile(confidence, degrees) * float(np.sqrt(more)))
        unknown = strata.share[strata.size - strata.n > SILENT]
        if (unknown == unknown[0]).all() and unknown[0] in (0, 1):
            # Of one mind: the test inverted exactly, for the score interval ends a facility or so too early.
            room = unanimous_end(strata, (1 - confidence) / 2)
            low, high = (
                (low, max(high, found.value + room)) if unknown[0] == 0 else (min(low, found.value - room), high)
            )
    return replace(found, low=min(low, *narrowest), high=max(high, *narrowest))


def _of_sample(
    design: Design, found: Estimate, inside: np.ndarray, confidence: float, interval: str
) -> tuple[float, float]:
    """The interval at the effective number of answers; of one mind, they are worth as many as their weights make them (Kish), in clusters
    fewer."""
    assert design.units is not None
    if design.units.everybody:
        return found.value, found.value
    p, w = found.value, design.weights[inside]
    if found.se > 0:
        count = p * (1 - p) / found.se**2
    elif 0 < p < 1 and found.n > 1:
        return p, p
    else:
        count = float(w.sum() ** 2 / (w**2).sum()) / assumed(design.units.codes[inside])
    narrow, wide = t_quantile(confidence, found.n - 1), t_quantile(confidence, freedom(design, inside))
    count *= (narrow / wide) ** 2 if wide > 0 else 1.0
    if interval == "wilson":
        return shares.wilson(p, count, scipy.special.ndtri(0.5 + confidence / 2) ** 2)
    return _beta_interval(p, count, confidence)


def _beta_interval(p: float, count: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = scipy.special.betaincinv(p * count, (1 - p) * count + 1, tail) if p > 0 else 0.0
    high = scipy.special.betaincinv(p * count + 1, (1 - p) * count, 1 - tail) if p < 1 else 1.0
    return float(low), float(high)


def _strata(design: Design, yes: np.ndarray, inside: np.ndarray) -> Strata:
    """The strata of a domain: their answers, shares and sizes; where weights differ, as many answers as they are worth (Kish)."""
    names, places = design.coded
    places, w, y = places[inside], design.whole[inside], yes[inside]
    size = np.bincount(places, w, len(names))
    there = size > 0
    worth = size[there] ** 2 / np.bincount(places, design.each(design.weights**2)[inside], len(names))[there]
    known = np.bincount(places, None if design.times is None else design.times[inside], len(names))[there]
    # Weights that are all the same count every answer, but for rounding.
    worth = np.where(np.abs(worth - known) < 1e-9 * known, known, worth)
    # Fitted weights give shares that are 0 or 1 but for rounding.
    share_of = np.round(np.bincount(places, w * y, len(names))[there] / size[there], 12)
    return Strata(size[there] / size.sum(), worth, share_of, np.maximum(size[there], known))


def _korn_graubard(found: Estimate, strata: Strata, degrees: int, confidence: float) -> tuple[float, float]:
    """A stratum of one mind has the variance of one that has two answers more, a yes and a no."""
    p = round(found.value, 12)
    plain = (strata.share * strata.n + 1) / (strata.n + 2)
    unanimous = (strata.share == 0) | (strata.share == 1)
    spread = found.se**2 + float(strata.variance(np.where(unanimous, plain, 0.0)))
    if spread < 1e-18:
        return found.value, found.value
    effective = p * (1 - p) / spread if 0 < p < 1 else found.n / (strata.silent / strata.size.sum())
    narrow, wide = t_quantile(confidence, found.n - 1), t_quantile(confidence, degrees)
    # Both are 0 at no confidence at all, where p values look too.
    count = effective * ((narrow / wide) ** 2 if wide > 0 else 1.0)
    if count < 1e-9:  # as good as no answer
        return 0.0, 1.0
    return _beta_interval(p, count, confidence)


# Over 6 parameters: `seed` and `name` are of the bootstrap alone, and callers have both intervals to choose from by a setting.
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
    if _one_of_several(design, inside):
        return Estimate(float(y[inside][0]), NAN, NAN, 1)
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
    # In 64 bits of mantissa, as rounding errors of a hundred thousand weights would hide that the weight falls between two values.
    ordered, cumulated = values[order], np.cumsum(weights[order], dtype=np.longdouble)
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
    return _estimate(design, means[0] - means[1], influence, inside, confidence, NAN)  # type: ignore[arg-type]  # numpy's sum of a list that is never empty


def share_difference(design: Design, yes: np.ndarray, group: np.ndarray, confidence: float) -> Estimate:
    """`difference` of the shares of answers of 0 and 1; the interval is joined from those of the two groups.

    Two groups of one mind show no variance, though facilities that did not answer may differ. So each group's interval (`share`) gives
    its margin, with the correlation of the two shares (Zou and Donner, Statistics in Medicine 27, 2008).
    """
    found = difference(design, yes, group, confidence)
    if not found.n:
        return NONE
    group = np.asarray(group, dtype=bool)
    one, other = (share(design, np.where(part, yes, NAN), confidence) for part in (group, ~group))
    spread = one.se**2 + other.se**2 - found.se**2
    r = spread / (2 * one.se * other.se) if one.se > 0 and other.se > 0 else 0.0
    r = min(max(r, -1.0), 1.0)
    low = joined_margin(one.value - one.low, other.high - other.value, r)
    high = joined_margin(one.high - one.value, other.value - other.low, r)
    return replace(found, low=found.value - float(np.sqrt(low)), high=found.value + float(np.sqrt(high)))


def joined_margin(one: float, other: float, r: float) -> float:
    """The square of the margin of a difference, from those of its two parts and their correlation."""
    return max(one**2 + other**2 - 2 * r * one * other, 0.0)


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
    the interval collapses. A stratum with one answer shows no spread: it is drawn together with the stratum of fewest answers beside it (all
    such strata together, if there are several). With clusters whole organisations are drawn, one fewer than there are, with replacement
    (Rao and Wu, JASA 83, 1988), and the strata keep their sizes. `name` makes the draws of one estimate independent of the order of all.
    """
    if design.units is not None:
        raise EstimationError(
            "config.yaml, estimation: the bootstrap is not made for a sample that brings its own design. Set `variance: linearised` and "
            "`quantile_interval: woodruff`."
        )
    columns = [np.asarray(column, dtype=float) for column in columns]
    inside = ~np.any([np.isnan(column) for column in columns], axis=0)
    n = int(inside.sum())
    if n == 0:
        return NONE
    groups, fractions = _drawn_together(design, inside)
    columns, strata, weights = [column[inside] for column in columns], groups[inside], design.weights[inside]
    value = statistic(*columns, weights)
    random = np.random.default_rng([seed, crc32(name.encode())])
    factors = np.ones((REPLICATES, n))
    if design.clusters is not None:
        left = np.array([1 - fractions[str(stratum)] for stratum in strata])
        factors = drawn_organisations(design.clusters[inside], strata, weights, left, (REPLICATES, random))
        strata = np.array([], dtype=str)
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        size, half = len(members), len(members) // 2
        if half == 0:
            continue
        scale = np.sqrt(half * (1 - fractions[str(stratum)]) / (size - half))
        drawn = random.random((REPLICATES, size)).argsort(axis=1) < half
        factors[:, members] = 1 - scale + scale * drawn * size / half
    replicates = np.array([statistic(*columns, weights * factor) for factor in factors])
    tail = (1 - confidence) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return Estimate(value, min(float(low), value), max(float(high), value), n, float(replicates.std(ddof=1)))


def _drawn_together(design: Design, inside: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """The strata with those of one answer joined, and the share of each that answered. A stratum that is all known stays alone."""
    names, places = design.coded
    answers = np.bincount(places, minlength=len(names))
    spoke = np.bincount(places[inside], minlength=len(names))
    sizes = np.array([design.population[name] for name in names])
    lonely = [place for place in range(len(names)) if spoke[place] == 1 and answers[place] < sizes[place]]
    joined = list(lonely)
    if len(lonely) == 1:
        others = [place for place in range(len(names)) if spoke[place] > 1 and answers[place] < sizes[place]]
        joined += sorted(others, key=lambda place: (spoke[place], names[place]))[:1]
    labels = np.array(names, dtype=object)
    if len(joined) > 1:
        labels[joined] = names[joined[0]]
    fractions = {
        str(label): float(answers[labels == label].sum() / sizes[labels == label].sum())
        for label in dict.fromkeys(labels)
    }
    return labels[places].astype(str), fractions


def _values(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values with 0 where there is none, and where there is one."""
    y = np.asarray(y, dtype=float)
    inside = ~np.isnan(y)
    return np.where(inside, y, 0.0), inside


def _simple_variance(design: Design, y: np.ndarray, w: np.ndarray, n: int) -> float:
    """Variance of a mean under simple random sampling without replacement of as many facilities (R: deff = TRUE); of an unknown
    population, with replacement (deff = "replace"). `w` are `whole`, of `n` facilities."""
    size = w.sum()
    if n < 2 or (size <= n and design.units is None):
        return NAN
    middle = (w * y).sum() / size
    spread = (w * (y - middle) ** 2).sum() / size * n / (n - 1)
    if design.units is not None:
        return float(spread / n)
    return float(spread * (size - n) / (size * n))


def _one_of_several(design: Design, inside: np.ndarray) -> bool:
    """Whether one answer alone stands for several facilities: nothing says how far the others lie from it."""
    alone = design.number(inside) == 1
    return alone and (design.units is not None or float(design.weights[inside][0]) > 1 + SILENT)


# Over 6 parameters: every estimator ends here, with its value, its influences and what a simple sample would have given.
def _estimate(
    design: Design,
    value: float,
    influence: np.ndarray,
    inside: np.ndarray,
    confidence: float,
    simple: float,
    centred: bool = True,
) -> Estimate:
    if centred and _one_of_several(design, inside):
        return Estimate(value, NAN, NAN, 1)
    n, found = design.number(inside), variance(design, influence)
    if design.cautious:
        found = max(found, variance(design.independent, influence))
    se = float(np.sqrt(found))
    degrees = freedom(design, inside)
    margin = se
    if centred and design.clusters is None and design.units is None:
        # Deviations from a domain's own mean are too small by one answer a stratum, which tells where few answered. R leaves
        # that; its intervals of small domains cover too seldom (docs/methods/estimation.md).
        margin *= np.sqrt((n / degrees) / (design.number(np.ones(len(inside), dtype=bool)) / design.freedom))
    low, high = t_interval(value, margin, degrees, confidence)
    return Estimate(value, low, high, n, se, found / simple if simple > 0 else NAN)
