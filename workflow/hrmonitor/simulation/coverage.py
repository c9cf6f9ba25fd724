"""How often intervals hold the truth: rounds of survey drawn from populations that are known to the last facility.

Each round draws a population and, by stratum, the facilities that answer. What an interval promises is checked against the
population's own value. docs/methods/simulations.md shows the outcome; `make simulations` computes it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from hrmonitor.estimation import (
    Design,
    Estimate,
    difference,
    exact_count,
    mean,
    paired_change,
    quantile,
    rake,
    ratio,
    share,
    stratified,
    total,
    unpaired_change,
    weighted_quantile,
)

COLUMNS = ["design", "interval", "exact", "rounds", "coverage"]


@dataclass(frozen=True)
class World:
    """strata: (facilities, answers); spread: sigma of the lognormal numbers; yes: share of facilities that say yes, by stratum."""

    strata: dict[str, tuple[int, int]]
    spread: float
    yes: tuple[float, ...]


# The four services as they answered in 2021; rooms alone; a client-level survey; numbers as skewed as those of syringes given out,
# with shares near 0 and 1; a census.
WORLDS = {
    "small": World({"dcr": (22, 17), "oat": (75, 53), "hat": (17, 17), "nsp": (60, 29)}, 0.5, (0.5, 0.6, 0.4, 0.3)),
    "one type": World({"dcr": (24, 17)}, 0.5, (0.4,)),
    "large": World({"a": (3000, 300), "b": (1000, 200)}, 0.5, (0.5, 0.2)),
    "skewed": World({"oat": (120, 60), "nsp": (90, 45)}, 0.95, (0.08, 0.9)),
    "full response": World({"dcr": (22, 22), "hat": (17, 17)}, 0.5, (0.5, 0.4)),
}


@dataclass(frozen=True)
class Population:
    """One facility a place: two numbers now, one three years ago, a yes or no, a region, and whether it answered then and now."""

    strata: np.ndarray
    sizes: dict[str, float]
    y: np.ndarray
    x: np.ndarray
    then: np.ndarray
    yes: np.ndarray
    region: np.ndarray
    answered: np.ndarray
    answered_then: np.ndarray


def draw(world: World, random: np.random.Generator) -> Population:
    """A population and who of it answers: per stratum at random, in the two rounds independently."""
    strata = np.repeat(list(world.strata), [size for size, _ in world.strata.values()])
    n = len(strata)
    x = random.lognormal(4, world.spread, n)
    y = x * random.lognormal(-0.05, 0.2, n)
    yes_share = np.repeat(world.yes, [size for size, _ in world.strata.values()])
    answered, answered_then = np.zeros(n, bool), np.zeros(n, bool)
    for name, (_, answers) in world.strata.items():
        members = np.flatnonzero(strata == name)
        for who in (answered, answered_then):
            who[random.choice(members, answers, replace=False)] = True
    return Population(
        strata, {name: size for name, (size, _) in world.strata.items()}, y, x, x * random.lognormal(0, 0.1, n),
        (random.random(n) < yes_share).astype(float), random.choice(["north", "south"], n, p=[0.6, 0.4]), answered, answered_then,
    )  # fmt: skip


Case = tuple[float, Callable[[float], Estimate]]


def cases(one: Population) -> dict[str, Case]:
    """Interval -> (the truth, the estimate at a confidence)."""
    seen, sizes = one.answered, one.sizes
    design = stratified(one.strata[seen], sizes)
    y, x, yes = one.y[seen], one.x[seen], one.yes[seen]
    first = next(iter(sizes))
    in_first = one.strata == first
    everyone = np.ones(len(one.y))
    found: dict[str, Case] = {
        "mean": (one.y.mean(), lambda c: mean(design, y, c)),
        "total": (one.y.sum(), lambda c: total(design, y, c)),
        "ratio": (one.y.sum() / one.x.sum(), lambda c: ratio(design, y, x, c)),
        "domain mean": (
            one.y[one.yes == 1].mean() if one.yes.any() else np.nan,
            lambda c: mean(design, np.where(yes == 1, y, np.nan), c),
        ),
        "paired change": (
            (one.y - one.x).mean(),
            lambda c: paired_change(y, x, design.strata, sizes, c),
        ),
        **{
            name: (weighted_quantile(one.y, everyone, p), lambda c, p=p: quantile(design, y, p, c))  # type: ignore[misc]  # mypy infers no lambda with a default; this one binds the p of its turn
            for name, p in (("lower quartile", 0.25), ("median", 0.5), ("upper quartile", 0.75))
        },
        "change between rounds": (one.y.mean() - one.then.mean(), lambda c: _change(one, c)),
    }
    if len(sizes) > 1:
        found["share, all types"] = (one.yes.mean(), lambda c: share(design, yes, c))
        found["difference of two types"] = (
            one.y[in_first].mean() - one.y[~in_first].mean(),
            lambda c: difference(design, y, design.strata == first, c),
        )
    if len(set(one.region[seen])) == 2:
        raked = _raked(one, design)
        found["mean, raked"] = (one.y.mean(), lambda c: mean(raked, y, c))
    return found


def simulate(world: str, rounds: int, seed: int, confidence: float = 0.95) -> pd.DataFrame:
    """The share of rounds in which each interval covered the truth, in `COLUMNS`.

    The exact interval of a share is not simulated: its coverage is summed up over all samples, and its lowest value over all numbers
    of facilities that could be true is given, for each type of service.
    """
    random = np.random.default_rng([seed, list(WORLDS).index(world)])
    counts: dict[str, list[bool]] = {}
    for _ in range(rounds):
        for name, (truth, estimate) in cases(draw(WORLDS[world], random)).items():
            found = estimate(confidence)
            if found.n and not np.isnan(truth):
                slack = 1e-9 * max(1.0, abs(truth))
                counts.setdefault(name, []).append(bool(found.low - slack <= truth <= found.high + slack))
    rows = [(world, name, False, len(hits), float(np.mean(hits))) for name, hits in counts.items()]
    rows += [
        (world, f"share of {name}, exact (lowest)", True, 0, exact_coverage(answers, size, confidence))
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


def _change(one: Population, confidence: float) -> Estimate:
    strata = {name: one.strata == name for name in one.sizes}
    then, now = (
        {name: np.where(who, values, np.nan)[members] for name, members in strata.items()}
        for who, values in ((one.answered_then, one.then), (one.answered, one.y))
    )
    return unpaired_change(then, now, one.sizes, one.sizes, one.sizes, confidence)


def _raked(one: Population, design: Design) -> Design:
    margins = [one.region[one.answered], design.strata]
    regions = {name: float((one.region == name).sum()) for name in ("north", "south")}
    return rake(design, margins, [regions, one.sizes])
