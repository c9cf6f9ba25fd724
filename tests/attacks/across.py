"""A question that is others together: published totals of all of them tell what the one that left one of them open would have said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from attacks.program import Program
from attacks.reasons import read


def recovered(results: Path, parts: dict[str, list[str]], answered: dict[tuple, dict[str, int]]) -> dict[tuple, int]:
    """(round, service, question left open) -> what it would have been, in whole numbers, where only one is possible.

    `parts` are the indicators that each whole is made of; `answered`, (round, service) -> how many answered each: in the tables of
    questions left open. One more gave all the others than gave this one, and that one's answer is sought.
    """
    table = read(results / "open_data" / "indicators.csv")
    totals = table[(table["statistic"] == "total") & table["estimate"].notna()]
    shown = {(row["round"], row["service"], row["indicator"]): row for row in totals.to_dict("records")}
    found = {}
    for (round_, service), many in answered.items():
        for whole, names in parts.items():
            members = [whole, *names]
            rows = [shown.get((round_, service, name)) for name in members]
            most = max(many.get(name, 0) for name in members)
            short = [name for name in members if many.get(name, 0) < most]
            if any(row is None for row in rows) or len(short) != 1 or many[short[0]] != most - 1:
                continue
            program = Program()
            for name, row in zip(members, rows, strict=True):
                low, high = _sum(row, many[name])
                program.add((name,), [(low, high)], whole=False)
            program.add(("left",), [(0, 10**6)])
            sign = -1.0 if short == [whole] else 1.0
            program.row({(whole,): 1.0, **{(name,): -1.0 for name in names}, ("left",): -sign}, 0, 0)
            low, high = program.range(("left",))
            if pd.notna(low) and round(low) == round(high):
                found[round_, service, short[0]] = round(low)
    return found


def _sum(row: dict, n: int) -> tuple[float, float]:
    """What they said together: the total stands for all, and ends where its standard error does."""
    step = 10.0 ** (int(f"{row['se']:.1e}".split("e")[1]) - 1) if pd.notna(row["se"]) and row["se"] > 0 else 1e-6
    factor = n / row["population"]
    return (row["estimate"] - step / 2) * factor, (row["estimate"] + step / 2) * factor
