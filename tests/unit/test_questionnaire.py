"""The shipped questionnaires, and what is said of a wrong one."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.errors import QuestionnaireError
from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import read_questionnaire, read_validated
from hrmonitor.reporting.outputs.explorer import _in_order

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["2018", "2021"])
def form(request):
    # read_questionnaire() refuses a form on which pyxform has a warning.
    return read_questionnaire(ROOT / "raw" / request.param / "questionnaire")


def test_every_question_and_choice_has_labels_in_both_languages(form):
    for question in form:
        assert set(question.labels) == {"en", "nl"}, question.name
        for choice in question.choices:
            assert set(choice.labels) == {"en", "nl"}, (question.name, choice.name)


def test_every_choice_question_that_is_not_identity_has_an_indicator(form):
    without = [q.name for q in form if q.kind.startswith("select") and not q.indicator]
    assert set(without) <= {"service", "province", "consent"}


def test_an_answer_that_only_the_register_has_stands_after_those_of_the_form(form):
    codes = form["service"].codes
    assert [form.place("service", code) for code in (*codes, "outreach")] == list(range(len(codes) + 1))
    assert form.place("no_question", "outreach") == 0
    order = _in_order(pd.Series(["outreach", codes[1], "all", codes[0]]), {"r": form})
    assert order == ["all", codes[0], codes[1], "outreach"]


def test_a_validated_form_reads_the_same_without_pyxform(form):
    assert read_validated(form.folder) == form
    # Crossings are left out when forms are compared.
    assert read_validated(form.folder).crosswalk == form.crosswalk
    program = (
        "import sys; from hrmonitor.questionnaire.model import read_validated; read_validated(sys.argv[1]); "
        "sys.exit('pyxform' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program, form.folder], check=False).returncode == 0


def test_expressions_name_questions_that_stand_before_or_are_the_question(form):
    seen = set()
    for question in form:
        seen.add(question.name)
        for text in (question.relevant, question.calculation):
            if text:
                assert compile_expression(text).questions <= seen, question.name


def test_2021_is_large_enough_and_2018_shares_its_indicators():
    new, old = (read_questionnaire(ROOT / "raw" / year / "questionnaire") for year in ("2021", "2018"))
    assert len(new.questions) >= 80
    shared = {q.indicator for q in old if q.indicator} & {q.indicator for q in new}
    assert {"unique_clients_year", "share_age_50plus", "places_smoking", "visits_per_day"} <= shared
    assert {q.kind for q in new} >= {"select_one", "select_multiple", "integer", "decimal", "date", "text", "calculate"}


def changed(tmp_path, sheet, change):
    folder = tmp_path / "questionnaire"
    shutil.copytree(ROOT / "raw/2021/questionnaire", folder)
    with open(folder / sheet, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with open(folder / sheet, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def row_of(rows, name):
    return next(row for row in rows if row["name"] == name)


@pytest.mark.parametrize(
    ("sheet", "name", "column", "value", "words"),
    [
        ("survey.csv", "clients_now", "statistic", "mode", ["row", "'mode'", "median"]),
        ("survey.csv", "clients_now", "statistic", "share", ["has no share"]),
        ("survey.csv", "hat_patients", "counted_once", "maybe", ["row", "'maybe'", "yes or empty"]),
        ("survey.csv", "hat_slots", "counted_once", "yes", ["row", "hat_slots counts no people", "persons"]),
        ("survey.csv", "respondent_name", "indicator", "name", ["personal data"]),
        ("survey.csv", "clients_then", "indicator", "unique_clients_year", ["clients_now", "one indicator"]),
        ("survey.csv", "clients_new_now", "constraint", ". >= ", ["clients_new_now", "constraint"]),
        ("survey.csv", "clients_new_now", "constraint", "today() > 1", ["clients_new_now"]),
        ("survey.csv", "cee_then", "relevant", "${nonsense} = 1", ["nonsense"]),
        ("survey.csv", "dcr_places_total", "parts", "places", ["dcr_places_total", "'places'"]),
        ("survey.csv", "clients_now", "type", "select_one nothing", ["nothing"]),
        ("choices.csv", "dont_know", "missing", "maybe", ["row", "'maybe'", "refused"]),
    ],
)
def test_a_wrong_form_is_refused_with_the_place(tmp_path, sheet, name, column, value, words):
    folder = changed(tmp_path, sheet, lambda rows: row_of(rows, name).update({column: value}))
    with pytest.raises(QuestionnaireError) as caught:
        read_questionnaire(folder)
    for word in words:
        assert word in str(caught.value)


def test_a_heading_that_pyxform_stumbles_over_is_told(tmp_path):
    folder = tmp_path / "form"
    shutil.copytree(ROOT / "raw/2018/questionnaire", folder)
    settings = folder / "settings.csv"
    text = settings.read_text(encoding="utf-8").replace("form_title,", "form_title::English (en),", 1)
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=r"form.*unusual heading"):
        read_questionnaire(folder)


@pytest.mark.parametrize(
    ("statistic", "weighted_by", "message"),
    [
        ("median client_mean", "", "client_mean and weighted_by go together"),
        ("median", "clients_now", "client_mean and weighted_by go together"),
        ("client_mean", "nobody", "weighted_by: there is no question 'nobody'"),
    ],
)
def test_a_mean_by_clients_needs_the_clients(tmp_path, statistic, weighted_by, message):
    folder = tmp_path / "form"
    shutil.copytree(ROOT / "raw/2021/questionnaire", folder)
    with open(folder / "survey.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if row["name"] == "age_mean")
    row |= {"statistic": statistic, "weighted_by": weighted_by}
    with open(folder / "survey.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(QuestionnaireError, match=message):
        read_questionnaire(folder)
