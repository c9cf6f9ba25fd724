"""A verdict that hangs on one mode, one organisation or the silent facilities is shown to."""

import pandas as pd
import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.survey import Round

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
SURVEY = """type,name,label::English (en)
select_one service,service,Service?
select_one yn,adapted,Adapted?
select_one trend,trend,Trend?
integer,now,Now?
integer,then,Then?
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
yn,yes,Yes
yn,no,No
trend,increase,More
trend,decrease,Less
"""


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def finding(*tests: dict) -> dict:
    return {"f": {"number": 1, "round": "2021", "statement": {"en": "F", "nl": "F"}, "tests": list(tests)}}


SHARE = {"test": "share_above", "question": "adapted", "categories": ["yes"], "threshold": 0.5}
TREND = {"test": "more_increased", "question": "trend"}
RATIO = {"test": "ratio_below", "now": "now", "then": "then", "threshold": 1.05}


def reassessed(form, tests, yes=40, no=10, population=60, modes=None, organisations=None, themes=None):
    n = yes + no
    facilities = pd.DataFrame(
        {
            "facility_id": [f"F{i}" for i in range(n)], "service": "dcr", "province": "utrecht",
            "_mode": modes or ["interview"] * n,
            "adapted": ["yes"] * yes + ["no"] * no, "trend": ["increase"] * yes + ["decrease"] * no,
            "now": 100, "then": 100,
        }
    )  # fmt: skip
    for question in ("adapted", "trend", "now", "then"):
        facilities[f"{question}__missing"] = pd.Series([None] * n, dtype="str")
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(population)], "service": "dcr"})
    frame["organisation"] = (organisations or ["A"] * n) + ["silent"] * (population - n)
    evidence = {"2021": Round("2021", 2021, facilities, frame, form, pd.DataFrame() if themes is None else themes)}
    return reassess(finding(*tests), evidence, pd.DataFrame(), SETTINGS, 10).set_index(["scenario", "left_out"])


def test_the_worst_case_counts_the_silent_against_the_finding(form):
    # 40 of 60 said yes and 10 are silent: 40/60 at worst. With 81 facilities it is 40/81, below one half.
    assert reassessed(form, [SHARE]).loc[("worst_case", ""), "verdict"] == "supported"
    assert reassessed(form, [SHARE], population=81).loc[("worst_case", ""), "verdict"] == "not_supported"


def test_the_worst_case_of_a_trend(form):
    # 40 rises against 10 falls and 29 silent is still a rise; against 30 it is a tie.
    assert reassessed(form, [TREND], population=79).loc[("worst_case", ""), "verdict"] == "supported"
    assert reassessed(form, [TREND], population=80).loc[("worst_case", ""), "verdict"] == "not_supported"


def test_the_worst_case_of_a_theme(form):
    # 30 of 50 answers have it: of 60 facilities a half at the worst, of 80 three eighths.
    theme = {"test": "theme_above", "question": "open", "theme": "stigma", "threshold": 0.4, "min_alpha": 0.667}
    themes = pd.DataFrame(
        {"round": "2021", "question": "open", "theme": "stigma", "facility_id": [f"F{i}" for i in range(50)]}
    )
    themes["service"], themes["present"], themes["agreement"] = "dcr", themes.index < 30, 0.9
    for population, verdict in ((60, "supported"), (80, "not_supported")):
        found = reassessed(form, [theme], population=population, themes=themes)
        assert found.loc[("worst_case", ""), "verdict"] == verdict
    doubtful = themes.assign(agreement=0.5)
    assert reassessed(form, [theme], themes=doubtful).loc[("worst_case", ""), "verdict"] == "not_supported"


def test_what_cannot_be_bounded_is_left_out_of_the_worst_case(form):
    assert reassessed(form, [RATIO]).loc[("worst_case", ""), "verdict"] == "not_assessable"
    assert reassessed(form, [RATIO, SHARE]).loc[("worst_case", ""), "verdict"] == "supported"


def test_a_verdict_that_hangs_on_one_organisation(form):
    # All of B said yes; without it 15 of 25 did, of 60 in the register: no longer surely more than half.
    found = reassessed(form, [SHARE], organisations=["A"] * 15 + ["B"] * 25 + ["C"] * 6 + ["D"] * 4)
    assert not found.loc[("without_organisation", "25"), "as_before"]
    assert found.loc[("without_organisation", "25"), ["facilities", "verdict"]].tolist() == [25, "not_supported"]
    assert found.loc[("without_organisation", "6"), "as_before"]
    assert ("without_organisation", "4") not in found.index


def test_a_verdict_without_a_mode(form):
    found = reassessed(form, [SHARE], modes=["interview"] * 45 + ["questionnaire"] * 5)
    assert found.loc[("without_mode", "questionnaire"), "as_before"]
    assert found.loc[("without_mode", "interview"), "verdict"] == "not_assessable"


def test_one_mode_cannot_be_left_out(form):
    assert "without_mode" not in reassessed(form, [SHARE]).index.get_level_values("scenario")
