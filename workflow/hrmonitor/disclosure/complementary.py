"""Complementary suppression: the cells to hide besides the confidential ones, at the smallest loss.

What Fischetti and Salazar-Gonzalez (Management Science 47, 2001) do with cuts from the attacker's linear program, this does with
cuts from the attacker itself: hiding more never tells more, so where a secret is out, one of the cells that give it away must be
hidden. A smallest set of such cells is a cut; a set of cells that meets all cuts at the least loss comes from HiGHS; and so on
until no secret is out. The result is optimal whatever the attacker can do: bounds by linear programming for sums, and for counts
bounds in whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from hrmonitor.disclosure.linked import System

# After so many cuts the search ends and every cell that is linked to a secret is hidden.
MOST_CUTS = 400
# So many cells at a time are left out when looking which ones give a secret away.
BLOCKS = (16, 4, 1)


def hidden_cells(
    system: System, also_safe: Callable[[set[tuple]], bool] = lambda hidden: True
) -> tuple[set[tuple], bool]:
    """(cells to hide, whether they are the fewest that will do).

    `also_safe` is a further condition on the hidden cells, such as that of contributors who know their own part. Cells of infinite
    weight stay; where they alone give a secret away nothing can be done, and all others are hidden.
    """
    names = [name for name, cell in system.cells.items() if np.isfinite(cell.weight)]
    forced = {name for secret in system.secrets.values() for name in secret.stated_by if name in names}
    if not system.secrets:
        return set(), True
    cuts: list[tuple[set[tuple], set[tuple]]] = []
    while len(cuts) < MOST_CUTS:
        hidden = _cheapest(system, names, forced, cuts)
        if hidden is None:
            break
        shown = [name for name in system.cells if name not in hidden]
        out = [secret for secret in system.secrets.values() if not system.safe(secret, shown)]
        if not out and also_safe(hidden):
            return hidden, True
        new = [(_telling(system, secret, shown) & set(names), set()) for secret in out]
        # A condition that is no matter of more or less: only this very set is ruled out.
        cuts += new if out else [({name for name in names if name not in hidden}, hidden - forced)]
    return set(names), False


def _cheapest(
    system: System, names: list[tuple], forced: set[tuple], cuts: list[tuple[set[tuple], set[tuple]]]
) -> set[tuple] | None:
    """The set of least loss that has the forced cells and meets every cut; ties go by the order of the cells."""
    loss = np.array([1000.0 * system.cells[name].weight + place for place, name in enumerate(names)])
    constraints = None
    if cuts:
        matrix = np.array([[(name in more) - (name in fewer) for name in names] for more, fewer in cuts], dtype=float)
        constraints = LinearConstraint(matrix, [1 - len(fewer) for _, fewer in cuts], np.inf)
    least = np.array([float(name in forced) for name in names])
    found = milp(
        loss,
        constraints=constraints,
        bounds=Bounds(least, 1),
        integrality=np.ones(len(names)),
        options={"mip_rel_gap": 0.0},
    )
    return {name for name, chosen in zip(names, found.x, strict=True) if chosen > 0.5} if found.status == 0 else None


def _telling(system: System, secret, shown: list[tuple]) -> set[tuple]:
    """Cells among those shown that give the secret away together, none of them to spare; whole blocks are tried first."""
    telling = list(shown)
    for size in BLOCKS:
        for block in [telling[start : start + size] for start in range(0, len(telling), size)]:
            fewer = [name for name in telling if name not in block]
            if not system.safe(secret, fewer):
                telling = fewer
    return set(telling)
