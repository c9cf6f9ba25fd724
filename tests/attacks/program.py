"""An integer program over what is unknown, and the range that it leaves for each unknown: the attackers' pencil."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

# Printed numbers have ten digits, solvers fewer.
SLACK = 1e-7


@dataclass
class Program:
    """Unknowns with the runs of values that are possible, and rows low <= combination <= high."""

    runs: dict[tuple, list[tuple[float, float]]] = field(default_factory=dict)
    whole: dict[tuple, bool] = field(default_factory=dict)
    rows: list[tuple[dict[tuple, float], float, float]] = field(default_factory=list)

    def add(self, name: tuple, runs: list[tuple[float, float]], whole: bool = True) -> None:
        self.runs[name], self.whole[name] = runs, whole

    def row(self, parts: dict[tuple, float], low: float, high: float) -> None:
        slack = SLACK * max(1.0, *(abs(end) for end in (low, high) if np.isfinite(end)))
        self.rows.append((parts, low - slack, high + slack))

    def range(self, name: tuple) -> tuple[float, float]:
        """Smallest and largest value of an unknown; NaN where nothing agrees with the rows."""
        return self.range_of({name: 1.0})

    def range_of(self, parts: dict[tuple, float]) -> tuple[float, float]:
        low, high = self._end(parts, 1), self._end(parts, -1)
        return low, high

    def _end(self, parts: dict[tuple, float], sign: int) -> float:
        place = {one: at for at, one in enumerate(self.runs)}
        # An unknown of several runs has a yes or no for each of them.
        choices = [(one, run) for one, runs in self.runs.items() if len(runs) > 1 for run in runs]
        width = len(place) + len(choices)
        matrix, low, high = [], [], []

        def add(entries: dict[int, float], least: float, most: float) -> None:
            line = np.zeros(width)
            for at, factor in entries.items():
                line[at] = factor
            matrix.append(line)
            low.append(least)
            high.append(most)

        for combination, least, most in self.rows:
            add({place[one]: factor for one, factor in combination.items()}, least, most)
        for one in dict.fromkeys(one for one, _ in choices):
            own = {len(place) + at: run for at, (other, run) in enumerate(choices) if other == one}
            add(dict.fromkeys(own, 1.0), 1, 1)
            add({place[one]: 1.0, **{at: -run[0] for at, run in own.items()}}, 0, np.inf)
            add({place[one]: 1.0, **{at: -run[1] for at, run in own.items()}}, -np.inf, 0)
        objective = np.zeros(width)
        for one, factor in parts.items():
            objective[place[one]] = sign * factor
        least = [min(run[0] for run in runs) for runs in self.runs.values()] + [0.0] * len(choices)
        most = [max(run[1] for run in runs) for runs in self.runs.values()] + [1.0] * len(choices)
        found = milp(
            objective,
            constraints=LinearConstraint(np.array(matrix), low, high) if matrix else None,
            bounds=Bounds(least, most),
            integrality=np.array([self.whole[one] for one in self.runs] + [True] * len(choices), dtype=int),
            options={"mip_rel_gap": 0.0},
        )
        if found.status == 0:
            return sign * float(found.fun)
        return -sign * np.inf if found.status == 3 else np.nan
