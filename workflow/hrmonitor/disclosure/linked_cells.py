"""Published cells as linear combinations of what is unknown, and what an attacker can conclude from those that are shown.

Everything about one indicator in all rounds is one system. Its unknowns are the counts and sums by round and type of service; a
cell is what is published of them: a share, a total, a change between rounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy

# How far from a bound a solution of HiGHS may lie.
TOLERANCE = 1e-5
# Up to this share of its value a number is what it is; without it the solver finds contradictions in rounding errors.
EXACT = 1e-8
# Branches in which whole numbers are sought; a number rather than a time, so that every machine finds the same.
MOST_NODES = 20_000
# Pairs of counts that are tried to see whether their combination tells both.
MOST_PAIRS = 100_000


@dataclass(frozen=True)
class Unknown:
    """A count (`whole`) or a sum, with its true value and what everybody knows of its limits.

    `runs` are the values that a count can have, as (least, most), for who knows whether the rules hide it; empty for all of them.
    """

    value: float
    upper: float = np.inf
    whole: bool = False
    lower: float = 0.0
    runs: tuple[tuple[float, float], ...] = ()


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


@dataclass(frozen=True)
class _Row:
    """What a reader knows of a combination: places and factors of its unknowns, its value and how far that may be off.

    `name` is that of its cell, empty for what everybody knows.
    """

    name: tuple
    places: tuple[int, ...]
    factors: tuple[float, ...]
    value: float
    slack: float

    @property
    def exact(self) -> bool:
        return self.slack <= EXACT * max(1.0, abs(self.value))


@dataclass
class System:
    unknowns: dict[tuple, Unknown] = field(default_factory=dict)
    cells: dict[tuple, Cell] = field(default_factory=dict)
    # Combinations that everybody knows to be of this value, such as the categories of a question and its base.
    known: list[tuple[dict[tuple, float], float]] = field(default_factory=list)
    secrets: dict[tuple, Secret] = field(default_factory=dict)
    # Questions that the solver was asked.
    solved: int = 0

    def value(self, parts: dict[tuple, float]) -> float:
        return sum(factor * self.unknowns[name].value for name, factor in parts.items())

    def safe(self, secret: Secret, shown: list[tuple]) -> bool:
        """Whether the cells that are shown keep the secret.

        Worlds that were found before and agree with what is shown answer most questions; the rest is for the solver.
        """
        values = [self.value(secret.parts)]
        if self._worlds:
            agrees = np.array(self._agreeing)[:, np.array([self._places[name] for name in shown], dtype=int)].all(
                axis=1
            )
            values += (np.array(self._worlds)[agrees] @ self._dense(secret.parts)).tolist()
        if not _enough(secret, min(values), max(values)):
            left = self._left(secret.parts, shown)
            for sign in (1, -1):
                if not _enough(secret, min(values), max(values)):
                    # Of a count any other will do, and one is found sooner than the farthest.
                    values.append(self._extreme(secret.parts, left, sign, by=1.0 if self._is_count(secret) else None))
        return _enough(secret, min(values), max(values))

    def bound(self, parts: dict[tuple, float], shown: list[tuple], sign: int) -> float:
        """The largest (sign 1) or smallest (-1) value of a combination that agrees with the cells that are shown."""
        return self._extreme(parts, self._left(parts, shown), sign)

    def exact(self) -> list[tuple[tuple, tuple[int, ...]]]:
        """(name, places of its unknowns) of each combination that is known exactly if it is shown; the name of what everybody knows is empty."""
        rows = [*self._rows.values(), *self._givens]
        return [(row.name, row.places) for row in rows if row.exact]

    def telling_both(self) -> list[tuple[tuple, tuple[int, ...]]]:
        """(name, places) of each exact combination of two counts that no other counts give, such as the change of a share whose bases differ."""
        found = []
        for row in self._rows.values():
            pair = [self._unknown_list[place] for place in row.places]
            if len(pair) == 2 and row.exact and all(one.whole for one in pair):
                first, second = (np.arange(one.lower, one.upper + 1) for one in pair)
                if len(first) * len(second) <= MOST_PAIRS:
                    sums = row.factors[0] * first[:, None] + row.factors[1] * second[None, :]
                    if int((abs(sums - row.value) <= TOLERANCE).sum()) == 1:
                        found.append((row.name, row.places))
        return found

    def places(self, parts: dict[tuple, float]) -> list[int]:
        """The places of the unknowns of a combination."""
        return [self._names[name] for name in parts]

    def telling_sums(self, secret: Secret, shown: list[tuple]) -> set[tuple]:
        """The cells among those shown from which bounds of the secret follow by adding and subtracting: those with a price in the linear programs.

        A first guess at what gives a secret away; what follows only from counts being whole is not seen.
        """
        rows = [*(self._rows[name] for name in shown), *self._givens]
        matrix = np.zeros((len(rows), len(self._names)))
        for index, row in enumerate(rows):
            matrix[index, row.places] = row.factors
        values = np.array([row.value for row in rows])
        slacks = np.array([row.slack for row in rows]) + EXACT * np.maximum(1.0, abs(values))
        limits = [(one.lower, one.upper if np.isfinite(one.upper) else None) for one in self._unknown_list]
        found: set[tuple] = set()
        for sign in (1, -1):
            self.solved += 1
            solution = scipy.optimize.linprog(
                -sign * self._dense(secret.parts), np.vstack([matrix, -matrix]),
                np.concatenate([values + slacks, slacks - values]), bounds=limits, method="highs",
            )  # fmt: skip
            if solution.status == 0:
                prices = abs(np.array(solution.ineqlin.marginals)).reshape(2, -1).sum(axis=0)
                found |= {row.name for row, price in zip(rows, prices, strict=True) if price > EXACT and row.name}
        return found

    @cached_property
    def _names(self) -> dict[tuple, int]:
        return {name: place for place, name in enumerate(self.unknowns)}

    @cached_property
    def _unknown_list(self) -> list[Unknown]:
        return list(self.unknowns.values())

    @cached_property
    def _true(self) -> np.ndarray:
        if any(not _possible(one) for one in self._unknown_list):
            raise RuntimeError("an unknown of a system of disclosure control lies outside its limits")
        return np.array([one.value for one in self._unknown_list], dtype=float)

    @cached_property
    def _rows(self) -> dict[tuple, _Row]:
        return {name: self._row(cell.parts, cell.printed, cell.slack, name) for name, cell in self.cells.items()}

    @cached_property
    def _givens(self) -> list[_Row]:
        return [self._row(parts, value, 0.0, ()) for parts, value in self.known]

    @cached_property
    def _cell_rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All cells as a matrix, their values, and how far a world may be off them."""
        matrix = np.array([self._dense(cell.parts) for cell in self.cells.values()]).reshape(-1, len(self._names))
        values = np.array([row.value for row in self._rows.values()])
        slacks = np.array([row.slack for row in self._rows.values()])
        return matrix, values, slacks + 2 * EXACT * np.maximum(1.0, abs(values))

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

    def _dense(self, parts: dict[tuple, float]) -> np.ndarray:
        row = np.zeros(len(self._names))
        for name, factor in parts.items():
            row[self._names[name]] = factor
        return row

    def _row(self, parts: dict[tuple, float], printed: float | None, slack: float, name: tuple) -> _Row:
        true = self.value(parts)
        value = true if printed is None else printed
        if abs(true - value) > slack + EXACT * max(1.0, abs(value)):
            raise RuntimeError("the cells of a system of disclosure control contradict each other")
        return _Row(name, tuple(self._names[name] for name in parts), tuple(parts.values()), value, slack)

    def concerned(self, parts: dict[tuple, float], shown: list[tuple]) -> set[tuple]:
        """The cells among those shown that have to do with the combination; what follows of it follows from them alone."""
        places, rows, told = self._left(parts, shown)
        inside, free = {row.name for row in rows}, set(places)
        waiting = self.places(parts) + [place for row in rows for place in row.places]
        seen: set[int] = set()
        while waiting:
            place = waiting.pop()
            if place in seen or place in free:
                continue
            seen.add(place)
            inside.add(told[place].name)
            waiting += told[place].places
        return inside - {()}

    def _left(self, parts: dict[tuple, float], shown: list[tuple]) -> tuple[list[int], list[_Row], dict[int, _Row]]:
        """The unknowns that stay unknown and are linked to the combination, the rows that link them, and which row tells each other one.

        A row published exactly and has one unknown left gives that away, and so on. Then only what hangs together with
        the combination matters; of the rest the true values are a solution.
        """
        rows = [*(self._rows[name] for name in shown), *self._givens]
        free = np.ones(len(self._names), dtype=bool)
        waiting, told = rows, {}
        while waiting:
            rest, before = [], free.sum()
            for row in waiting:
                inside = [place for place in row.places if free[place]]
                if len(inside) == 1 and row.exact:
                    free[inside[0]] = False
                    told[inside[0]] = row
                elif inside:
                    rest.append(row)
            waiting, done = rest, free.sum() == before
            if done:
                break
        linked = {place for place in self.places(parts) if free[place]}
        found: list[_Row] = []
        touching: dict[int, list[int]] = {}
        for at, row in enumerate(waiting):
            for place in row.places:
                touching.setdefault(place, []).append(at)
        seen: set[int] = set()
        edge = set(linked)
        while edge:
            # In the order of the rows, wave by wave.
            touched = sorted({at for place in edge for at in touching.get(place, ())} - seen)
            seen.update(touched)
            found += [waiting[at] for at in touched]
            edge = {place for at in touched for place in waiting[at].places if free[place]} - linked
            linked |= edge
        return sorted(linked), found, told

    def _is_count(self, secret: Secret) -> bool:
        return secret.width <= 1 and secret.low == secret.high and all(self.unknowns[one].whole for one in secret.parts)

    def _extreme(
        self,
        parts: dict[tuple, float],
        left: tuple[list[int], list[_Row], dict[int, _Row]],
        sign: int,
        by: float | None = None,
    ) -> float:
        """The largest or smallest value; with `by` any that is so far from the true one, which is given if there is none."""
        places, rows, _ = left
        column = {place: index for index, place in enumerate(places)}
        objective = np.zeros(len(places))
        told = 0.0
        for name, factor in parts.items():
            place = self._names[name]
            if place in column:
                objective[column[place]] = factor
            else:
                told += factor * self._true[place]
        if not objective.any():
            return told
        unknowns = [self._unknown_list[place] for place in places]
        matrix, low, high = np.zeros((len(rows), len(places))), [], []
        for index, row in enumerate(rows):
            middle = row.value
            for place, factor in zip(row.places, row.factors, strict=True):
                if place in column:
                    matrix[index, column[place]] = factor
                else:
                    middle -= factor * self._true[place]
            slack = row.slack + EXACT * max(1.0, abs(row.value))
            low.append(middle - slack)
            high.append(middle + slack)
        if by is not None:
            here = sign * float(objective @ self._true[places])
            matrix = np.vstack([matrix, sign * objective])
            found = self._solve(np.zeros(len(places)), matrix, [*low, here + by], [*high, np.inf], unknowns)
            return self.value(parts) if found.x is None else self._keep(places, found.x, unknowns) @ self._dense(parts)
        found = self._solve(-sign * objective, matrix, low, high, unknowns)
        if found.status in (2, 3, 4):
            # HiGHS also calls infeasible what has no bound; without an objective it can tell.
            if self._solve(np.zeros(len(places)), matrix, low, high, unknowns).status != 0:
                # The true values are a solution: a fault of the solver, in which what is asked counts as told.
                return self.value(parts)
            return sign * np.inf
        if found.x is None:
            # No answer within `MOST_NODES`: then it counts as told.
            return self.value(parts)
        self._keep(places, found.x, unknowns)
        return told - sign * float(found.fun)

    def _keep(self, places: list[int], solution: np.ndarray, unknowns: list[Unknown]) -> np.ndarray:
        """The world of a solution, which is kept."""
        world = self._true.copy()
        values = solution[: len(places)]
        world[places] = np.where([one.whole for one in unknowns], np.round(values), values)
        self._worlds.append(world)
        matrix, values, slacks = self._cell_rows
        self._agreeing.append(abs(matrix @ world - values) <= slacks)
        return world

    def _solve(self, loss: np.ndarray, matrix: np.ndarray, low: list, high: list, unknowns: list[Unknown]):
        """The solution has the values of the unknowns, and after them which run each of those with several is in."""
        self.solved += 1
        choices = [(place, run) for place, one in enumerate(unknowns) if len(one.runs) > 1 for run in one.runs]
        count, more = len(unknowns), len(choices)
        rows = [np.hstack([matrix, np.zeros((len(matrix), more))])]
        for place in dict.fromkeys(place for place, _ in choices):
            # In one of its runs, and within the ends of that.
            own = np.array([float(other == place) for other, _ in choices])
            inside = np.zeros(count)
            inside[place] = 1
            rows.append(np.concatenate([np.zeros(count), own]))
            rows += [np.concatenate([inside, -own * [run[end] for _, run in choices]]) for end in (0, 1)]
            low, high = [*low, 1, 0, -np.inf], [*high, 1, np.inf, 0]
        return scipy.optimize.milp(
            np.concatenate([loss, np.zeros(more)]),
            constraints=scipy.optimize.LinearConstraint(np.vstack(rows), low, high) if low else None,
            bounds=scipy.optimize.Bounds(
                [*(max([one.lower, *one.runs[0][:1]]) if one.runs else one.lower for one in unknowns), *[0] * more],
                [*(min([one.upper, *one.runs[-1][1:]]) if one.runs else one.upper for one in unknowns), *[1] * more],
            ),
            integrality=np.array([*(one.whole for one in unknowns), *[True] * more], dtype=int),
            options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
        )


def _possible(one: Unknown) -> bool:
    return one.lower <= one.value <= one.upper and (
        not one.runs or any(least <= one.value <= most for least, most in one.runs)
    )


def _enough(secret: Secret, lowest: float, highest: float) -> bool:
    slack = TOLERANCE * max(1.0, abs(secret.low), abs(secret.high))
    return highest >= secret.high - slack and lowest <= secret.low + slack and highest - lowest >= secret.width - slack
