"""What must hold of every interval."""

from dataclasses import astuple
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hrmonitor.estimation import (
    counted,
    exact_count,
    exact_share,
    holm,
    mean,
    of_item,
    poststratify,
    quantile,
    rake,
    ratio,
    share,
    sign_test,
    stratified,
    total,
    worst_case_share,
)
from hrmonitor.estimation.clusters import with_clusters
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st


@st.composite
def samples(draw):
    population = draw(st.integers(1, 120))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


@given(samples())
@example((1, 83, 84))
@example((104, 105, 106))
def test_the_interval_holds_the_estimate_and_lies_within_the_bounds(sample):
    m, n, population = sample
    found = exact_share(m, n, population)
    low, high = worst_case_share(m, n, population)
    assert low - 1e-9 <= found.low <= found.high <= high + 1e-9
    assert found.low <= found.value <= found.high
    # Its ends are numbers of facilities that can be. The estimate need not be one: where almost all answered, it may lie beyond them by a
    # part of a facility, though never by more than the probability that each end leaves out; the interval then ends there.
    for end, exact in zip((found.low, found.high), exact_count(m, n, population), strict=True):
        assert abs(end - exact / population) <= (0.025 / population if end == found.value else 0) + 1e-9


@given(samples())
def test_the_mirror_image_has_the_mirrored_interval(sample):
    m, n, population = sample
    one, other = exact_share(m, n, population), exact_share(n - m, n, population)
    assert abs(one.low - (1 - other.high)) < 1e-9


@given(samples(), st.floats(0.5, 0.94))
def test_more_confidence_is_no_narrower(sample, confidence):
    narrow, wide = exact_share(*sample, confidence), exact_share(*sample, 0.95)
    assert wide.low <= narrow.low + 1e-12
    assert narrow.high <= wide.high + 1e-12


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_rejects_one_direction_only(up, down):
    rises, falls = sign_test(up, down), sign_test(down, up)
    assert not (rises.low > 0.5 and falls.low > 0.5)


@st.composite
def designs(draw):
    """Answers of one to three strata, some outside the domain: (design, values, other values)."""
    strata, population = [], {}
    for name in "abc"[: draw(st.integers(1, 3))]:
        n = draw(st.integers(1, 8))
        strata += [name] * n
        population[name] = n + draw(st.integers(0, 30))
    numbers = st.floats(0.5, 1e4) | st.just(float("nan"))
    y, x = (np.array(draw(st.lists(numbers, min_size=len(strata), max_size=len(strata)))) for _ in range(2))
    return stratified(np.array(strata), population), y, x


@given(designs(), st.randoms(use_true_random=False))
def test_the_order_of_facilities_does_not_matter(sample, random):
    design, y, x = sample
    order = list(range(len(y)))
    random.shuffle(order)
    other = stratified(design.strata[order], design.population)
    for estimate in (mean, total, lambda d, values, c: quantile(d, values, 0.5, c)):
        one, two = estimate(design, y, 0.95), estimate(other, y[order], 0.95)
        assert (one.value, one.low, one.high, one.n) == pytest.approx(
            (two.value, two.low, two.high, two.n), nan_ok=True
        )
    assert ratio(design, y, x, 0.95).value == pytest.approx(ratio(other, y[order], x[order], 0.95).value, nan_ok=True)


@given(designs())
def test_intervals_hold_their_estimates_and_lie_where_values_can(sample):
    design, y, _ = sample
    inside = ~np.isnan(y)
    assume(inside.any())
    for p in (0.25, 0.5, 0.75):
        found = quantile(design, y, p, 0.95)
        if np.isnan(found.low):  # one answer alone says nothing of the others
            assert found.n == 1
            continue
        assert np.nanmin(y) <= found.low <= found.value <= found.high <= np.nanmax(y)
    yes = np.where(inside, (y > np.nanmedian(y)).astype(float), np.nan)
    for interval in ("exact", "wilson", "clopper_pearson"):
        found = share(design, yes, 0.95, interval)
        assert -1e-12 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1 + 1e-12


@settings(deadline=None)
@given(designs(), st.data())
def test_fitted_weights_too_give_intervals_within_what_can_be(sample, data):
    design, y, _ = sample
    region = np.array(data.draw(st.lists(st.sampled_from("ns"), min_size=len(y), max_size=len(y))))
    size = {str(name): float((region == name).sum() + data.draw(st.integers(0, 9))) for name in np.unique(region)}
    fitted = poststratify(design, region, size)
    answers = [np.zeros(len(y)), np.ones(len(y)), region == "n", np.where(np.isnan(y), np.nan, y > 100)]
    # From hardly any confidence to nearly all, as p values look for the threshold.
    for yes, interval, confidence in product(answers, ("exact", "clopper_pearson"), (2e-9, 0.95, 1 - 2e-12)):
        found = share(fitted, yes, confidence, interval)
        if found.n:
            assert -1e-9 <= found.low <= found.value + 1e-9
            assert found.value - 1e-9 <= found.high <= 1 + 1e-9


@given(designs())
def test_weights_stand_for_the_population(sample):
    design, y, _ = sample
    assert design.weights.sum() == pytest.approx(sum(design.population.values()))
    assert total(design, np.ones(len(y)), 0.95).value == pytest.approx(sum(design.population.values()))
    # The number of facilities is known, but a stratum with one answer shows no spread to tell by (as in R).
    assume(np.unique(design.strata, return_counts=True)[1].min() > 1)
    assert total(design, np.ones(len(y)), 0.95).se == pytest.approx(0, abs=1e-6)


@given(designs(), st.data())
def test_raked_margins_hold(sample, data):
    design, y, _ = sample
    region = np.array(data.draw(st.lists(st.sampled_from("ns"), min_size=len(y), max_size=len(y))))
    # Margins of a population that has every combination of the sample, so that they can hold.
    more = data.draw(st.lists(st.integers(1, 9), min_size=len(y), max_size=len(y)))
    wanted = [
        {str(name): float(np.sum(np.array(more)[labels == name])) for name in np.unique(labels)}
        for labels in (region, design.strata)
    ]
    fitted = rake(design, [region, design.strata], wanted)
    for labels, totals in zip((region, design.strata), wanted, strict=True):
        for name, size in totals.items():
            assert fitted.weights[labels == name].sum() == pytest.approx(size, rel=1e-9)


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=8))
def test_corrected_p_values_are_no_smaller_and_keep_their_order(p):
    adjusted = np.array(holm(p))
    known = ~np.isnan(p)
    assert (np.isnan(adjusted) == np.isnan(p)).all() if p else adjusted.size == 0
    assert (adjusted[known] >= np.array(p)[known]).all()
    assert (adjusted[known] <= 1).all()


@given(designs(), st.data(), st.sampled_from(["plain", "related", "fitted"]))
def test_shares_from_counts_are_those_of_the_answers_one_by_one(sample, data, kind):
    design, _, _ = sample
    n = len(design.strata)
    each = st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=n, max_size=n)
    yes, applies, region = (np.array(data.draw(each)) for _ in range(3))
    applies = np.isnan(applies) | ~np.isnan(yes)
    names = np.where(np.isnan(region), "south", "north")
    if kind == "related":
        design = with_clusters(design, names)
    elif kind == "fitted":
        design = poststratify(design, names, {name: 3.0 * sum(names == name) for name in set(names)})
    with patch("hrmonitor.estimation.designs.MANY", 0):
        counts = counted(design, applies, yes)
    assert len(counts[2]) <= 6 * len(design.kinds[1])
    one_by_one, together = (share_of_item(*given) for given in ((design, applies, yes), counts))
    assert astuple(together) == pytest.approx(astuple(one_by_one), nan_ok=True, rel=1e-7, abs=1e-9)


def share_of_item(design, applies, yes):
    item, (said,) = of_item(design, applies, yes)
    return share(item, said, 0.95)
