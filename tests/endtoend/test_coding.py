"""Coding from sheet to result: the commands, the workbooks they write, and what the build makes of them."""

import os
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest
from endtoend.conftest import ROOT, Project

TRUTH = ROOT / "tests" / "ground_truth" / "published" / "truth.csv"


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "hrmonitor", *arguments],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "workflow")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def seen_by(project: Project, number: int) -> dict[tuple, str]:
    encoding = {1: "utf-8", 2: "cp1252"}[number]
    table = pd.read_csv(
        project.folder / f"raw/2021/coding/coder_{number}.csv", sep=";", encoding=encoding, keep_default_na=False
    )
    return {(one.source, one.row, one.question): one.themes for one in table.itertuples()}


@pytest.fixture(scope="module")
def sheets(built, tmp_path_factory) -> Project:
    """A built copy in which both coders filled in the workbooks as they filled in the CSV files that are in git."""
    from hrmonitor.project.register import read_register
    from hrmonitor.themes.codebook import read_themes
    from hrmonitor.themes.coding import answers_to_code

    project = Project.copy(tmp_path_factory.mktemp("sheets") / "project", source=built.folder, results=True)
    done = run(project, "coding-sheets", "2021", "--language", "en")
    assert done.returncode == 0, done.stdout
    book = read_themes(project.folder / "raw/2021/coding/themes.csv")
    responses = pd.read_parquet(project.folder / "results/2021/responses.parquet")
    submissions = pd.read_csv(project.folder / "results/2021/submissions.csv", keep_default_na=False)
    register = read_register(project.folder / "raw/register.csv")
    answers = answers_to_code("2021", book, responses, submissions, register, project.config["seed"])
    labels = book.set_index(["question", "theme"])["label_en"]
    for number in (1, 2):
        path = project.folder / f"raw/2021/coding/sheets/coder_{number}.xlsx"
        seen = seen_by(project, number)
        by_key = {
            one.key: (one.question, seen[one.source, one.row, one.question])
            for one in answers[answers["kept"]].itertuples()
        }
        workbook = openpyxl.load_workbook(path)
        for sheet in workbook.worksheets[2:]:
            for row in sheet.iter_rows(min_row=2):
                question, themes = by_key[row[0].value]
                chosen = [labels[question, theme] for theme in themes.split("|") if theme] or ["(none of these)"]
                for cell, entry in zip(row[2:], chosen, strict=False):
                    cell.value = entry
        workbook.save(path)
    config = project.config
    config["rounds"]["2021"]["coding"]["coders"] = [f"raw/2021/coding/sheets/coder_{number}.xlsx" for number in (1, 2)]
    project.write_config(config)
    return project


def test_workbooks_give_what_csv_files_give(built, sheets):
    sheets.snakemake("--cores", "2", "results/themes.csv")
    for name in ("themes", "theme_agreement", "theme_confusion", "theme_saturation", "theme_basis"):
        assert (sheets.folder / f"results/{name}.csv").read_bytes() == (
            built.folder / f"results/{name}.csv"
        ).read_bytes(), name


def test_the_consensus_sheet_has_the_answers_on_which_the_coders_differ(built, sheets):
    done = run(sheets, "coding-sheets", "2021", "--consensus")
    assert done.returncode == 0, done.stdout
    first, second = seen_by(built, 1), seen_by(built, 2)
    differing = sum(first[place] != second[place] for place in first)
    assert f"consensus.xlsx: {differing} answers to talk about" in done.stdout
    workbook = openpyxl.load_workbook(sheets.folder / "raw/2021/coding/sheets/consensus.xlsx")
    assert sum(sheet.max_row - 1 for sheet in workbook.worksheets[2:]) == differing > 20


def test_a_sheet_that_may_be_filled_in_is_not_written_over(sheets):
    path = sheets.folder / "raw/2021/coding/sheets/coder_1.xlsx"
    before = path.read_bytes()
    done = run(sheets, "coding-sheets", "2021")
    assert done.returncode == 1
    assert "coder_1.xlsx is there already" in done.stdout and "Traceback" not in done.stdout
    assert path.read_bytes() == before


def test_the_sheets_name_no_facility(built, sheets):
    register = pd.read_csv(built.folder / "raw/register.csv")
    hidden = {*register["facility_id"], *register["name"], "interviews.csv", "vragenlijst_"}
    for path in sorted((sheets.folder / "raw/2021/coding/sheets").glob("coder_*.xlsx")):
        workbook = openpyxl.load_workbook(path)
        shown = "\n".join(
            str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value
        )
        assert [word for word in hidden if word in shown] == []


def test_a_round_can_be_built_before_it_is_coded(workbench):
    config = workbench.config
    config["rounds"]["2021"]["coding"] = {"themes": "raw/2021/coding/themes.csv"}
    workbench.write_config(config)
    workbench.snakemake("--cores", "2", "results/report/report_en.md", "results/report/annex_en.md")
    findings = pd.read_csv(workbench.folder / "results/findings.csv").groupby("finding")["verdict"].first()
    assert findings["stigma_access"] == "not_assessable"


def test_other_answers_are_listed_with_what_was_decided(workbench):
    done = run(workbench, "other-answers", "2021")
    assert done.returncode == 0, done.stdout
    sheet = openpyxl.load_workbook(workbench.folder / "raw/2021/other_answers.xlsx")["decisions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    table = pd.DataFrame(rows[1:], columns=rows[0]).set_index(["question", "written"])
    assert table.loc[("barriers", "Geen postadres"), "decision"] == "documents"
    assert table.loc[("barriers", "Geen postadres"), "times"] == len(who_wrote("barriers"))
    assert table["decision"].isna().any()


def who_wrote(question: str) -> set[str]:
    truth = pd.read_csv(TRUTH, dtype=str)
    chosen = (truth["round"] == "2021") & (truth["question"] == f"{question}_other")
    return set(truth.loc[chosen, "facility_id"])


def test_decisions_reach_exactly_who_wrote_it(built):
    audit = pd.read_csv(built.folder / "results/2021/audit.csv", dtype=str, keep_default_na=False)
    recoded = audit[audit["rule"] == "other_recoded"]
    facilities = pd.read_parquet(built.folder / "results/2021/facilities.parquet").set_index("facility_id")
    for question, option in (("barriers", "documents"), ("dcr_admission", "rules")):
        wrote = who_wrote(question)
        assert set(recoded.loc[recoded["question"] == question, "facility_id"]) == wrote != set()
        assert facilities.loc[sorted(wrote), f"{question}/{option}"].all()
        assert not facilities[f"{question}/other"].fillna(False).any()
    assert set(recoded["question"]) == {"barriers", "dcr_admission"}


def test_only_cleared_answers_stand_in_the_report(built):
    report = " ".join((built.folder / "results/report/annex_en.html").read_text(encoding="utf-8").split())
    answers = pd.read_parquet(built.folder / "results/2021/responses.parquet")
    cleared = pd.read_parquet(built.folder / "results/theme_quotes.parquet")["quote"]
    assert len(cleared) == 3
    assert all(quote in report for quote in cleared)
    written = {
        text
        for name in ("barriers_open", "needs_open", "wishes_open")
        for text in answers[name].dropna()
        if len(text) > 25
    }
    assert [
        text for text in written - set(cleared) if text in report and not any(text in quote for quote in cleared)
    ] == []
