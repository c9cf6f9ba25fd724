"""Samples that bring their own design, against R's survey package on its own data (tests/reference_values/svydesign.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.errors import EstimationError
from hrmonitor.estimation import Estimate, bootstrap, mean, of_item, quantile, ratio, sampled, share, total
from hrmonitor.estimation.designs import Design

FOLDER = Path(__file__).parents[1] / "reference_values"
SAMPLES = pd.read_csv(FOLDER / "svydesign_samples.csv", dtype={"stratum": "str", "cluster": "str"})
EXPECTED = pd.read_csv(FOLDER / "svydesign.csv")


def design_of(own: pd.DataFrame, lonely: str) -> Design:
    """As R makes it: a column that is not there is left out."""
    strata = own["stratum"].fillna("").to_numpy(dtype=str)
    clusters = own["cluster"].fillna(own.index.to_series().astype("str")).to_numpy(dtype=str)
    weights, fpc = (None if own[name].isna().all() else own[name].to_numpy(float) for name in ("weight", "fpc"))
    return sampled(strata, clusters, weights, fpc, lonely)


def ours(line) -> tuple[Estimate, int]:
    """(what our estimator gives for a line of svydesign.csv, its degrees of freedom)."""
    own = SAMPLES[SAMPLES["sample"] == line.sample].reset_index(drop=True)
    y, x, yes = (own[name].to_numpy(float) for name in ("y", "x", "yes"))
    if line.statistic.startswith("domain_"):
        y, yes = (np.where(own["domain"] == 1, values, np.nan) for values in (y, yes))
    design, everybody = design_of(own, line.lonely), np.ones(len(own), dtype=bool)
    item, (said,) = of_item(design, everybody, yes if line.statistic.endswith("share") else y)
    found = {
        "mean": lambda: mean(item, said, 0.95),
        "total": lambda: total(item, said, 0.95),
        "ratio": lambda: ratio(design, y, x, 0.95),
        "share": lambda: share(item, said, 0.95),
        "median": lambda: quantile(item, said, 0.5, 0.95),
    }[line.statistic.removeprefix("domain_")]()
    # R's degf of what is left of the design, which for a mean with gaps are those of all.
    part = design.subset(own["domain"].to_numpy() == 1) if line.statistic.startswith("domain_") else design
    return found, (item if line.statistic.endswith(("share", "median")) else part).freedom


@pytest.mark.parametrize(
    "line", list(EXPECTED.itertuples()), ids=lambda line: f"{line.sample}, {line.lonely}: {line.statistic}"
)
def test_estimates_equal_svydesign(line):
    found, freedom = ours(line)
    assert found.value == pytest.approx(line.estimate, rel=1e-8)
    assert found.se == pytest.approx(line.se, rel=1e-8)
    assert freedom == line.freedom


def whole(line) -> bool:
    """R takes the degrees of freedom before those without an answer are left out; and it knows no interval for shares of answers that all
    weigh the same but the one that we have for weights."""
    return not (line.sample.startswith("persons") or "two stages" in line.sample) or line.statistic.endswith(
        ("share", "median")
    )


@pytest.mark.parametrize("line", [one for one in EXPECTED.itertuples() if whole(one)], ids=lambda line: f"{line.sample}, {line.lonely}: {line.statistic}")  # fmt: skip
def test_intervals_equal_svydesign(line):
    found, _ = ours(line)
    assert found.low == pytest.approx(line.low, rel=1e-7, abs=1e-9)
    assert found.high == pytest.approx(line.high, rel=1e-7, abs=1e-9)


def test_published_toplines_of_the_packages_own_examples():
    """What help(svymean) and the vignette of R's survey print for the schools of California."""
    districts = SAMPLES[SAMPLES["sample"] == "districts"].reset_index(drop=True)
    found = mean(design_of(districts, "fail"), districts["y"].to_numpy(float), 0.95)
    assert (round(found.value, 2), round(found.se, 3)) == (644.17, 23.542)
    schools = SAMPLES[SAMPLES["sample"] == "schools by type"].reset_index(drop=True)
    found = mean(design_of(schools, "fail"), schools["y"].to_numpy(float), 0.95)
    assert (round(found.value, 2), round(found.se, 4)) == (662.29, 9.4089)


def equal_weights(number: int, strata: int = 1) -> Design:
    labels = np.repeat([f"s{place}" for place in range(strata)], number)
    return sampled(labels, np.arange(len(labels)).astype(str), None)


def test_the_interval_of_a_plain_sample_is_that_of_clopper_and_pearson():
    found = share(equal_weights(20), np.repeat([1.0, 0.0], [5, 15]), 0.95)
    # binom.test(5, 20) of R.
    assert (found.low, found.high) == pytest.approx((0.08657147, 0.49104587), abs=1e-8)
    assert found.se == pytest.approx(np.sqrt(0.25 * 0.75 / 19))


def test_a_sample_of_one_mind_has_an_interval_all_the_same():
    for design in (equal_weights(30), equal_weights(15, 2)):
        found = share(design, np.ones(30), 0.95)
        assert found.high == 1 and 0.85 < found.low < 0.9
    in_clusters = sampled(np.full(30, "a"), np.repeat(list("abcdef"), 5), None)
    assert share(in_clusters, np.ones(30), 0.95).low < 0.85


def test_no_interval_where_all_units_were_drawn_for_certain():
    census = sampled(np.full(6, "a"), np.arange(6).astype(str), None, np.full(6, 6.0))
    found = share(census, np.array([1, 1, 0, 0, 1, 0.0]), 0.95)
    assert (found.low, found.value, found.high) == (0.5, 0.5, 0.5)


def test_one_answer_alone_has_no_interval():
    found = mean(equal_weights(5), np.array([3.0, np.nan, np.nan, np.nan, np.nan]), 0.95)
    assert found.value == 3 and np.isnan(found.low) and np.isnan(found.se)


@pytest.mark.parametrize(
    ("strata", "weights", "fpc", "says"),
    [
        ("aab", None, None, "stratum 'b' has one primary sampling unit"),
        ("aaaa", [1, 1, 0, 1], None, "A weight is a number above 0"),
        ("aaaa", [1, 1, np.nan, 1], None, "A weight is a number above 0"),
        ("aabb", None, [9, 8, 7, 7], "not the same for all of the stratum 'a'"),
        ("aabb", None, [0.5, 0.5, 7, 7], "below 1 and above"),
        ("aabb", None, [1.5, 1.5, 7, 7], "Of the stratum 'a' 2 units are in the sample"),
        ("aabb", None, [0, 0, 7, 7], "above 0"),
    ],
)
def test_what_cannot_be_a_design_is_refused_by_name(strata, weights, fpc, says):
    with pytest.raises(EstimationError, match=says):
        sampled(
            np.array(list(strata)),
            np.arange(len(strata)).astype(str),
            None if weights is None else np.array(weights, float),
            None if fpc is None else np.array(fpc, float),
        )


def test_the_bootstrap_of_a_sample_with_its_own_design_is_refused():
    with pytest.raises(EstimationError, match="bootstrap"):
        bootstrap(equal_weights(5), lambda y, w: float(y.sum()), [np.ones(5)], 0.95, 1, "x")
