"""What holds of every set of outcomes and of every comparison of two groups."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.disclosure.small_groups import pool_small
from hrmonitor.estimation import holm
from hrmonitor.response.association import share_difference, shift, strata_ranks, stratified_association
from hrmonitor.response.dispositions import CODES
from hrmonitor.response.rates import eligible_share, outcome_rates
from hypothesis import given, settings
from hypothesis import strategies as st

counts = st.fixed_dictionaries({name: st.integers(0, 60) for name in CODES})


@given(counts)
def test_rates_are_shares_in_their_order(found):
    e = eligible_share(found)
    assert 0 <= e <= 1
    rates = {name: (n / total if total else None) for name, (n, total) in outcome_rates(found, e).items()}
    assert all(0 <= rate <= 1 for rate in rates.values() if rate is not None)
    for lower, higher in (
        ("RR1", "RR2"),
        ("RR3", "RR4"),
        ("RR5", "RR6"),
        ("RR1", "RR3"),
        ("RR3", "RR5"),
        ("RR2", "RR4"),
        ("RR4", "RR6"),
    ):
        if rates[lower] is not None and rates[higher] is not None:
            assert rates[lower] <= rates[higher] + 1e-12, (lower, higher)
    if rates["CON1"] is not None:
        # Who answered or refused was contacted.
        assert rates["RR2"] + rates["REF1"] <= rates["CON1"] + 1e-12
        assert outcome_rates(found, e)["CON1"][0] == outcome_rates(found, e)["COOP1"][1]


@given(counts)
def test_with_all_known_the_three_response_rates_are_one(found):
    found |= {"not_attempted": 0, "unknown": 0}
    rates = outcome_rates(found, eligible_share(found))
    assert rates["RR1"] == rates["RR3"] == rates["RR5"]


@st.composite
def two_groups(draw):
    n = draw(st.integers(6, 24))
    group = np.array([1, 0, 1, 0, *draw(st.lists(st.integers(0, 1), min_size=n - 4, max_size=n - 4))])
    strata = np.array([0, 0, 1, 1, *draw(st.lists(st.integers(0, 1), min_size=n - 4, max_size=n - 4))])
    values = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), dtype=float)
    return values, group, strata


@settings(max_examples=25, deadline=None)
@given(two_groups())
def test_exchanging_the_groups_turns_the_effect_and_keeps_the_test(found):
    values, group, strata = found
    gave = values > 2
    there, back = share_difference(gave, group, strata, 0.95), share_difference(gave, 1 - group, strata, 0.95)
    assert there == pytest.approx((-back[0], -back[2], -back[1]), abs=1e-12)
    # Another order of the same strata and facilities changes nothing either.
    turn = np.arange(len(values))[::-1]
    assert share_difference(gave[turn], group[turn], 5 - strata[turn], 0.95) == pytest.approx(there, abs=1e-12)
    moved, moved_back = shift(values, group, strata, 0.95, 1, "x"), shift(values, 1 - group, strata, 0.95, 1, "x")
    assert moved[0] == pytest.approx(-moved_back[0])
    first = stratified_association(strata_ranks(values, strata), group, strata, 1, "x")[0]
    second = stratified_association(strata_ranks(values, strata), 1 - group, strata, 1, "x")[0]
    assert first == pytest.approx(second, abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(two_groups(), st.integers(-50, 50))
def test_numbers_moved_together_move_the_shift_of_one_group_only(found, by):
    values, group, strata = found
    before = shift(values, group, strata, 0.95, 1, "x")
    assert shift(values + by, group, strata, 0.95, 1, "x") == pytest.approx(before, nan_ok=True)
    moved = shift(values + by * group, group, strata, 0.95, 1, "x")
    assert moved[0] == pytest.approx(before[0] + by)
    if not np.isnan(before[1]):
        assert before[1] <= before[0] <= before[2]
    # Ranks do not see how far apart numbers lie.
    ranked = stratified_association(strata_ranks(values, strata), group, strata, 1, "x")
    assert stratified_association(strata_ranks(np.exp(values), strata), group, strata, 1, "x") == pytest.approx(ranked)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_never_lowers_a_p_and_keeps_their_order(found):
    adjusted = np.array(holm(found))
    assert (adjusted >= np.array(found) - 1e-15).all() and (adjusted <= 1).all()
    order = np.argsort(found, kind="stable")
    assert (np.diff(adjusted[order]) >= 0).all()


@given(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=40), st.integers(1, 6))
def test_pooling_leaves_no_small_level_unless_all_are_one(levels, minimum):
    sizes = pool_small(pd.Series(levels), minimum).value_counts()
    assert sizes.sum() == len(levels)
    assert len(sizes) == 1 or sizes.min() >= minimum
