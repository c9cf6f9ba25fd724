"""Rounds without a register: what config.yaml may ask of them, who answers them, how they are estimated, and what of them is hidden."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hrmonitor.cleaning import clean
from hrmonitor.cli.check_round import look_at_round
from hrmonitor.cli.decisions.facility_names import items
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.new_round import start
from hrmonitor.cli.publish import publish
from hrmonitor.disclosure.audit.protected import known, protected
from hrmonitor.disclosure.audit.samples import finer_than_their_error, told_of_sample
from hrmonitor.disclosure.rules import Rules
from hrmonitor.editions import EditionError
from hrmonitor.errors import ConfigError, FrameError
from hrmonitor.estimation import mean, sampled
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.findings.verdicts import Least
from hrmonitor.language import LANGUAGES, framed, text
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Config, Frame, SampleDesign
from hrmonitor.project.frame import frame_from, register_of, respondents_of, units_of
from hrmonitor.project.keys import plain
from hrmonitor.project.preregistration import Registration, differences, registered_part
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.response import response
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.survey import Round, read_rounds
from hrmonitor.tabulation.changes import all_changes
from sample_survey import COUNTS, clients, population_config, sample_config, write_population, write_sample

SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
RULES = {
    "minimum_spread": 10,
    "minimum_cell": 3,
    "minimum_organisations": 3,
    "p_percent": 10,
    "protection": 10,
    "sensitive": ["violence"],
}
NO_NOTES = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a clients' survey and goes there."""

    def write(config: dict | None = None, rows: list[dict] | None = None) -> Config:
        write_sample(tmp_path, config, rows)
        monkeypatch.chdir(tmp_path)
        return check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))

    return write


def cleaned(config: Config, rows: list[dict]) -> dict[str, pd.DataFrame]:
    block = config.rounds["2024"]
    lead = {
        "_source": "answers.csv",
        "_row": range(2, len(rows) + 2),
        "_mode": "interview",
        "_instrument": "",
        "_submitted_at": "",
        "_status": "",
    }
    responses = pd.DataFrame(rows, dtype="str").replace("", pd.NA).astype("str")
    responses = pd.concat([pd.DataFrame(lead, index=responses.index), responses], axis=1)
    form = read_questionnaire(block.questionnaire)
    frame = frame_from({"frame": plain(block.frame)})
    return clean(responses, NO_NOTES, form, register_of(), None, pd.DataFrame(columns=["written", "service", "facility_id", "reason"]), "names.csv", 2024,
                 respondents=respondents_of("2024", frame))  # fmt: skip


def round_of(config: Config, rows: list[dict], tmp_path: Path) -> Round:
    """The round as every stage reads it, from its block in plain values."""
    path = tmp_path / "facilities.parquet"
    cleaned(config, rows)["facilities"].to_parquet(path)
    blocks = {
        name: {"year": one.year, "questionnaire": one.questionnaire, "frame": plain(one.frame)}
        for name, one in config.rounds.items()
    }
    return read_rounds(blocks, [path], register_of())["2024"]


# --- config.yaml ----------------------------------------------------------------------------------------------


def test_a_study_whose_rounds_are_samples_needs_no_register(project):
    config = project()
    assert config.register is None and not config.has_register and config.frames == {"sample"}


def test_a_round_without_a_frame_needs_the_register(project):
    config = sample_config()
    del config["rounds"]["2024"]["frame"]
    with pytest.raises(ConfigError, match=r"facility_name|'register' is missing"):
        project(config)


def changed(**keys) -> dict:
    config = sample_config()
    config["rounds"]["2024"]["frame"] |= keys
    return config


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ({"identity": "nobody"}, "identity: .* has no question 'nobody'"),
        ({"design": {"weight": "wieght"}}, "design.weight: .*'wieght'.* 'weight'"),
        ({"design": {"weight": "place"}}, "design.weight: the question 'place' is of type 'text'"),
        ({"design": {"cluster": "visits"}}, "has an `indicator`"),
        ({"design": {"strata": "stratum"}}, "'visits' asks for a total"),
        ({"kind": "population"}, "design: only a frame of `kind: sample`"),
        ({"kind": "register", "design": None}, "facility_name|identity"),
        ({"kind": "sample", "counts": "raw/x.csv"}, "counts: only a frame of `kind: population`"),
        ({"kind": "census"}, "'census' is not known"),
        ({"design": {"lonely": "average"}}, "'average' is not known"),
    ],
)
def test_a_frame_that_cannot_be_is_refused_by_name(project, frame, says):
    config = changed(**frame)
    config["rounds"]["2024"]["frame"] = {
        key: own for key, own in config["rounds"]["2024"]["frame"].items() if own is not None
    }
    with pytest.raises(ConfigError, match=says):
        project(config)


def asked(**more) -> dict:
    """The config with another test, figure, setting or key of the round."""
    config = sample_config()
    for key, own in more.items():
        if key in ("contacts", "names"):
            config["rounds"]["2024"][key] = own
        elif key == "test":
            config["findings"]["tested"]["tests"] = [own]
        elif key == "figure":
            config["figures"]["extra"] = {"section": "data", "round": "2024", "title": {"en": "x"}, **own}
        else:
            config[key] = own
    return config


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (asked(contacts="raw/contacts.csv"), "rounds.2024.contacts: the frame is no register"),
        (asked(names="raw/names.csv"), "rounds.2024.names: the frame is no register"),
        (asked(figure={"kind": "coverage_map"}), "figures.extra.kind: coverage_map shows facilities of the register"),
        (asked(figure={"kind": "response_flow"}), "figures.extra.kind: response_flow shows facilities of the register"),
        (asked(test={"test": "more_increased", "question": "tested_hepatitis", "why": "x"}), "more_increased is not made for a sample"),
        (asked(estimation={"variance": "bootstrap"}), "estimation.variance: `bootstrap` is not made for a sample"),
        (asked(estimation={"quantile_interval": "bootstrap"}), "estimation.quantile_interval"),
        (asked(estimation={"weights": "raked", "margins": ["province"]}), "estimation.weights: `raked` needs the register"),
        (asked(estimation={"strata": "service_province"}), "estimation.strata"),
        (asked(imputation={"method": "hot_deck"}), "imputation.method"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_sample_cannot_give_is_refused_by_name(project, config, says):
    with pytest.raises(ConfigError, match=says):
        project(config)


# --- who answers ----------------------------------------------------------------------------------------------


def test_who_answered_twice_counts_once_by_the_code_and_twice_by_the_row(project):
    rows = clients()
    rows[1] |= {"client_code": rows[0]["client_code"], "visits": ""}
    config = project(rows=rows)
    tables = cleaned(config, rows)
    assert tables["submissions"]["status"].value_counts().to_dict() == {"kept": len(rows) - 1, "duplicate": 1}
    assert tables["submissions"]["status"][1] == "duplicate"  # which has one answer fewer
    without = sample_config()
    del without["rounds"]["2024"]["frame"]["identity"]
    Path("config.yaml").write_text(yaml.safe_dump(without), encoding="utf-8")
    assert len(cleaned(check_config(without), rows)["facilities"]) == len(rows)


def test_codes_of_respondents_do_not_go_on(project):
    rows = clients()
    facilities = cleaned(project(rows=rows), rows)["facilities"]
    assert "client_code" not in facilities
    assert not facilities.astype(str).isin([row["client_code"] for row in rows]).any().any()


def test_a_name_that_begins_as_a_test_is_no_test_where_nobody_has_a_name(project):
    rows = clients()
    rows[3]["client_code"] = "test-17"
    assert (cleaned(project(rows=rows), rows)["submissions"]["status"] == "kept").all()


def test_who_has_a_weight_and_no_answer_is_empty(project):
    rows = clients()
    for name in ("service", "tested_hepatitis", "needs/housing", "needs/care", "needs/rights", "violence", "visits"):
        rows[4][name] = ""
    assert cleaned(project(rows=rows), rows)["submissions"]["status"][4] == "empty"


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("weight", "", r"answers.csv, row 7, weight: nothing stands there"),
        ("weight", "0", r"answers.csv, row 7, weight: '0' stands there"),
        ("weight", "-2.5", r"answers.csv, row 7, weight: '-2.5' stands there"),
        ("weight", "many", r"answers.csv, row 7, weight: 'many' stands there"),
        ("place", "", r"answers.csv, row 7, place: nothing stands there"),
        ("stratum", "", r"answers.csv, row 7, stratum: nothing stands there"),
        ("client_code", "", r"answers.csv, row 7, client_code: it is blank"),
        ("client_code", "▇▇▇", r"answers.csv, row 7, client_code: it holds personal data"),
        ("service", "", r"answers.csv, row 7, service: there is none"),
    ],
)
def test_who_has_no_place_in_the_design_stops_the_build_by_file_and_row(project, column, value, says):
    rows = clients()
    rows[5][column] = value
    config = project(rows=rows)
    with pytest.raises(FrameError, match=says):
        cleaned(config, rows)


def test_check_names_a_weight_that_cannot_be(project):
    rows = clients()
    rows[5]["weight"] = "0"
    tables, stops, _ = look_at_round("2024", project(rows=rows))
    assert any("answers.csv, row 7, weight" in stop for stop in stops)
    assert all("register" not in f"{table.title} {table.headings} {table.empty}".lower() for table in tables)


def test_check_tells_how_respondents_were_drawn(project):
    tables, stops, _ = look_at_round("2024", project())
    told = {row[0]: row[1] for table in tables if table.title.startswith("Who answered") for row in table.rows}
    assert stops == []
    assert (told["respondents"], told["strata"], told["primary sampling units"]) == ("239", "6", "19")


def test_check_names_a_stratum_with_one_place(project):
    rows = clients()
    for row in rows:
        row["stratum"] = row["place"] if row["place"] == "lake 1" else row["stratum"]
    _, stops, _ = look_at_round("2024", project(rows=rows))
    assert any("The stratum 'lake 1' has one primary sampling unit" in stop and "lonely" in stop for stop in stops)


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


def population_round(tmp_path, monkeypatch, counts: str = COUNTS) -> Round:
    rows = clients()
    write_sample(tmp_path, population_config(), rows)
    write_population(tmp_path, counts)
    monkeypatch.chdir(tmp_path)
    return round_of(check_config(population_config()), rows, tmp_path)


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


# --- sentences ------------------------------------------------------------------------------------------------


def leaves(words, place: tuple = ()):
    if isinstance(words, dict | list):
        for key, own in words.items() if isinstance(words, dict) else enumerate(words):
            yield from leaves(own, (*place, key))
    else:
        yield place, words


@pytest.mark.parametrize("kind", ["sample", "population"])
def test_sentences_of_frames_stand_in_the_place_of_others_in_every_language(kind):
    new = {}
    for lang in LANGUAGES:
        before, after = dict(leaves(text(lang))), dict(leaves(framed(lang, kind)))
        new[lang] = {place for place in after if place not in before}
        changed = {place for place in after if after[place] != before.get(place)}
        assert changed and set(before) - set(after) <= {("methods", "parts", 2, "text", 2)} | {
            place for place in before if place[0] in ("slides", "policy_summary")
        }
        said = [re.sub(r"\{\w+\}", "", str(after[place])).lower() for place in changed]
        assert [one for one in said if "register" in one or ("respons" in one and kind == "sample")] == []
    assert len(set(map(frozenset, new.values()))) == 1
    assert framed("en", "register") == text("en")


# --- the commands ---------------------------------------------------------------------------------------------


def test_a_new_round_has_the_frame_of_the_one_before(project):
    project()
    start("2026", "2024", yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
    block = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))["rounds"]["2026"]
    assert block["frame"] == sample_config()["rounds"]["2024"]["frame"] and "names" not in block
    assert not Path("raw/2026/names.csv").exists()
    assert "register.csv" not in Path("raw/2026/CHECKLIST.md").read_text(encoding="utf-8")


def test_a_new_round_has_counts_of_its_own(tmp_path, monkeypatch):
    population_round(tmp_path, monkeypatch)
    start("2026", "2024", yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
    frame = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))["rounds"]["2026"]["frame"]
    assert frame["counts"] == "raw/2026/population.csv" and Path(frame["counts"]).read_text(encoding="utf-8") == COUNTS


def test_names_of_respondents_are_nobody_to_decide_on(project):
    _, _, reading = look_at_round("2024", project())
    assert items(reading, Record(Path("raw/2024/names.csv"), []), {}) == []


def test_an_edition_of_a_round_without_a_register_is_refused(project):
    with pytest.raises(EditionError, match=r"Round 2024 has a frame of `kind: sample`"):
        publish("2026-first", project(), Path())


def test_a_frame_that_is_not_as_it_was_registered_is_told(project):
    config = project()
    settings, findings = registered_part("2024", config)
    registration = Registration("2024", "2024-01-01", "abc", settings, findings)
    assert differences(registration, config) == []
    other = changed(design={"weight": "weight"})
    Path("config.yaml").write_text(yaml.safe_dump(other), encoding="utf-8")
    found = {one.key for one in differences(registration, check_config(other))}
    assert found == {"frame.design.strata", "frame.design.cluster"}


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
