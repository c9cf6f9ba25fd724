"""How different silent facilities must be for a test to come out otherwise: against enumeration, by hand, and in figure and chapter."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.figures import tipping as figure
from hrmonitor.findings.tipping import critical_level, tipping_points
from hrmonitor.findings.verdicts import Least
from hrmonitor.language import text
from hrmonitor.reporting.chapters import silent
from hrmonitor.reporting.story import Story
from hrmonitor.survey import Round
from scipy.stats import hypergeom
from settings import finding, write_form

# Those of the shipped study.
LANGUAGES = ("en", "nl")

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
SURVEY = """type,name,label::English (en),indicator,statistic,unit,constraint
select_one service,service,Service?,,,,
select_one yn,adapted,Adapted?,adapted,share,,
select_one trend,trend,Trend?,,,,
decimal,now,Now?,,,%,
decimal,then,Then?,,,%,
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Room
yn,yes,Yes
yn,no,No
trend,increase,More
trend,decrease,Less
"""
SHARE = {"test": "share_above", "question": "adapted", "categories": ["yes"], "threshold": 0.5}
CHANGE = {"test": "paired_change_above", "now": "now", "then": "then", "threshold": 0}


def points(tmp_path, tests, yes=40, no=10, population=60):
    n = yes + no
    facilities = pd.DataFrame({
        "facility_id": [f"F{i}" for i in range(n)], "service": "dcr", "province": "utrecht", "_mode": "interview",
        "adapted": ["yes"] * yes + ["no"] * no, "trend": ["increase"] * yes + ["decrease"] * no,
        "now": [60.0 + i % 3 for i in range(n)], "then": 50.0,
    })  # fmt: skip
    for question in ("adapted", "trend", "now", "then"):
        facilities[f"{question}__missing"] = pd.Series([None] * n, dtype="str")
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(population)], "service": "dcr"})
    frame["organisation"] = frame["facility_id"]
    round_ = Round("2021", 2021, facilities, frame, write_form(tmp_path, SURVEY, CHOICES))
    claims = {"f": finding(*tests)}
    return tipping_points(claims, {"2021": round_}, pd.DataFrame(), SETTINGS, Least(10, 1))


def lowest(yes: int, n: int, population: int) -> float:
    """The smallest share of yes in the population of which so many among n have a chance of more than 2.5 per cent, by enumeration."""
    return next(m / population for m in range(population + 1) if hypergeom.sf(yes - 1, population, m, n) > 0.025)


def test_the_interval_moves_along_until_it_reaches_the_threshold(tmp_path):
    one = points(tmp_path, [SHARE], population=80).iloc[0]
    delta = (0.5 - lowest(40, 50, 80)) / (30 / 80)
    assert one["silent"] == 30 and one["delta"] == pytest.approx(delta, abs=0.005)
    assert one["silent_estimate"] == pytest.approx(0.8 + delta, abs=0.005)
    assert one[["possible", "verdict", "verdict_then"]].tolist() == [True, "supported", "not_supported"]


def test_a_test_that_failed_is_turned_by_silent_ones_in_favour(tmp_path):
    one = points(tmp_path, [SHARE], yes=26, no=24, population=80).iloc[0]
    assert one["delta"] > 0 and one["silent_estimate"] == pytest.approx(
        0.52 + (0.5 - lowest(26, 50, 80)) / (30 / 80), abs=0.005
    )
    assert one[["verdict", "verdict_then"]].tolist() == ["not_supported", "supported"]


def test_where_few_are_silent_nothing_that_they_say_turns_the_test(tmp_path):
    one = points(tmp_path, [SHARE], population=52).iloc[0]
    assert one["silent_estimate"] < 0 and not one["possible"]
    # Percentages change by no more than a hundred points.
    assert not points(tmp_path, [CHANGE], population=52).iloc[0]["possible"]
    assert points(tmp_path, [CHANGE], population=100).iloc[0]["possible"]


def test_where_nobody_is_silent_there_is_no_tipping_point(tmp_path):
    one = points(tmp_path, [SHARE], population=50).iloc[0]
    assert one["silent"] == 0 and np.isnan(one["delta"])


def test_a_turned_test_leaves_what_the_others_say(tmp_path):
    found = points(tmp_path, [SHARE, {**CHANGE, "necessary": True}], population=80)
    assert found["verdict_then"].tolist() == ["partly_supported", "not_supported"]


def test_below_a_threshold_the_other_end_counts(tmp_path):
    below = {"test": "share_below", "question": "adapted", "categories": ["no"], "threshold": 0.5}
    one = points(tmp_path, [below], population=80).iloc[0]
    assert one["delta"] == pytest.approx((0.5 - (1 - lowest(40, 50, 80))) / (30 / 80), abs=0.005) and one["delta"] > 0


@pytest.mark.parametrize(
    ("p", "place", "level"),
    [([0.5], 0, 0.025), ([1e-6, 0.5], 1, 0.025), ([0.9, 0.5], 1, 0.0125), ([1e-6, 0.012, 0.9], 2, 0.025), ([1e-6, 0.02, 0.9], 2, 0.0125), ([1e-6, 0.9, 0.9], 2, 0.0125)],
)  # fmt: skip
def test_the_level_that_holm_leaves_a_test(p, place, level):
    assert critical_level(p, place, 0.025) == pytest.approx(level)


ROWS = [
    ("f", "share_above 0.5: yes", 1, "share", 50, 30, 0.8, 0.5, -0.6, 0.2, True, "supported", "not_supported"),
    ("f", "share_above 0.5: yes", 2, "ratio", 50, 30, 1.2, 1.0, -0.4, 0.8, True, "supported", "partly_supported"),
    ("g", "theme_above 0.2: x", 1, "theme", 50, 2, 0.8, 0.2, -5.0, -4.2, False, "supported", "not_supported"),
]
NAMES = ["finding", "test", "test_number", "measure", "n", "silent", "estimate", "threshold", "delta", "silent_estimate", "possible", "verdict", "verdict_then"]  # fmt: skip


def shown() -> tuple[pd.DataFrame, pd.DataFrame]:
    table = pd.DataFrame(ROWS, columns=NAMES)
    return table, table[["finding", "test"]].copy()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figure_has_the_shares_and_says_which_cannot_be_turned(lang):
    points, findings = shown()
    table = figure.table({"tipping_points": points, "findings": findings}, {})
    assert table[["number", "test_number"]].to_numpy().tolist() == [[1, 1], [2, 1]]
    figure.draw(table, {"confidence": 0.95, "synthetic": True}, lang)
    lines = figure.description(table, {}, lang)
    assert "20%" in lines[0] and "30" in lines[0] and "-4" not in lines[1]
    assert "2" in figure.alt_text(table, {}, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_gives_each_test_in_its_unit(lang):
    story = Story.__new__(Story)
    story.lang, story.words, story.volume = lang, text(lang), "annex"
    table, story.findings = shown()
    story.table = {"tipping_points": table, "imputed_tests": pd.DataFrame()}.get
    claims = {"f": finding(SHARE, {**CHANGE, "test": "ratio_above", "threshold": 1}),
              "g": finding({"test": "theme_above", "theme": "x", "threshold": 0.2, "min_alpha": 0.667}, number=2)}  # fmt: skip
    story.config = SimpleNamespace(findings=claims, figures={})
    lines = silent.chapter(story).splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if line.startswith("| **")]
    verdicts, words = story.words["verdicts"], story.words["silent"]
    one = "1.20" if lang == "en" else "1,20"
    assert rows[0][1:] == ["30", "80%", "50%", "20%", verdicts["not_supported"]]
    assert rows[1][2] == one and rows[1][5] == verdicts["partly_supported"]
    assert rows[2][4:] == [words["beyond"], verdicts["supported"]]
