"""Agreement between coders: published worked examples, intervals, and which themes are taken for each other."""

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hrmonitor.themes.agreement import (
    Resampling,
    agreement_table,
    cohen_kappa,
    confusion_table,
    krippendorff_alpha,
    resampled,
    resampled_alpha,
)

NAN = float("nan")
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), the data of its sections A, B, and C and D. Rows are observers.
MEG_AND_OWEN = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
BEN_AND_GERRY = [list("aabbdcccedda"), list("babbbccceddd")]
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def as_numbers(rows: list[list[str]]) -> list[list[int]]:
    return [[ord(letter) for letter in row] for row in rows]


@pytest.mark.parametrize(
    ("observers", "published"),
    [(MEG_AND_OWEN, 0.095), (as_numbers(BEN_AND_GERRY), 0.692), (FOUR_OBSERVERS, 0.743)],
    ids=["2011, A: binary", "2011, B: nominal", "2011, C: missing data"],
)
def test_alpha_is_that_of_krippendorff_2011(observers, published):
    assert krippendorff_alpha(np.array(observers, dtype=float).T) == pytest.approx(published, abs=0.0005)


@pytest.mark.parametrize(
    ("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_library_gives_all_metrics_of_krippendorff_2011_d(metric, published):
    found = krippendorff.alpha(reliability_data=FOUR_OBSERVERS, level_of_measurement=metric)
    assert found == pytest.approx(published, abs=0.0005)


HOW = Resampling(0.95, 1, "x")


def from_table(counts: list[list[int]]) -> np.ndarray:
    """Pairs of values as in a table whose rows are the first coder's categories."""
    return np.array([(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) for _ in range(n)])


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        ([[25, 13, 12], [12, 2, 16], [3, 15, 2]], -0.09),
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492),
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676),
        ([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], 0.473),
    ],
    ids=[
        "Cohen 1960, table 1",
        "Cohen 1960, table 2",
        "Fleiss, Levin and Paik 2003, table 18.1",
        "Altman 1991, xeromammograms (Boyd 1982)",
    ],
)
def test_kappa_is_as_published(counts, published):
    digits = 0.005 if published == -0.09 else 0.0005
    assert cohen_kappa(from_table(counts)) == pytest.approx(published, abs=digits)


def test_kappa_of_each_diagnosis_is_that_of_fleiss_levin_and_paik():
    # Table 18.1, each diagnosis against the others: 0.69, 0.50, 0.77.
    pairs = from_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert [round(cohen_kappa(pairs == diagnosis), 2) for diagnosis in range(3)] == [0.69, 0.50, 0.77]


def test_without_variation_agreement_is_unknown():
    same = np.ones((5, 2))
    assert np.isnan(krippendorff_alpha(same))
    assert np.isnan(cohen_kappa(same))


@pytest.mark.filterwarnings("error")
def test_an_answer_that_one_coder_alone_coded_gives_no_variation():
    assert np.isnan(krippendorff_alpha(np.array([[1, 1], [1, 1], [0, NAN]])))


def test_the_interval_narrows_with_more_answers_and_repeats_itself():
    few = np.array([[0, 0], [1, 1], [1, 0], [0, 0], [1, 1], [0, 1], [0, 0], [1, 1]] * 2, dtype=float)
    many = np.tile(few, (10, 1))
    width = {}
    for name, values in (("few", few), ("many", many)):
        each = np.arange(len(values))
        low, high = resampled(krippendorff_alpha, values, each, HOW)
        assert (low, high) == resampled(krippendorff_alpha, values, each, HOW)
        assert low < krippendorff_alpha(values) < high
        width[name] = high - low
    # Ten times as many answers: about a third as wide.
    assert width["few"] / width["many"] == pytest.approx(10**0.5, rel=0.25)


def test_the_bootstrap_is_that_of_theory():
    # Percent agreement is a mean: its bootstrap interval is that of a binomial share, give or take the chance of 999 draws.
    values = np.array([[1, 1]] * 80 + [[1, 0]] * 20, dtype=float)
    each = np.arange(100)
    low, high = resampled(lambda both: float(np.mean(both[:, 0] == both[:, 1])), values, each, Resampling(0.95, 3, "x"))
    assert (low, high) == (pytest.approx(0.72, abs=0.02), pytest.approx(0.88, abs=0.02))


def test_the_fast_bootstrap_of_alpha_is_that_of_the_library():
    random = np.random.default_rng(4)
    values = (random.random((60, 3)) < random.choice([0.1, 0.8], (60, 1))).astype(float)
    values[random.random((60, 3)) < 0.2] = NAN
    values = values[(~np.isnan(values)).sum(axis=1) > 1]
    groups = random.integers(0, 15, len(values)).astype(str)
    assert resampled_alpha(values, groups, HOW) == pytest.approx(
        resampled(krippendorff_alpha, values, groups, HOW), abs=1e-12
    )


def test_answers_of_one_organisation_count_as_one_drawing():
    """Where all answers of an organisation are alike, ten of each say no more than one: the interval is that of one each."""
    one_each = np.array([[0, 0], [1, 1], [1, 0], [0, 0], [1, 1], [0, 1], [0, 0], [1, 1]], dtype=float)
    ten_each, organisation = np.repeat(one_each, 10, axis=0), np.repeat(np.arange(8), 10)
    wide = np.diff(resampled_alpha(ten_each, organisation, HOW))
    assert wide > 2.5 * np.diff(resampled_alpha(ten_each, np.arange(80), HOW))
    assert wide == pytest.approx(np.diff(resampled_alpha(one_each, np.arange(8), HOW)), rel=0.15)


def test_one_organisation_gives_no_interval():
    values = np.array([[0, 0], [1, 1], [1, 0]], dtype=float)
    for found in (resampled_alpha(values, np.zeros(3), HOW), resampled(krippendorff_alpha, values, np.zeros(3), HOW)):
        assert np.isnan(found).all()


BOOK = pd.DataFrame(
    [("why", "a", "A", "A"), ("why", "b", "B", "B"), ("why", "c", "C", "C")],
    columns=["question", "theme", "label_nl", "label_en"],
)


def side_by_side(first: list[str], second: list[str | None]) -> pd.DataFrame:
    """What two coders saw in the answers of rows 1, 2, ...: letters of themes, None if not coded."""
    rows = []
    for row, both in enumerate(zip(first, second, strict=True), start=1):
        for theme in "abc":
            marks = [None if said is None else theme in said for said in both]
            rows.append(("f.csv", row, "why", theme, f"NL-{row}", "dcr", *marks))
    columns = ["source", "row", "question", "theme", "facility_id", "service", "coder_1", "coder_2"]
    return pd.DataFrame(rows, columns=columns).astype({"coder_1": "boolean", "coder_2": "boolean"})


EACH_ITS_OWN = pd.Series(dtype="str")


def test_a_row_for_alpha_and_two_for_each_pair_of_coders():
    wide = side_by_side(["a", "a", "b", "", "ab", "a"], ["a", "b", "b", "", "a", None])
    table = agreement_table("2021", BOOK, wide, EACH_ITS_OWN, 0.95, 1).set_index(["theme", "statistic"])
    assert table.loc[("a", "alpha"), ["coder_a", "coder_b", "n"]].tolist() == ["all", "all", 5]
    assert table.loc[("a", "kappa"), ["coder_a", "coder_b", "n"]].tolist() == ["coder_1", "coder_2", 5]
    assert table.loc[("a", "percent_agreement"), "estimate"] == 4 / 5
    # p_o = 4/5, p_e = (3/5)(2/5) + (2/5)(3/5) = 12/25.
    assert table.loc[("a", "kappa"), "estimate"] == pytest.approx((4 / 5 - 12 / 25) / (13 / 25))
    assert np.isnan(table.loc[("c", "alpha"), "estimate"])
    # Clopper-Pearson for 4 of 5.
    exact = table.loc[("a", "percent_agreement"), ["ci_low", "ci_high"]].astype(float).round(4).tolist()
    assert exact == [0.2836, 0.9949]


def test_confusion_counts_the_theme_that_one_gives_for_that_of_the_other():
    wide = side_by_side(["a", "a", "ab", "ac", "", "b"], ["b", "b", "ab", "ab", "c", None])
    found = confusion_table("2021", BOOK, wide)
    counts = {(one.theme_a, one.theme_b): one.n for one in found.itertuples()}
    assert counts == {("a", "a"): 2, ("b", "b"): 1, ("a", "b"): 2, ("c", "b"): 1, ("none", "c"): 1}
