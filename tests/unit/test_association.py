"""The tests behind mode effects and non-response, against R, published examples and full enumeration."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hrmonitor.estimation import holm
from hrmonitor.response.association import (
    informative,
    share_difference,
    shift,
    strata_ranks,
    stratified_association,
)
from scipy import stats

# Student admissions at UC Berkeley 1973 by department: (admitted, rejected) of men and of women (Agresti, Categorical Data
# Analysis; R: UCBAdmissions).
BERKELEY = [((512, 313), (89, 19)), ((353, 207), (17, 8)), ((120, 205), (202, 391)), ((138, 279), (131, 244)), ((53, 138), (94, 299)), ((22, 351), (24, 317))]  # fmt: skip
# Penicillin in rabbits (Agresti; the example of R's mantelhaen.test): (cured, died) of those treated at once and of those later.
RABBITS = [((0, 6), (0, 5)), ((3, 3), (0, 6)), ((6, 0), (2, 4)), ((5, 1), (6, 0)), ((2, 0), (5, 0))]


def unfolded(tables) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A row a person: what they gave (0, 1, ..), group, stratum."""
    rows = []
    for stratum, groups in enumerate(tables):
        for group, counts in zip((1, 0), groups, strict=True):
            rows += [(outcome, group, stratum) for outcome, n in enumerate(counts) for _ in range(n)]
    outcome, group, stratum = np.array(rows).T
    return outcome, group, stratum


def dummies(values) -> np.ndarray:
    return pd.get_dummies(pd.Series(values)).to_numpy(dtype=float)


def test_cochran_mantel_haenszel_of_the_berkeley_admissions():
    outcome, group, stratum = unfolded(BERKELEY)
    statistic, p = stratified_association(outcome == 0, group, stratum, 1, "berkeley")
    # R: mantelhaen.test(UCBAdmissions, correct = FALSE)$statistic; exact = TRUE gives p = 0.2278.
    assert statistic == pytest.approx(1.524606660443436, abs=1e-9)
    assert p == pytest.approx(0.227762526798206, abs=0.015)


def test_cochran_mantel_haenszel_of_the_rabbits():
    outcome, group, stratum = unfolded(RABBITS)
    statistic, p = stratified_association(outcome == 0, group, stratum, 1, "rabbits")
    # R: mantelhaen.test(Rabbits), correct = FALSE and exact = TRUE.
    assert statistic == pytest.approx(5.65714285714286, abs=1e-9)
    assert p == pytest.approx(0.0399449035812672, abs=0.008)


def test_generalised_statistic_of_three_categories():
    # R: mantelhaen.test(array(c(3,1,4,2,2,6, 5,3,1,0,2,7), dim = c(2,3,2))): M^2 = 6.8176, df = 2.
    outcome, group, stratum = unfolded([((3, 4, 2), (1, 2, 6)), ((5, 1, 2), (3, 0, 7))])
    statistic, p = stratified_association(dummies(outcome), group, stratum, 1, "three")
    assert statistic == pytest.approx(6.81763180639585, abs=1e-9)
    assert p == pytest.approx(stats.chi2.sf(statistic, 2), abs=0.02)


def test_ranks_in_one_stratum_are_the_kruskal_wallis_test():
    values = np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3])
    group = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    one = np.zeros(10)
    statistic, _ = stratified_association(strata_ranks(values, one), group, one, 1, "ranks")
    assert statistic == pytest.approx(stats.kruskal(values[group == 1], values[group == 0]).statistic)


def enumerated(scores: np.ndarray, group: np.ndarray, strata: np.ndarray) -> float:
    """p over all allotments within strata, with the statistic computed the long way round."""

    def statistic(allotted: np.ndarray) -> float:
        total, covariance = 0.0, 0.0
        for stratum in np.unique(strata):
            y, g = scores[strata == stratum], allotted[strata == stratum]
            n, first = len(y), g.sum()
            total = total + y[g == 1].sum(axis=0) - first * y.mean(axis=0)
            covariance = covariance + first * (n - first) / n * np.cov(y.T, ddof=1)
        return float(total @ np.linalg.pinv(covariance) @ total)

    observed = statistic(group)
    choices = []
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        choices.append([list(chosen) for chosen in combinations(members, int(group[members].sum()))])
    found = []
    for chosen in product(*choices):
        allotted = np.zeros(len(group), int)
        allotted[[one for part in chosen for one in part]] = 1
        found.append(statistic(allotted) >= observed - 1e-9)
    return float(np.mean(found))


def test_the_permutation_test_agrees_with_full_enumeration():
    outcome = np.array([0, 0, 1, 2, 2, 1, 0, 2, 2, 1, 2, 0])
    group = np.array([1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1])
    strata = np.repeat([0, 1], 6)
    exact = enumerated(dummies(outcome), group, strata)
    _, p = stratified_association(dummies(outcome), group, strata, 7, "small")
    # Three standard errors of 9,999 draws.
    assert p == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / 9999))
    assert 0.01 < exact < 0.5


def test_the_same_seed_gives_the_same_p_and_other_names_other_draws():
    outcome, group, stratum = unfolded(RABBITS)
    first = stratified_association(outcome, group, stratum, 1, "a")
    assert stratified_association(outcome, group, stratum, 1, "a") == first
    assert stratified_association(outcome, group, stratum, 1, "b")[1] != first[1]


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        # R: metafor 3.8-1, rma.mh(measure = "RD"): estimate and 95 % interval.
        ([((8, 12), (2, 8)), ((3, 3), (1, 2)), ((12, 18), (3, 2)), ((5, 4), (4, 8))],
         (0.107894736842105, -0.115647111940535, 0.331436585624745)),
        (BERKELEY, (-0.0184251961908525, -0.0474824353465422, 0.0106320429648372)),
    ],
)  # fmt: skip
def test_mantel_haenszel_difference_equals_metafor(tables, expected):
    outcome, group, stratum = unfolded(tables)
    assert share_difference(outcome == 0, group, stratum, 0.95) == pytest.approx(expected, abs=1e-12)


def test_hodges_lehmann_shift_equals_wilcox_test():
    # Hollander and Wolfe (1973), permeability constants of the placental membrane; R: wilcox.test(x, y, conf.int = TRUE).
    x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    y = [1.15, 0.88, 0.90, 0.74, 1.21]
    group = np.repeat([1, 0], [10, 5])
    found = shift(np.array(x + y), group, np.zeros(15), 0.95, 1, "hollander")
    assert found == pytest.approx((0.305, -0.15, 0.76), abs=1e-9)


def test_a_shift_of_too_few_has_no_bounds():
    value, low, high = shift(np.array([1.0, 3.0, 2.0]), np.array([1, 0, 0]), np.zeros(3), 0.95, 1, "few")
    assert value == -1.5
    assert np.isnan(low) and np.isnan(high)


def test_holm_equals_p_adjust():
    # R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm").
    assert holm(np.array([0.01, 0.04, 0.03, 0.005, 0.5])) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.5])
    assert len(holm(np.array([]))) == 0


def test_strata_with_one_group_say_nothing():
    assert informative(np.array([1, 0, 1, 1]), np.array(["a", "a", "b", "b"])).tolist() == [True, True, False, False]
