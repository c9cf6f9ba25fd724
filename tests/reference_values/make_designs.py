"""Writes designs.json: small stratified samples for estimation tests. R computes the reference values (survey.R)."""

import json
from pathlib import Path

import numpy as np

DESIGNS = {
    "one stratum": {"a": (20, 8)},
    "the four services": {"dcr": (22, 17), "oat": (75, 53), "hat": (17, 17), "nsp": (60, 29)},
    "census": {"a": (6, 6), "b": (9, 9)},
    "uneven": {"a": (200, 4), "b": (10, 9), "c": (50, 25)},
    "two of each": {"a": (10, 2), "b": (30, 2), "c": (7, 2)},
    "large": {"a": (1000, 120), "b": (400, 80)},
    "skewed": {"a": (60, 20), "b": (60, 20)},
    "nearly all": {"a": (30, 29), "b": (12, 11)},
    "many strata": {f"p{i}": (5 + 3 * i, 3 + i) for i in range(8)},
    "tiny fraction": {"a": (100000, 15), "b": (50000, 10)},
    "one answer in a stratum": {"a": (9, 1), "b": (40, 12)},
    "ties": {"a": (40, 21), "b": (25, 12)},
}


def totals(labels: list[str], population: int, random: np.random.Generator) -> dict[str, int]:
    """Numbers of facilities by label that add up to `population`, none below its number of answers."""
    names, counts = np.unique(labels, return_counts=True)
    extra = random.multinomial(population - len(labels), random.dirichlet(3 + counts))
    return {str(name): int(count + more) for name, count, more in zip(names, counts, extra, strict=True)}


random = np.random.default_rng(7)
designs = []
for name, strata in DESIGNS.items():
    stratum = [label for label, (_, n) in strata.items() for _ in range(n)]
    size = len(stratum)
    y = np.round(random.lognormal(3, 1.2 if name == "skewed" else 0.5, size), 2)
    if name == "ties":
        y = np.round(y / 10)
    # Their own generator, so that a label more leaves all other values as they are.
    labels = np.random.default_rng([7, len(designs)])
    region = labels.choice(["north", "south", "west"], size, p=[0.5, 0.3, 0.2]).tolist()
    kind = labels.choice(["small", "big"], size).tolist()
    everybody = sum(total for total, _ in strata.values())
    designs.append(
        {
            "name": name, "stratum": stratum, "population": {label: total for label, (total, _) in strata.items()},
            "y": y.tolist(), "x": np.round(y * random.uniform(0.6, 1.4, size) + 1, 2).tolist(),
            "yes": random.integers(0, 2, size).tolist(), "domain": (random.random(size) < 0.7).astype(int).tolist(),
            "region": region, "kind": kind,
            "totals": {"region": totals(region, everybody, labels), "kind": totals(kind, everybody, labels)},
        }
    )  # fmt: skip
Path(__file__).with_name("designs.json").write_text(json.dumps(designs, indent=1) + "\n", encoding="utf-8")
