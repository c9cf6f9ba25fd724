"""Rubin's rules against R, chained draws that fill gaps and nothing else, and tests of findings on completed answers."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.cleaning.chained_draws import complete
from hrmonitor.cleaning.imputation_flags import MARK
from hrmonitor.estimation.pooling import pool
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.imputed import COLUMNS, imputed_tests
from hrmonitor.findings.verdicts import Least
from hrmonitor.language import text
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.reporting.chapters import silent
from hrmonitor.reporting.story import Story
from hrmonitor.survey import Round
from settings import finding

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference_values" / "pooling.csv", index_col="set")
# As in reference_values/pooling.R.
SETS = {
    "a": ([0.61, 0.64, 0.58, 0.66, 0.60], [0.050, 0.049, 0.051, 0.048, 0.050]),
    "b": ([10, 14, 9, 12, 15, 11, 8, 13], [2.0, 2.2, 1.9, 2.1, 2.3, 2.0, 1.8, 2.1]),
    "c": ([-1.5, -1.4, -1.6], [0.9, 1.0, 0.8]),
    "d": ([0.30, 0.31, 0.30, 0.29, 0.30, 0.31, 0.30, 0.30, 0.29, 0.31], [0.1] * 10),
}
SURVEY = """type,name,label::English (en),indicator,statistic,relevant,constraint
select_one service,service,Service?,,,,
select_one yn,seen,Seen?,seen,share,,
select_one trend,trend,Trend?,trend,share,,
select_multiple why,reasons,Why?,reasons,share,${seen} = 'yes',
integer,then,Then?,then,median,,
integer,now,Now?,now,median,,. >= ${then}
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
service,nsp,Programme
yn,yes,Yes
yn,no,No
trend,increase,More
trend,stable,Same
trend,decrease,Less
why,a,A
why,b,B
"""
QUESTIONS = ("seen", "trend", "reasons", "then", "now")


@pytest.mark.parametrize("name", SETS)
def test_rubins_rules_are_those_of_r(name):
    values, errors = SETS[name]
    pooled, expected = pool(values, errors, REFERENCE.loc[name, "com"]), REFERENCE.loc[name]
    for ours, theirs in (
        (pooled.value, "value"),
        (pooled.se, "se"),
        (pooled.freedom, "freedom"),
        (pooled.missing, "missing"),
    ):
        assert ours == pytest.approx(expected[theirs], rel=1e-9)
    large = pool(values, errors, 1e12).freedom
    assert large == pytest.approx(expected["freedom_old"], rel=1e-6)


def test_interval_and_p_value_belong_together():
    pooled = pool(*SETS["b"], 11)
    low, high = pooled.interval(0.95)
    assert pooled.p_value(low, 1) == pytest.approx(0.025) and pooled.p_value(high, -1) == pytest.approx(0.025)
    assert low < pooled.value < high and pooled.p_value(pooled.value, 1) == pytest.approx(0.5)


def test_sets_that_agree_lose_nothing():
    pooled = pool([0.1 + 0.2, 0.3, 0.3], [0.1, 0.1, 0.1], 40)
    assert pooled.missing == 0 and pooled.freedom == pytest.approx(41 / 43 * 40)
    with pytest.raises(ValueError, match="two completed data sets"):
        pool([1.0], [1.0], 10)


def form(tmp_path):
    for name, content in (
        ("survey", SURVEY),
        ("choices", CHOICES),
        ("settings", "form_title,form_id,version\nF,f,1\n"),
    ):
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_questionnaire(tmp_path)


def answers(n: int = 80, gap: float = 0.3) -> pd.DataFrame:
    """Rooms have hundreds of clients, programmes thousands; of each question so many answers are left open."""
    random = np.random.default_rng(1)
    service = np.where(np.arange(n) % 2, "nsp", "dcr")
    size = np.where(service == "nsp", 2000, 200)
    then = size + random.integers(0, 100, n)
    rises = random.random(n) < 0.5
    table = pd.DataFrame({
        "facility_id": [f"F{i}" for i in range(n)], "service": service, "province": "utrecht", "_mode": "interview",
        "seen": np.where(random.random(n) < 0.8, "yes", "no"),
        "trend": np.where(rises, "increase", "decrease"),
        "then": pd.array(then, dtype="Int64"), "now": pd.array(then + 10 + 200 * rises, dtype="Int64"),
        "reasons/a": pd.array(random.random(n) < 0.5, dtype="boolean"), "reasons/b": pd.array(random.random(n) < 0.5, dtype="boolean"),
    })  # fmt: skip
    for question in QUESTIONS:
        open_ = random.random(n) < gap
        columns = ["reasons/a", "reasons/b"] if question == "reasons" else [question]
        table.loc[open_, columns] = pd.NA
        table[f"{question}__missing"] = pd.Series(np.where(open_, "no_answer", None), dtype="str")
    asked = table["seen"] == "yes"
    table.loc[~asked, ["reasons/a", "reasons/b"]] = pd.NA
    table.loc[~asked, "reasons__missing"] = "not_asked"
    return table


def test_gaps_are_filled_with_answers_that_somebody_gave_and_nothing_else_changes(tmp_path):
    given, questionnaire = answers(), form(tmp_path)
    filled = complete(given, questionnaire, QUESTIONS, 7, 0)
    for question in ("trend", "then", "now"):
        gaps = given[f"{question}__missing"] == "no_answer"
        assert gaps.sum() > 10 and filled[question].notna().all()
        assert (filled.loc[~gaps, question] == given.loc[~gaps, question]).all()
        assert set(filled.loc[gaps, question]) <= set(given[question].dropna())
        assert (filled.loc[gaps, f"{question}__missing"] == f"{MARK}no_answer").all()
    # A programme does not take over the clients of a room.
    assert (
        filled.loc[filled["service"] == "dcr", "then"].max()
        < 300
        < filled.loc[filled["service"] == "nsp", "then"].min()
    )
    # What decides whether another question is put stays open, and a question that was not put too.
    assert filled["seen"].equals(given["seen"]) and filled["seen__missing"].equals(given["seen__missing"])
    unasked = given["reasons__missing"] == "not_asked"
    assert filled.loc[unasked, "reasons/a"].isna().all() and filled.loc[
        ~unasked, ["reasons/a", "reasons/b"]
    ].notna().all(axis=None)
    # The constraint on two numbers holds.
    assert (filled["now"] >= filled["then"]).all()


def test_a_set_repeats_itself_and_sets_differ(tmp_path):
    given, questionnaire = answers(), form(tmp_path)
    first, again, second = (complete(given, questionnaire, QUESTIONS, 7, number) for number in (0, 0, 1))
    pd.testing.assert_frame_equal(first, again)
    assert not first["now"].equals(second["now"])


def test_draws_follow_what_else_was_answered(tmp_path):
    """Who reports a rise has 200 clients more: the gaps of `now` less `then` must know that."""
    given, questionnaire = answers(200, 0.0), form(tmp_path)
    gaps = np.random.default_rng(2).random(200) < 0.3
    given.loc[gaps, "now"], given.loc[gaps, "now__missing"] = pd.NA, "no_answer"
    filled = complete(given, questionnaire, QUESTIONS, 7, 0)
    change = (filled["now"] - filled["then"])[gaps].astype(float)
    rise = (given["trend"] == "increase")[gaps]
    assert change[rise].mean() - change[~rise].mean() == pytest.approx(200, abs=40)


SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
RISES = {"test": "share_above", "question": "trend", "categories": ["increase"], "threshold": 0.3}
RATIO = {"test": "ratio_above", "now": "now", "then": "then", "threshold": 1}
MEDIAN = {"test": "median_above", "question": "now", "threshold": 100}


def on_completed(tmp_path, given: pd.DataFrame, sets: int = 10) -> pd.DataFrame:
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(120)], "service": ["dcr", "nsp"] * 60})
    frame["organisation"] = frame["facility_id"]
    evidence = {"2021": Round("2021", 2021, given, frame, form(tmp_path))}
    claims = {"f": finding(RISES, RATIO, MEDIAN)}
    return imputed_tests(claims, evidence, pd.DataFrame(), SETTINGS, Least(10, 1), sets)


def test_without_gaps_the_numbers_are_those_of_the_answers(tmp_path):
    table = on_completed(tmp_path, answers(gap=0.0), 3)
    assert list(table) == COLUMNS
    given = answers(gap=0.0)
    assert table.loc[0, "estimate"] == pytest.approx((given["trend"] == "increase").mean(), abs=0.0005)
    assert table.loc[1, "estimate"] == pytest.approx(given["now"].sum() / given["then"].sum(), abs=0.0005)
    assert table["missing_information"].dropna().tolist() == [0, 0]


def test_gaps_cost_information_and_a_median_is_not_pooled(tmp_path):
    table = on_completed(tmp_path, answers())
    assert (table["completed_n"][:2] == 80).all() and (table["n"][:2] < 65).all()
    assert table["missing_information"][0] > 0.05 and table["freedom"][0] < 78
    assert table.loc[2, ["completed_n", "estimate", "freedom"]].isna().all() and table.loc[2, "passed"]
    assert table["verdict"].nunique() == 1


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_report_shows_them_only_where_config_asks(tmp_path, lang):
    story = Story.__new__(Story)
    story.lang, story.words = lang, text(lang)
    story.config = SimpleNamespace(findings={"f": finding(RISES, RATIO, MEDIAN)}, figures={})
    story.table = {"imputed_tests": pd.DataFrame(columns=COLUMNS)}.get
    assert silent._imputed(story, story.words["silent"]) == ""
    story.table = {"imputed_tests": on_completed(tmp_path, answers(), 2)}.get
    lines = [line for line in silent._imputed(story, story.words["silent"]).splitlines() if line.startswith("| **")]
    assert len(lines) == 3 and "%" in lines[0] and "| – | – | – |" in lines[2]
