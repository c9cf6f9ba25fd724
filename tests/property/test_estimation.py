"""What must hold of every interval."""

from hrmonitor.estimation import exact_share, sign_test, worst_case_share
from hypothesis import given
from hypothesis import strategies as st


@st.composite
def samples(draw):
    population = draw(st.integers(1, 120))
    n = draw(st.integers(1, population))
    return draw(st.integers(0, n)), n, population


@given(samples())
def test_the_interval_holds_the_estimate_and_lies_within_the_bounds(sample):
    m, n, population = sample
    found = exact_share(m, n, population)
    low, high = worst_case_share(m, n, population)
    assert low - 1e-9 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= high + 1e-9
    # Its ends are numbers of facilities that can be.
    assert abs(found.low * population - round(found.low * population)) < 1e-6


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
