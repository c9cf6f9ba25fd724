"""Two surveys without a register, built by config and files alone: a weighted sample of clients, and services of which only the number is known."""

import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from endtoend.conftest import Project
from endtoend.published_words import facilities_in
from hrmonitor.disclosure.audit import refuse
from hrmonitor.errors import DisclosureError
from hrmonitor.project.checks import check_config
from hrmonitor.project.frame import register_of
from hrmonitor.project.keys import plain
from hrmonitor.stages.disclosure_audit import disclosure_audit, known_ids, survey_of
from hrmonitor.survey import read_rounds
from pypdf import PdfReader
from sample_survey import COUNTS, clients, population_config, sample_config, write_population, write_sample

# Of the register, of who did not answer, and of rates: nothing of these can be said.
UNKNOWN = re.compile(
    r"in the register|registered|response rate|did not (?:answer|respond)|coverage|RR\d|provinces?\b", re.I
)
# What CROSS calls its item, whether a survey has it or not.
OF_THE_CHECKLIST = "The response rate and its definition | *Not applicable.*"


def check(project: Project) -> str:
    """What `hrmonitor check` tells of a round that can be built."""
    run = subprocess.run(
        [sys.executable, "-m", "hrmonitor", "check", "2024"], cwd=project.folder, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(project.folder / "workflow"), "COLUMNS": "200"},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Project:
    project = Project.without_study(tmp_path_factory.mktemp("sample") / "project")
    write_sample(project.folder, sample_config(), clients())
    assert "primary sampling units" in check(project)
    project.snakemake("--cores", "2")
    return project


def test_a_sample_builds_to_the_end(sample):
    results = sample.folder / "results"
    for name in ("report_en.pdf", "annex_en.pdf", "summary_en.pdf", "slides_en.pdf", "report_en.docx", "index_en.html"):
        assert (results / "report" / name).stat().st_size > 1000
    text = "".join(page.extract_text() for page in PdfReader(results / "report/report_en.pdf").pages)
    assert "239 made-up people answered" in " ".join(text.split())


def test_its_estimates_are_weighted(sample):
    rows = pd.DataFrame(clients())
    known = rows[rows["tested_hepatitis"] != ""]
    weights = known["weight"].astype(float)
    topline = weights[known["tested_hepatitis"] == "yes"].sum() / weights.sum()
    table = pd.read_csv(sample.folder / "results/indicators.csv")
    found = table.query("indicator == 'tested_hepatitis' and service == 'all' and category == 'yes'")
    assert found["estimate"].tolist() == pytest.approx([topline], abs=0.0006)
    assert table["population"].isna().all()


def test_nothing_is_said_of_a_register_or_of_those_who_did_not_answer(sample):
    results = sample.folder / "results"
    for path in [
        *(results / "report").glob("*.md"),
        *(results / "figures").glob("*.txt"),
        *(results / "open_data").glob("*.md"),
    ]:
        said = UNKNOWN.findall(path.read_text(encoding="utf-8").replace(OF_THE_CHECKLIST, ""))
        assert said == [], path.name
    for name in ("summary_en.pdf", "slides_en.pdf"):
        text = " ".join(page.extract_text() for page in PdfReader(results / "report" / name).pages)
        assert UNKNOWN.findall(" ".join(text.split())) == [], name


def test_it_speaks_of_people_and_of_no_facility(sample):
    assert facilities_in(sample.folder / "results") == {}
    annex = (sample.folder / "results/report/annex_en.md").read_text(encoding="utf-8")
    assert "A person who answered twice counts once" in annex and "Results by group" in annex


def test_tables_that_a_sample_cannot_have_are_left_out(sample):
    names = {path.name for path in (sample.folder / "results/open_data").glob("*.csv")}
    assert {"indicators.csv", "findings.csv", "item_nonresponse.csv"} <= names
    assert not names & {"response.csv", "nonresponse.csv", "mode_effects.csv", "tipping_points.csv"}
    annex = (sample.folder / "results/report/annex_en.md").read_text(encoding="utf-8")
    assert "{#tbl-rates}" not in annex and "{#tbl-nonresponse}" not in annex and "{#tbl-silent}" not in annex
    # A heading with nothing below it.
    assert not re.search(r"^(#+) [^\n]*\n+(?=\1 |\Z)", annex, re.M)


def test_small_counts_are_hidden_and_the_audit_looked_for_them(sample):
    results = sample.folder / "results"
    table = pd.read_csv(results / "indicators.csv").query("indicator == 'violence'").set_index("service")
    assert (
        table.loc[["lake", "all"], "estimate"].isna().all() and table.loc[["north", "hills"], "estimate"].notna().all()
    )
    audit = pd.read_csv(results / "disclosure_audit.csv")
    assert (
        set(audit["indicator"]) == {"violence"}
        and set(audit["service"]) == {"lake"}
        and set(audit["verdict"]) == {"safe"}
    )


def test_codes_of_respondents_are_in_no_public_file(sample):
    code = re.compile(r"\bK0\d{3}\b|respondent-2024")
    for folder in ("open_data", "figures", "report"):
        for path in (sample.folder / "results" / folder).glob("*.*"):
            if path.suffix in (".csv", ".md", ".html", ".txt", ".json", ".ipynb"):
                assert not code.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize(
    ("table", "row", "cells"),
    [
        ("indicators", {"service": "lake", "category": "yes"}, {"n": "55", "estimate": "0.04", "suppressed": "False", "suppression": ""}),
        ("indicators", {"service": "all", "category": "no"}, {"n": "239", "estimate": "0.8", "suppressed": "False", "suppression": ""}),
    ],
)  # fmt: skip
def test_the_audit_refuses_a_hidden_share_that_is_shown(sample, tmp_path, monkeypatch, table, row, cells):
    """A cell put back by hand into a table that goes out, in a copy of the results."""
    shutil.copytree(sample.folder / "results", tmp_path / "results")
    monkeypatch.chdir(sample.folder)
    config = check_config(sample.config)
    one = {
        "year": 2024,
        "questionnaire": config.rounds["2024"].questionnaire,
        "frame": plain(config.rounds["2024"].frame),
    }
    rounds = read_rounds({"2024": one}, ["results/2024/facilities.parquet"], register_of())
    survey = survey_of(
        rounds, known_ids(rounds, register_of()), plain(config.figures), ["en"], [], config.report.reference
    )

    def audited() -> pd.DataFrame:
        return disclosure_audit(tmp_path / "results", rounds, survey, plain(config.disclosure), config.confidence)[1]

    refuse(audited())
    path = tmp_path / "results/open_data" / f"{table}.csv"
    shown = pd.read_csv(path, dtype=str, keep_default_na=False)
    where = (shown["indicator"] == "violence") & (shown["statistic"] == "share")
    for column, value in row.items():
        where &= shown[column] == value
    shown.loc[where, list(cells)] = list(cells.values())
    shown.to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(DisclosureError, match="2024/lake/violence"):
        refuse(audited())


def test_a_population_of_known_size_builds_to_its_pdf(tmp_path):
    project = Project.without_study(tmp_path / "project")
    write_sample(project.folder, population_config(), clients())
    write_population(project.folder, COUNTS)
    assert "against the population" in check(project)
    project.snakemake(
        "--cores", "2", "results/report/report_en.pdf", "results/report/annex_en.pdf", "results/disclosure_audit.csv"
    )
    results = project.folder / "results"
    table = (
        pd.read_csv(results / "indicators.csv")
        .query("indicator == 'visits' and statistic == 'mean'")
        .set_index("service")
    )
    assert table["population"].to_dict() == {"lake": 60, "north": 150, "hills": 72, "all": 282}
    report = (results / "report/report_en.md").read_text(encoding="utf-8")
    assert "**239 of 282** made-up events answered (85%)." in report
    assert facilities_in(results) == {}
    for name in ("report", "annex"):
        said = (results / f"report/{name}_en.md").read_text(encoding="utf-8")
        said = said.replace(OF_THE_CHECKLIST, "")
        assert not re.search(r"in the register|registered|response rate|RR\d", said), name
    assert "response.csv" not in {path.name for path in (results / "open_data").glob("*.csv")}
