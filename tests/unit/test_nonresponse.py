"""Those who answered against the register: exact tests, differences, propensities and what chance alone gives."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.response import nonresponse
from hrmonitor.response.nonresponse import characteristics, compare, propensities, representativity


def register(rows: list[dict]) -> pd.DataFrame:
    usual = {
        "service": "dcr",
        "province": "utrecht",
        "organisation": "O",
        "municipality": "M",
        "opened": "2000-05-01",
        "closed": "",
    }
    return pd.DataFrame([{"facility_id": f"F{i:03d}", **usual, **row} for i, row in enumerate(rows)])


def cases(frame: pd.DataFrame, answered: list[bool]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility_id": frame["facility_id"],
            "mode": np.where(answered, "interview", ""),
            "disposition": np.where(answered, "complete", "refusal"),
        }
    )


def compared(frame, answered, minimum_cell=1) -> pd.Series:
    table = compare("2021", frame, cases(frame, answered), 2021, 1, minimum_cell)
    return table.set_index(["variable", "level", "statistic"])["estimate"]


def test_the_exact_test_of_a_two_by_three_table_equals_r():
    # R: fisher.test(matrix(c(8, 2, 5, 1, 3, 9), 2))$p.value = 0.01502.
    provinces, answered = [], []
    for province, yes, no in (("a", 8, 2), ("b", 5, 1), ("c", 3, 9)):
        provinces += [{"province": province}] * (yes + no)
        answered += [True] * yes + [False] * no
    found = compared(register(provinces), answered)
    assert found["province", "", "p_value"] == pytest.approx(0.0150220130298203, abs=0.004)
    # With one service the test within services is about the same question.
    assert found["province", "", "p_within_service"] == pytest.approx(0.015, abs=0.01)


def test_standardised_differences_by_hand():
    frame = register([{"province": "a"}] * 20 + [{"province": "b"}] * 20)
    found = compared(frame, [True] * 15 + [False] * 5 + [True] * 5 + [False] * 15)
    # 75 % of those that answered against 50 %, over sqrt(0.5 * 0.5).
    assert found["province", "a", "standardised_difference"] == pytest.approx(0.5)
    assert found["province", "a", "response"] == 0.75


def test_weighting_by_service_repairs_what_goes_with_service():
    rows = [{"province": "a", "service": "dcr"}] * 10 + [{"province": "b", "service": "nsp"}] * 30
    found = compared(register(rows), [True] * 10 + [True] * 10 + [False] * 20)
    assert found["province", "a", "answered"] == 0.5
    assert found["province", "a", "weighted"] == pytest.approx(0.25)
    assert found["province", "a", "standardised_difference_weighted"] == pytest.approx(0, abs=1e-12)
    assert found["service", "", "p_value"] < 0.01
    # Province says nothing that service does not.
    assert found["province", "", "p_within_service"] == 1


def test_what_differs_within_services_is_found_and_corrected_for_the_number_of_tests(monkeypatch):
    # Classes of which all or none answered would be joined.
    monkeypatch.setattr(nonresponse, "joined_classes", lambda levels, *_: levels.astype("str"))
    # Old facilities answered, new ones did not, in both services alike; province has nothing to do with it.
    rows = [
        {
            "opened": "1990-01-01" if i % 2 else "2015-01-01",
            "service": "dcr" if i < 30 else "nsp",
            "province": "a" if i % 4 < 2 else "b",
        }
        for i in range(60)
    ]
    found = compared(register(rows), [bool(i % 2) for i in range(60)])
    assert found["age", "", "p_within_service"] == 1 / 10000
    assert found["age", "", "p_holm"] == pytest.approx(2 / 10000)
    assert found["province", "", "p_holm"] > 0.5
    assert found["all", "", "r_within_service_p_value"] < 0.01


def test_small_levels_are_one():
    # Of each province a third did not answer: two of c and one of d.
    rows = [{"province": "a"}] * 12 + [{"province": "b"}] * 9 + [{"province": "c"}] * 6 + [{"province": "d"}] * 3
    table = compare("2021", register(rows), cases(register(rows), [True, False, True] * 10), 2021, 1, 3)
    assert set(table.loc[table["variable"] == "province", "level"]) == {"a", "b", "other", ""}


def test_when_all_answered_there_is_nothing_to_compare():
    frame = register([{}] * 5)
    assert compare("2021", frame, cases(frame, [True] * 5), 2021, 1, 1).empty


def test_characteristics_come_from_the_year_of_the_round():
    rows = [
        {"opened": "2011-01-01"},
        {"opened": "2021-11-01"},
        {"opened": "1999-01-01", "closed": "2015-01-01"},
        {"organisation": "P", "municipality": "N"},
    ]
    frame = register(rows)
    found = characteristics(frame, cases(frame, [True, False, True, True]).iloc[[0, 1, 3]], 2021)
    assert found["age"].tolist() == [10, 0, 21]
    # The one that closed is no longer counted.
    assert found["organisation"].tolist() == [2, 2, 1]
    assert found["municipality"].tolist() == [2, 2, 1]


def test_firth_adds_half_an_observation_to_each_cell_of_a_saturated_model():
    # Firth (1993): in a saturated model the penalty is Jeffreys' prior, (a + 1/2) / (n + 1); finite although all of a kind answered.
    group = np.repeat([0, 1], [8, 12])
    model = np.column_stack([group == 0, group == 1]).astype(float)
    answered = np.array([1.0] * 8 + [1.0] * 3 + [0.0] * 9)
    fitted = propensities(model, answered)
    assert fitted[:8] == pytest.approx(8.5 / 9)
    assert fitted[8:] == pytest.approx(3.5 / 13)


def test_the_r_indicator_is_one_less_two_standard_deviations_of_the_propensity():
    known = pd.DataFrame({"service": ["dcr"] * 20 + ["nsp"] * 20, "organisation": 1, "age": 5, "municipality": 2})
    answered = np.array([True] * 18 + [False] * 2 + [True] * 6 + [False] * 14)
    found = {name: value for name, value, _, _ in representativity(known, answered, 1, "r")}
    fitted = np.repeat([18.5 / 21, 6.5 / 21], 20)
    assert found["r_indicator"] == pytest.approx(1 - 2 * fitted.std(ddof=1))
    assert found["r_within_service"] == pytest.approx(1)
    assert found["maximal_bias"] == pytest.approx(fitted.std(ddof=1) / 0.6)
    assert found["r_indicator_p_value"] < 0.01
    assert found["r_within_service_p_value"] == 1


def test_by_chance_response_is_not_called_selective(monkeypatch):
    monkeypatch.setattr("hrmonitor.response.nonresponse.REPLICATES", 99)
    random = np.random.default_rng(3)
    called = 0
    for draw in range(12):
        known = pd.DataFrame(
            {"service": random.choice(["dcr", "nsp"], 80), "organisation": random.integers(1, 30, 80), "age": random.integers(0, 25, 80),
             "municipality": random.integers(1, 12, 80)}
        )  # fmt: skip
        answered = random.random(80) < 0.7
        found = {name: value for name, value, _, _ in representativity(known, answered, 1, f"chance/{draw}")}
        called += found["r_indicator_p_value"] < 0.05
    # Four or more of 12 would have a chance of 0.2 %.
    assert called < 4
