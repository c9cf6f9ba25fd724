"""What is printed of all services is a function of the hidden counts: try all worlds through the study's own estimators.

Who has the package has its estimators. A world is a count for each service of which the count is hidden; those of which share or
interval for all services come out otherwise than printed are left out.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from attacks.program import Program
from attacks.reasons import KEYS, read
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.tabulation.indicators import share_of

# More worlds than these of one category are not tried.
MOST_WORLDS = 60_000


def recovered(results: Path, indicator: str, round_: str, sizes: dict[str, tuple[int, int]]) -> dict[tuple, int]:
    """(round, service, category) -> the hidden count of a choice with one answer each, where only one is possible.

    `sizes` are the facilities in the register and those that answered of each service, as in the response flow.
    """
    table = read(results / "open_data" / "indicators.csv")
    own = table[(table["indicator"] == indicator) & (table["statistic"] == "share") & (table["round"] == round_)]
    base = {service: kept for service, (_, kept) in sizes.items()}
    known = {(row["service"], row["category"]): row["estimate"] for row in own.to_dict("records")}
    program, hidden = Program(), []
    for row in own[own["service"] == "all"].to_dict("records"):
        services = [service for service in sizes if (service, row["category"]) in known]
        blank = [service for service in services if pd.isna(known[service, row["category"]])]
        hidden += [(round_, service, row["category"]) for service in blank]
        shown = {
            service: round(known[service, row["category"]] * base[service]) for service in set(services) - set(blank)
        }
        for service, count in shown.items():
            program.add((round_, service, row["category"]), [(count, count)])
        for service in blank:
            program.add((round_, service, row["category"]), [(0, base[service])])
        if blank and pd.notna(row["estimate"]):
            worlds = _worlds(row, blank, shown, base, sizes)
            if worlds is not None:
                _choose(program, round_, row["category"], blank, worlds)
    for service, n in base.items():
        parts = [place for place in program.runs if place[1] == service and len(place) == len(KEYS)]
        if parts:
            program.row(dict.fromkeys(parts, 1.0), n, n)
    ends = {place: program.range(place) for place in hidden}
    return {place: round(low) for place, (low, high) in ends.items() if round(low) == round(high)}


def _worlds(row: dict, blank: list[str], shown: dict, base: dict, sizes: dict) -> list[tuple[int, ...]] | None:
    """The counts of the services in `blank` with which all services have the printed share and interval."""
    services = [*blank, *shown]
    population = sum(sizes[service][0] for service in services)
    weight = {service: sizes[service][0] / base[service] / population for service in services}
    fixed = sum(weight[service] * count for service, count in shown.items())
    coarse = 0.00501 if _whole(row["estimate"]) else 1e-9
    if np.prod([base[service] + 1 for service in blank]) > MOST_WORLDS:
        return None
    near = [
        counts
        for counts in product(*(range(base[service] + 1) for service in blank))
        if abs(fixed + sum(weight[s] * x for s, x in zip(blank, counts, strict=True)) - row["estimate"]) <= coarse
    ]
    if pd.isna(row["ci_low"]):
        return near
    facilities, frame = (_facilities({service: sizes[service][which] for service in services}) for which in (1, 0))
    settings = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
    design, everyone = round_design(facilities, frame, settings), np.ones(len(facilities), dtype=bool)
    ends = 0.00501 if _whole(row["ci_low"]) and _whole(row["ci_high"]) else 1e-9
    kept = []
    for counts in near:
        of = {**shown, **dict(zip(blank, counts, strict=True))}
        yes = np.concatenate([np.arange(base[service]) < of[service] for service in services]).astype(float)
        found = share_of(yes, everyone, design, population, settings)
        if abs(found.low - row["ci_low"]) <= ends and abs(found.high - row["ci_high"]) <= ends:
            kept.append(counts)
    # No world has that interval where errors are by organisation: then only the share tells something.
    return kept or near


def _facilities(sizes: dict[str, int]) -> pd.DataFrame:
    rows = [(f"{service}{place}", service) for service, size in sizes.items() for place in range(size)]
    return pd.DataFrame(rows, columns=["facility_id", "service"])


def _choose(program: Program, round_: str, category: str, blank: list[str], worlds: list[tuple[int, ...]]) -> None:
    """One of the worlds is the true one."""
    names = [("world", category, str(place)) for place in range(len(worlds))]
    names = [(*name, "") for name in names]
    for name in names:
        program.add(name, [(0, 1)])
    program.row(dict.fromkeys(names, 1.0), 1, 1)
    for at, service in enumerate(blank):
        counts = {name: -float(world[at]) for name, world in zip(names, worlds, strict=True) if world[at]}
        program.row({(round_, service, category): 1.0, **counts}, 0, 0)


def _whole(share: float) -> bool:
    return abs(100 * share - round(100 * share)) < 1e-7
