"""Populations that are known to the last facility, and who of them answers what: what simulations of coverage draw from.

A world may break what the estimators assume: questions left open, at random or by those that have most; facilities of one organisation
that are alike, and answer together or not at all; answers on paper that differ from those in an interview.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

# Eight organisations, as in the register: the shares of the facilities that they have.
ORGANISATIONS = np.array([0.22, 0.18, 0.15, 0.13, 0.11, 0.09, 0.07, 0.05])
# Of answers on paper, where they differ: by how much numbers are larger, and how many noes become a yes.
ON_PAPER, LARGER, YES_TOO = 0.3, 1.15, 0.1


@dataclass(frozen=True)
class World:
    """strata: (facilities, answers); spread: sigma of the lognormal numbers; yes: share of facilities that say yes, by stratum.

    icc: correlation of the facilities of an organisation. together: organisations answer as a whole or not at all. gaps: share of questions
    left open; by_value: twice as often where the number is large or the answer yes, less often elsewhere. mode_error: answers on paper differ.
    """

    strata: dict[str, tuple[int, int]]
    spread: float
    yes: tuple[float, ...]
    icc: float = 0.0
    together: bool = False
    gaps: float = 0.0
    by_value: bool = False
    mode_error: bool = False


SERVICES = {"dcr": (22, 17), "oat": (75, 53), "hat": (17, 17), "nsp": (60, 29)}
USUAL = (0.5, 0.6, 0.4, 0.3)
# The four services as they answered in 2021; rooms alone; a client-level survey; numbers as skewed as those of syringes given out,
# with shares near 0 and 1; a census. Then the four services where something is not as the estimators assume, and strata of one mind.
WORLDS = {
    "small": World(SERVICES, 0.5, USUAL),
    "one type": World({"dcr": (24, 17)}, 0.5, (0.4,)),
    "large": World({"a": (3000, 300), "b": (1000, 200)}, 0.5, (0.5, 0.2)),
    "skewed": World({"oat": (120, 60), "nsp": (90, 45)}, 0.95, (0.08, 0.9)),
    "full response": World({"dcr": (22, 22), "hat": (17, 17)}, 0.5, (0.5, 0.4)),
    "one mind": World({"a": (60, 6), "b": (40, 6), "c": (9, 2)}, 0.5, (0.97, 0.03, 0.5)),
    "gaps": World(SERVICES, 0.5, USUAL, gaps=0.15),
    "gaps by value": World(SERVICES, 0.5, USUAL, gaps=0.3, by_value=True),
    "organisations": World(SERVICES, 0.5, USUAL, icc=0.1),
    "organisations answer": World(SERVICES, 0.5, USUAL, icc=0.1, together=True),
    "mode error": World(SERVICES, 0.5, USUAL, mode_error=True),
}


@dataclass(frozen=True)
class Population:
    """One facility a place: two numbers now, one three years ago, a yes or no, a region, its organisation, and whether it answered now and
    then. `told_y`, `told_x` and `told_yes` are what it says, NaN where it leaves the question open."""

    strata: np.ndarray
    sizes: dict[str, float]
    y: np.ndarray
    x: np.ndarray
    then: np.ndarray
    yes: np.ndarray
    region: np.ndarray
    organisation: np.ndarray
    answered: np.ndarray
    answered_then: np.ndarray
    told_y: np.ndarray
    told_x: np.ndarray
    told_yes: np.ndarray
    clustered: bool


def draw(world: World, random: np.random.Generator) -> Population:
    """A population and who of it answers what, in two rounds independently."""
    strata = np.repeat(list(world.strata), [size for size, _ in world.strata.values()])
    n = len(strata)
    organisation = random.choice(len(ORGANISATIONS), n, p=ORGANISATIONS)

    def alike() -> np.ndarray:
        common = random.standard_normal(len(ORGANISATIONS))[organisation]
        return np.sqrt(world.icc) * common + np.sqrt(1 - world.icc) * random.standard_normal(n)

    x = np.exp(4 + world.spread * alike())
    y = x * np.exp(-0.05 + 0.2 * alike())
    yes_share = np.repeat(world.yes, [size for size, _ in world.strata.values()])
    yes = (alike() < stats.norm.ppf(yes_share)).astype(float)
    answered, answered_then = (_answering(world, strata, organisation, random) for _ in range(2))
    told_y, told_x, told_yes = _told(world, (y, x, yes), random)
    return Population(
        strata, {name: float(size) for name, (size, _) in world.strata.items()}, y, x, x * np.exp(0.1 * alike()), yes,
        random.choice(["north", "south"], n, p=[0.6, 0.4]), organisation, answered, answered_then, told_y, told_x, told_yes, world.icc > 0,
    )  # fmt: skip


def _answering(world: World, strata: np.ndarray, organisation: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if world.together:
        # As many organisations as facilities would answer elsewhere, but two answers at the least in each stratum.
        rate = sum(answers for _, answers in world.strata.values()) / len(strata)
        while True:
            chosen = random.choice(len(ORGANISATIONS), round(rate * len(ORGANISATIONS)), replace=False)
            answered = np.isin(organisation, chosen)
            if all(answered[strata == name].sum() > 1 for name in world.strata):
                return answered
    answered = np.zeros(len(strata), bool)
    for name, (_, answers) in world.strata.items():
        answered[random.choice(np.flatnonzero(strata == name), answers, replace=False)] = True
    return answered


def _told(world: World, true: tuple[np.ndarray, ...], random: np.random.Generator) -> tuple[np.ndarray, ...]:
    y, x, yes = (values.copy() for values in true)
    n = len(y)
    if world.mode_error:
        on_paper = random.random(n) < ON_PAPER
        y = np.where(on_paper, y * LARGER, y)
        yes = np.where(on_paper & (random.random(n) < YES_TOO), 1.0, yes)
    told = []
    for values in (y, x, yes):
        large = values > np.median(values) if values is not yes else values == 1
        factor = np.where(large, 1.5, 0.5) if world.by_value else 1.0
        told.append(np.where(random.random(n) < world.gaps * factor, np.nan, values))
    return tuple(told)
