"""Hidden totals and means from those that are shown: of other services, of all of them, and of their change."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from attacks.program import Program
from attacks.reasons import read

# Ten digits are printed.
DIGITS = 1e-9


def ranges(
    results: Path, indicator: str, answers: dict[tuple, int], sizes: dict[tuple, tuple[int, int]], base: int
) -> dict[tuple, tuple[float, float]]:
    """(round, service) -> least and most of what the facilities said together, where neither total nor mean is shown.

    `answers`, (round, service) -> how many said a number; `sizes`, the same -> facilities in the register and those that answered at
    all; `base` is what totals are rounded to (0: not at all).
    """
    table = read(results / "open_data" / "indicators.csv")
    own = table[
        (table["indicator"] == indicator) & table["statistic"].isin(["total", "mean"]) & table["estimate"].notna()
    ]
    program, told = Program(), set()
    for place, n in answers.items():
        if n:
            program.add(place, [(0, 10.0**12)], whole=False)
    totals = {
        (row["round"], row["service"]): row["estimate"] for row in own.to_dict("records") if row["statistic"] == "total"
    }
    for row in own.to_dict("records"):
        places = [place for place in program.runs if place[0] == row["round"] and row["service"] in (place[1], "all")]
        stands_for = {place: sizes[place][0] / answers[place] for place in places}
        population = sum(sizes[place][0] for place in places)
        off = _off(row, base, totals.get((row["round"], row["service"])))
        size = 1.0 if row["statistic"] == "total" else population
        if places:
            program.row(stands_for, (row["estimate"] - off) * size, (row["estimate"] + off) * size)
            told |= {row["service"] == "all" or places[0]}
    _add_changes(program, results, indicator, answers)
    return {place: program.range(place) for place in program.runs if place not in told}


def _off(row: dict, base: int, total: float | None) -> float:
    """How far a number may be from what is printed: it ends where its error does, or is a multiple of the base."""
    step = 10.0 ** (int(f"{row['se']:.1e}".split("e")[1]) - 1) if pd.notna(row["se"]) and row["se"] > 0 else 0.0
    if base and row["statistic"] == "total":
        step = max(step, base)
    elif base and total:
        step = max(step, base * abs(row["estimate"] / total))
    elif base and total == 0:
        return 10.0**9
    return max(step / 2, DIGITS * max(1.0, abs(row["estimate"])))


def _add_changes(program: Program, results: Path, indicator: str, answers: dict[tuple, int]) -> None:
    """The mean of the later round less that of the earlier one."""
    table = read(results / "open_data" / "changes.csv")
    told = table[(table["indicator"] == indicator) & (table["statistic"] == "change") & table["estimate"].notna()]
    for row in told.to_dict("records"):
        now, then = ((row[key], row["service"]) for key in ("round", "round_from"))
        if now in program.runs and then in program.runs:
            off = _off(row, 0, None)
            program.row({now: 1 / answers[now], then: -1 / answers[then]}, row["estimate"] - off, row["estimate"] + off)
