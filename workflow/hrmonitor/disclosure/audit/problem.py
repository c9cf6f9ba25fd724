"""Bounds on combinations of unknowns, by linear (sums) and integer (counts) programming."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy

from hrmonitor.errors import DisclosureError

# Solvers are exact to about this share of a number.
EXACT = 1e-8


@dataclass
class Problem:
    """Unknowns of one indicator, and constraints low <= combination <= high.

    `guesses` are constraints that an attacker takes for true as long as they agree with the rest, by what they are about: that the
    weights are those of the register, that everybody who answered gave a category. `lower` is the least of any unknown.
    """

    whole: dict[tuple, bool] = field(default_factory=dict)
    upper: dict[tuple, float] = field(default_factory=dict)
    constraints: list[tuple[dict, float, float]] = field(default_factory=list)
    guesses: dict[str, list[tuple[dict, float, float]]] = field(default_factory=dict)
    lower: float = 0.0
    # The only values that an unknown can have, in ascending order.
    values: dict[tuple, list[int]] = field(default_factory=dict)

    def add(self, unknown: tuple, upper: float = np.inf, whole: bool = False) -> None:
        self.whole[unknown] = whole
        self.upper[unknown] = min(upper, self.upper.get(unknown, np.inf))

    def bounds(self, parts: dict[tuple, float]) -> tuple[float, float]:
        """Smallest and largest value of a combination, after the guesses that contradict the rest are left out."""
        nothing = {next(iter(parts)): 0.0}
        kept = [one for guess in self.guesses.values() for one in guess]
        if kept and self._end(nothing, 1, [*self.constraints, *kept]) is None:
            kept = []
            for name, guess in list(self.guesses.items()):
                if self._end(nothing, 1, [*self.constraints, *kept, *guess]) is None:
                    del self.guesses[name]
                else:
                    kept += guess
        low, high = (self._end(parts, sign, [*self.constraints, *kept]) for sign in (1, -1))
        if low is None or high is None:
            raise DisclosureError(
                "The published numbers contradict each other, so that nothing can be said of what follows from them: "
                f"{', '.join(sorted({' '.join(map(str, one)) for one in parts}))}. Build again; if it stays, this is a fault."
            )
        return low, high

    def guess(self, about: str, parts: dict, low: float, high: float) -> None:
        self.guesses.setdefault(about, []).append((parts, low, high))

    def _gaps(self) -> tuple[list[tuple], list[tuple[dict, float, float]]]:
        """(an unknown of 0 or 1 for each run of values, constraints that put the unknowns into one of their runs)."""
        places: list[tuple] = []
        constraints: list[tuple[dict, float, float]] = []
        for name, values in self.values.items():
            if name not in self.whole:
                continue
            breaks = [at for at in range(1, len(values)) if values[at] > values[at - 1] + 1]
            runs = [values[start:end] for start, end in zip([0, *breaks], [*breaks, len(values)], strict=True)]
            own = {("in", *name, str(at)): run for at, run in enumerate(runs)}
            places += own
            constraints += [
                (dict.fromkeys(own, 1.0), 1.0, 1.0),
                ({name: 1.0, **{one: -float(run[0]) for one, run in own.items()}}, 0.0, np.inf),
                ({name: 1.0, **{one: -float(run[-1]) for one, run in own.items()}}, -np.inf, 0.0),
            ]
        return places, constraints

    def _end(self, parts: dict, sign: int, constraints: list, presolve: bool = True) -> float | None:
        choices, more = self._gaps()
        given, names, constraints = constraints, [*self.whole, *choices], [*constraints, *more]
        upper, whole = {**self.upper, **dict.fromkeys(choices, 1.0)}, {**self.whole, **dict.fromkeys(choices, True)}
        place = {name: index for index, name in enumerate(names)}
        objective = np.zeros(len(names))
        for name, factor in parts.items():
            objective[place[name]] = sign * factor
        matrix, low, high = np.zeros((len(constraints), len(names))), [], []
        for index, (combination, least, most) in enumerate(constraints):
            scale = max(abs(factor) for factor in combination.values())
            for name, factor in combination.items():
                matrix[index, place[name]] = factor / scale
            # Without this the solver finds contradictions in rounding errors.
            low.append(least / scale - EXACT * max(1.0, abs(least / scale)))
            high.append(most / scale + EXACT * max(1.0, abs(most / scale)))
        limits = [upper[name] for name in names]
        if any(whole.values()):
            found = scipy.optimize.milp(
                objective,
                constraints=scipy.optimize.LinearConstraint(matrix, low, high) if constraints else None,
                bounds=scipy.optimize.Bounds(self.lower, limits),
                integrality=np.array([whole[name] for name in names], dtype=int),
                options={"mip_rel_gap": 0.0, "presolve": presolve},
            )
        else:
            finite = np.isfinite(high), np.isfinite(low)
            found = scipy.optimize.linprog(
                objective,
                A_ub=np.vstack([matrix[finite[0]], -matrix[finite[1]]]) if constraints else None,
                b_ub=np.concatenate([np.array(high)[finite[0]], -np.array(low)[finite[1]]]) if constraints else None,
                bounds=[(self.lower, limit) for limit in limits],
                method="highs",
                options={"presolve": presolve},
            )
        if found.status == 2 and presolve:
            # In narrow ranges the solver takes what is possible for impossible as it makes the program smaller.
            return self._end(parts, sign, given, presolve=False)
        if found.status == 2 and objective.any():
            # HiGHS also calls infeasible what has no bound; without an objective it can tell.
            nothing = self._end({next(iter(parts)): 0.0}, 1, given, presolve)
            return None if nothing is None else -sign * np.inf
        if found.status == 2:
            return None
        return sign * float(found.fun) if found.status == 0 else -sign * np.inf
