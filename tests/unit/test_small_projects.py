"""Surveys that lack what larger ones have: each kind that once ended in a traceback."""

import pandas as pd
import pytest
import yaml
from hrmonitor.cleaning import clean
from hrmonitor.declarations.checks import check
from hrmonitor.disclosure.complementary import hidden_cells
from hrmonitor.disclosure.linked_cells import Secret, System, Unknown
from hrmonitor.disclosure.rules import Rules
from hrmonitor.errors import ConfigError, QuestionnaireError
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.checks import check_config
from hrmonitor.project.finding_checks import check_comparisons
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.changes import changes
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.survey import Round
from hrmonitor.tabulation.against_published import answered_pairs, compare_with_published
from small_survey import FORM, small_config, write_small

NO_NOTES = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])
NO_DECISIONS = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])

RULES = Rules(minimum_cell=1, minimum_organisations=1)


def read_small(folder, monkeypatch, **form):
    monkeypatch.chdir(folder)
    write_small(folder, form={**FORM, **form})
    return read_questionnaire("raw/2024/questionnaire"), read_register("raw/register.csv")


def responses(**columns) -> pd.DataFrame:
    names = ["Anker", "Baken", "Cirkel", "Delta"]
    lead = {
        "_source": "answers.csv",
        "_row": range(2, 6),
        "_mode": "interview",
        "_instrument": "",
        "_submitted_at": "",
        "_status": "",
    }
    table = pd.DataFrame(
        {**lead, "facility_name": names, "service": "room", "open_weekends": ["yes", "no", "yes", "yes"], **columns}
    )
    return table.astype(dict.fromkeys(["facility_name", "service", "open_weekends"], "str"))


def cleaned(form, register, answers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return clean(answers, NO_NOTES, form, register, None, NO_DECISIONS, "names.csv", 2024)


def test_what_a_tool_did_not_ask_comes_from_the_register(tmp_path, monkeypatch):
    form, register = read_small(tmp_path, monkeypatch)
    tables = cleaned(form, register, responses(service=None))
    assert tables["facilities"]["service"].tolist() == ["room"] * 4
    assert tables["facilities"]["province"].tolist() == ["utrecht", "utrecht", "limburg", "limburg"]
    assert "unknown" not in set(tables["submissions"]["service"])


def test_the_type_of_service_may_be_an_indicator(tmp_path, monkeypatch):
    survey = FORM["survey"].replace("Type voorziening,,", "Type voorziening,service,share")
    form, register = read_small(tmp_path, monkeypatch, survey=survey)
    facilities = cleaned(form, register, responses())["facilities"]
    assert facilities["service__missing"].isna().all() and list(facilities).count("service") == 1


def test_the_shares_of_types_of_service_are_estimated(tmp_path, monkeypatch):
    survey = FORM["survey"].replace("Type voorziening,,", "Type voorziening,service,share")
    form, register = read_small(tmp_path, monkeypatch, survey=survey)
    one = Round("2024", 2024, cleaned(form, register, responses())["facilities"], frame_of_year(register, 2024), form)
    settings = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
    hidden, _ = suppressions({"2024": one}, settings, RULES)
    shares = indicators({"2024": one}, hidden, settings, RULES).query("indicator == 'service' and statistic == 'share'")
    assert shares[["category", "n", "estimate"]].to_numpy().tolist() == [["room", 4, 1.0]]


def test_a_round_in_which_nobody_answered_goes_through(tmp_path, monkeypatch):
    form, register = read_small(tmp_path, monkeypatch)
    facilities = cleaned(form, register, responses())["facilities"]
    frame = frame_of_year(register, 2024)
    rounds = {
        "2023": Round("2023", 2023, facilities.iloc[:0], frame, form),
        "2024": Round("2024", 2024, facilities, frame, form),
    }
    settings = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
    hidden, _ = suppressions(rounds, settings, RULES)
    table = indicators(rounds, hidden, settings, RULES)
    check("indicators", table)
    assert set(table["round"]) == {"2024"}
    check("changes", changes(rounds, hidden, settings, RULES))


@pytest.mark.parametrize("name", ["service", "facility_name"])
def test_a_form_that_does_not_ask_who_answers_is_refused_by_its_name(tmp_path, monkeypatch, name):
    survey = "".join(line for line in FORM["survey"].splitlines(keepends=True) if f",{name}," not in line)
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path, form={**FORM, "survey": survey})
    with pytest.raises(ConfigError, match=f"raw/2024/questionnaire/survey.csv has no question '{name}'"):
        check_config(yaml.safe_load((tmp_path / "config.yaml").read_text(encoding="utf-8")))


DOUBLE = FORM["choices"] + "yn,no,Never,Nooit\n"


def test_two_options_of_one_name_are_refused_by_their_row_or_count_as_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path, form={**FORM, "choices": DOUBLE})
    with pytest.raises(QuestionnaireError, match=r"row : 5.*Choice names must be unique"):
        read_questionnaire("raw/2024/questionnaire")
    settings = tmp_path / "raw/2024/questionnaire/settings.csv"
    settings.write_text("form_title,form_id,version,allow_choice_duplicates\nSmall,small,1,yes\n", encoding="utf-8")
    question = read_questionnaire("raw/2024/questionnaire")["open_weekends"]
    assert question.codes == ["yes", "no"] and question.choice("no").label("en") == "No / Never"


def test_a_secret_of_a_system_without_cells_is_kept_by_hiding_nothing():
    system = System(unknowns={("x",): Unknown(3.0, 9.0, True)})
    system.secrets["x",] = Secret({("x",): 1.0}, 3.0, 3.0, 1.0, (), "primary_count")
    found = hidden_cells(system)
    assert found.cells == set() and found.kept


def test_only_the_required_keys_are_needed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path)
    assert list(check_config(small_config()).rounds) == ["2024"]


def test_a_pair_that_nobody_answered_is_left_out_and_a_wrong_name_is_still_refused(tmp_path, monkeypatch):
    form, _ = read_small(tmp_path, monkeypatch)
    names = {"round": "2024", "service": "room", "indicator": "open_weekends", "category": "yes", "statistic": "share"}
    pairs = pd.DataFrame([{**names, "series": "s", "year": "2020", "edition": "", "exact": "", "explanation_en": "x"}])
    nothing = pd.DataFrame(columns=[*names, "n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed"])
    derived = pd.DataFrame(columns=["indicator", "of"])
    left, notes = answered_pairs(pairs, nothing, {"2024": form}, ["room"], derived)
    assert left.empty and "row 2: no facility answered open_weekends for room" in notes[0]
    assert compare_with_published(left, nothing, pd.DataFrame(), "raw/reference").empty
    for column, wrong in (
        ("round", "2025"),
        ("indicator", "open"),
        ("service", "rooms"),
        ("category", "y"),
        ("statistic", "mean"),
    ):
        left, notes = answered_pairs(pairs.assign(**{column: wrong}), nothing, {"2024": form}, ["room"], derived)
        assert len(left) == 1 and not notes, column


def test_a_comparison_for_a_round_that_is_gone_stops_before_anything_is_built(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path)
    pairs = tmp_path / "raw/reference/comparisons.csv"
    pairs.write_text("round,service\n2024,room\n2021,room\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"comparisons\.csv, row 3, round: config\.yaml has no round '2021'"):
        check_comparisons(["2024"], "raw/reference")
    check_comparisons(["2024", "2021"], "raw/reference")
