"""Interview against returned questionnaire: real differences are found, services alike in mode are compared, few are let be."""

import numpy as np
import pandas as pd
import pytest
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.response.modes import LEAST, compare_modes
from hrmonitor.tabulation.indicators import EstimationSettings

SURVEY = """type,name,label::English (en),indicator,statistic,unit
select_one service,service,Service?,,,
select_one yn,choice,Choice?,choice,share,
integer,amount,Amount?,amount,median,persons
select_multiple yn,several,Several?,several,share,
text,words,Words?,,,
"""
CHOICES = """list_name,name,label::English (en),missing
service,dcr,Room,
service,nsp,Exchange,
yn,yes,Yes,
yn,no,No,
yn,dk,Don't know,dont_know
"""
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def answered(interviews: int, returned: int, service: str = "dcr", **columns) -> pd.DataFrame:
    """Facilities of one service, interviews first; `columns` overrule the usual answers."""
    n = interviews + returned
    usual = {
        "choice": ["yes", "no"] * n,
        "amount": list(range(n)),
        "several/yes": [True, False, True] * n,
        "several/no": [False, True, False] * n,
    }
    table = pd.DataFrame({"service": [service] * n, "_mode": ["interview"] * interviews + ["questionnaire"] * returned})
    for name, values in (usual | columns).items():
        table[name] = values[:n]
    table["several/dk"] = False
    for question in ("choice", "amount", "several"):
        table[f"{question}__missing"] = pd.Series([None] * n, dtype="str")
    return table.astype(
        {"amount": "Float64", "several/yes": "boolean", "several/no": "boolean", "several/dk": "boolean"}
    )


def compared(
    form, *parts: pd.DataFrame, minimum_cell: int = 3, settings: EstimationSettings = SETTINGS
) -> pd.DataFrame:
    table = compare_modes("2021", pd.concat(parts, ignore_index=True), form, settings, minimum_cell)
    return table.set_index(["question", "category"])


def test_a_choice_that_goes_with_the_mode_is_found(form):
    found = compared(form, answered(20, 10, choice=["yes"] * 18 + ["no"] * 2 + ["no"] * 10))
    assert found.loc[("choice", "yes"), "estimate"] == pytest.approx(0.9)
    assert found.loc[("choice", "no"), "estimate"] == pytest.approx(-0.9)
    assert found.loc[("choice", "yes"), "ci_low"] > 0.5
    assert found.loc["choice", "differs"].all()
    # Corrected for three questions.
    assert found.loc[("choice", "yes"), "p_holm"] == pytest.approx(3 * found.loc[("choice", "yes"), "p_value"])
    assert not found.loc["several", "differs"].any()


def test_a_number_that_goes_with_the_mode_is_found_in_its_unit(form):
    amounts = [*range(100, 120), *range(40, 50)]
    row = compared(form, answered(20, 10, amount=amounts)).loc[("amount", "")]
    assert row["statistic"] == "shift" and row["unit"] == "persons"
    assert row["differs"]
    # All differences of the two lie between 51 and 79; the middle one is 65.
    assert row["estimate"] == pytest.approx(65)
    assert 51 <= row["ci_low"] < 65 < row["ci_high"] <= 79
    assert (row["n_interview"], row["n_questionnaire"]) == (20, 10)


def test_services_are_compared_with_their_own(form):
    # Rooms are mostly interviewed and say yes, exchanges mostly write and say no: no difference within either.
    rooms = answered(20, 6, "dcr", choice=["yes"] * 26, amount=[500] * 26)
    exchanges = answered(6, 20, "nsp", choice=["no"] * 26, amount=[1] * 26)
    found = compared(form, rooms, exchanges)
    assert found.loc[("choice", "yes"), "estimate"] == pytest.approx(0)
    assert found.loc[("choice", "yes"), "p_value"] == 1
    assert found.loc[("amount", ""), "estimate"] == 0
    assert not found["differs"].any()


def test_a_service_with_one_mode_has_no_part_in_it(form):
    both = answered(10, 6, "dcr")
    found = compared(form, both, answered(30, 0, "nsp"))
    assert (found["n_interview"] == 10).all()
    pd.testing.assert_frame_equal(found, compared(form, both))


def test_few_answers_in_a_mode_are_not_tested(form):
    found = compared(form, answered(20, LEAST - 1))
    assert (found["statistic"] == "not_tested").all()
    assert found[["n_questionnaire", "estimate", "p_value"]].isna().all(axis=None)
    assert not found["differs"].any()
    assert (compared(form, answered(20, LEAST))["statistic"] != "not_tested").any()
    assert (compared(form, answered(20, 7), minimum_cell=8)["statistic"] == "not_tested").all()


def test_dont_know_is_an_answer_unless_config_leaves_it_out(form):
    table = answered(12, 8, choice=["yes"] * 20)
    table.loc[12:, "choice"] = None
    table.loc[12:, "choice__missing"] = "dont_know"
    assert compared(form, table).loc[("choice", "dk"), "estimate"] == pytest.approx(-1)
    without = compared(form, table, settings=EstimationSettings(0.95, 1, dont_know_in_base=False))
    assert without.loc[("choice", ""), "statistic"] == "not_tested"


def test_one_mode_gives_no_rows(form):
    assert compared(form, answered(20, 0)).empty


def test_without_a_difference_few_questions_are_called_different(form):
    """Random answers, with 14 of 60 on paper: p lies below 5 % in about one of twenty, and Holm calls hardly any."""
    random = np.random.default_rng(11)
    p, differing = [], 0
    for _ in range(20):
        table = answered(
            46, 14, choice=random.choice(["yes", "no"], 60).tolist(), amount=random.integers(0, 50, 60).tolist(),
            **{"several/yes": random.random(60) < 0.3, "several/no": random.random(60) < 0.5},
        )  # fmt: skip
        found = compare_modes(
            "2021", table, form, EstimationSettings(0.95, int(random.integers(1e6)), True), 3
        ).drop_duplicates("question")
        p += found["p_value"].tolist()
        differing += found["differs"].any()
    # 60 tests: 3 expected; 9 or more would have a chance of 0.3 %. 20 families: 1 expected; 5 or more 0.3 %.
    assert sum(one < 0.05 for one in p) < 9
    assert differing < 5
