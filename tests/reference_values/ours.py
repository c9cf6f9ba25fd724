"""The designs that R computed its reference values for, those values, and what our estimators give for them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
from hrmonitor.estimation import (
    Estimate,
    difference,
    mean,
    paired_change,
    poststratify,
    quantile,
    rake,
    ratio,
    stratified,
    total,
    trim,
)

REFERENCE = Path(__file__).parent


def designs() -> list[dict]:
    return json.loads((REFERENCE / "designs.json").read_text(encoding="utf-8"))


def expected() -> list[dict]:
    with open(REFERENCE / "survey.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ours(data: dict, statistic: str) -> Estimate:
    """What our estimators give for a line of survey.csv."""
    y, x, yes = (np.array(data[key], float) for key in ("y", "x", "yes"))
    domain = np.array(data["domain"]) == 1
    region, kind = np.array(data["region"]), np.array(data["kind"])
    design = stratified(np.array(data["stratum"]), data["population"])
    if statistic.startswith("poststratified"):
        design = poststratify(design, region, data["totals"]["region"])
    if statistic.startswith(("raked", "trimmed")):
        design = rake(design, [region, kind], [data["totals"]["region"], data["totals"]["kind"]])
    if statistic.startswith("trimmed"):
        design = trim(design, 2)
    if "domain" in statistic:
        y = np.where(domain, y, np.nan)
    kind_of = statistic.rsplit("_", 1)[-1]
    if statistic.startswith("quantile"):
        return quantile(design, y, int(kind_of) / 100, 0.95)
    if statistic == "paired_change":
        return paired_change(y, x, design.strata, data["population"], 0.95)
    if statistic == "difference":
        return difference(design, y, domain, 0.95)
    return {
        "mean": lambda: mean(design, y, 0.95),
        "share": lambda: mean(design, yes, 0.95),
        "total": lambda: total(design, y, 0.95),
        "ratio": lambda: ratio(design, y, x, 0.95),
    }[kind_of]()
