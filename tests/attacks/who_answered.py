"""Which named facilities answered: the register beside all tables of response, as one integer program."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from attacks.program import Program

# Lower ends of the classes that the tables name, such as `10–19` and `20+`.
RANGE = re.compile(r"(\d+)(?:–(\d+)|\+)")
COARSE = 0.005


def told(results: Path, register: pd.DataFrame, round_: str, year: int) -> dict[str, bool]:
    """facility_id -> whether it answered, of those whose state follows; but for services of which all or none answered.

    `register` has `facility_id service province organisation municipality opened` of the facilities that the round is about.
    """
    known = register.assign(
        organisation=register["organisation"].map(register["organisation"].value_counts()),
        municipality=register["municipality"].map(register["municipality"].value_counts()),
        age=(year - register["opened"].str[:4].astype(int)).clip(lower=0),
    ).reset_index(drop=True)
    program = Program()
    groups = known.groupby(["service", "province", "organisation", "municipality", "age"], sort=True).indices
    cells = [("cell", str(place)) for place in range(len(groups))]
    members = dict(zip(cells, groups.values(), strict=True))
    for cell, own in members.items():
        program.add(cell, [(0, len(own))])
    first = {cell: known.loc[own[0]] for cell, own in members.items()}
    answered = _rows_of_levels(program, results, round_, first, known)
    ends = {cell: program.range(cell) for cell in cells}
    certain = {}
    for cell, (low, high) in ends.items():
        service, size = first[cell]["service"], len(members[cell])
        if answered[service] in (0, (known["service"] == service).sum()):
            continue
        if round(low) == size or round(high) == 0:
            certain |= dict.fromkeys(known.loc[members[cell], "facility_id"], round(low) == size)
    return certain


def _rows_of_levels(program: Program, results: Path, round_: str, first: dict, known: pd.DataFrame) -> dict[str, int]:
    """What the tables say of each level; service -> how many answered."""
    folder = results / "open_data"
    rates = pd.read_csv(folder / "response.csv", dtype={"round": "str"})
    rates = rates[
        (rates["round"] == round_) & (rates["statistic"] == "RR2") & rates["group"].isin(["service", "province"])
    ]
    for group, own in rates.groupby("group"):
        numbers = {level: (n, n) for level, n in zip(own["level"], own["n"], strict=True) if pd.notna(n)}
        _add(program, first, group, numbers, {})
    table = pd.read_csv(folder / "nonresponse.csv", dtype={"round": "str"})
    table = table[(table["round"] == round_) & table["level"].notna()]
    services = rates[rates["group"] == "service"].set_index("level")["n"].astype(int).to_dict()
    sizes = known["service"].value_counts()
    weights = {service: sizes[service] / n for service, n in services.items() if n and service in sizes}
    everybody = sum(weights[service] * services[service] for service in weights)
    for variable, own in table.groupby("variable"):
        counts = own[own["statistic"] == "answered"]
        _add(
            program, first, variable, {level: (n, n) for level, n in zip(counts["level"], counts["n"], strict=True)}, {}
        )
        shares = own[own["statistic"] == "weighted"]
        off = COARSE if all(abs(100 * one - round(100 * one)) < 1e-9 for one in shares["estimate"]) else 1e-9
        ranges = {
            level: ((one - off) * everybody, (one + off) * everybody)
            for level, one in zip(shares["level"], shares["estimate"], strict=True)
        }
        _add(program, first, variable, ranges, weights)
    return services


def _add(program: Program, first: dict, variable: str, numbers: dict[str, tuple], weights: dict[str, float]) -> None:
    """A row a level; `other` is what the named ones leave."""
    named = [level for level in numbers if level != "other"]
    for level, (low, high) in numbers.items():
        parts = {
            cell: weights.get(one["service"], 0.0) if weights else 1.0
            for cell, one in first.items()
            if _is(one[variable], level) or (level == "other" and not any(_is(one[variable], other) for other in named))
        }
        if parts:
            program.row(parts, low, high)


def _is(value: object, level: str) -> bool:
    found = RANGE.fullmatch(level)
    if found and not isinstance(value, str):
        return int(found[1]) <= int(value) <= int(found[2] or 10**6)  # type: ignore[call-overload]
    return value == level
