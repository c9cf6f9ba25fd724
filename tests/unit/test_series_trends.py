"""Trends of published series: as R's sandwich and lmtest have them, over values that were counted alike, and not told of short ones."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.declarations.csv_files import write_table
from hrmonitor.estimation.series import series_trend
from hrmonitor.tabulation.series_trends import series_trends

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference_values" / "series.csv", index_col="series")


@pytest.mark.parametrize("name", REFERENCE.index)
def test_slope_errors_and_autocorrelation_are_those_of_r(name):
    row = REFERENCE.loc[name]
    values = np.array(row["values"].split(), float)
    found = series_trend(2000.0 + np.arange(len(values)), values, 0.95)
    ours = (found.value, found.plain, found.robust, found.autocorrelation, found.durbin_watson)
    theirs = row[["slope", "se_plain", "se", "autocorrelation", "durbin_watson"]]
    assert ours == pytest.approx(tuple(theirs.astype(float)), rel=1e-9)
    # The interval is R's where that is the wider one.
    if row["se"] > row["se_plain"]:
        assert (found.low, found.high) == pytest.approx((row["low"], row["high"]), rel=1e-9)
    else:
        assert found.high - found.low > row["high"] - row["low"]


def test_years_that_are_missing_are_not_taken_for_neighbours():
    years, values = np.array([2000.0, 2001, 2002, 2010, 2011]), np.array([1.0, 3, 2, 9, 7])
    found = series_trend(years, values, 0.95)
    residuals = values - np.polyval(np.polyfit(years, values, 1), years)
    pairs = [(0, 1), (1, 2), (3, 4)]
    expected = 4 / 3 * sum(residuals[a] * residuals[b] for a, b in pairs) / (residuals**2).sum()
    assert found.autocorrelation == pytest.approx(expected)
    assert found.durbin_watson == pytest.approx(4 / 3 * sum((residuals[a] - residuals[b]) ** 2 for a, b in pairs) / (residuals**2).sum())  # fmt: skip
    alone = series_trend(years[::2], values[::2], 0.95)
    assert np.isnan(alone.autocorrelation) and np.isnan(alone.durbin_watson)


def published(run: str, first: int, values: list[float]) -> pd.DataFrame:
    years = range(first, first + len(values))
    return pd.DataFrame({"series": "clients", "run": run, "year": years, "value": values, "unit": "persons"})


def test_each_run_has_its_own_line_and_short_ones_have_none(tmp_path):
    rng = np.random.default_rng(4)
    reference = pd.concat([
        published("old", 2000, list(100 + 5.0 * np.arange(10) + rng.normal(0, 2, 10))),
        published("new", 2011, list(900 - 9.0 * np.arange(8) + rng.normal(0, 2, 8))),
        published("flat", 2020, list(rng.normal(50, 3, 9))),
        published("short", 2030, [1.0, 2, 3, 4, 5, 6, 7]),
        published("two", 2040, [1.0] * 9).replace({"year": {2041: 2040}}),
        published("pair", 2050, [1.0, 2.0]),
        published("said", 2060, [np.nan] * 9),
    ])  # fmt: skip
    table = series_trends(reference, 0.95)
    write_table("series_trends", table, tmp_path / "series_trends.csv")
    outcomes = {
        "old": "rises",
        "new": "falls",
        "flat": "no_trend_shown",
        "short": "too_few_years",
        "two": "two_values_a_year",
    }
    assert dict(zip(table["run"], table["outcome"], strict=True)) == outcomes
    told = table["outcome"].isin(["rises", "falls", "no_trend_shown"])
    assert table["estimate"].notna().equals(told) and table.set_index("run").loc["old", "estimate"] == pytest.approx(
        5, abs=1
    )
