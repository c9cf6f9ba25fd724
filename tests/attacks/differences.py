"""What two editions tell by subtraction: each number that both show, now less then, at the facilities of a service or of all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from attacks.reasons import read


def differences(earlier: Path, later: Path) -> pd.DataFrame:
    """round, service, indicator, category, statistic and `difference`: of how many facilities, or of what they said together.

    Both folders are results/ of an edition. A share times n is a count; a total over facilities in the register for each that answered, a sum.
    """
    tables = [_shown(folder) for folder in (earlier, later)]
    place = ["round", "service", "indicator", "category", "statistic"]
    both = tables[1].merge(tables[0], on=place, suffixes=("", "_then"))
    return both.assign(difference=both["said"] - both["said_then"])[[*place, "difference"]]


def _shown(folder: Path) -> pd.DataFrame:
    table = read(folder / "open_data" / "indicators.csv")
    own = table[
        table["statistic"].isin(["share", "total", "mean"]) & table["estimate"].notna() & (table["service"] != "all")
    ]
    factor = own["n"].astype(float)
    factor = factor.where(own["statistic"] != "total", factor / own["population"].astype(float))
    return own.assign(said=own["estimate"].astype(float) * factor)
