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
    # What follows was added for questions left open, lonely strata and clusters; the values above stay as they are.
    "open questions, four services": {"dcr": (22, 17), "oat": (75, 53), "hat": (17, 17), "nsp": (60, 29)},
    "open questions, few answers": {"a": (40, 8), "b": (25, 6), "c": (60, 9)},
    "open questions, census": {"a": (20, 20), "b": (31, 31)},
    "two lonely strata": {"a": (9, 1), "b": (5, 1), "c": (40, 12)},
    "all strata lonely": {"a": (9, 1), "b": (5, 1), "c": (40, 1), "d": (12, 1)},
    "lonely and certain": {"a": (1, 1), "b": (30, 10), "c": (6, 1)},
    "large clusters": {"a": (90, 40), "b": (70, 35)},
    "clusters across strata": {"dcr": (22, 17), "oat": (75, 53), "hat": (17, 17), "nsp": (60, 29)},
}


def totals(labels: list[str], population: int, random: np.random.Generator) -> dict[str, int]:
    """Numbers of facilities by label that add up to `population`, none below its number of answers."""
    names, counts = np.unique(labels, return_counts=True)
    extra = random.multinomial(population - len(labels), random.dirichlet(3 + counts))
    return {str(name): int(count + more) for name, count, more in zip(names, counts, extra, strict=True)}


def open_questions(strata: list[str], seed: list[int]) -> dict[str, list]:
    """To which facilities a question applies, which answered it, and the organisation of each; two answer in every stratum.

    A stratum of one or two is asked and answers.
    """
    own = np.random.default_rng(seed)
    labels = np.array(strata)
    applies, answered = own.random(len(labels)) < 0.8, own.random(len(labels)) < 0.7
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        applies[members[:2]] = answered[members[:2]] = True
    clusters = own.choice([f"o{i}" for i in range(9)], len(labels), p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05])
    return {
        "applies": applies.astype(int).tolist(),
        "answered": (answered & applies).astype(int).tolist(),
        "organisation": clusters.tolist(),
    }


def margins_that_can_hold(labels: dict[str, list[str]], population: int, seed: list[int]) -> dict[str, dict[str, int]]:
    """Totals of each label in a population that has the facilities of the sample, each so many times."""
    size = len(next(iter(labels.values())))
    own = np.random.default_rng(seed)
    times = 1 + own.multinomial(population - size, np.full(size, 1 / size))
    return {
        label: {name: int(times[np.array(groups) == name].sum()) for name in sorted(set(groups))}
        for label, groups in labels.items()
    }


OLD = 12
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
            "region": region, "kind": kind, **open_questions(stratum, [7, len(designs), 1]),
            "totals": (
                {"region": totals(region, everybody, labels), "kind": totals(kind, everybody, labels)}
                if len(designs) < OLD
                else margins_that_can_hold({"region": region, "kind": kind}, everybody, [7, len(designs), 2])
            ),
        }
    )  # fmt: skip
Path(__file__).with_name("designs.json").write_text(json.dumps(designs, indent=1) + "\n", encoding="utf-8")
