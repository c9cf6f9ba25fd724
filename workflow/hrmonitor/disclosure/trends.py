"""Trends over rounds: shown where every change that they follow from is.

The trend of a type of service is a sum of its changes between rounds with known weights, and its variance one of theirs. So it tells nothing
that `changes.csv` does not, as long as none of them is hidden, nor blank for a part or for few facilities.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

NUMBERS = ["estimate", "ci_low", "ci_high", "se", "p", "p_monotone"]


def hide_trends(trends: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """`tabulation.trends.COLUMNS` with `suppressed`; numbers are blank where a change between two of their rounds has no interval to show.

    `changes` are as published. A change that is not in them is not known to be safe either.
    """
    keys = ["indicator", "category", "service", "round_from", "round"]
    own = changes[changes["statistic"] == "change"]
    safe = own[~own["suppressed"].astype(bool) & own["suppression"].eq("") & own["ci_low"].notna() & own["se"].notna()]
    known = set(safe[keys].itertuples(index=False, name=None))
    hidden = [
        any((*place, *pair) not in known for pair in combinations(used, 2))
        for *place, used in trends[["indicator", "category", "service", "used"]].itertuples(index=False, name=None)
    ]
    # Without numbers nothing is hidden.
    table = trends.assign(suppressed=pd.Series(hidden, index=trends.index, dtype=bool) & trends["n"].gt(0))
    table.loc[table["suppressed"], NUMBERS] = np.nan
    return table
