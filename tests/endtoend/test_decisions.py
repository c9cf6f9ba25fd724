"""An export with ten problems: check asks, a person fills in the workbook, decide takes it over, and the build has the right values."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import yaml
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import canonical_columns, read_export
from hrmonitor.readers.numbers_in_words import approximate
from openpyxl import load_workbook

ROWS = 24
# Sheet, the cell by which the row is known, the decision (None: the suggestion is right), the reason.
DECISIONS = [
    ("Facility names", "Inloop De Blauwe Vogel", "{first}", "Gebeld: nieuwe naam"),
    ("Facility names", "Bakkerij Jansen", "(outside the register)", "Geen voorziening"),
    ("Columns", "ontwikkeling van klanten", "clients_trend", "Staat zo in het codeboek"),
    ("Columns", "Opmerking onderzoeker", "(leave this column out)", "Van onszelf"),
    ("Questions without a column", "som_hiv", "not_asked", "Later uit de vragenlijst gehaald"),
    ("Labels", "Toegenommen", None, "Tikfout"),
    ("Labels", "wisselt per maand", "dont_know", "Zo overlegd"),
    ("Notations", "age_mean", "decimal_point", "Gemiddelden, geen duizendtallen"),
    ("Notations", "interview_date", "month_first", "Amerikaanse computer"),
    ("Other answers", "Geen vast briefadres", "documents", "Zonder adres geen inschrijving"),
]  # fmt: skip


def hrmonitor(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "hrmonitor", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(folder / "workflow"), "COLUMNS": "160"},
    )  # fmt: skip


def export_with_ten_problems(folder: Path) -> list[str]:
    """Interviews of 2021 as a table of round 2024; gives the names of the first facilities as the register has them."""
    raw = folder / "raw"
    form = read_questionnaire(raw / "2024/questionnaire")
    entry = {"tool": "limesurvey", "mode": "interview"}
    responses, _, _ = read_export(str(raw / "2021/interviews.csv"), form, entry, "interviews.csv", refuse=False)
    register = pd.read_csv(raw / "register.csv", dtype=str, keep_default_na=False)
    facilities = register[register["closed"] == ""].drop_duplicates("service").head(1)
    facilities = pd.concat(
        [
            facilities,
            register[(register["closed"] == "") & ~register["facility_id"].isin(facilities["facility_id"])].head(ROWS),
        ]
    )
    table = (
        responses[responses["_submitted_at"].notna()]
        .head(ROWS)[canonical_columns(form)]
        .fillna("")
        .reset_index(drop=True)
    )
    contacts = [question.name for question in form if question.pii]
    table[contacts] = ""
    # Between them they have fractions and per cents, which is another problem.
    table[["age25_now", "injecting_then", "injecting_now"]] = "5"
    for row in range(ROWS):
        facility = facilities.iloc[row]
        table.loc[row, ["facility_name", "service", "province"]] = facility[["name", "service", "province"]].to_list()
        table.loc[row, ["age_mean", "interview_date"]] = [
            f"{40 + row % 20}.250",
            f"{1 + row % 9:02}/0{1 + row % 7}/2024",
        ]
    other = [name for name in table if name.endswith("_other")]
    table[other] = ""
    table.loc[0, ["facility_name", "age_trend"]] = ["Inloop De Blauwe Vogel", "Toegenommen"]
    table.loc[1, "facility_name"] = "Bakkerij Jansen"
    table.loc[2, "som_trend"] = "wisselt per maand"
    boxes = [name for name in table if name.startswith("barriers/")]
    table.loc[3, boxes] = ["1" if name == "barriers/other" else "0" for name in boxes]
    table.loc[3, "barriers_other"] = "Geen vast briefadres"
    # Nor is anything only about right.
    for question in (question for question in form.answerable if question.kind == "integer"):
        about = [text for text in table[question.name].unique() if approximate(text, True) is not None]
        table[question.name] = table[question.name].replace(about, "12")
    table["Opmerking onderzoeker"] = "gebeld"
    table = table.drop(columns="som_hiv").rename(columns={"clients_trend": "ontwikkeling van klanten"})
    table.loc[:, "ontwikkeling van klanten"] = ["increase" if row % 2 else "stable" for row in range(ROWS)]
    table.to_csv(raw / "2024/exports/antwoorden.csv", index=False, quoting=csv.QUOTE_ALL)
    return facilities["facility_id"].tolist()


def fill(path: Path, first: str) -> int:
    """What a person does in Excel; gives the number of rows that were filled in."""
    book = load_workbook(path)
    book["How to"]["B2"].value = "Anna"
    for title, known, decision, reason in DECISIONS:
        sheet = book[title]
        headings = {cell.value: cell.column for cell in sheet[1]}
        row = next(row[0].row for row in sheet.iter_rows(min_row=2) if known in {cell.value for cell in row[4:]})
        suggestion = sheet.cell(row, headings["suggestion"]).value
        sheet.cell(row, headings["decision"]).value = suggestion if decision is None else decision.format(first=first)
        sheet.cell(row, headings["reason"]).value = reason
    book.save(path)
    return len(DECISIONS)


def test_ten_problems_are_decided_in_one_workbook_and_the_values_are_right(unbuilt):
    folder = unbuilt.folder
    made = hrmonitor(folder, "new-round", "2024", "--from", "2021")
    assert made.returncode == 0, made.stderr
    ids = export_with_ten_problems(folder)
    workbook = folder / "raw/2024/decisions.xlsx"
    checked = hrmonitor(folder, "check", "2024")
    assert checked.returncode == 1 and "11 cases to decide on" in checked.stdout, (
        checked.stdout[-3000:] + checked.stderr
    )

    fill(workbook, ids[0])
    decided = hrmonitor(folder, "decide", "2024")
    assert decided.returncode == 0, decided.stderr
    assert decided.stdout.count("config.yaml, round 2024: added") == 5  # names.csv was there
    checked = hrmonitor(folder, "check", "2024")
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr
    assert "Round 2024 can be built" in checked.stdout

    again = hrmonitor(folder, "decide", "2024")
    assert again.returncode == 0 and "nothing that is not on record already" in again.stdout

    unbuilt.snakemake("--cores", "2", "results/2024/facilities.parquet")
    facilities = pd.read_parquet(folder / "results/2024/facilities.parquet").set_index("facility_id")
    first = facilities.loc[ids[0]]
    assert (first["age_trend"], first["age_mean"], str(first["interview_date"])[:10]) == (
        "increase",
        40.25,
        "2024-01-01",
    )
    assert len(facilities) == ROWS - 1 and ids[1] not in facilities.index
    assert (
        facilities.loc[ids[2], "age_mean"] == 42.25
        and str(facilities.loc[ids[2], "interview_date"])[:10] == "2024-03-03"
    )
    assert facilities.loc[ids[8], "interview_date"] == pd.Timestamp("2024-09-02")
    assert (
        facilities.loc[ids[2], "som_trend__missing"] == "dont_know"
        or facilities.loc[ids[2], "som_trend"] == "dont_know"
    )
    assert bool(facilities.loc[ids[3], "barriers/documents"]) and not bool(facilities.loc[ids[3], "barriers/other"])
    assert set(facilities["clients_trend"].dropna()) == {"increase", "stable"} and facilities["som_hiv"].isna().all()
    # Who decided when stays in raw/.
    told = "".join(path.read_text(encoding="utf-8") for path in (folder / "results").rglob("*.csv"))
    assert "Anna" not in told and "Gebeld: nieuwe naam" not in told

    # A decision that changes makes what rests on it anew, and nothing else.
    record = folder / "raw/2024/notations.csv"
    record.write_text(record.read_text(encoding="utf-8").replace("month_first", "day_first"), encoding="utf-8")
    assert set(unbuilt.jobs_to_run("results/2024/facilities.parquet")) == {"ingest", "clean"}
    record = folder / "raw/2024/labels.csv"
    unbuilt.snakemake("--cores", "2", "results/2024/facilities.parquet")
    changed = pd.read_parquet(folder / "results/2024/facilities.parquet").set_index("facility_id")
    assert changed.loc[ids[8], "interview_date"] == pd.Timestamp("2024-02-09")
    assert unbuilt.jobs_to_run("results/2024/facilities.parquet") == {}
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    assert config["rounds"]["2024"]["notations"] == "raw/2024/notations.csv"
