"""Verdicts follow the data: each kind of test, their correction for number, and what would overturn them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.errors import ConfigError
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.verdicts import Least, assess, strengths
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round
from settings import finding

# The facilities are of three organisations; what that means for a test is in test_clusters.py.
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True, clusters="none")
SURVEY = """type,name,label::English (en),indicator,statistic,unit
select_one service,service,Service?,,,
select_one yn,adapted,Adapted?,adapted,share,
select_one trend,trend,Trend?,trend,share,
integer,now,Now?,clients,mean,persons
integer,then,Then?,,,
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
service,oat,Treatment
yn,yes,Yes
yn,no,No
trend,increase,More
trend,stable,Same
trend,decrease,Less
"""
N, POPULATION = 40, 60


def write_form(folder, form_id="f", survey=SURVEY):
    folder.mkdir(exist_ok=True)
    settings = f"form_title,form_id,version\nF,{form_id},1\n"
    for name, text in (("survey", survey), ("choices", CHOICES), ("settings", settings)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(folder)


@pytest.fixture
def evidence(tmp_path):
    """40 of 60 rooms: 30 adapted, 28 rises and 12 falls, numbers up by 2 a room; the round before 30 of the same, 5 lower."""
    rooms = pd.DataFrame({"facility_id": [f"F{i:02d}" for i in range(POPULATION)], "service": "dcr"})
    rooms.loc[POPULATION // 2 :, "service"] = "oat"
    rooms["organisation"] = np.tile(["A", "B", "C"], 20)
    answered = rooms.iloc[np.r_[0:20, 30:50]].reset_index(drop=True)
    then = 100 + np.arange(N) % 7
    late = answered.assign(
        _mode="interview", adapted=["yes"] * 30 + ["no"] * 10, trend=["increase"] * 28 + ["decrease"] * 12,
        now=then + 2 + np.arange(N) % 3, then=then,
    )  # fmt: skip
    early = late.assign(now=late["now"] - 5 - np.arange(N) % 2, adapted=["no"] * 30 + ["yes"] * 10).iloc[:30]
    for table in (late, early):
        for question in ("adapted", "trend", "now", "then"):
            table[f"{question}__missing"] = pd.Series([None] * len(table), dtype="str", index=table.index)
    coded = answered[["facility_id", "service"]].assign(round="2021", question="open", present=np.arange(N) % 2 == 0)
    themes = pd.concat(
        [
            coded.assign(theme=name, agreement_low=alpha, coders=1, saw=coded["present"].astype(int))
            for name, alpha in (("stigma", 0.9), ("rules", 0.5))
        ]
    )
    forms = {name: write_form(tmp_path / name, f"form_{name}") for name in ("2018", "2021")}
    return {
        "2018": Round("2018", 2018, early.reset_index(drop=True), rooms, forms["2018"], themes),
        "2021": Round("2021", 2021, late, rooms, forms["2021"], themes),
    }


SERIES = pd.DataFrame(
    {
        "series": "rooms", "year": [2010, 2012, 2014, 2016, 2018, 2018], "value": [37.0, 35, 30, 28, 24, 99],
        "edition": ["a"] * 5 + ["b"],
    }
)  # fmt: skip


def assessed(evidence, *tests, minimum=10, organisations=1):
    return assess({"f": finding(*tests)}, evidence, SERIES, SETTINGS, Least(minimum, organisations))


def one(evidence, **test):
    return assessed(evidence, test).iloc[0]


SHARE = {"test": "share_above", "question": "adapted", "categories": ["yes"], "threshold": 0.5}


def test_a_share_above_and_below(evidence):
    above = one(evidence, **SHARE)
    assert above["estimate"] == 0.75
    assert above["passed"]
    assert not one(evidence, **{**SHARE, "test": "share_below"})["passed"]
    assert one(evidence, **{**SHARE, "test": "share_below", "threshold": 0.9})["passed"]


def test_the_p_value_is_where_the_interval_meets_the_threshold(evidence):
    found = one(evidence, **{**SHARE, "threshold": 0.62})
    at_p = EstimationSettings(1 - 2 * found["p"] * 1.001, 1, True, clusters="none")
    assert 0 < found["p"] < 0.5
    assert assess({"f": finding({**SHARE, "threshold": 0.62})}, evidence, SERIES, at_p, Least(10, 1)).iloc[0][
        "ci_low"
    ] == pytest.approx(0.62, abs=1e-4)


def test_what_would_overturn_a_share(evidence):
    """One facility fewer than that leaves the outcome, that many turn it."""
    turned = int(one(evidence, **SHARE)["overturn"])
    for flips, passed in ((turned - 1, True), (turned, False)):
        other = evidence["2021"].facilities.copy()
        other.loc[: flips - 1, "adapted"] = "no"
        changed = {
            **evidence,
            "2021": Round(
                "2021", 2021, other, evidence["2021"].frame, evidence["2021"].questionnaire, evidence["2021"].themes
            ),
        }
        assert one(changed, **SHARE)["passed"] == passed


def test_rises_against_falls(evidence):
    rise = one(evidence, test="more_increased", question="trend")
    assert rise["estimate"] == 0.7
    assert rise["passed"]
    # R: binom.test(28, 40, alternative = "greater")$p.value
    assert rise["p"] == pytest.approx(0.008294, abs=1e-6)
    assert not one(evidence, test="not_more_increased", question="trend")["passed"]


def test_numbers_now_and_then(evidence):
    ratio = one(evidence, test="ratio_above", now="now", then="then", threshold=1)
    assert ratio["passed"]
    assert not one(evidence, test="ratio_below", now="now", then="then", threshold=1.0)["passed"]
    assert one(evidence, test="paired_change_above", now="now", then="then", threshold=2.5)["passed"]
    assert not one(evidence, test="paired_change_above", now="now", then="then", threshold=3.5)["passed"]


def test_a_median(evidence):
    found = one(evidence, test="median_above", question="now", threshold=100)
    assert found["passed"]
    assert found["ci_low"] > 100
    assert not one(evidence, test="median_above", question="now", threshold=106)["passed"]


def test_a_change_between_rounds_uses_that_facilities_answered_both(evidence):
    found = one(evidence, test="change_above", question="now", since="2018", threshold=4)
    assert found["passed"]
    assert found["n"] == 40
    # The numbers lie some 3 apart within a round, and the change is known to a few tenths.
    assert found["ci_high"] - found["ci_low"] < 2
    share = one(evidence, test="change_above", question="adapted", categories=["yes"], since="2018", threshold=0.2)
    assert share["passed"]


def test_a_change_of_a_question_that_became_another_is_refused(evidence, tmp_path):
    other = write_form(
        tmp_path / "other", "form_2018", SURVEY.replace("Now?,clients,mean,persons", "Now?,clients,mean,visits")
    )
    old = evidence["2018"]
    changed = {**evidence, "2018": Round("2018", 2018, old.facilities, old.frame, other, old.themes)}
    with pytest.raises(ConfigError, match=r"findings\.f: indicator clients .* other unit"):
        one(changed, test="change_above", question="now", since="2018", threshold=0)


def test_a_difference_between_groups(evidence):
    found = one(evidence, test="difference_above", question="adapted", categories=["yes"], by="service", group=["dcr"],
                against=["oat"], threshold=0.1)  # fmt: skip
    assert found["estimate"] == 0.5
    assert found["passed"]


def test_only_some_services(evidence):
    found = one(evidence, **SHARE, services=["oat"])
    assert (found["n"], found["estimate"]) == (20, 0.5)
    assert not found["passed"]


def test_a_theme_needs_coders_that_agree(evidence):
    theme = {"test": "theme_above", "question": "open", "threshold": 0.25, "min_alpha": 0.667}
    assert one(evidence, **theme, theme="stigma")["passed"]
    assert not one(evidence, **theme, theme="rules")["passed"]


def test_a_slope_of_one_edition(evidence):
    slope = {"test": "slope_below", "series": "rooms", "from": 2010, "to": 2018, "threshold": 0}
    found = one(evidence, **slope, edition="a")
    assert found["passed"]
    # Theil and Sen by hand, the median of the slopes between pairs of years:
    # -1, -2.5, -1, -2 (neighbours), -1.75, -1.75, -1.5 (4 years apart), -1.5, -11/6 (6), -13/8 (8).
    assert found["estimate"] == pytest.approx((-1.75 - 13 / 8) / 2)
    with pytest.raises(ConfigError, match="several editions"):
        one(evidence, **slope)


def test_more_tests_ask_for_more_evidence(evidence):
    """A test that passes alone by a hair does not beside three others."""
    hair = {**SHARE, "threshold": 0.67}
    alone = one(evidence, **hair)
    assert 0.025 / 4 < alone["p"] < 0.025
    assert alone["passed"]
    weak = {**SHARE, "threshold": 0.75}
    beside = assessed(evidence, hair, weak, weak, weak)
    assert beside.iloc[0]["p_holm"] == pytest.approx(4 * alone["p"])
    assert not beside.iloc[0]["passed"]


def test_verdicts_are_graded_by_their_tests(evidence):
    fails = {**SHARE, "threshold": 0.95}
    assert assessed(evidence, SHARE)["verdict"].iloc[0] == "supported"
    assert assessed(evidence, SHARE, fails)["verdict"].iloc[0] == "partly_supported"
    assert assessed(evidence, fails)["verdict"].iloc[0] == "not_supported"
    assert assessed(evidence, SHARE, minimum=41)["verdict"].iloc[0] == "not_assessable"


@pytest.mark.parametrize(
    ("scenarios", "strength"),
    [
        ([("without_mode", 30, "supported"), ("worst_case", 40, "supported")], "strong"),
        ([("without_mode", 30, "supported"), ("worst_case", 40, "partly_supported")], "moderate"),
        ([("without_mode", 30, "not_supported"), ("worst_case", 40, "supported")], "weak"),
        ([("without_mode", 10, "not_supported"), ("worst_case", 40, "supported")], "moderate"),  # cannot be assessed
        ([("without_mode", 30, "supported"), ("worst_case", 40, "not_assessable")], "moderate"),
    ],
)
def test_strength_is_what_survives(scenarios, strength):
    rows = [("f", *one, one[2] == "supported") for one in scenarios]
    sensitivity = pd.DataFrame(rows, columns=["finding", "scenario", "facilities", "verdict", "as_before"])
    assert strengths(pd.DataFrame({"finding": ["f"], "verdict": ["supported"]}), sensitivity)["f"] == strength


# --- what a referee would ask of a verdict ----------------------------------------------------------------------


def with_answers(evidence, **columns) -> dict:
    """The evidence with other answers in 2021; "dk" is a don't know, None no answer."""
    facilities = evidence["2021"].facilities.copy()
    for name, values in columns.items():
        plain = [None if value in ("dk", None) else value for value in values]
        facilities[name] = (
            pd.array(plain, dtype="Float64") if name in ("now", "then") else pd.Series(plain, dtype="str")
        )
        reasons = {"dk": "dont_know", None: "no_answer"}
        facilities[f"{name}__missing"] = pd.Series([reasons.get(value) for value in values], dtype="str")
    return {**evidence, "2021": replace(evidence["2021"], facilities=facilities)}


BELOW = {**SHARE, "test": "share_below"}
RISE = {"test": "more_increased", "question": "trend"}
NO_GROWTH = {"test": "not_more_increased", "question": "trend"}


def test_dont_know_is_no_evidence_that_a_share_is_small(evidence):
    """All 40 do not know: none says yes, and nobody says no."""
    found = one(with_answers(evidence, adapted=["dk"] * 40), **BELOW)
    assert (found["estimate"], found["passed"], found["verdict"]) == (0.0, False, "not_supported")


def test_dont_know_does_not_contradict_a_claim_either(evidence):
    """Of a claim that most say yes: 40 that do not know do not say no."""
    necessary = {**SHARE, "necessary": True}
    assert assessed(with_answers(evidence, adapted=["dk"] * 40), necessary)["verdict"].iloc[0] == "not_supported"
    assert assessed(with_answers(evidence, adapted=["no"] * 40), necessary)["verdict"].iloc[0] == "contradicted"


def test_a_share_must_be_small_with_and_without_those_who_do_not_know(evidence):
    """6 of 40 say yes, 4 no and 30 do not know: 15 % of all, 60 % of those who know. With 34 noes both are small."""
    doubtful = one(with_answers(evidence, adapted=["yes"] * 6 + ["no"] * 4 + ["dk"] * 30), **BELOW)
    assert doubtful["ci_high"] < 0.5
    assert not doubtful["passed"]
    assert (doubtful["known_n"], doubtful["known_estimate"]) == (10, pytest.approx(0.6, abs=0.1))
    assert one(with_answers(evidence, adapted=["yes"] * 6 + ["no"] * 34), **BELOW)["passed"]
    assert one(with_answers(evidence, adapted=["yes"] * 4 + ["no"] * 30 + ["dk"] * 6), **BELOW)["passed"]


def test_the_opposite_of_a_necessary_test_contradicts_the_claim(evidence):
    """12 rises against 28 falls, beside a test that passes."""
    falls = with_answers(evidence, trend=["increase"] * 12 + ["decrease"] * 28)
    assert assessed(falls, RISE, SHARE)["verdict"].iloc[0] == "partly_supported"
    assert assessed(falls, {**RISE, "necessary": True}, SHARE)["verdict"].iloc[0] == "contradicted"


def test_a_claim_falls_with_a_necessary_test_that_does_not_pass(evidence):
    even = with_answers(evidence, trend=["increase"] * 20 + ["decrease"] * 20)
    assert assessed(even, RISE, SHARE)["verdict"].iloc[0] == "partly_supported"
    assert assessed(even, {**RISE, "necessary": True}, SHARE)["verdict"].iloc[0] == "not_supported"
    assert assessed(evidence, {**RISE, "necessary": True}, SHARE)["verdict"].iloc[0] == "supported"


def test_few_changers_do_not_rule_growth_out(evidence):
    """6 rises, 4 falls, 30 that see no change: that growth was not shown is no evidence that there is none."""
    few = with_answers(evidence, trend=["increase"] * 6 + ["decrease"] * 4 + ["stable"] * 30)
    assert not one(few, **NO_GROWTH)["passed"]
    falls = with_answers(evidence, trend=["increase"] * 4 + ["decrease"] * 20 + ["stable"] * 16)
    found = one(falls, **NO_GROWTH)
    assert found["passed"]
    assert found["estimate"] == pytest.approx(-0.4, abs=0.02)


@pytest.mark.parametrize("said", [None, "dk"])
@pytest.mark.parametrize("test", [RISE, NO_GROWTH, {**NO_GROWTH, "margin": 0.9}, SHARE])
def test_nothing_passes_where_nobody_answered(evidence, said, test):
    """Even where config asks for no answers at all: no rise less no fall is not a difference of nought."""
    silent = with_answers(evidence, trend=[said] * 40, adapted=[said] * 40)
    found = assessed(silent, {**test, "necessary": True}, minimum=0, organisations=0).iloc[0]
    assert (bool(found["passed"]), found["verdict"], found["p"]) == (False, "not_supported", 1.0)


def test_the_margin_is_what_must_be_ruled_out(evidence):
    falls = with_answers(evidence, trend=["increase"] * 10 + ["decrease"] * 12 + ["stable"] * 18)
    found = one(falls, **NO_GROWTH)
    assert one(falls, **{**NO_GROWTH, "margin": float(found["ci_high"]) + 0.01})["passed"]
    assert not one(falls, **{**NO_GROWTH, "margin": float(found["ci_high"]) - 0.01})["passed"]


def test_a_trend_on_which_nobody_changed_is_evidence(evidence):
    """All stable: no rise on balance, on 40 answers; growth of more than the margin is ruled out."""
    stable = with_answers(evidence, trend=["stable"] * 40)
    rise = one(stable, **RISE)
    assert (rise["n"], rise["changers"], rise["verdict"]) == (40, 0, "not_supported")
    none = one(stable, **{**NO_GROWTH, "margin": 0.1})
    assert (none["n"], none["estimate"], none["verdict"]) == (40, 0.0, "supported")
    assert 0 < none["ci_high"] < 0.1


def test_n_counts_those_that_answered(evidence):
    some = with_answers(evidence, trend=["increase"] * 20 + ["decrease"] * 2 + ["stable"] * 8 + ["dk"] * 5 + [None] * 5)
    found = one(some, **RISE)
    assert (found["n"], found["changers"]) == (30, 22)


def test_a_verdict_does_not_rest_on_few_organisations(evidence):
    """The 40 facilities belong to three organisations."""
    assert assessed(evidence, SHARE, organisations=3)["verdict"].iloc[0] == "supported"
    assert assessed(evidence, SHARE, organisations=4)["verdict"].iloc[0] == "not_assessable"
    slope = {"test": "slope_below", "series": "rooms", "from": 2010, "to": 2018, "threshold": 0, "edition": "a"}
    assert assessed(evidence, slope, organisations=4)["verdict"].iloc[0] == "supported"


def test_clients_down_by_nine_tenths_are_no_slight_decrease(evidence):
    within = [
        {"test": "ratio_below", "now": "now", "then": "then", "threshold": 1.05, "necessary": True},
        {"test": "ratio_above", "now": "now", "then": "then", "threshold": 0.85, "necessary": True},
    ]
    then = 100.0 + np.arange(40) % 7
    for factor, outcome in ((0.1, "contradicted"), (0.94, "supported"), (1.3, "contradicted"), (0.85, "not_supported")):
        changed = with_answers(evidence, then=list(then), now=list(np.round(then * factor, 1)))
        assert assessed(changed, *within)["verdict"].iloc[0] == outcome, factor


def test_a_difference_on_twelve_answers_has_a_p_value(evidence):
    """All 6 rooms say yes and all 6 clinics no."""
    facilities = evidence["2021"].facilities.iloc[np.r_[0:6, 20:26]].reset_index(drop=True)
    few = {**evidence, "2021": replace(evidence["2021"], facilities=facilities)}
    few = with_answers(few, adapted=["yes"] * 6 + ["no"] * 6)
    found = one(few, test="difference_above", question="adapted", categories=["yes"], by="service", group=["dcr"],
                against=["oat"], threshold=0.5)  # fmt: skip
    assert found["estimate"] == 1.0
    assert found["p"] > 0
    assert found["ci_low"] < 0.7
