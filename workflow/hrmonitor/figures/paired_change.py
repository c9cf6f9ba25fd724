"""A number at the same facilities then and now, as classes of change: no facility can be told from another."""

import pandas as pd

from hrmonitor.estimation.shares import share
from hrmonitor.figures import Data, scale
from hrmonitor.figures.select import estimates
from hrmonitor.language import terms

KIND = "Bars with intervals: the share of facilities at which a number fell, stayed or rose, by type of service"
INPUTS = ("facilities", "indicators")
# Ends of the classes, as change of the number then: a change within 2% is no change.
CLASSES = {
    "strong_decrease": -0.10, "decrease": -0.02, "stable": 0.02, "increase": 0.10, "strong_increase": float("inf"),
}  # fmt: skip


def table(data: Data, options: dict) -> pd.DataFrame:
    """The columns of `select.shares`: the share of facilities in each class, among those that gave both numbers."""
    facilities = data.facilities[options["round"]]
    pairs = facilities[["service", options["then"], options["now"]]].set_axis(["service", "then", "now"], axis=1)
    pairs = pairs.dropna().astype({"then": float, "now": float})
    pairs = pairs[pairs["then"] > 0]
    change = pairs["now"] / pairs["then"] - 1
    pairs["category"] = pd.cut(change, [-float("inf"), *CLASSES.values()], labels=list(CLASSES)).astype(str)
    populations = estimates(data, options["round"], options["now"], "median").set_index("service")["population"]
    rows = []
    for service in [one for one in populations.index if one != "all"]:
        found = pairs.loc[pairs["service"] == service, "category"]
        hidden = len(found) < options["minimum_cell"]
        for category in reversed(CLASSES):
            one = share(
                int((found == category).sum()), len(found), int(populations[service]), options["confidence"], "exact"
            )
            rows.append({"service": service, "category": category, "n": len(found), "population": populations[service],
                         "estimate": one.value, "ci_low": one.low, "ci_high": one.high, "suppressed": hidden})  # fmt: skip
    columns = ["service", "category", "n", "population", "estimate", "ci_low", "ci_high", "suppressed"]
    found = pd.DataFrame(rows, columns=columns).astype({"n": "float"})
    found.loc[found["suppressed"].astype(bool), ["n", "estimate", "ci_low", "ci_high"]] = float("nan")
    for lang in ("en", "nl"):
        found[f"label_{lang}"] = found["category"].map(terms(lang)["figures"]["change_classes"])
        found[f"question_{lang}"] = options["title"][lang]
    return found.assign(question=options["now"])


draw = scale.draw
description = scale.description


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    """The most frequent class of each type of service."""
    return scale.alt_of_rows(table, lang)
