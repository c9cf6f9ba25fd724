"""Published cells as linear combinations of what is unknown, and what an attacker can conclude from those that are shown.

Everything about one indicator in all rounds is one system. Its unknowns are the counts and sums by round and type of service; a
cell is what is published of them: a share, a total, a change between rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# How far from a bound a solution of HiGHS may lie.
TOLERANCE = 1e-5
# Up to this share of its value a number is what it is; without it the solver finds contradictions in rounding errors.
EXACT = 1e-8


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
    that cannot be hidden. `printed` is the number that is shown, where that is not the true one."""

    parts: dict[tuple, float]
    weight: float
    slack: float = 0.0
    printed: float | None = None


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
        """Whether the cells that are shown keep the secret.

        Worlds that were found before and agree with what is shown answer most questions; the rest is for the solver.
        """
        objective = self._row(secret.parts)
        values = [self.value(secret.parts)]
        if self._worlds:
            agrees = np.array(self._agreeing)[:, [self._places[name] for name in shown]].all(axis=1)
            values += (np.array(self._worlds)[agrees] @ objective).tolist()
        for sign in (1, -1):
            if not _enough(secret, min(values), max(values)):
                values.append(self._extreme(objective, shown, sign))
        return _enough(secret, min(values), max(values))

    def bound(self, parts: dict[tuple, float], shown: list[tuple], sign: int) -> float:
        """The largest (sign 1) or smallest (-1) value of a combination that agrees with the cells that are shown."""
        return self._extreme(self._row(parts), shown, sign)

    @cached_property
    def _names(self) -> dict[tuple, int]:
        return {name: place for place, name in enumerate(self.unknowns)}

    @cached_property
    def _rows(self) -> dict[tuple, tuple[np.ndarray, float, float]]:
        return {
            name: (self._row(cell.parts), self.value(cell.parts) if cell.printed is None else cell.printed, cell.slack)
            for name, cell in self.cells.items()
        }

    @cached_property
    def _places(self) -> dict[tuple, int]:
        return {name: place for place, name in enumerate(self.cells)}

    @cached_property
    def _worlds(self) -> list[np.ndarray]:
        """Values of all unknowns that were found possible, and in `_agreeing` with which cells each agrees."""
        return []

    @cached_property
    def _agreeing(self) -> list[np.ndarray]:
        return []

    def _row(self, parts: dict[tuple, float]) -> np.ndarray:
        row = np.zeros(len(self._names))
        for name, factor in parts.items():
            row[self._names[name]] = factor
        return row

    def _extreme(self, objective: np.ndarray, shown: list[tuple], sign: int) -> float:
        rows = [self._rows[name] for name in shown] + [(self._row(parts), value, 0.0) for parts, value in self.known]
        unknowns = list(self.unknowns.values())
        constraints = None
        if rows:
            low, high = (
                [value + side * (slack + EXACT * max(1.0, abs(value))) for _, value, slack in rows] for side in (-1, 1)
            )
            constraints = LinearConstraint(np.array([row for row, _, _ in rows]), low, high)
        found = milp(
            -sign * objective,
            constraints=constraints,
            bounds=Bounds([one.lower for one in unknowns], [one.upper for one in unknowns]),
            integrality=np.array([one.whole for one in unknowns], dtype=int),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 2 and objective.any():
            # HiGHS also calls infeasible what has no bound; without an objective it can tell.
            self._extreme(np.zeros(len(objective)), shown, sign)
            return sign * np.inf
        if found.status == 2:
            # The true values are a solution.
            raise RuntimeError("the cells of a system of disclosure control contradict each other")
        if found.status != 0:
            return sign * np.inf
        whole = np.array([one.whole for one in unknowns])
        world = np.where(whole, np.round(found.x), found.x)
        self._worlds.append(world)
        self._agreeing.append(
            np.array(
                [
                    abs(row @ world - value) <= slack + 2 * EXACT * max(1.0, abs(value))
                    for row, value, slack in self._rows.values()
                ]
            )
        )
        return -sign * float(found.fun)


def _enough(secret: Secret, lowest: float, highest: float) -> bool:
    slack = TOLERANCE * max(1.0, abs(secret.low), abs(secret.high))
    return highest >= secret.high - slack and lowest <= secret.low + slack and highest - lowest >= secret.width - slack
