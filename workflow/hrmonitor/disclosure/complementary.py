"""Complementary suppression: the cells to hide besides the confidential ones, at the smallest loss.

What Fischetti and Salazar-Gonzalez (Management Science 47, 2001) do with cuts from the attacker's linear program, this does with
cuts from the attacker itself: hiding more never tells more, so where a secret is out, one of the cells that give it away must be
hidden. A smallest set of such cells is a cut; a set of cells that meets all cuts at the least loss comes from HiGHS; and so on
until no secret is out. The result is optimal whatever the attacker can do: bounds by linear programming for sums, and for counts
bounds in whole numbers. Cuts are sought that have no cell in common, as in implicit hitting sets (Davies and Bacchus, CP 2011):
together they raise the least loss fastest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from hrmonitor.disclosure.linked import Secret, System

# After so many cuts the search ends with the best set that is at hand.
MOST_CUTS = 600
# So many cells at a time are left out when looking which ones give a secret away.
BLOCKS = (16, 4, 1)


@dataclass(frozen=True)
class Hiding:
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


def hidden_cells(system: System) -> Hiding:
    """The cells to hide.

    Cells of infinite weight stay; where they, or what everybody knows, give a secret away nothing can be done and all others are
    hidden. Where the search takes too many cuts, cells are shown again one by one, the weightiest first, as long as all secrets
    are kept: near the best, and no less safe.
    """
    names = [name for name, cell in system.cells.items() if np.isfinite(cell.weight)]
    always = [name for name in system.cells if name not in set(names)]
    if not system.secrets:
        return Hiding(set(), 0.0, 0.0)
    secrets = list(system.secrets.values())
    if not all(system.safe(secret, always) for secret in secrets):
        return Hiding(set(names), *[_loss(system, names)] * 2, kept=False)
    forced = {name for secret in secrets for name in secret.stated_by if name in names}
    cuts: list[set[tuple]] = []
    while True:
        hidden = _cheapest(system, names, forced, cuts)
        new = _cuts(system, secrets, [name for name in system.cells if name not in hidden], set(names))
        if not new:
            return Hiding(hidden, *[_loss(system, hidden)] * 2)
        cuts += new
        if len(cuts) > MOST_CUTS:
            shown_again = _shown_again(system, secrets, names, forced)
            return Hiding(shown_again, _loss(system, shown_again), _loss(system, hidden))


def _loss(system: System, names) -> float:
    return float(sum(system.cells[name].weight for name in names))


def _cuts(system: System, secrets: list[Secret], shown: list[tuple], names: set[tuple]) -> list[set[tuple]]:
    """Sets of cells, without one in common, each of which gives a secret away; none when all are kept."""
    cuts = []
    for secret in secrets:
        while not system.safe(secret, shown):
            cuts.append(_telling(system, secret, shown) & names)
            shown = [name for name in shown if name not in cuts[-1]]
    return cuts


def _shown_again(system: System, secrets: list[Secret], names: list[tuple], forced: set[tuple]) -> set[tuple]:
    hidden = set(names)
    for name in sorted(hidden - forced, key=lambda name: (-system.cells[name].weight, names.index(name))):
        shown = [one for one in system.cells if one not in hidden or one == name]
        if all(system.safe(secret, shown) for secret in secrets):
            hidden.remove(name)
    return hidden


def _cheapest(system: System, names: list[tuple], forced: set[tuple], cuts: list[set[tuple]]) -> set[tuple]:
    """The set of least loss that has the forced cells and one of every cut; ties go by the order of the cells."""
    loss = np.array([1000.0 * system.cells[name].weight + place for place, name in enumerate(names)])
    constraints = None
    if cuts:
        places = {name: place for place, name in enumerate(names)}
        pairs = [(row, places[name]) for row, cut in enumerate(cuts) for name in sorted(cut, key=places.get)]
        rows, columns = zip(*pairs, strict=True)
        matrix = csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(cuts), len(names)))
        constraints = LinearConstraint(matrix, 1, np.inf)
    least = np.array([float(name in forced) for name in names])
    found = milp(
        loss,
        constraints=constraints,
        bounds=Bounds(least, 1),
        integrality=np.ones(len(names)),
        options={"mip_rel_gap": 0.0},
    )
    return {name for name, chosen in zip(names, found.x, strict=True) if chosen > 0.5}


def _telling(system: System, secret: Secret, shown: list[tuple]) -> set[tuple]:
    """Cells among those shown that give the secret away together, none of them to spare; whole blocks are tried first."""
    telling = list(shown)
    for size in BLOCKS:
        for block in [telling[start : start + size] for start in range(0, len(telling), size)]:
            fewer = [name for name in telling if name not in block]
            if not system.safe(secret, fewer):
                telling = fewer
    return set(telling)
