"""The designs that R computed its reference values for, those values, and what our estimators give for them."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from hrmonitor.estimation import (
    Estimate,
    difference,
    mean,
    of_item,
    paired_change,
    poststratify,
    quantile,
    rake,
    ratio,
    stratified,
    total,
    trim,
)
from hrmonitor.estimation.clusters import with_clusters

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
    if statistic.startswith("clustered"):
        # R is not told how large the population is.
        organisations, endless = np.array(data["organisation"]), dict.fromkeys(data["population"], np.inf)
        design = replace(design, clusters=organisations, population=endless)
    if statistic.startswith("organisations"):
        endless = dict.fromkeys(data["population"], np.inf)
        design = replace(with_clusters(design, np.array(data["organisation"])), population=endless, cautious=False)
    if statistic.startswith("item"):
        answered = np.where(np.array(data["answered"]) == 1, 1.0, np.nan)
        design, (y, x, yes, inside) = of_item(design, np.array(data["applies"]) == 1, y * answered, x, yes, domain)
        if statistic == "item_change":
            return mean(design, y - x, 0.95)
        domain = inside == 1
    if "domain" in statistic:
        y = np.where(domain, y, np.nan)
    kind_of = statistic.rsplit("_", 1)[-1]
    if "quantile" in statistic:
        return quantile(design, y, int(kind_of) / 100, 0.95)
    if statistic == "paired_change":
        return paired_change(y, x, design.strata, data["population"], 0.95)
    if kind_of == "difference":
        return difference(design, y, domain, 0.95)
    return {
        "mean": lambda: mean(design, y, 0.95),
        "share": lambda: mean(design, yes, 0.95),
        "total": lambda: total(design, y, 0.95),
        "ratio": lambda: ratio(design, y, x, 0.95),
    }[kind_of]()
