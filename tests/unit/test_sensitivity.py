"""A verdict that hangs on one mode, one organisation or the silent facilities is shown to."""

import pandas as pd
import pytest
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.findings.bounds import BOUNDS
from hrmonitor.findings.sensitivity import COLUMNS, reassess, summary
from hrmonitor.findings.verdicts import Least, strengths, telling
from hrmonitor.survey import Round
from settings import finding, write_form

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
SURVEY = """type,name,label::English (en),indicator,statistic
select_one service,service,Service?,,
select_one yn,adapted,Adapted?,adapted,share
select_one trend,trend,Trend?,,
integer,now,Now?,,
integer,then,Then?,,
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
    return write_form(tmp_path, SURVEY, CHOICES)


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
    return reassess({"f": finding(*tests)}, evidence, pd.DataFrame(), SETTINGS, Least(10, 1)).set_index(
        ["scenario", "left_out"]
    )


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
    themes["service"], themes["present"], themes["agreement_low"] = "dcr", themes.index < 30, 0.9
    themes["coders"], themes["saw"] = 2, 2 * themes["present"]
    for population, verdict in ((60, "supported"), (80, "not_supported")):
        found = reassessed(form, [theme], population=population, themes=themes)
        assert found.loc[("worst_case", ""), "verdict"] == verdict
    doubtful = themes.assign(agreement_low=0.5)
    assert reassessed(form, [theme], themes=doubtful).loc[("worst_case", ""), "verdict"] == "not_supported"


def test_disputed_codes_count_for_and_against_a_theme(form):
    # Of 50 answers both coders saw it in 20, one alone in 20 of which the consensus gave it 10; two were coded by the consensus alone.
    theme = {"test": "theme_above", "question": "open", "theme": "stigma", "threshold": 0.5, "min_alpha": 0.667}
    themes = pd.DataFrame(
        {"round": "2021", "question": "open", "theme": "stigma", "facility_id": [f"F{i}" for i in range(50)]}
    ).assign(service="dcr", agreement_low=0.7, present=lambda own: own.index < 30, coders=2)
    themes["saw"] = [2] * 20 + [1] * 20 + [0] * 10
    themes.loc[48:, ["coders", "saw"]] = 0
    themes.loc[48:, "present"] = True
    found = reassessed(form, [theme], population=50, themes=themes)
    # A census: 32 of 50 as agreed, 42 where any saw it, 22 where all did.
    assert found.loc[("codes_of_any", ""), ["verdict", "as_before", "facilities"]].tolist() == ["supported", True, 50]
    assert found.loc[("codes_of_all", ""), ["verdict", "as_before"]].tolist() == ["not_supported", False]
    assert "codes_of_any" not in reassessed(form, [SHARE], themes=themes).index.get_level_values("scenario")


def test_a_theme_passes_by_the_lower_end_of_alpha(form):
    theme = {"test": "theme_above", "question": "open", "theme": "stigma", "threshold": 0.4, "min_alpha": 0.667}
    for low, verdict in ((0.667, "supported"), (0.666, "not_supported"), (float("nan"), "not_supported")):
        themes = pd.DataFrame({"facility_id": [f"F{i}" for i in range(50)]}).assign(
            round="2021",
            question="open",
            theme="stigma",
            service="dcr",
            agreement_low=low,
            present=True,
            coders=2,
            saw=2,
        )
        assert reassessed(form, [theme], themes=themes).loc[("codes_of_all", ""), "verdict"] == verdict


def test_there_is_no_worst_case_where_a_number_has_no_bounds(form):
    assert reassessed(form, [RATIO]).loc[("worst_case", ""), "verdict"] == "not_assessable"
    assert reassessed(form, [RATIO, SHARE]).loc[("worst_case", ""), "verdict"] == "not_assessable"


def test_a_verdict_that_hangs_on_one_organisation(form):
    # All of B said yes; without it 15 of 25 did, of 60 in the register: no longer surely more than half.
    found = reassessed(form, [SHARE], organisations=["A"] * 15 + ["B"] * 25 + ["C"] * 6 + ["D"] * 4)
    assert not found.loc[("without_organisation", "25"), "as_before"]
    assert found.loc[("without_organisation", "25"), ["facilities", "verdict"]].tolist() == [25, "not_supported"]
    assert found.loc[("without_organisation", "6"), "as_before"]
    assert ("without_organisation", "4") not in found.index


def test_what_is_published_of_organisations_is_how_many_were_left_out(form):
    found = reassessed(form, [SHARE], organisations=["A"] * 15 + ["B"] * 25 + ["C"] * 6 + ["D"] * 4)
    table = summary(found.reset_index()[COLUMNS])
    row = table[table["scenario"] == "without_organisation"].iloc[0]
    # B's 25 of 50 are half, which is enough to tell.
    # Without A three organisations are left, too few for an interval that is clear of a half.
    assert [found.loc[("without_organisation", size), "as_before"] for size in ("15", "25", "6")] == [
        False,
        False,
        True,
    ]
    assert row[["repetitions", "telling", "changed", "left_out"]].tolist() == [3, 3, 2, ""]
    assert row[["facilities", "verdict"]].isna().all()
    assert not row["as_before"]
    assert set(table["scenario"]) == {"without_organisation", "one_vote", "worst_case"}


def test_a_verdict_without_a_mode(form):
    found = reassessed(form, [SHARE], modes=["interview"] * 45 + ["questionnaire"] * 5)
    assert found.loc[("without_mode", "questionnaire"), "as_before"]
    assert found.loc[("without_mode", "interview"), "verdict"] == "not_assessable"


def test_one_mode_cannot_be_left_out(form):
    assert "without_mode" not in reassessed(form, [SHARE]).index.get_level_values("scenario")


def test_silent_facilities_may_all_be_ones_that_the_question_applies_to(form):
    """cee_trend: 78 of the 103 that it applies to said yes, 13 of 116 were not asked, 58 are silent: 78/161, below one half."""
    facilities = pd.DataFrame(
        {"facility_id": [f"F{i}" for i in range(116)], "service": "dcr", "province": "utrecht", "_mode": "interview"}
    )
    facilities["adapted"] = pd.Series(["yes"] * 78 + ["no"] * 25 + [None] * 13, dtype="str")
    for question in ("adapted", "trend", "now", "then"):
        facilities[f"{question}__missing"] = pd.Series([None] * 103 + ["not_asked"] * 13, dtype="str")
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(174)], "service": "dcr", "organisation": "A"})
    round_ = Round("2021", 2021, facilities, frame, form)
    low, high = BOUNDS["share"](finding(SHARE).tests[0], round_, {}, SETTINGS)
    assert (low, high) == (78 / 161, (78 + 58) / 161)
    found = reassess({"f": finding(SHARE)}, {"2021": round_}, pd.DataFrame(), SETTINGS, Least(10, 1)).set_index(
        "scenario"
    )
    assert found.loc["worst_case", "verdict"] == "not_supported"


def test_a_service_that_sent_nothing_is_in_the_bounds(form):
    """83 of 99 rooms and clinics adapted; 17 other rooms and clinics, and all 58 programmes, are silent: 83/174."""
    facilities = pd.DataFrame(
        {"facility_id": [f"F{i}" for i in range(99)], "service": "dcr", "province": "utrecht", "_mode": "interview"}
    )
    facilities["adapted"] = ["yes"] * 83 + ["no"] * 16
    facilities["adapted__missing"] = pd.Series([None] * 99, dtype="str")
    frame = pd.DataFrame(
        {"facility_id": [f"F{i}" for i in range(174)], "service": ["dcr"] * 116 + ["nsp"] * 58, "organisation": "A"}
    )
    assert (
        BOUNDS["share"](finding(SHARE).tests[0], Round("2021", 2021, facilities, frame, form), {}, SETTINGS)[0]
        == 83 / 174
    )


def test_silent_facilities_speak_for_a_claim_that_was_not_supported(form):
    """56 of 116 is not more than a half; with 58 silent it may be: not supported, but not strongly so."""
    found = reassessed(form, [SHARE], yes=56, no=60, population=174)
    assert found.loc[("worst_case", ""), "verdict"] == "supported"
    assert not found.loc[("worst_case", ""), "as_before"]
    # 20 of 116 with 58 silent cannot become more than a half.
    assert reassessed(form, [SHARE], yes=20, no=96, population=174).loc[("worst_case", ""), "as_before"]


def test_a_change_of_percentages_is_bounded_by_what_a_percentage_can_be(tmp_path):
    """40 rose by 10 points; 20 silent ones may have fallen by 100: (400 - 2000) / 60. Counts have no bounds."""
    ends = {"type": ",unit", "integer": ",%"}
    survey = "\n".join(line + ends.get(line.split(",")[0], ",") for line in SURVEY.splitlines())
    percent = write_form(tmp_path, survey, CHOICES)
    test = {"test": "paired_change_above", "now": "now", "then": "then", "threshold": 0}
    facilities = pd.DataFrame({"facility_id": [f"F{i}" for i in range(40)], "service": "dcr", "_mode": "interview"})
    for name, value in (("now", 30.0), ("then", 20.0)):
        facilities[name] = pd.array([value] * 40, dtype="Float64")
        facilities[f"{name}__missing"] = pd.Series([None] * 40, dtype="str")
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(60)], "service": "dcr", "organisation": "A"})
    round_ = Round("2021", 2021, facilities, frame, percent)
    assert BOUNDS["paired_change"](finding(test).tests[0], round_, {}, SETTINGS) == (
        (400 - 2000) / 60,
        (400 + 2000) / 60,
    )


def test_strong_is_only_what_every_test_was_bounded_for(form):
    found = reassessed(form, [SHARE, RATIO]).reset_index()
    verdicts = pd.DataFrame({"finding": ["f"], "verdict": ["supported"]})
    assert strengths(verdicts, found.assign(finding="f"))["f"] == "moderate"
    alone = reassessed(form, [SHARE]).reset_index()
    alone = alone.assign(finding="f")
    assert strengths(verdicts, alone[telling(alone)])["f"] == "strong"
    # One repetition that cannot be assessed is enough.
    assert not telling(alone).all()
    assert strengths(verdicts, alone)["f"] == "moderate"


def answered(form, year, yes, no, register):
    """A round in which so many of each service said yes and no; `register` has so many of each."""
    who = [(service, answer) for service in register for answer in ["yes"] * yes[service] + ["no"] * no[service]]
    facilities = pd.DataFrame(who, columns=["service", "adapted"], dtype="str")
    facilities["facility_id"] = [f"F{i}" for i in range(len(who))]
    facilities["province"], facilities["_mode"] = "utrecht", "interview"
    facilities["adapted__missing"] = pd.Series([None] * len(who), dtype="str")
    services = [service for service, size in register.items() for _ in range(size)]
    frame = pd.DataFrame({"facility_id": [f"F{i}" for i in range(len(services))], "service": services})
    frame["organisation"] = "A"
    return Round(str(year), year, facilities, frame, form)


def test_the_silent_of_both_rounds_bound_a_change(form):
    """Of 12 rooms 3 said yes and 2 were silent, then of 15 rooms 9 and 3."""
    rounds = {
        "2018": answered(form, 2018, {"dcr": 3}, {"dcr": 7}, {"dcr": 12}),
        "2021": answered(form, 2021, {"dcr": 9}, {"dcr": 3}, {"dcr": 15}),
    }
    change = {"test": "change_above", "question": "adapted", "since": "2018", "threshold": 0}
    share = finding({**change, "categories": ["yes"]}).tests[0]
    assert BOUNDS["change"](share, rounds["2021"], rounds, SETTINGS) == (9 / 15 - 5 / 12, 12 / 15 - 3 / 12)
    # Nothing limits the mean of a number.
    assert BOUNDS["change"](finding(change).tests[0], rounds["2021"], rounds, SETTINGS) is None


def test_the_silent_of_each_group_bound_a_difference(form):
    """Of 25 rooms 15 said yes and 7 were silent, of 12 programmes 4 and 2."""
    round_ = answered(form, 2021, {"dcr": 15, "nsp": 4}, {"dcr": 3, "nsp": 6}, {"dcr": 25, "nsp": 12})
    difference = {
        "test": "difference_above", "question": "adapted", "by": "service", "group": ["dcr"], "against": ["nsp"],
        "threshold": 0,
    }  # fmt: skip
    share = finding({**difference, "categories": ["yes"]}).tests[0]
    assert BOUNDS["difference"](share, round_, {}, SETTINGS) == (15 / 25 - 6 / 12, 22 / 25 - 4 / 12)
    assert BOUNDS["difference"](finding(difference).tests[0], round_, {}, SETTINGS) is None
