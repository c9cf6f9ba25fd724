"""How often intervals hold the truth: rounds of survey drawn from populations that are known to the last facility (`worlds`).

What an interval promises is checked against the population's own value. docs/methods/simulations.md shows the outcome; `make simulations`
computes it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pandas as pd
from scipy import stats

from hrmonitor.errors import EstimationError
from hrmonitor.estimation import (
    Design,
    Estimate,
    bootstrap,
    difference,
    exact_count,
    mean,
    of_item,
    quantile,
    rake,
    ratio,
    share,
    share_difference,
    stratified,
    total,
    trim,
    unpaired_change,
    weighted_quantile,
)
from hrmonitor.estimation.clusters import with_clusters
from hrmonitor.simulation.worlds import WORLDS, Population, draw

COLUMNS = ["design", "interval", "exact", "rounds", "coverage"]
# The bootstrap is the slow one: in one of so many rounds.
BOOTSTRAP_EVERY = 4


Case = tuple[float, Callable[[float], Estimate]]


def cases(one: Population, independent: bool = False, slow: bool = False) -> dict[str, Case]:
    """Interval -> (the truth, the estimate at a confidence). independent: although organisations are alike. slow: the bootstrap too."""
    seen, sizes = one.answered, one.sizes
    design = stratified(one.strata[seen], sizes)
    if one.clustered and not independent:
        design = with_clusters(design, one.organisation[seen])
    told_y, told_x, told_yes = one.told_y[seen], one.told_x[seen], one.told_yes[seen]
    everybody = np.ones(int(seen.sum()), bool)
    of_y, (y,) = of_item(design, everybody, told_y)
    of_both, (top, bottom) = of_item(design, everybody, told_y, told_x)
    of_yes, (yes,) = of_item(design, everybody, told_yes)
    of_domain, (inside, within) = of_item(design, everybody, told_y, told_yes)
    everyone = np.ones(len(one.y))
    found: dict[str, Case] = {
        "mean": (one.y.mean(), lambda c: mean(of_y, y, c)),
        "total": (one.y.sum(), lambda c: total(of_y, y, c)),
        "ratio": (one.y.sum() / one.x.sum(), lambda c: ratio(of_both, top, bottom, c)),
        "domain mean": (
            one.y[one.yes == 1].mean() if one.yes.any() else np.nan,
            lambda c: mean(of_domain, np.where(within == 1, inside, np.nan), c),
        ),
        "paired change": ((one.y - one.x).mean(), lambda c: mean(of_both, top - bottom, c)),
        **{
            name: (weighted_quantile(one.y, everyone, p), lambda c, p=p: quantile(of_y, y, p, c))  # type: ignore[misc]  # mypy infers no lambda with a default; this one binds the p of its turn
            for name, p in (("lower quartile", 0.25), ("median", 0.5), ("upper quartile", 0.75))
        },
        "change between rounds": (
            one.y.mean() - one.then.mean(),
            lambda c: _change(one, c, one.clustered and not independent),
        ),
        "share": (one.yes.mean(), lambda c: share(of_yes, yes, c)),
    }
    if len(sizes) > 1:
        first = next(iter(sizes))
        apart = one.strata == first
        found["difference of two types"] = (
            one.y[apart].mean() - one.y[~apart].mean(),
            lambda c: difference(of_y, y, of_y.strata == first, c),
        )
        found["difference of shares"] = (
            one.yes[apart].mean() - one.yes[~apart].mean(),
            lambda c: share_difference(of_yes, yes, of_yes.strata == first, c),
        )
    with suppress(EstimationError):  # so few answers that the margins cannot all hold
        of_raked, (raked_y,) = of_item(_raked(one, design), everybody, told_y)
        found["mean, raked"] = (one.y.mean(), lambda c: mean(of_raked, raked_y, c))
        found["mean, raked and trimmed"] = (one.y.mean(), lambda c: mean(trim(of_raked, 3), raked_y, c))
    if slow:
        found["mean, bootstrap"] = (one.y.mean(), lambda c: bootstrap(of_y, _mean, [y], c, 1, "mean"))
        found["ratio, bootstrap"] = (
            one.y.sum() / one.x.sum(),
            lambda c: bootstrap(of_both, _ratio, [top, bottom], c, 1, "ratio"),
        )
    return found


def _mean(y: np.ndarray, w: np.ndarray) -> float:
    return float((w * y).sum() / w.sum())


def _ratio(y: np.ndarray, x: np.ndarray, w: np.ndarray) -> float:
    return float((w * y).sum() / (w * x).sum())


def simulate(world: str, rounds: int, seed: int, confidence: float = 0.95, independent: bool = False) -> pd.DataFrame:
    """The share of rounds in which each interval covered the truth, in `COLUMNS`; `independent` as in `cases`.

    The exact interval of a share is not simulated: its coverage is summed up over all samples, and its lowest value over all numbers
    of facilities that could be true is given, for each type of service.
    """
    random = np.random.default_rng([seed, list(WORLDS).index(world)])
    counts: dict[str, list[bool]] = {}
    for number in range(rounds):
        drawn = draw(WORLDS[world], random)
        for name, (truth, estimate) in cases(drawn, independent, number % BOOTSTRAP_EVERY == 0).items():
            found = estimate(confidence)
            if found.n and not np.isnan(truth) and not np.isnan(found.low):
                slack = 1e-9 * max(1.0, abs(truth))
                counts.setdefault(name, []).append(bool(found.low - slack <= truth <= found.high + slack))
    design = f"{world}, taken for independent" if independent else world
    rows = [(design, name, False, len(hits), float(np.mean(hits))) for name, hits in counts.items()]
    if not (independent or WORLDS[world].icc or WORLDS[world].gaps or WORLDS[world].mode_error):
        rows += [
            (design, f"share of {name}, exact (lowest)", True, 0, exact_coverage(answers, size, confidence))
            for name, (size, answers) in WORLDS[world].strata.items()
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def exact_coverage(n: int, population: int, confidence: float = 0.95) -> float:
    """The lowest probability, over all M of the population that could say yes, that the exact interval of n answers holds M."""
    ends = np.array([exact_count(m, n, population, confidence) for m in range(n + 1)])
    true = np.arange(population + 1)
    likely = stats.hypergeom.pmf(np.arange(n + 1)[:, None], population, true[None, :], n)
    holds = (ends[:, :1] <= true) & (true <= ends[:, 1:])
    return float((likely * holds).sum(axis=0).min())


def _change(one: Population, confidence: float, clustered: bool) -> Estimate:
    strata = {name: one.strata == name for name in one.sizes}
    then, now = (
        {name: np.where(who, values, np.nan)[members] for name, members in strata.items()}
        for who, values in ((one.answered_then, one.then), (one.answered, one.y))
    )
    clusters = {name: one.organisation[members] for name, members in strata.items()} if clustered else None
    return unpaired_change(then, now, one.sizes, one.sizes, one.sizes, confidence, clusters)


def _raked(one: Population, design: Design) -> Design:
    margins = [one.region[one.answered], design.strata]
    regions = {name: float((one.region == name).sum()) for name in ("north", "south")}
    return rake(design, margins, [regions, one.sizes])
