"""Whatever stands in a file: a right reading, or a ReaderError; never another exception."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.tools import NAMES
from hrmonitor.simulation.exports import write_limesurvey, write_workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
FORM = read_questionnaire(ROOT / "raw/2021/questionnaire")
ENTRY = {
    "limesurvey": {"tool": "limesurvey", "mode": "interview"},
    "excel_form": {"tool": "excel_form", "mode": "questionnaire"},
}
# What shows nothing is taken out of every cell: tests/unit/test_column_notation.py.
SHOWS_NOTHING = "\ufeff\u200b\u2060\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
TEXT = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters=SHOWS_NOTHING), min_size=1, max_size=30
    )
    .map(str.strip)
    .filter(lambda text: text not in ("", "N/A"))
)
slow = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def answers(draw):
    found = {}
    for question in FORM.answerable:
        if question.name.endswith("_other") or draw(st.booleans()):
            continue
        if question.kind == "select_one":
            found[question.name] = draw(st.sampled_from([code for code in question.codes if code != "other"]))
        elif question.kind == "select_multiple":
            codes = [code for code in question.codes if code != "other"]
            ticked = draw(st.sets(st.sampled_from(codes), min_size=1))
            found |= {f"{question.name}/{code}": str(int(code in ticked)) for code in codes}
        elif question.kind in ("integer", "decimal"):
            found[question.name] = str(draw(st.integers(0, 10**6)))
        elif question.kind == "text":
            found[question.name] = draw(TEXT)
    return found


def check(responses: pd.DataFrame, given_answers: dict) -> None:
    read = responses.iloc[0].dropna().to_dict()
    for column, value in given_answers.items():
        question = FORM[column.split("/")[0]]
        if question.kind == "select_one":
            # Long answers: the label stands in the file.
            assert read[column] in (value, question.choice(value).label("nl"))
        else:
            assert read[column] == value, column
    extra = {name for name, value in read.items() if not name.startswith("_") and value != "0"} - set(given_answers)
    assert not extra


@slow
@given(answers())
def test_a_limesurvey_export_reads_back(tmp_path, given_answers):
    path = tmp_path / "export.csv"
    write_limesurvey(path, FORM, [{"answers": given_answers, "submitted": True}])
    check(read_export(str(path), FORM, ENTRY["limesurvey"], "export.csv")[0], given_answers)


@slow
@given(answers())
def test_a_returned_workbook_reads_back(tmp_path, given_answers):
    path = tmp_path / "form.xlsx"
    write_workbook(path, FORM, {"answers": given_answers}, "x")
    check(read_export(str(path), FORM, ENTRY["excel_form"], "form.xlsx")[0], given_answers)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from(["auto", *NAMES]))
def test_random_bytes_are_refused(tmp_path, content, tool):
    path = tmp_path / "export"
    path.write_bytes(content)
    with pytest.raises(ReaderError) as caught:
        read_export(str(path), FORM, {"tool": tool, "mode": "interview"}, "export")
    assert str(path) in str(caught.value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0.05, 0.999))
def test_a_truncated_file_is_refused_or_loses_no_row_unsaid(tmp_path, part):
    original = (ROOT / "raw/2021/interviews.csv").read_bytes()
    cut = original[: int(len(original) * part)]
    path = tmp_path / "export.csv"
    path.write_bytes(cut)
    try:
        responses = read_export(str(path), FORM, ENTRY["limesurvey"], "export.csv")[0]
    except ReaderError as error:
        assert str(path) in str(error)
    else:
        assert (
            len(responses)
            == len(list(csv.reader(cut.decode("utf-8-sig").splitlines(keepends=True), delimiter=";"))) - 1
        )
