"""Change a year over three rounds or more: a straight line through the means of all facilities that answered each round.

Facilities that answered several rounds make the means depend on each other; the variance of the slope has their covariances.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy

from hrmonitor.estimation.changes import counts_of, stratum_change
from hrmonitor.estimation.clusters import likeness_of_contrast, wider
from hrmonitor.estimation.estimate import NAN, t_quantile
from hrmonitor.estimation.intervals import exact_share


@dataclass(frozen=True)
class Trend:
    """The change a year with its interval, standard error and p value; NaN where there is none. n: facilities that answered any round."""

    value: float = NAN
    low: float = NAN
    high: float = NAN
    n: int = 0
    se: float = NAN
    p: float = NAN


@dataclass(frozen=True)
class Sizes:
    """Facilities of a stratum that the question applies to: in each round, and open in each two rounds (earlier, later)."""

    rounds: tuple[float, ...]
    both: Mapping[tuple[int, int], float]


# Over 6 parameters: the answers of facilities in years, out of how many and of whom, and how sure and of what kind.
def linear_trend(
    answers: Mapping[str, np.ndarray], years: np.ndarray, sizes: Mapping[str, Sizes], confidence: float, shares: bool,
    clusters: Mapping[str, np.ndarray] | None = None,
) -> Trend:  # fmt: skip
    """The least-squares slope of the stratified means of the rounds over their years.

    answers: stratum -> a row a facility and a column a round, NaN where it gave none; every stratum has answers in every round. shares:
    answers of 0 and 1. A round weighs as any other, whatever its variance: generalised least squares would weigh by variances that few
    facilities estimate badly. So the slope is a fixed contrast c of means, with the variance c'Vc (Binder and Hidiroglou, Sampling in time,
    Handbook of Statistics 6, 1988), written in the variances D of the changes between each two rounds: -sum of c_j c_k D_jk over pairs
    j < k, as c adds up to 0. For two rounds it is the change of `changes.unpaired_change` by the years between them. Strata weigh by
    their facilities in the last round.

    The interval of shares joins the exact ones of the rounds (`changes.share_change`; Zou and Donner, Statistics in Medicine 27, 2008, for
    any linear function). clusters: stratum -> the organisation of each facility, where those of one are not independent (`clusters.likeness_of_contrast`). p is two-sided and agrees with the interval: Student's t of the slope over the margin towards 0.
    """
    years = np.asarray(years, float)
    contrast = (years - years.mean()) / ((years - years.mean()) ** 2).sum()
    everybody = sum(sizes[name].rounds[-1] for name in answers)
    weights = {name: sizes[name].rounds[-1] / everybody for name in answers}
    centres = np.average([np.nanmean(own, axis=0) for own in answers.values()], axis=0, weights=list(weights.values()))
    value, variance, below, above, freedom = 0.0, 0.0, 0.0, 0.0, 0
    for name, own in answers.items():
        between = _variances_of_changes(own, sizes[name], centres)
        value += weights[name] * float(contrast @ np.nanmean(own, axis=0))
        own_variance = -float(
            sum(contrast[j] * contrast[k] * between[j, k] for j, k in combinations(range(len(years)), 2))
        )
        variance += weights[name] ** 2 * own_variance
        freedom += min(counts_of(column) for column in own.T) - 1
        if shares:
            margins = _share_margins(own, sizes[name], contrast, between, confidence)
            below, above = below + weights[name] ** 2 * margins[0], above + weights[name] ** 2 * margins[1]
    n = sum(int((~np.isnan(own)).any(axis=1).sum()) for own in answers.values())
    se = float(np.sqrt(variance)) if variance >= 0 else NAN
    longer = 1.0
    if clusters is not None and variance >= 0:
        more, organisations = likeness_of_contrast(
            answers, {name: sizes[name].rounds for name in answers}, contrast, clusters, variance
        )
        longer, se, freedom = (
            wider(more, organisations, n, confidence),
            se * float(np.sqrt(more)),
            min(freedom, organisations - 1),
        )
    reach = t_quantile(confidence, freedom)
    down, up = (longer * np.sqrt(below), longer * np.sqrt(above)) if shares else (reach * se, reach * se)
    known = all(counts_of(column) >= size for name, own in answers.items() for column, size in zip(own.T, sizes[name].rounds, strict=True))  # fmt: skip
    # Without spread among some of the facilities nothing shows how the others differ; nor where no stratum has two answers in each round.
    if not known and (freedom < 1 or not min(down, up) > 0):
        return Trend(value, n=n)
    towards = down if value > 0 else up
    p = (
        (1.0 if value == 0 else 0.0)
        if known
        else 2 * float(scipy.special.stdtr(freedom, -reach * abs(value) / towards))
    )
    return Trend(value, float(value - down), float(value + up), n, se, p)


def _variances_of_changes(own: np.ndarray, sizes: Sizes, centres: np.ndarray) -> np.ndarray:
    """The variance of the change between each two rounds in a stratum, symmetrical."""
    rounds = own.shape[1]
    found = np.zeros((rounds, rounds))
    for j, k in combinations(range(rounds), 2):
        of_pair = sizes.rounds[j], sizes.rounds[k], sizes.both[j, k]
        found[j, k] = found[k, j] = stratum_change(own[:, j], own[:, k], of_pair, (centres[j], centres[k]))[1]
    return found


def _share_margins(
    own: np.ndarray, sizes: Sizes, contrast: np.ndarray, between: np.ndarray, confidence: float
) -> tuple[float, float]:
    """Squares of the margins below and above the slope of a stratum's shares."""
    rounds = []
    for column, size in zip(own.T, sizes.rounds, strict=True):
        n = counts_of(column)
        rounds.append(exact_share(int(np.nansum(column)), n, max(round(size), n), confidence))
    se = np.array([one.se for one in rounds])
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (se[:, None] ** 2 + se[None, :] ** 2 - between) / (2 * se[:, None] * se[None, :])
    # A share of none or all varies with nothing.
    r = np.clip(np.nan_to_num(r, nan=0.0, posinf=0.0, neginf=0.0), -1, 1)
    np.fill_diagonal(r, 1.0)
    to_low, to_high = (np.array([abs(getattr(one, end) - one.value) for one in rounds]) for end in ("low", "high"))
    # Means that the slope takes off are in it with their sign, so that what they have in common narrows it.
    below = contrast * np.where(contrast > 0, to_low, to_high)
    above = contrast * np.where(contrast > 0, to_high, to_low)
    return max(float(below @ r @ below), 0.0), max(float(above @ r @ above), 0.0)


def independent_trend(years: np.ndarray, estimates: np.ndarray, ends: np.ndarray, confidence: float) -> Trend:
    """The least-squares slope of estimates of rounds of which each drew its own sample, over their years; n stays 0.

    ends: a row a round, both ends of its interval. Independent samples have no covariance, so that the intervals are joined as they are: each
    reaches into the slope's as far as its estimate weighs in it (Zou and Donner, Statistics in Medicine 27, 2008; with symmetrical
    intervals of normal estimates, the root of the sum of squares). p is that of the normal distribution and agrees with the interval.
    """
    years = np.asarray(years, float)
    contrast = (years - years.mean()) / ((years - years.mean()) ** 2).sum()
    return _joined(contrast, np.asarray(estimates, float), np.asarray(ends, float), confidence)


def independent_monotone_p(estimates: np.ndarray, ends: np.ndarray, confidence: float) -> float:
    """p of the sum of the differences between each two rounds, the later less the earlier, of independent samples; no line is assumed.

    It is Kendall's S with differences in place of their signs, so that the order of the rounds counts and the years between them do not. Of
    shares it is the test for trend of Cochran (Biometrics 10, 1954) and Armitage (Biometrics 11, 1955) with ranks as scores, with the variance of the design.
    """
    ranks = np.arange(len(estimates), dtype=float)
    return _joined(2 * ranks - ranks[-1], np.asarray(estimates, float), np.asarray(ends, float), confidence).p


def _joined(contrast: np.ndarray, estimates: np.ndarray, ends: np.ndarray, confidence: float) -> Trend:
    """A sum of independent estimates, the contrast their weights, with the interval of theirs joined."""
    value = float(contrast @ estimates)
    to_low, to_high = abs(estimates - ends[:, 0]), abs(ends[:, 1] - estimates)
    down = float(np.sqrt(((contrast * np.where(contrast > 0, to_low, to_high)) ** 2).sum()))
    up = float(np.sqrt(((contrast * np.where(contrast > 0, to_high, to_low)) ** 2).sum()))
    if not min(down, up) > 0:
        return Trend(value)
    reach = float(scipy.special.ndtri((1 + confidence) / 2))
    p = 2 * float(scipy.special.ndtr(-reach * abs(value) / (down if value > 0 else up)))
    return Trend(value, value - down, value + up, se=(down + up) / 2 / reach, p=p)


def monotone_p(answers: np.ndarray) -> float:
    """p of as many facilities that rise as that fall, over all rounds that each answered; NaN where none does either.

    A facility rises if more pairs of its answers rise than fall (the sign of Kendall's S, as in the tests of Hirsch and Slack, Water
    Resources Research 20, 1984); facilities are then held against each other by the exact sign test, so that no line is assumed.
    """
    moves = np.zeros(len(answers))
    for j in range(answers.shape[1] - 1):
        moves += np.nan_to_num(np.sign(answers[:, j + 1 :] - answers[:, [j]])).sum(axis=1)
    up, down = int((moves > 0).sum()), int((moves < 0).sum())
    return float(scipy.stats.binomtest(up, up + down).pvalue) if up + down else NAN
