"""A mistake gets one message that names the place and what to do; results stay whole."""

import csv

import pandas as pd
import pytest
from torture import CHEAP, Torture, damaged, kills, two_builds


def set_key(*path, value):
    def change(project):
        config = project.config
        block = config
        for key in path[:-1]:
            block = block[key]
        block[path[-1]] = value
        project.write_config(config)

    return change


def drop_column(project):
    path = project.folder / "raw/2021/interviews.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    column = rows[0].index("clientstrend")
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([*row[:column], *row[column + 1 :]] for row in rows)


def add_column(project):
    path = project.folder / "raw/2021/interviews.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([*row, "clientstrendd" if i == 0 else ""] for i, row in enumerate(rows))


def unreadable_workbook(project):
    path = sorted((project.folder / "raw/2021/returned").glob("*.xlsx"))[0]
    path.write_bytes(b"this is no workbook")


def empty_sav(project):
    (project.folder / "raw/2018/gebruiksruimten_2018.sav").write_bytes(b"")


def unknown_facility(project):
    path = project.folder / "raw/2021/interviews.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    name = rows[0].index("facilityname")
    done = rows[0].index("submitdate")
    row = next(row for row in rows[1:] if row[done] and row[name])
    row[name] = "Zorgboerderij De Onbekende Ooievaar"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)


def broken_form(project):
    path = project.folder / "raw/2021/questionnaire/survey.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("select_one trend,", "select_one trand,", 1), encoding="utf-8")


CASES = {
    "wrong key": (set_key("rouns", value={}), ["config.yaml", "'rouns'", "rounds"]),
    "wrong tool": (
        set_key("rounds", "2018", "exports", 0, "tool", value="spsss"),
        ["config.yaml", "rounds.2018.exports.0.tool", "'spsss'", "'spss'"],
    ),
    "missing file": (
        set_key("rounds", "2018", "exports", 0, "path", value="raw/2018/none.sav"),
        ["config.yaml", "rounds.2018.exports[0].path", "raw/2018/none.sav"],
    ),
    "unknown question in a finding": (
        set_key("findings", "ghb_need", "tests", 0, "question", value="ghb_trent"),
        ["config.yaml", "findings.ghb_need.tests[0].question", "'ghb_trend'"],
    ),
    "unknown category in a finding": (
        set_key("findings", "services_adapted", "tests", 0, "categories", value=["yess"]),
        ["config.yaml", "findings.services_adapted.tests[0].categories", "'yess'"],
    ),
    "unknown test": (
        set_key("findings", "ghb_need", "tests", 0, "test", value="more_increase"),
        ["config.yaml", "findings.ghb_need.tests.0.test", "'more_increased'"],
    ),
    "unknown round of a finding": (
        set_key("findings", "ghb_need", "round", value="2020"),
        ["config.yaml", "findings.ghb_need.round", "2021"],
    ),
    "unknown kind of figure": (
        set_key("figures", "barriers", "kind", value="barrier"),
        ["config.yaml", "figures.barriers.kind", "'barriers'"],
    ),
    "missing column": (drop_column, ["interviews.csv", "clients_trend"]),
    "unknown column": (add_column, ["interviews.csv", "clientstrendd", "clients_trend", "ignore"]),
    "unreadable workbook": (unreadable_workbook, ["returned/", ".xlsx"]),
    "empty file": (empty_sav, ["gebruiksruimten_2018.sav"]),
    "unknown facility": (unknown_facility, ["interviews.csv", "Onbekende Ooievaar", "names.csv"]),
    "broken form": (broken_form, ["survey", "trand"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_gets_one_message(workbench, name):
    change, words = CASES[name]
    before = workbench.digests()
    change(workbench)
    run = workbench.snakemake("--cores", "1", "results/findings.csv", check=False)
    assert run.returncode != 0
    assert "Traceback" not in run.stdout
    messages = [line for line in run.stdout.splitlines() if line.split(":")[0].endswith("Error")]
    first = next(line for line in messages if "hrmonitor" not in line)
    for word in words:
        assert word in run.stdout, f"{word!r} is not said:\n{first}"
    after = workbench.digests()
    assert set(after) <= set(before)
    # What the raw file's own stage had finished is new and whole; nothing else has changed.
    changed = {path for path in after if after[path] != before[path]}
    assert changed <= {"2021/responses.parquet", "2021/ingest.csv"}
    if "2021/responses.parquet" in changed:
        assert len(pd.read_parquet(workbench.folder / "results/2021/responses.parquet"))


def test_killed_doubled_and_damaged_builds_end_with_the_same_bytes(workbench):
    """A few of the faults of `make torture`."""
    torture = Torture(workbench.folder, seed=3, jobs=CHEAP)
    kills(torture, 3, longest=5)
    torture.compare()
    torture.run("two builds", two_builds)
    torture.run("damaged", damaged)
    assert torture.did["kills"] == 3
    assert torture.said.total() == 2
