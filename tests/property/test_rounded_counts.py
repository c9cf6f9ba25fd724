"""Any counts, any draws: what is rounded adds up, is less than a base off and leaves every count at least two values."""

import numpy as np
import pytest
from hrmonitor.disclosure.rounded_counts import controlled
from hypothesis import given
from hypothesis import strategies as st

BASES = st.sampled_from([3, 5])
COUNTS = st.lists(st.integers(0, 12), min_size=2, max_size=6)
SEEDS = st.integers(0, 2**32 - 1)


def rounded(counts: list[int], base: int, seed: int) -> np.ndarray:
    return controlled(np.array(counts), base, np.random.default_rng(seed).random(len(counts)))


@given(COUNTS, BASES, SEEDS)
def test_rounded_counts_add_up_and_are_less_than_a_base_off(counts, base, seed):
    found = rounded(counts, base, seed)
    assert (found % base == 0).all()
    assert (abs(found - counts) < base).all()
    # No other multiple is nearer to the sum.
    assert abs(found.sum() - sum(counts)) <= base // 2
    stays = np.array(counts) % base == 0
    assert (found[stays] == np.array(counts)[stays]).all()


@given(COUNTS, BASES, SEEDS, SEEDS)
def test_every_table_within_the_range_could_have_given_the_same_rounded_counts(counts, base, seed, other):
    """So that who knows the code and has no draws learns the range and nothing more."""
    found = rounded(counts, base, seed)
    random = np.random.default_rng(other)
    world = np.array([random.integers(max(0, one - base + 1), one + base) for one in found])
    if abs(found.sum() - world.sum()) <= base // 2:
        draws = np.where(found > world, 0.0, 1.0 - 1e-9)
        assert (controlled(world, base, draws) == found).all()


@given(COUNTS.filter(any), BASES, SEEDS)
def test_every_count_could_be_another_one_for_who_knows_their_exact_number(counts, base, seed):
    found = rounded(counts, base, seed)

    def possible(world: np.ndarray) -> bool:
        return bool((world >= 0).all() and (abs(found - world) < base).all())

    for place in range(len(counts)):
        moved = []
        for other in set(range(len(counts))) - {place}:
            for step in (1, -1):
                world = np.array(counts)
                world[[place, other]] += [step, -step]
                moved.append(possible(world))
        assert any(moved)


def test_a_sum_rounded_to_the_farther_multiple_would_tell_that_all_gave_one_answer():
    """Why the sum goes to the nearest: of four, (6, 0) leaves (4, 0) alone."""
    worlds = [(first, 4 - first) for first in range(5) if abs(6 - first) < 3 and 4 - first < 3]
    assert worlds == [(4, 0)]
    assert controlled(np.array([4, 0]), 3, np.array([0.0, 0.5])).tolist() == [3, 0]


@pytest.mark.parametrize("base", [3, 5])
def test_the_nearer_multiple_is_the_likelier_one(base):
    random = np.random.default_rng(1)
    found = np.array([controlled(np.array([1, base - 1, base]), base, random.random(3)) for _ in range(2000)])
    assert 0.5 < (found[:, 1] == base).mean() < 1
    assert (found[:, 2] == base).all()
