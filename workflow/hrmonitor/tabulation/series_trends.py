"""The trend of each published series, with how much its years resemble each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hrmonitor.estimation.series import series_trend

COLUMNS = [
    "series", "run", "year_from", "year", "n", "estimate", "ci_low", "ci_high", "se", "se_independent", "p", "autocorrelation",
    "durbin_watson", "outcome", "unit",
]  # fmt: skip
# Of shorter series a trend may be drawn, but not how its years hang together. A convention.
LEAST_YEARS = 8
FEWEST = 3


def series_trends(reference: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row a run of a series (values that were counted alike) of three years or more, in `COLUMNS`.

    `reference` as `against_published.read_reference` gives it. `outcome` is rises or falls where the interval keeps clear of 0, else
    no_trend_shown; with fewer years than `LEAST_YEARS`, or two values for a year, no trend can be told.
    """
    rows = []
    known = reference[reference["value"].notna()]
    for (series, run), own in known.groupby(["series", "run"], sort=False):
        own = own.sort_values("year")
        years, values = own["year"].to_numpy(), own["value"].to_numpy(float)
        if len(own) < FEWEST:
            continue
        numbers: Sequence[float] = [np.nan] * 8
        if own["year"].duplicated().any():
            outcome = "two_values_a_year"
        elif len(own) < LEAST_YEARS:
            outcome = "too_few_years"
        else:
            found = series_trend(years, values, confidence)
            outcome = "rises" if found.low > 0 else "falls" if found.high < 0 else "no_trend_shown"
            se = max(found.plain, found.robust)
            numbers = [found.value, found.low, found.high, se, found.plain, found.p, found.autocorrelation, found.durbin_watson]  # fmt: skip
        rows.append((series, run, years[0], years[-1], len(own), *numbers, outcome, own["unit"].iloc[0]))
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype(dict.fromkeys(COLUMNS[5:13], float))
