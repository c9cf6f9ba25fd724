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
}

random = np.random.default_rng(7)
designs = []
for name, strata in DESIGNS.items():
    stratum = [label for label, (_, n) in strata.items() for _ in range(n)]
    size = len(stratum)
    y = np.round(random.lognormal(3, 1.2 if name == "skewed" else 0.5, size), 2)
    designs.append(
        {
            "name": name, "stratum": stratum, "population": {label: total for label, (total, _) in strata.items()},
            "y": y.tolist(), "x": np.round(y * random.uniform(0.6, 1.4, size) + 1, 2).tolist(),
            "yes": random.integers(0, 2, size).tolist(), "domain": (random.random(size) < 0.7).astype(int).tolist(),
        }
    )  # fmt: skip
Path(__file__).with_name("designs.json").write_text(json.dumps(designs, indent=1) + "\n", encoding="utf-8")
