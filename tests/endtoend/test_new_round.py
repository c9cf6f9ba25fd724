"""A third round as a new user would make it: `new-round`, a question more, a Kobo export, no code."""

import csv
import os
import subprocess
import sys

import pandas as pd
import tool_files
from hrmonitor.cleaning.answers import parse_choice
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.numbers_in_words import approximate


def hrmonitor(workbench, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(workbench.folder / "workflow")}
    return subprocess.run(
        [sys.executable, "-m", "hrmonitor", *arguments],
        cwd=workbench.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_kobo_export_with_a_new_question_becomes_a_third_round(workbench):
    raw = workbench.folder / "raw"
    made = hrmonitor(workbench, "new-round", "2024", "--from", "2021")
    assert made.returncode == 0, made.stderr
    assert "raw/2024/forms/vragenlijst_nl.pdf" in made.stdout
    # Until there are answers, earlier rounds are built as before.
    assert "Round 2024 has no exports yet" in workbench.snakemake("-n", "results/2021/responses.parquet").stdout
    _add_question(raw / "2024/questionnaire/survey.csv")
    _kobo_export(raw, raw / "2024/exports/kobo.csv")
    config = workbench.folder / "config.yaml"
    text = config.read_text(encoding="utf-8").replace("names: raw/2024/names.csv", "names: raw/2021/names.csv")
    config.write_text(text, encoding="utf-8")

    checked = hrmonitor(workbench, "check", "2024")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    page = (workbench.folder / "results/2024/check.html").read_text(encoding="utf-8")
    assert "Every column has its question" in page and "naloxone_offered" in page

    workbench.snakemake(
        "--cores", "2", "results/indicators.csv", "results/report/report_en.pdf", "results/report/annex_en.md"
    )
    indicators = pd.read_csv(workbench.folder / "results/indicators.csv", dtype={"round": str})
    added = indicators[(indicators["round"] == "2024") & (indicators["indicator"] == "naloxone_offered")]
    assert not added.empty
    assert {"2018", "2021", "2024"} == set(indicators["round"])
    report = (workbench.folder / "results/report/annex_en.md").read_text(encoding="utf-8").replace("\\", "")
    assert "Do you offer take-home naloxone?" in report


def test_a_round_that_is_there_is_not_overwritten(workbench):
    made = hrmonitor(workbench, "new-round", "2021", "--from", "2018")
    assert made.returncode == 1 and "round 2021 is there already" in made.stderr
    assert "Traceback" not in made.stderr


def test_a_check_names_what_is_wrong_and_where(workbench):
    raw = workbench.folder / "raw/2021/interviews.csv"
    text = raw.read_text(encoding="utf-8-sig").replace('"clientstrend"', '"clientstrnd"', 1)
    raw.write_text(text, encoding="utf-8-sig")
    checked = hrmonitor(workbench, "check", "2021")
    assert checked.returncode == 1
    page = (workbench.folder / "results/2021/check.html").read_text(encoding="utf-8")
    assert "clientstrnd,clients_trend" in page and "lacks 1 question: clients_trend" in page
    assert "interviews.csv has 1 column without a question." in checked.stderr
    assert "Traceback" not in checked.stderr


def _add_question(survey) -> None:
    with open(survey, encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    row = dict.fromkeys(header, "")
    row |= {
        "type": "select_one yes_no",
        "name": "naloxone_offered",
        "label::Nederlands (nl)": "Biedt u naloxon aan om mee te geven?",
        "label::English (en)": "Do you offer take-home naloxone?",
        "indicator": "naloxone_offered",
        "statistic": "share",
    }
    with open(survey, "a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerow(row)


def _kobo_export(raw, target) -> None:
    """Sixty interviews of 2021 as KoboToolbox would export them, with Dutch labels, and the new question answered."""
    form = read_questionnaire(raw / "2024/questionnaire")
    entry = {"tool": "limesurvey", "mode": "interview", "absent": ["naloxone_offered"]}
    entry["notations"] = {"approximate": "as_number", "percentages": "fractions_below_one"}
    responses, _, _ = read_export(str(raw / "2021/interviews.csv"), form, entry, "interviews.csv")
    responses = responses[responses["_submitted_at"].notna()]
    answers = []
    for place in range(60):
        one = {name: text for name, text in responses.iloc[place].dropna().items() if not name.startswith("_")}
        for question in form.answerable:
            if question.kind == "select_one" and question.name in one:
                one[question.name] = parse_choice(one[question.name], form[question.name]).value or ""
            if question.kind == "integer" and approximate(one.get(question.name, ""), True) is not None:
                one[question.name] = "12"
        # KoboToolbox writes dates in ISO 8601, whatever LimeSurvey's interviewers typed.
        one = {name: text for name, text in one.items() if name != "interview_date" or text[4:5] == "-"}
        answers.append({**one, "naloxone_offered": "yes" if place % 3 else "no"})
    tool_files.kobo(target, form, answers, labels="nl")
