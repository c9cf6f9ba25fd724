"""Rounds without a register: how they are estimated, and what of them is hidden."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from frame_rounds import RULES, SETTINGS, cleaned, population_round, round_of, survey_in
from hrmonitor.disclosure.audit.protected import known, protected
from hrmonitor.disclosure.audit.samples import finer_than_their_error, told_of_sample
from hrmonitor.disclosure.rules import Rules
from hrmonitor.errors import ConfigError, FrameError
from hrmonitor.estimation import mean, sampled
from hrmonitor.estimation.sampling_design import round_design
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.findings.verdicts import Least
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Frame, SampleDesign
from hrmonitor.project.frame import frame_from, register_of, units_of
from hrmonitor.project.keys import plain
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.response import response
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.tabulation.changes import all_changes
from sample_survey import COUNTS, clients, population_config, sample_config


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a clients' survey and goes there."""
    return partial(survey_in, tmp_path, monkeypatch)


# --- estimates ------------------------------------------------------------------------------------------------


def test_indicators_are_estimates_of_the_design(project, tmp_path):
    """By an estimator that R's values are checked for (test_svydesign.py), from the rows of the file alone."""
    rows = clients()
    one = round_of(project(rows=rows), rows, tmp_path)
    table = indicators(
        {"2024": one}, suppressions({"2024": one}, SETTINGS, Rules(**RULES))[0], SETTINGS, Rules(**RULES)
    )
    written = pd.DataFrame(rows)
    design = sampled(
        written["stratum"].to_numpy(str), written["place"].to_numpy(str), written["weight"].astype(float).to_numpy()
    )
    yes = written["tested_hepatitis"].map({"yes": 1.0, "no": 0.0}).to_numpy(float)
    for service in ("all", "north", "lake"):
        own = np.where((written["service"] == service) | (service == "all"), yes, np.nan)
        expected = mean(design, own, 0.95)
        row = table.query(
            "service == @service and indicator == 'tested_hepatitis' and category == 'yes' and statistic == 'share'"
        ).iloc[0]
        assert row["estimate"] == pytest.approx(expected.value, abs=0.0006)  # in the digits of its error
        assert row["se"] == pytest.approx(expected.se, rel=0.06)  # two digits of it are shown
        assert row["ci_low"] < row["estimate"] < row["ci_high"] and pd.isna(row["population"])
    topline = (written["weight"].astype(float) * yes).sum() / written["weight"].astype(float)[~np.isnan(yes)].sum()
    assert table.query("service == 'all' and category == 'yes'")["estimate"].iloc[0] == pytest.approx(
        topline, abs=0.0006
    )


def test_a_sample_has_no_bounds_of_the_silent_and_no_rates(project, tmp_path):
    rows = clients()
    one = round_of(project(rows=rows), rows, tmp_path)
    hidden = suppressions({"2024": one}, SETTINGS, Rules(**RULES))[0]
    assert "share_bounds" not in set(indicators({"2024": one}, hidden, SETTINGS, Rules(**RULES))["statistic"])
    submissions = cleaned(check_config(sample_config()), rows)["submissions"]
    tables, cases = response({"2024": one}, {"2024": submissions}, {"2024": None}, register_of(), hidden, SETTINGS, 3)
    assert tables["response"].empty and tables["nonresponse"].empty and cases["2024"].empty
    assert len(tables["item_nonresponse"]) and "weight" not in set(tables["item_nonresponse"]["question"])


def test_a_question_may_say_how_many_places_there_are():
    """Four places of eight and three of three; without weights each answer stands for as many as the fpc says."""
    facilities = pd.DataFrame({
        "facility_id": [f"respondent-{place}" for place in range(14)], "service": "north",
        "stratum": ["a"] * 8 + ["b"] * 6, "place": [str(place // 2) for place in range(14)], "places": pd.array([8] * 8 + [3] * 6, "Int64"),
    })  # fmt: skip
    frame = Frame("sample", design=SampleDesign(strata="stratum", cluster="place", fpc="places"))
    units = units_of("2024", 2024, frame, register_of(), facilities)
    design = round_design(facilities, units, SETTINGS)
    assert design.weights.tolist() == [2.0] * 8 + [1.0] * 6 and design.units.fractions.tolist() == [0.5, 1.0]
    assert units["organisation"].nunique() == 7
    with pytest.raises(FrameError, match="places: 2 of those who answered have none"):
        units_of(
            "2024",
            2024,
            frame,
            register_of(),
            facilities.assign(places=pd.array([8] * 6 + [0, None] + [3] * 6, "Int64")),
        )


def test_a_part_of_a_sample_is_a_domain_of_it(project, tmp_path):
    rows = clients()
    one = round_of(project(rows=rows), rows, tmp_path)
    part = one.only_services(["lake"])
    whole, own = (round_design(some.facilities, some.frame, SETTINGS) for some in (one, part))
    assert len(own.strata) < len(whole.strata) and len(own.units.owner) == len(whole.units.owner)


def test_verdicts_on_a_sample_have_no_worst_case(project, tmp_path):
    rows = clients()
    config = project(rows=rows)
    one = round_of(config, rows, tmp_path)
    again = reassess(config.findings, {"2024": one}, pd.DataFrame(), SETTINGS, Least(10, 3))
    assert set(again["scenario"]) == {"without_organisation"} and len(again) == 19


def test_nothing_links_the_respondents_of_two_samples(project, tmp_path):
    rows = clients()
    one = round_of(project(rows=rows), rows, tmp_path)
    assert all_changes({"2023": replace(one, name="2023", year=2023), "2024": one}, SETTINGS).empty


# --- disclosure -----------------------------------------------------------------------------------------------


def few_in_a_city() -> list[dict]:
    """Two clients of one place in a city of their own."""
    rows = [row for row in clients() if row["service"] != "lake"]
    return [
        *rows,
        *(
            row
            for row in clients()
            if row["place"] in ("lake 1", "lake 2") and row["client_code"] in ("K0185", "K0196")
        ),
    ]


def test_where_few_answered_nothing_of_a_question_is_left_of_them_nor_of_all(project, tmp_path):
    rows = few_in_a_city()
    config = sample_config()
    config["rounds"]["2024"]["frame"]["design"]["lonely"] = "certainty"
    one = round_of(project(config, rows), rows, tmp_path)
    assert (one.facilities["service"] == "lake").sum() == 2
    pattern = suppressions({"2024": one}, SETTINGS, Rules(**RULES))[0]
    shown = indicators({"2024": one}, pattern, SETTINGS, Rules(**RULES))
    estimates = shown[["n", "estimate", "ci_low", "ci_high", "se"]]
    hidden = shown["service"].isin(["lake", "all"])
    # Quantiles have a rule of their own: that of all two hundred is nobody's answer.
    assert estimates[hidden & (shown["statistic"] != "median")].isna().all().all()
    assert shown.loc[(shown["service"] == "lake"), "estimate"].isna().all()
    assert shown.loc[~hidden, "estimate"].notna().all()


def statement(service: str, statistic: str = "share", indicator: str = "tested_hepatitis") -> pd.DataFrame:
    row = ("open_data/x.csv", "", "2024", service, indicator, "yes", statistic, 0.4, 0.41)
    return pd.DataFrame(
        [row], columns=["source", "round_from", "round", "service", "indicator", "category", "statistic", "low", "high"]
    )


def test_the_audit_takes_any_number_of_the_question_for_telling(project, tmp_path):
    rows = few_in_a_city()
    config = sample_config()
    config["rounds"]["2024"]["frame"]["design"]["lonely"] = "certainty"
    one = round_of(project(config, rows), rows, tmp_path)
    targets = protected([one], RULES, {})
    assert known([one], RULES).samples == {"2024"}
    target = next(one for one in targets if one.name == ("2024", "lake", "tested_hepatitis", "yes", "share"))

    def told(statements: pd.DataFrame) -> list[str]:
        return told_of_sample(target, statements, {}, one.questionnaire)

    assert told(statement("lake")) == told(statement("all")) == told(statement("lake", "count")) == ["open_data/x.csv"]
    assert told(statement("all", "share/ci_low")) == ["open_data/x.csv"]
    assert told(statement("north")) == told(statement("lake", indicator="needs")) == []


def test_numbers_of_few_with_weights_are_hidden_and_wanted_by_the_audit(project, tmp_path):
    """Seven clients: enough for the rules of a register, and few enough to work out each answer by the weights."""
    rows = [row for row in clients() if row["service"] != "lake"]
    rows += [row for row in clients() if row["service"] == "lake"][::8]
    config = sample_config()
    config["rounds"]["2024"]["frame"]["design"]["lonely"] = "certainty"
    one = round_of(project(config, rows), rows, tmp_path)
    assert (one.facilities["service"] == "lake").sum() == 7
    shown = indicators(
        {"2024": one}, suppressions({"2024": one}, SETTINGS, Rules(**RULES))[0], SETTINGS, Rules(**RULES)
    )
    cells = shown.set_index(["indicator", "statistic", "service"])["estimate"].sort_index()
    for place in (("visits", "mean"), ("visits", "total"), ("violence", "share")):
        assert np.isnan(cells.loc[[(*place, "lake"), (*place, "all")]]).all()
        assert not np.isnan(cells.loc[[(*place, "north")]]).any()
    wanted = {target.indicator for target in protected([one], RULES, {}) if target.statistic == "weighted"}
    assert wanted == {"visits", "violence"}
    assert not np.isnan(cells.loc[[("needs", "share", "lake")]]).any()


def test_the_audit_finds_a_share_in_more_digits_than_its_error_has():
    def printed(estimate: float) -> list:
        rows = [
            ("x.csv", "", "2024", "north", "needs", "care", "share", estimate, estimate),
            ("x.csv", "", "2024", "north", "needs", "care", "share/se", 0.048, 0.048),
        ]
        columns = ["source", "round_from", "round", "service", "indicator", "category", "statistic", "low", "high"]
        return list(finer_than_their_error(pd.DataFrame(rows, columns=columns), frozenset({"2024"})))

    assert printed(0.388) == [] and printed(0.39) == []
    assert printed(0.3881732805) == [
        ("2024", "north", "needs", "care", "share", "more digits than it justifies", "x.csv")
    ]


# --- a population ---------------------------------------------------------------------------------------------


def test_a_population_of_known_size_corrects_by_type_of_service(tmp_path, monkeypatch):
    one = population_round(tmp_path, monkeypatch)
    table = indicators(
        {"2024": one}, suppressions({"2024": one}, SETTINGS, Rules(**RULES))[0], SETTINGS, Rules(**RULES)
    )
    visits = table.query("indicator == 'visits' and statistic == 'mean'").set_index("service")
    assert visits["population"].to_dict() == {"lake": 60, "north": 150, "hills": 72, "all": 282}
    assert visits.loc["hills", "se"] == 0  # all answered
    own = one.values_of("visits")[(one.facilities["service"] == "lake").to_numpy()]
    assert visits.loc["lake", "se"] == pytest.approx(np.sqrt(own.var(ddof=1) / 55 * (1 - 55 / 60)), rel=0.05)
    assert "share_bounds" in set(table["statistic"])


def test_more_answers_than_there_are_stop_the_build(tmp_path, monkeypatch):
    with pytest.raises(FrameError, match=r"population.csv: of 'north' there are 100, but 112 answered"):
        population_round(tmp_path, monkeypatch, COUNTS.replace("150", "100"))


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (COUNTS.replace("lake", "lakes"), "row 2, service: the form has no type 'lakes'"),
        (COUNTS.replace("60", "sixty"), "row 2, population: 'sixty' is no whole number"),
        (COUNTS + "lake,3\n", "row 5: 'lake' stands here a second time"),
        ("service,size\nlake,60\n", "needs the columns service and population"),
        ("service,population\n", "the file has no rows"),
    ],
)
def test_counts_that_cannot_be_are_refused_by_row(tmp_path, monkeypatch, counts, says):
    with pytest.raises(ConfigError, match=says):
        population_round(tmp_path, monkeypatch, counts)


def test_a_type_of_which_nobody_answered_is_part_of_the_population(tmp_path, monkeypatch):
    one = population_round(tmp_path, monkeypatch)
    frame = frame_from({"frame": plain(check_config(population_config()).rounds["2024"].frame)})
    without = one.facilities[one.facilities["service"] != "lake"]
    units = units_of("2024", 2024, frame, register_of(), without)
    assert units["service"].value_counts().to_dict() == {"north": 150, "hills": 72, "lake": 60}
    assert units["facility_id"].is_unique


def test_two_populations_are_compared_as_independent_answers(tmp_path, monkeypatch):
    one = population_round(tmp_path, monkeypatch)
    earlier = replace(
        one, name="2023", year=2023, facilities=one.facilities.assign(facility_id="x" + one.facilities["facility_id"])
    )
    earlier = replace(earlier, frame=one.frame.assign(facility_id="x" + one.frame["facility_id"]))
    table = all_changes({"2023": earlier, "2024": one}, SETTINGS)
    assert set(table["statistic"]) == {"change"} and (table["estimate"].abs() < 1e-12).all()
    own = table.query("indicator == 'visits' and service == 'lake'").iloc[0]
    values = one.values_of("visits")[(one.facilities["service"] == "lake").to_numpy()]
    assert own["se"] == pytest.approx(np.sqrt(2 * values.var(ddof=1) / 55 * (1 - 55 / 60)))
