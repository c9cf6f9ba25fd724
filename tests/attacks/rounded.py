"""Rounded counts: each is less than a base off, they and their number add up, and whatever else is printed is a function of them or tells more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from attacks.program import Program
from attacks.reasons import KEYS, read


def recovered(results: Path, indicator: str, base: int, answers: dict[tuple, int]) -> dict[tuple, int]:
    """(round, service, category) -> the count of a choice with one answer each, where only one is possible."""
    ends = ranges(results, indicator, base, answers)
    return {place: round(low) for place, (low, high) in ends.items() if round(low) == round(high)}


def ranges(results: Path, indicator: str, base: int, answers: dict[tuple, int]) -> dict[tuple, tuple[float, float]]:
    """(round, service, category) -> least and most that the count can be.

    `answers` are those of each (round, service), which the response flow tells. The attacker knows how counts are rounded, but for the draws.
    """
    table = read(results / "open_data" / "indicators.csv")
    own = table[(table["indicator"] == indicator) & (table["service"] != "all")]
    program, hidden = Program(), []
    for row in own[own["statistic"] == "share"].to_dict("records"):
        place, n = tuple(row[key] for key in KEYS), answers[row["round"], row["service"]]
        low, high = 0.0, float(n)
        if pd.notna(row["estimate"]):
            low, high = _range(row, base, n)
        program.add(place, [(max(0.0, low), min(float(n), high))])
        hidden.append(place)
    for (round_, service), n in answers.items():
        of_service = [place for place in program.runs if place[:2] == (round_, service)]
        if of_service:
            program.row(dict.fromkeys(of_service, 1.0), n, n)
    _add_bounds(program, own, answers)
    _add_totals(program, table[table["indicator"] == indicator], answers)
    _add_changes(program, results, indicator, answers)
    return {place: program.range(place) for place in hidden}


def _range(row: dict, base: int, n: int) -> tuple[float, float]:
    count = row["estimate"] * row["n"]
    if row["suppression"] != f"rounded_to_{base}" or abs(count / base - round(count / base)) > 1e-6:
        return round(row["estimate"] * n), round(row["estimate"] * n)
    return round(count) - base + 1.0, round(count) + base - 1.0


def _add_bounds(program: Program, own: pd.DataFrame, answers: dict[tuple, int]) -> None:
    """The lower bound of a share is the count over all that the question is about."""
    for row in own[(own["statistic"] == "share_bounds") & own["ci_low"].notna()].to_dict("records"):
        place = tuple(row[key] for key in KEYS)
        count = row["ci_low"] * max(row["population"], answers[place[:2]])
        program.row({place: 1.0}, count, count)


def _add_totals(program: Program, table: pd.DataFrame, answers: dict[tuple, int]) -> None:
    """A share of all services that is not the mean of theirs, by population, is taken for that of the counts."""
    shares = table[(table["statistic"] == "share") & table["estimate"].notna()]
    for row in shares[shares["service"] == "all"].to_dict("records"):
        parts = shares[
            (shares["round"] == row["round"]) & (shares["category"] == row["category"]) & (shares["service"] != "all")
        ]
        mean = np.average(parts["estimate"], weights=parts["population"]) if len(parts) else np.nan
        if abs(mean - row["estimate"]) < 1e-8:
            continue
        stands_for = {
            tuple(part[key] for key in KEYS): part["population"] / answers[part["round"], part["service"]]
            for part in table[(table["statistic"] == "share") & (table["service"] != "all")].to_dict("records")
            if (part["round"], part["category"]) == (row["round"], row["category"])
        }
        size = sum(weight * answers[place[:2]] for place, weight in stands_for.items())
        program.row(stands_for, size * row["estimate"], size * row["estimate"])


def _add_changes(program: Program, results: Path, indicator: str, answers: dict[tuple, int]) -> None:
    table = read(results / "open_data" / "changes.csv")
    told = table[(table["indicator"] == indicator) & (table["statistic"] == "change") & table["estimate"].notna()]
    for row in told.to_dict("records"):
        now, then = ((row[key], row["service"], row["category"]) for key in ("round", "round_from"))
        if now in program.runs and then in program.runs:
            parts = {now: 1 / answers[now[:2]], then: -1 / answers[then[:2]]}
            program.row(parts, row["estimate"], row["estimate"])
