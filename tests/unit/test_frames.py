"""Rounds without a register: what config.yaml may ask of them, who answers them, what the report and the commands say of them."""

import re
from functools import partial
from pathlib import Path

import pytest
import yaml
from frame_rounds import cleaned, population_round, survey_in
from hrmonitor.cli.check_round import look_at_round
from hrmonitor.cli.decisions.facility_names import items
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.new_round import start
from hrmonitor.cli.publish import publish
from hrmonitor.editions import EditionError
from hrmonitor.errors import ConfigError, FrameError
from hrmonitor.language import framed, text
from hrmonitor.project.checks import check_config
from hrmonitor.project.preregistration import Registration, differences, registered_part
from sample_survey import COUNTS, clients, sample_config

# Those of the shipped study.
LANGUAGES = ("en", "nl")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a clients' survey and goes there."""
    return partial(survey_in, tmp_path, monkeypatch)


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
