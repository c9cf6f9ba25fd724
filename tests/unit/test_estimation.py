"""Estimates against published vectors and against R's survey package."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hrmonitor.estimation import (
    bootstrap,
    exact_count,
    exact_share,
    sign_test,
    stratified_mean,
    stratified_ratio,
    stratified_total,
    weighted_median,
    worst_case_share,
)

REFERENCE = Path(__file__).parents[1] / "reference_values"


@pytest.mark.parametrize(
    ("m", "n", "population", "low", "high"),
    [(3, 10, 50, 5, 31), (9, 17, 24, 10, 16), (17, 17, 24, 22, 24), (0, 17, 24, 0, 2), (20, 53, 75, 23, 34), (10, 29, 175, 34, 92), (9, 17, 17, 9, 9)],
)  # fmt: skip
def test_exact_interval_equals_the_vectors_of_the_field_notes(m, n, population, low, high):
    assert exact_count(m, n, population) == (low, high)


def test_a_census_has_no_interval():
    found = exact_share(9, 17, 17)
    assert (found.value, found.low, found.high) == (9 / 17, 9 / 17, 9 / 17)


def test_no_answers_no_estimate():
    assert np.isnan(exact_share(0, 0, 10).value)


def test_worst_case_assumes_nothing():
    assert worst_case_share(9, 17, 24) == (9 / 24, 16 / 24)


def test_sign_test_equals_clopper_pearson():
    # R: binom.test(15, 20)$conf.int
    found = sign_test(15, 5)
    assert found.value == 0.75
    assert found.low == pytest.approx(0.5089541283, abs=1e-9)
    assert found.high == pytest.approx(0.9134285309, abs=1e-9)


def designs() -> list[dict]:
    return json.loads((REFERENCE / "designs.json").read_text(encoding="utf-8"))


def expected() -> dict[tuple[str, str], tuple[float, float]]:
    with open(REFERENCE / "survey.csv", encoding="utf-8", newline="") as file:
        return {
            (row["design"], row["statistic"]): (float(row["estimate"]), float(row["se"]))
            for row in csv.DictReader(file)
        }


@pytest.mark.parametrize("design", designs(), ids=lambda design: design["name"])
@pytest.mark.parametrize("statistic", ["mean", "share", "total", "ratio", "domain_mean"])
def test_estimates_equal_those_of_r(design, statistic):
    y, x, strata = (np.array(design[key]) for key in ("y", "x", "stratum"))
    population = design["population"]
    found = {
        "mean": lambda: stratified_mean(y, strata, population),
        "share": lambda: stratified_mean(np.array(design["yes"], float), strata, population),
        "total": lambda: stratified_total(y, strata, population),
        "ratio": lambda: stratified_ratio(y, x, strata, population),
        "domain_mean": lambda: stratified_mean(
            np.where(np.array(design["domain"]) == 1, y, np.nan), strata, population
        ),
    }[statistic]()
    estimate, se = expected()[design["name"], statistic]
    assert found.value == pytest.approx(estimate, rel=1e-8)
    assert found.se == pytest.approx(se, rel=1e-6, abs=1e-10)


def test_weighted_median_halves_the_weight():
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])) == 2.0
    assert weighted_median(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4)) == 2.5
    assert weighted_median(np.array([1.0, 10.0]), np.array([3.0, 1.0])) == 1.0


def test_bootstrap_collapses_for_a_census_and_repeats_with_its_seed():
    values, strata = np.arange(10.0), np.array(["a"] * 10)
    census = bootstrap(weighted_median, [values], strata, {"a": 10}, 0.95, 1, "x")
    assert (census.low, census.high) == (census.value, census.value)
    first, again = (bootstrap(weighted_median, [values], strata, {"a": 40}, 0.95, 1, "x") for _ in range(2))
    assert first == again
    assert first.low < first.value < first.high
