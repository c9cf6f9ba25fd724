"""Why a cell is hidden, said or guessed right, tells what the rule knows: a count hidden for being small is 1 or 2."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from attacks.program import Program

KEYS = ["round", "service", "category"]
PRIMARY = ("primary_count", "primary_dominance")


def read(path: Path) -> pd.DataFrame:
    """A published table; blank cells of text are empty."""
    text = dict.fromkeys(("round", "round_from", "category", "suppression", "suppressed"), "str")
    table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"n": "", "estimate": "", "population": "", "ci_low": "", "ci_high": "", "se": "", "deff": ""})  # fmt: skip
    return table


def said(results: Path, indicator: str) -> dict[tuple, bool]:
    """(round, service, category) -> whether the rule itself hides it, as far as the published table says so."""
    table = read(results / "open_data" / "indicators.csv")
    own = table[(table["indicator"] == indicator) & (table["statistic"] == "share")]
    if "suppression" not in own:
        return {}
    reasons = {tuple(row[key] for key in KEYS): row["suppression"] for row in own.to_dict("records")}
    return {place: reason in PRIMARY for place, reason in reasons.items() if reason in (*PRIMARY, "complementary")}


def known_to_makers(results: Path, indicator: str) -> dict[tuple, bool]:
    """The same for an attacker who guesses every reason right, as one who knows rules, config and code might."""
    table = pd.read_csv(results / "suppressions.csv", dtype="str", keep_default_na=False)
    own = table[(table["table"] == "indicators") & (table["indicator"] == indicator) & (table["reason"] != "rounded")]
    return {tuple(row[key] for key in KEYS): row["reason"] in PRIMARY for row in own.to_dict("records")}


def recovered(
    results: Path, indicator: str, least: int, primary: dict[tuple, bool], answers: dict[tuple, int] | None = None
) -> dict[tuple, int]:
    """(round, service, category) -> the hidden count of a choice with one answer each, where only one is possible.

    `least` is `minimum_cell` of the config; `primary` says of hidden cells whether the rule itself hides them; `answers` are those of
    each (round, service) that shows none.
    """
    table = read(results / "open_data" / "indicators.csv")
    shares = table[(table["indicator"] == indicator) & (table["statistic"] == "share")]
    shown = shares.groupby(["round", "service"])["n"].max()
    bases = (answers or {}) | {place: int(n) for place, n in shown.items() if pd.notna(n)}
    program, hidden = Program(), []
    for row in shares.to_dict("records"):
        place, base = tuple(row[key] for key in KEYS), bases.get((row["round"], row["service"]))
        if row["service"] == "all" or base is None:
            continue
        if pd.notna(row["estimate"]):
            count = round(row["estimate"] * base)
            program.add(place, [(count, count)])
        else:
            program.add(place, _possible(base, least, primary.get(place)))
            hidden.append(place)
    for (round_, service), base in bases.items():
        own = [place for place in program.runs if place[:2] == (round_, service)]
        if own:
            program.row(dict.fromkeys(own, 1.0), base, base)
    _add_totals(program, shares, bases)
    _add_changes(program, results, indicator, bases)
    ends = {place: program.range(place) for place in hidden}
    return {place: round(low) for place, (low, high) in ends.items() if round(low) == round(high)}


def _possible(base: int, least: int, primary: bool | None) -> list[tuple[float, float]]:
    if primary is None:
        return [(0, base)]
    small = [0 < count < least or base - count < least for count in range(base + 1)]
    counts = [count for count, one in enumerate(small) if one == primary]
    starts = [count for count in counts if count - 1 not in counts]
    ends = [count for count in counts if count + 1 not in counts]
    return list(zip(starts, ends, strict=True))


def _add_totals(program: Program, shares: pd.DataFrame, bases: dict) -> None:
    """The share of all services is that of each, weighted by the facilities that they stand for."""
    population = shares.set_index(KEYS)["population"].to_dict()
    for row in shares[(shares["service"] == "all") & shares["estimate"].notna()].to_dict("records"):
        parts = {place: population[place] / bases[place[:2]] for place in program.runs
                 if place[0] == row["round"] and place[2] == row["category"]}  # fmt: skip
        size = sum(weight * bases[place[:2]] for place, weight in parts.items())
        coarse = 0.005 if abs(100 * row["estimate"] - round(100 * row["estimate"])) < 1e-9 else 0.0
        program.row(parts, size * (row["estimate"] - coarse), size * (row["estimate"] + coarse))


def _add_changes(program: Program, results: Path, indicator: str, bases: dict) -> None:
    """The change between the shares of two rounds."""
    path = results / "open_data" / "changes.csv"
    if not path.exists():
        return
    table = read(path)
    told = table[(table["indicator"] == indicator) & (table["statistic"] == "change") & table["estimate"].notna()]
    for row in told.to_dict("records"):
        now, then = ((row[key], row["service"], row["category"]) for key in ("round", "round_from"))
        if now in program.runs and then in program.runs:
            parts = {now: 1 / bases[now[:2]], then: -1 / bases[then[:2]]}
            program.row(parts, row["estimate"], row["estimate"])
