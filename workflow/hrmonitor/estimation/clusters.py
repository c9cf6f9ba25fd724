"""Facilities of one organisation are not independent: they are one cluster, whose answers vary together.

Variances add up each organisation's influences (`designs.variance`), as R's `svydesign(ids = ~organisation)`, post-stratified to the sizes of
the strata; t has as many degrees of freedom as there are organisations, less one. What a few organisations cannot show is not
assumed away: no interval is narrower than that of independent answers, and where all say the same, so that nothing tells how alike an
organisation's facilities answer, an intraclass correlation is assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy

from hrmonitor.estimation.designs import Design
from hrmonitor.estimation.estimate import NONE, Estimate, t_quantile
from hrmonitor.estimation.groups import Adjustment, labels, numbered

# How alike facilities of one organisation are taken to answer where the answers cannot tell; a convention, as found for practices and schools.
ICC = 0.1
# Variances below this are rounding errors.
NOTHING = 1e-24


def with_clusters(design: Design, clusters: np.ndarray) -> Design:
    """The design with the organisation of each facility, its strata kept: influences are taken from the mean of their stratum.

    (R: postStratify(svydesign(ids = ~organisation, weights = ~N/n), ~stratum, N).) One answer is no mean to deviate from: strata of
    one go together with that of fewest answers. Fitted weights add up to the strata's sizes already.
    """
    coded = labels(clusters)
    if any(one.fitted for one in design.adjustments):
        return replace(design, clusters=coded, cautious=True)
    names, places = design.coded
    counts = np.bincount(places, minlength=len(names))
    joined = np.flatnonzero(counts == 1)
    if len(joined):
        several = sorted(np.flatnonzero(counts > 1), key=lambda place: (counts[place], names[place]))
        joined = np.concatenate([joined, several[:1]]).astype(int)
    groups = np.array(names, dtype=object)
    groups[joined] = "joined"
    joint = labels(groups)
    margin = pd.Categorical.from_codes(joint.codes[places], joint.categories)
    centred = Adjustment((margin,), design.weights, design.weights, fitted=False)
    return replace(design, clusters=coded, adjustments=(*design.adjustments, centred), cautious=True)


def one_vote_each(design: Design, clusters: np.ndarray) -> Design:
    """The design in which every organisation weighs the same, whatever the number of its facilities."""
    coded = labels(clusters)
    _, places = numbered(coded)
    counts = np.bincount(places)
    everybody = sum(design.population[name] for name in design.coded[0])
    weights = everybody / (len(counts) * counts[places])
    return Design(labels(np.full(len(coded), "all")), {"all": everybody}, weights, clusters=coded, one_vote=True)


def assumed(clusters: np.ndarray, times: np.ndarray | None = None) -> float:
    """The design effect at an intraclass correlation of `ICC` (Kish 1965): 1 + (m - 1) ICC, with m the size that facilities meet."""
    counts = np.bincount(clusters, times)
    return 1 + (float((counts**2).sum() / counts.sum()) - 1) * ICC


def likeness(design: Design, inside: np.ndarray, clustered: float, independent: float) -> float:
    """By how much the variance of a share is larger than of independent answers; both given as variances, 0 where all say the same.

    Few organisations may show less variance than independent answers would, by chance; that is not relied on.
    """
    if not independent > NOTHING:  # all say the same, or one answer alone
        return assumed(design.cluster_codes[inside], None if design.times is None else design.times[inside])
    return max(clustered / independent, 1.0)


def likeness_of_contrast(
    answers: Mapping[str, np.ndarray], sizes: Mapping[str, Sequence[float]], contrast: np.ndarray, clusters: Mapping[str, np.ndarray], independent: float
) -> tuple[float, int]:  # fmt: skip
    """(by how much the variance of a contrast of means of rounds is larger than of independent answers, organisations).

    answers: stratum -> a row a facility and a column a round, NaN where it gave none; clusters: its organisations, in the same order. sizes: stratum -> facilities in
    each round; strata weigh by the last. independent: the variance of independent answers. As `designs.variance`: influences of an organisation
    in all rounds and strata are added up, each taken down by the root of 1 - f of its round.
    """
    everybody = sum(own[-1] for own in sizes.values())
    weights = {name: sizes[name][-1] / everybody for name in answers}
    centres = np.average([np.nanmean(own, axis=0) for own in answers.values()], axis=0, weights=list(weights.values()))
    influences = []
    for name, own in answers.items():
        counts = (~np.isnan(own)).sum(axis=0)
        left = np.sqrt(np.maximum(1 - counts / np.maximum(np.asarray(sizes[name], float), counts), 0.0))
        # One answer is no mean to deviate from.
        middle = np.where(counts > 1, np.nanmean(own, axis=0), centres)
        influences.append(weights[name] * np.nansum(contrast * left * (own - middle) / counts, axis=1))
    owners = np.concatenate([np.asarray(clusters[name], dtype=str) for name in answers])
    _, places = np.unique(owners, return_inverse=True)
    answered = ~np.isnan(np.vstack(list(answers.values())))
    number, fewest = int(places.max()) + 1, min(len(set(places[column])) for column in answered.T)
    if not independent > NOTHING:  # nobody, or everybody, changed
        return assumed(places), fewest
    if number < 2:
        return 1.0, fewest
    sums = np.bincount(places, np.concatenate(influences))
    clustered = float(number / (number - 1) * ((sums - sums.mean()) ** 2).sum())
    return max(clustered / independent, 1.0), fewest


def wider(more: float, organisations: int, answered: int, confidence: float) -> float:
    """How much longer an interval of `answered` independent answers gets: by the variance, and t on the organisations less one."""
    return float(np.sqrt(more)) * max(
        t_quantile(confidence, organisations - 1) / t_quantile(confidence, answered - 1), 1.0
    )


def drawn_organisations(
    clusters: np.ndarray,
    strata: np.ndarray,
    weights: np.ndarray,
    left: np.ndarray,
    draws: tuple[int, np.random.Generator],
) -> np.ndarray:
    """Factors of the weights in samples of organisations, one row each; `left` is the share of a facility's stratum that is not known.

    Of k organisations k - 1 are drawn with replacement and weigh k / (k - 1) for each time. Weights add up to what they did in each stratum.
    """
    times, random = draws
    _, places = np.unique(clusters, return_inverse=True)
    number = int(places.max()) + 1
    factors = np.ones((times, len(places)))
    if number > 1:
        drawn = random.multinomial(number - 1, np.full(number, 1 / number), times) * number / (number - 1)
        factors = 1 + np.sqrt(np.maximum(left, 0.0)) * (drawn[:, places] - 1)
    for stratum in np.unique(strata):
        own = strata == stratum
        sums = (factors[:, own] * weights[own]).sum(axis=1, keepdims=True)
        # A stratum of which no organisation was drawn stays as it is.
        factors[:, own] = np.where(sums > 0, factors[:, own] * weights[own].sum() / np.where(sums > 0, sums, 1.0), 1.0)
    return factors


def clustered_sign_test(rises: np.ndarray, weights: np.ndarray, clusters: np.ndarray, confidence: float) -> Estimate:
    """The share of rises among all changes (1 and 0, NaN for facilities without one), facilities of an organisation not independent.

    The interval is that of Clopper and Pearson at the number of answers that are worth as much (Korn and Graubard, Survey
    Methodology 24, 1998), the variance from the organisations' sums; never narrower than that of `sign_test`.
    """
    inside = ~np.isnan(rises)
    n = int(inside.sum())
    if not n:
        return NONE
    rise, w = rises[inside], weights[inside]
    _, places = np.unique(clusters[inside], return_inverse=True)
    number = int(places.max()) + 1
    p = float((w * rise).sum() / w.sum())
    worth = float(w.sum() ** 2 / (w**2).sum())
    sums = np.bincount(places, w * (rise - p)) / w.sum()
    spread = float(number / max(number - 1, 1) * ((sums - sums.mean()) ** 2).sum()) if number > 1 else 0.0
    plain = p * (1 - p) / worth
    more = max(spread / plain, 1.0) if plain > NOTHING and number > 1 else assumed(places)
    narrow, wide = t_quantile(confidence, n - 1), t_quantile(confidence, number - 1)
    count = worth / more * (min((narrow / wide) ** 2, 1.0) if wide > 0 else 1.0)
    tail = (1 - confidence) / 2
    low = float(scipy.special.betaincinv(p * count, (1 - p) * count + 1, tail)) if p > 0 else 0.0
    high = float(scipy.special.betaincinv(p * count + 1, (1 - p) * count, 1 - tail)) if p < 1 else 1.0
    return Estimate(p, min(low, p), max(high, p), n, float(np.sqrt(plain * more)), more)
