"""A follow-up is asked of those that gave an answer: how many it applies to is how many gave it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from attacks.reasons import read


def recovered(
    results: Path, sizes: dict[tuple, tuple[int, int]], follow_ups: dict[str, tuple[str, str]]
) -> dict[tuple, int]:
    """(round, service, indicator, category) -> the hidden count, from the population of its follow-up.

    `sizes`, (round, service) -> facilities in the register and those that answered; `follow_ups`, indicator -> the indicator and category after
    which it is asked.
    """
    table = read(results / "open_data" / "indicators.csv")
    keys = ["round", "service", "indicator", "category"]
    blank = table[(table["statistic"] == "share") & table["estimate"].isna()]
    hidden = {tuple(row[key] for key in keys) for row in blank.to_dict("records")}
    found = {}
    for row in table.to_dict("records"):
        place, before = (row["round"], row["service"]), follow_ups.get(row["indicator"])
        if before and place in sizes and (*place, *before) in hidden and pd.notna(row["population"]):
            registered, kept = sizes[place]
            found[*place, *before] = round(row["population"] * kept / registered)
    return found
