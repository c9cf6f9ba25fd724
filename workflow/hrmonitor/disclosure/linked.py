"""Published cells as linear combinations of what is unknown, and what an attacker can conclude from those that are shown.

Everything about one indicator in all rounds is one system. Its unknowns are the counts and sums by round and type of service; a
cell is what is published of them: a share, a total, a change between rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# How far from a bound a solution of HiGHS may lie.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Unknown:
    """A count (`whole`) or a sum, with its true value and what everybody knows of its limits."""

    value: float
    upper: float = np.inf
    whole: bool = False
    lower: float = 0.0


@dataclass(frozen=True)
class Cell:
    """What is published: a combination of unknowns, up to `slack`; `weight` is what is lost when it is hidden, inf for a cell
    that cannot be hidden."""

    parts: dict[tuple, float]
    weight: float
    slack: float = 0.0


@dataclass(frozen=True)
class Secret:
    """What nobody may know: that the combination lies within a narrower range than `low` to `high`, or one of less than `width`.

    `stated_by` are the cells that say it outright.
    """

    parts: dict[tuple, float]
    low: float
    high: float
    width: float
    stated_by: tuple[tuple, ...]
    reason: str


@dataclass
class System:
    unknowns: dict[tuple, Unknown] = field(default_factory=dict)
    cells: dict[tuple, Cell] = field(default_factory=dict)
    # Combinations that everybody knows to be of this value, such as the categories of a question and its base.
    known: list[tuple[dict[tuple, float], float]] = field(default_factory=list)
    secrets: dict[tuple, Secret] = field(default_factory=dict)

    def value(self, parts: dict[tuple, float]) -> float:
        return sum(factor * self.unknowns[name].value for name, factor in parts.items())

    def safe(self, secret: Secret, shown: list[tuple]) -> bool:
        """Whether the cells that are shown keep the secret."""
        highest = self.bound(secret.parts, shown, +1)
        if highest < secret.high - TOLERANCE * max(1.0, abs(secret.high)):
            return False
        lowest = self.bound(secret.parts, shown, -1)
        if lowest > secret.low + TOLERANCE * max(1.0, abs(secret.low)):
            return False
        return highest - lowest >= secret.width - TOLERANCE * max(1.0, secret.width)

    def bound(self, parts: dict[tuple, float], shown: list[tuple], sign: int) -> float:
        """The largest (sign 1) or smallest (-1) value of a combination that agrees with the cells that are shown."""
        names = list(self.unknowns)
        place = {name: index for index, name in enumerate(names)}
        rows = [(self.cells[name].parts, self.value(self.cells[name].parts), self.cells[name].slack) for name in shown]
        rows += [(known, value, 0.0) for known, value in self.known]
        objective = np.zeros(len(names))
        for name, factor in parts.items():
            objective[place[name]] = -sign * factor
        limits = Bounds([self.unknowns[name].lower for name in names], [self.unknowns[name].upper for name in names])
        matrix, low, high = np.zeros((len(rows), len(names))), [], []
        for index, (combination, value, slack) in enumerate(rows):
            for name, factor in combination.items():
                matrix[index, place[name]] = factor
            low.append(value - slack)
            high.append(value + slack)
        found = milp(
            objective,
            constraints=LinearConstraint(matrix, low, high) if rows else None,
            bounds=limits,
            integrality=np.array([self.unknowns[name].whole for name in names], dtype=int),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2:
            # The true values are a solution.
            raise RuntimeError("the cells of a system of disclosure control contradict each other")
        return -sign * float(found.fun) if found.status == 0 else sign * np.inf
