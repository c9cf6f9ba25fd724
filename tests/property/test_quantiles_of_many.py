"""The weighted quantile of very many answers is that of whole numbers."""

import numpy as np
from hrmonitor.estimation import weighted_quantile
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.tuples(st.integers(1, 40_000), st.integers(1, 40_000)), min_size=2, max_size=6),
    weights=st.sampled_from([(1, 3), (7, 11), (13, 10), (1, 1)]),
    divisor=st.sampled_from([3, 7, 10, 29]),
    tied=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_median_falls_where_whole_numbers_say(counts, weights, divisor, tied, seed):
    """Two strata, whose weights are whole numbers over a divisor: multiplied by it, all sums are exact. `tied`: each half the same."""
    halves = [*counts, *counts] if tied else counts
    whole = [a * weights[0] + b * weights[1] for a, b in halves]
    cumulated, total = np.cumsum(whole), sum(whole)
    at = int(np.searchsorted(2 * cumulated, total))
    expected = at + 0.5 if 2 * int(cumulated[at]) == total else float(at)
    values = np.repeat(np.arange(len(halves), dtype=float), [a + b for a, b in halves])
    each = np.concatenate([np.repeat([weights[0] / divisor, weights[1] / divisor], pair) for pair in halves])
    order = np.random.default_rng(seed).permutation(len(values))
    assert weighted_quantile(values[order], each[order], 0.5) == expected
