"""Tables with margins as systems of disclosure control, and the best that trying all sets of cells finds."""

from __future__ import annotations

from itertools import combinations

from hrmonitor.disclosure.linked_cells import Cell, Secret, System, Unknown


def two_way(table: list[list[float]], whole: bool = False, margins: bool = True) -> System:
    """A table with its row and column totals, each a cell of its own size as weight."""
    system = System()
    rows, columns = len(table), len(table[0])
    for r in range(rows):
        for c in range(columns):
            system.unknowns[r, c] = Unknown(table[r][c], whole=whole)
            system.cells[r, c] = Cell({(r, c): 1.0}, table[r][c])
    lines = [(("row", r), [(r, c) for c in range(columns)]) for r in range(rows)]
    lines += [(("column", c), [(r, c) for r in range(rows)]) for c in range(columns)]
    for name, line in lines if margins else []:
        system.cells[name] = Cell(dict.fromkeys(line, 1.0), sum(system.unknowns[one].value for one in line))
    return system


def secret(system: System, *name, margin: float = 0.1) -> None:
    value = system.unknowns[name].value
    system.secrets[name] = Secret(
        {name: 1.0}, value * (1 - margin), value * (1 + margin), 0.0, (name,), "primary_count"
    )


def cheapest_by_trying(system: System) -> float:
    """The least loss of all sets of cells that keep the secrets."""
    forced = {name for one in system.secrets.values() for name in one.stated_by}
    rest = [name for name in system.cells if name not in forced]
    losses = []
    for size in range(len(rest) + 1):
        for more in combinations(rest, size):
            hidden = forced | set(more)
            loss = sum(system.cells[name].weight for name in hidden)
            if losses and loss >= min(losses):
                continue
            shown = [name for name in system.cells if name not in hidden]
            if all(system.safe(one, shown) for one in system.secrets.values()):
                losses.append(loss)
    return min(losses)
