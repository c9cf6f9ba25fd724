"""Personal data where no answer stands, in the exports of every tool, and in answers in shapes that no program sees: nowhere afterwards.

Searched are results, logs, Snakemake's own records, the workbook of decisions, and all that commands say on the screen. What cannot be
told from other words is in docs/methods/privacy.md.
"""

import csv
import os
import subprocess
import sys

import openpyxl
import pyreadstat
import pytest
from endtoend.conftest import Project
from planted_places import Planted, write_planted
from privacy_scanner import find_planted


@pytest.fixture(scope="module")
def dressed(tmp_path_factory) -> tuple[Project, Planted]:
    project = Project.without_study(tmp_path_factory.mktemp("places") / "project")
    return project, write_planted(project.folder)


def hrmonitor(project: Project, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "hrmonitor", *arguments], cwd=project.folder, check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(project.folder / "workflow"), "COLUMNS": "400", "PYTHONUTF8": "1"},
    )  # fmt: skip
    return run.stdout + run.stderr


def leaked(project: Project, planted: Planted, screens: list[str]) -> dict[str, tuple[str, str]]:
    """value -> (what it was planted as, where it was found)."""
    shown = "\n".join(screens).lower()
    found = {value: (place, "screen") for value, place in planted.where.items() if value.lower() in shown}
    for folder in ("results", ".snakemake"):
        found |= {
            value: (planted.where[value], path)
            for path, value in find_planted(project.folder / folder, list(planted.where))
        }
    return found


def test_nothing_of_any_place_or_shape_is_in_what_is_built(dressed):
    project, planted = dressed
    in_raw = {value for _, value in find_planted(project.folder / "raw", list(planted.where))}
    # What stands in raw/ as bytes; the others are packed (SPSS) or cut by a character that shows nothing.
    assert len(planted.where) > 300 and len(in_raw) > 0.8 * len(planted.where)
    screens = [hrmonitor(project, "check", "2024")]
    assert "Round 2024 can be built." in screens[0]
    screens += [hrmonitor(project, "decide", "2024"), project.snakemake("--cores", "2").stdout]
    assert (project.folder / "results/report/report_en.pdf").exists()
    assert leaked(project, planted, screens) == {}


def rewrite(path, change) -> None:
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def test_no_message_quotes_what_stands_where_it_should_not(dressed, tmp_path):
    """A heading, a label, a name, a mark or a sheet that `check` and the build stop at, in the export of every tool that has such."""
    project = Project.copy(tmp_path / "project", source=dressed[0].folder)
    planted, home = Planted(), project.folder / "raw/2024/exports"

    def break_table(rows):
        rows[0].append(f"Vraag {planted.mail('heading')}")
        for row in rows[1:]:
            row.append("1")
        of = {name.lower().replace("_", " "): place for place, name in enumerate(rows[0])}
        weekend = next(place for name, place in of.items() if "weekend" in name)
        name = next(place for heading, place in of.items() if "facility" in heading)
        rows[-1][weekend], rows[-2][name] = (
            planted.mail("answer to a choice"),
            f"Huis {planted.mail('name of a facility')}",
        )

    rewrite(home / "google.csv", break_table)
    rewrite(home / "redcap.csv", break_table)
    workbook = openpyxl.load_workbook(home / "excel_form/form_0.xlsx")
    workbook.worksheets[0].append(["99", f"Vraag {planted.mail('question that is not in the form')}", "7"])
    workbook.save(home / "excel_form/form_0.xlsx")
    frame, meta = pyreadstat.read_sav(str(home / "spss.sav"))
    labels = {name: dict(of) for name, of in meta.variable_value_labels.items()}
    labels["open_weekends"][1.0] = planted.mail("label of an answer")
    frame["strange"] = 1.0
    pyreadstat.write_sav(
        frame,
        str(home / "spss.sav"),
        variable_value_labels=labels,
        column_labels={"strange": planted.mail("label of a variable")},
    )
    screens = [
        hrmonitor(project, "check", "2024"),
        project.snakemake("--cores", "1", "results/2024/audit.csv", check=False).stdout,
    ]
    assert screens[0].count("▇▇▇") >= 6 and "it is no question of the form" in screens[1] and "▇▇▇" in screens[1]
    # One file at a time, and of a workbook a sheet that it does not have: the others are named.
    config = project.config
    for entry in config["rounds"]["2024"]["exports"]:
        sheet = {"sheet": "none"} if entry["tool"] in ("table", "kobo") else {}
        one = {**config, "rounds": {"2024": {**config["rounds"]["2024"], "exports": [entry | sheet]}}}
        project.write_config(one)
        screens.append(hrmonitor(project, "check", "2024"))
        assert "there is no sheet 'none'" in screens[-1] if sheet else True
    form = openpyxl.Workbook()
    for name in ("survey", "choices"):
        with open(project.folder / f"raw/2024/questionnaire/{name}.csv", encoding="utf-8", newline="") as file:
            place = form.create_sheet(name)
            for row in csv.reader(file):
                place.append(row)
    form.remove(form.worksheets[0])
    form.create_sheet(f"{planted.token('name of a sheet of a form')}@host.nl").append(
        [planted.mail("cell beside a form")]
    )
    form.save(project.folder / "form.xlsx")
    screens.append(hrmonitor(project, "import-form", "form.xlsx", "raw/imported"))
    assert "sheet ▇▇▇" in screens[-1]
    screens.append(hrmonitor(project, "inspect", "raw/2024/exports/google.csv"))
    assert "column Vraag ▇▇▇" in screens[-1]
    planted.where |= dressed[1].where
    assert leaked(project, planted, screens) == {}
