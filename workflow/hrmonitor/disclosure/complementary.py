"""Complementary suppression: the cells to hide besides the confidential ones, at the smallest loss.

What Fischetti and Salazar-Gonzalez (Management Science 47, 2001) do with cuts from the attacker's linear program, this does with
cuts from the attacker itself: hiding more never tells more, so where a secret is out, one of the cells that give it away must be
hidden. A smallest set of such cells is a cut; a set of cells that meets all cuts at the least loss comes from HiGHS; and so on
until no secret is out. What follows of exact numbers by one subtraction after another need not be asked of the attacker: it is part of the
program that chooses (`_subtractions`). Where a count is told in many ways, by its own share, or by a change and the share of any other round, the cuts
would be as many as the ways to choose one for each category. The result is optimal whatever the attacker can do: bounds by linear programming for sums, and for counts
bounds in whole numbers. (Implicit hitting sets: Davies and Bacchus, CP 2011.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
import scipy

from hrmonitor.disclosure.linked_cells import Secret, System

# After so many cuts the search ends with the best set that is at hand.
MOST_CUTS = 150
# Nor does it go on after so many questions to the solver about an indicator. Where one or two facilities of a service answered, nearly all is
# confidential: a quarter of the shipped answers takes up to 1,000 of them an indicator, 10,000 in all.
MOST_SOLVED = 1500
# So many cells at a time are left out when looking which ones give a secret away.
BLOCKS = (16, 4, 1)


@dataclass(frozen=True)
class SuppressionSet:
    """`cells` to hide; `loss`, their weight; `least`, what any set that keeps the secrets loses at the least; `kept`, whether
    the secrets are kept by hiding cells at all."""

    cells: set[tuple]
    loss: float
    least: float
    kept: bool = True

    @property
    def gap(self) -> float:
        """How much of the loss might be saved at most, as a share of it; 0 for the best set there is."""
        return 1 - self.least / self.loss if self.loss > self.least else 0.0


def hidden_cells(system: System) -> SuppressionSet:
    """The cells to hide.

    Cells of infinite weight stay; where they, or what everybody knows, give a secret away nothing can be done and all others are
    hidden. Where the search takes too many cuts, the best set that was found on the way keeps the secrets too, near the least loss.
    """
    names = [name for name, cell in system.cells.items() if np.isfinite(cell.weight)]
    always = [name for name in system.cells if name not in set(names)]
    if not system.secrets:
        return SuppressionSet(set(), 0.0, 0.0)
    secrets = list(system.secrets.values())
    if not all(system.safe(secret, always) for secret in secrets):
        loss = _loss(system, names)
        return SuppressionSet(set(names), loss, loss, kept=False)
    forced = {name for secret in secrets for name in secret.stated_by if name in names}
    cuts: list[set[tuple]] = []
    best, told = set(names), _subtractions(system, names)
    while True:
        hidden = _cheapest(system, names, forced, cuts, told)
        new, enough = _cuts(system, secrets, hidden, set(names))
        if not new:
            loss = _loss(system, hidden)
            return SuppressionSet(hidden, loss, loss)
        cuts += new
        best = min(best, enough, key=lambda cells: _loss(system, cells))
        if len(cuts) > MOST_CUTS or system.solved > MOST_SOLVED:
            best = _shown_again(system, secrets, best, forced)
            # The last cuts tell of the bound too.
            return SuppressionSet(
                best, _loss(system, best), _loss(system, _cheapest(system, names, forced, cuts, told))
            )


def _loss(system: System, names) -> float:
    return fsum(system.cells[name].weight for name in names)


def _cuts(
    system: System, secrets: list[Secret], hidden: set[tuple], names: set[tuple]
) -> tuple[list[set[tuple]], set[tuple]]:
    """(sets of cells each of which gives a secret away, none of them hidden; what to hide so that all secrets are kept).

    The lightest cell of each cut is hidden before the next is sought, so that many cuts are found for one set of hidden cells.
    """
    cuts: list[set[tuple]] = []
    enough = set(hidden)
    for secret in secrets:
        while not system.safe(secret, shown := [name for name in system.cells if name not in enough]):
            cuts.append(_telling(system, secret, shown) & names)
            enough.add(min((name for name in shown if name in cuts[-1]), key=lambda name: system.cells[name].weight))
    return cuts, enough


def _shown_again(system: System, secrets: list[Secret], hidden: set[tuple], forced: set[tuple]) -> set[tuple]:
    """Cells less those that can be shown, the weightiest first, as all secrets are kept."""
    hidden = set(hidden)
    spare = [name for name in system.cells if name in hidden - forced]
    for name in sorted(spare, key=lambda name: -system.cells[name].weight):
        shown = [one for one in system.cells if one not in hidden or one == name]
        if all(system.safe(secret, shown) for secret in secrets):
            hidden.remove(name)
    return hidden


def _cheapest(system: System, names: list[tuple], forced: set[tuple], cuts: list[set[tuple]], told: Told) -> set[tuple]:
    """The set of least loss that has the forced cells and one of every cut, and from which no secret follows by subtraction; ties go by the
    order of the cells."""
    if not names:
        return set()
    more = told.unknowns
    loss = np.array([1000.0 * system.cells[name].weight + place for place, name in enumerate(names)])
    places = {name: place for place, name in enumerate(names)}
    matrices, least_of_rows = [told.matrix], [told.least]
    if cuts:
        pairs = [(row, places[name]) for row, cut in enumerate(cuts) for name in sorted(cut, key=places.__getitem__)]
        rows, columns = zip(*pairs, strict=True)
        shape = (len(cuts), len(names) + more)
        matrices.append(scipy.sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=shape))
        least_of_rows.append(np.ones(len(cuts)))
    least = np.array([*(float(name in forced) for name in names), *[0.0] * more])
    found = scipy.optimize.milp(
        np.concatenate([loss, np.zeros(more)]),
        constraints=scipy.optimize.LinearConstraint(
            scipy.sparse.vstack(matrices), np.concatenate(least_of_rows), np.inf
        ),
        bounds=scipy.optimize.Bounds(least, 1),
        # What is told may be told in part: the program is as tight with cells in whole numbers alone.
        integrality=np.array([*[1] * len(names), *[0] * more]),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        # A fault of the solver, as all secrets are kept with everything hidden.
        return set(names)
    return {name for name, chosen in zip(names, found.x[: len(names)], strict=True) if chosen > 0.5}


@dataclass(frozen=True)
class Told:
    """Rows of the program that chooses, at least `least`: a column a cell that may be hidden, then one for each of the `unknowns`, 1 if it is told."""

    matrix: scipy.sparse.csr_array
    least: np.ndarray
    unknowns: int


def _subtractions(system: System, names: list[tuple]) -> Told:
    """What must hold so that no secret follows from exact numbers one by one: a number of which all unknowns but one are told, and
    that is not hidden, tells that one; a combination of two counts may tell both; not all unknowns of a secret are told."""
    places, count = {name: place for place, name in enumerate(names)}, len(system.unknowns)
    rows: list[tuple[dict[int, float], float]] = []
    for name, inside in system.exact():
        for one in inside:
            row = {len(names) + other: -1.0 for other in inside if other != one} | {len(names) + one: 1.0}
            # A cell that cannot be hidden tells like what everybody knows.
            if name in places:
                row[places[name]] = 1.0
            rows.append((row, 2.0 - len(inside)))
    for name, inside in system.telling_both():
        hidden = {places[name]: 1.0} if name in places else {}
        rows += [({**hidden, len(names) + one: 1.0}, 1.0) for one in inside]
    for secret in system.secrets.values():
        own = system.places(secret.parts)
        rows.append(({len(names) + place: -1.0 for place in own}, 1.0 - len(own)))
    pairs = [(at, column, factor) for at, (row, _) in enumerate(rows) for column, factor in row.items()]
    at, columns, factors = zip(*pairs, strict=True)
    matrix = scipy.sparse.csr_array((factors, (at, columns)), shape=(len(rows), len(names) + count))
    return Told(matrix, np.array([least for _, least in rows]), count)


def _telling(system: System, secret: Secret, shown: list[tuple]) -> set[tuple]:
    """Cells among those shown that give the secret away together, none of them to spare; whole blocks are tried first.

    Light cells are tried first too: the weight of those that are left is what the cut says must be lost.
    """
    concerned = system.concerned(secret.parts, shown)
    telling = sorted((name for name in shown if name in concerned), key=lambda name: system.cells[name].weight)
    by_sums = system.telling_sums(secret, telling)
    if len(by_sums) < len(telling) and not system.safe(secret, fewer := [name for name in telling if name in by_sums]):
        telling = fewer
    for size in BLOCKS:
        for block in [telling[start : start + size] for start in range(0, len(telling), size)]:
            fewer = [name for name in telling if name not in block]
            if not system.safe(secret, fewer):
                telling = fewer
    return set(telling)
