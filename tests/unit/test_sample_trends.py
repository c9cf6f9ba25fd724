"""Trends over rounds that drew samples of their own: as base R has them, of published numbers alone, and hidden where one of these is."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hrmonitor.declarations.csv_files import write_table
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.estimation.trends import independent_monotone_p, independent_trend
from hrmonitor.project.frame import is_sample
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.trends import trends
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import estimate_round

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference_values" / "independent_trends.csv")
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
NO_CHANGES = pd.DataFrame(columns=["indicator", "category", "service", "round_from", "round", "statistic", "suppressed", "suppression", "ci_low", "se"])  # fmt: skip
SURVEY = """type,name,label::English (en),indicator,statistic,unit
select_one service,service,City?,,,
select_one yn,seen,Seen?,seen,share,
integer,visits,Visits?,visits,mean,visits
"""
CHOICES = "list_name,name,label::English (en)\nservice,north,North\nservice,south,South\nyn,yes,Yes\nyn,no,No\n"


@pytest.mark.parametrize("place", REFERENCE.index)
def test_slopes_of_independent_samples_and_both_tests_are_those_of_r(place):
    row = REFERENCE.loc[place]
    years, estimates, se = (np.array(row[name].split(), float) for name in ("years", "estimates", "se"))
    reach = 1.959963984540054 * se
    ends = np.column_stack([estimates - reach, estimates + reach])
    found = independent_trend(years, estimates, ends, 0.95)
    expected = tuple(row[["slope", "slope_se", "low", "high", "p"]].astype(float))
    assert (found.value, found.se, found.low, found.high, found.p) == pytest.approx(expected, rel=1e-8)
    assert independent_monotone_p(estimates, ends, 0.95) == pytest.approx(row["p_monotone"], rel=1e-8)


def test_lopsided_intervals_reach_into_the_slope_by_the_side_that_counts():
    ends = np.array([[0.0, 0.3], [0.4, 0.6], [0.5, 0.75]])
    found = independent_trend(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.5, 0.7]), ends, 0.95)
    # The slope is half of the last less the first.
    assert found.value - found.low == pytest.approx(np.hypot(0.2, 0.2) / 2)
    assert found.high - found.value == pytest.approx(np.hypot(0.05, 0.1) / 2)


@pytest.fixture
def samples(tmp_path):
    for name, sheet in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nT,t,1\n")):
        (tmp_path / f"{name}.csv").write_text(sheet, encoding="utf-8")
    form, rng, found = read_questionnaire(tmp_path), np.random.default_rng(2), {}
    for place, year in enumerate((2019, 2021, 2023, 2025)):
        answers = pd.DataFrame(
            {"facility_id": [f"{year}-{n}" for n in range(200)], "service": ["north", "south"] * 100}
        )
        answers = answers.assign(
            seen=np.where(rng.random(200) < 0.2 + 0.12 * place, "yes", "no"), visits=rng.poisson(4, 200), seen__missing="", visits__missing=""
        )  # fmt: skip
        frame = answers[["facility_id", "service"]].assign(
            organisation=answers["facility_id"],
            province="",
            stratum="all",
            lonely="fail",
            weight=rng.uniform(0.5, 2, 200),
        )
        found[str(year)] = Round(str(year), year, answers, frame, replace(form))
        assert is_sample(frame)
    return found


def table_of(samples, hide=(), least=10) -> pd.DataFrame:
    indicators = pd.concat([estimate_round(one, SETTINGS) for one in samples.values()], ignore_index=True)
    for round_, service, indicator in hide:
        place = (indicators[["round", "service", "indicator"]] == [round_, service, indicator]).all(axis=1)
        indicators.loc[place, ["n", "estimate", "ci_low", "ci_high", "se"]] = np.nan
        indicators.loc[place, "suppressed"] = True
    return trends(samples, NO_CHANGES, indicators, SETTINGS, least, 2)


def outcomes(table: pd.DataFrame) -> dict[tuple, str]:
    return table.set_index(["indicator", "category", "service"])["outcome"].to_dict()


def test_four_samples_tell_a_rise_and_no_trend_where_there_is_none(samples, tmp_path):
    table = table_of(samples)
    write_table("trends", table, tmp_path / "trends.csv")
    told = outcomes(table)
    assert told["seen", "yes", "all"] == "rises" and told["seen", "no", "all"] == "falls"
    assert told["visits", "", "all"] == "no_trend_shown"
    row = table[(table["category"] == "yes") & (table["service"] == "all")].iloc[0]
    assert (row["rounds"], row["round_from"], row["round"], row["n"]) == (4, "2019", "2025", 800)
    assert row["ci_low"] < 0.06 < row["ci_high"] and row["p_monotone"] < 0.001


def test_two_samples_few_answers_and_hidden_ones_tell_none(samples):
    two = table_of({name: samples[name] for name in ("2019", "2025")})
    assert set(two["outcome"]) == {"too_few_rounds"} and two["estimate"].isna().all()
    assert set(table_of(samples, least=500)["outcome"]) == {"too_few_facilities"}
    hidden = table_of(samples, [("2021", "north", "seen")])
    told = outcomes(hidden)
    assert told["seen", "yes", "north"] == "" and told["seen", "yes", "south"] != ""
    blank = hidden[(hidden["indicator"] == "seen") & (hidden["service"] == "north")]
    assert blank["suppressed"].all() and blank[["n", "estimate", "se", "p", "p_monotone"]].isna().all(axis=None)
