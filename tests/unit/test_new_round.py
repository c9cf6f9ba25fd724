"""A round is started whole or not at all, and leaves the rest of the project as it was."""

import csv
from pathlib import Path

import pytest
import yaml
from hrmonitor.cli.main import main
from hrmonitor.cli.new_round import start
from hrmonitor.errors import ConfigError, QuestionnaireError, RegisterError
from hrmonitor.project.checks import check_config
from hrmonitor.project.register import read_register
from hrmonitor.questionnaire.model import read_questionnaire

ROOT = Path(__file__).resolve().parents[2]


def config():
    return yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))


def test_a_new_round_is_a_form_of_its_own(project):
    before = config()
    start("2024", "2021", before)
    form = read_questionnaire("raw/2024/questionnaire")
    assert (form.form_id, form.version) == ("harm_reduction_2024", "202401")
    assert form.title == "Harm-reductionvoorzieningen in Nederland 2024" and form.title_in("en").endswith("2024")
    assert form.questions == read_questionnaire("raw/2021/questionnaire").questions
    checklist = Path("raw/2024/CHECKLIST.md").read_text(encoding="utf-8")
    assert "`clients_then`: Hoeveel unieke cliënten of bezoekers had u in 2017?" in checklist
    assert "`clients_trend`" not in checklist
    after = config()
    assert after["rounds"].pop("2024")["exports"] == [{"path": "raw/2024/exports/*", "tool": "auto", "mode": "questionnaire"}]  # fmt: skip
    assert after == before


def test_a_round_without_answers_waits_and_a_round_of_a_finding_does_not(project):
    start("2024", "2021", config())
    checked = check_config(config())
    assert checked.waiting == ("2024",) and list(checked.rounds) == ["2018", "2021"]
    used = config()
    used["findings"]["ghb_need"]["round"] = "2024"
    with pytest.raises(ConfigError, match=r"rounds\.2024\.exports\[0\]\.path: no file matches"):
        check_config(used)
    Path("raw/2024/exports/answers.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert check_config(config()).waiting == ()


def test_check_of_a_round_that_waits_says_where_the_exports_go(project, capsys):
    start("2024", "2021", config())
    with pytest.raises(SystemExit):
        main(["check", "2024"])
    assert "no exports yet: no file is at raw/2024/exports/*" in capsys.readouterr().err


def test_a_round_that_cannot_be_made_leaves_nothing_behind(project, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("hrmonitor.cli.new_round.publish", fail)
    text = Path("config.yaml").read_text(encoding="utf-8")
    with pytest.raises(OSError, match="disk full"):
        start("2024", "2021", config())
    assert not Path("raw/2024").exists() and Path("config.yaml").read_text(encoding="utf-8") == text


def test_a_config_of_another_shape_is_not_touched(project):
    shape = Path("config.yaml").read_text(encoding="utf-8").replace('\n  "2018":', '\n    "2018":', 1)
    Path("config.yaml").write_text(shape, encoding="utf-8")
    told = start("2024", "2021", yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
    assert "config.yaml: paste this under `rounds:`\n  # A new round." in told
    assert Path("config.yaml").read_text(encoding="utf-8") == shape


def test_questions_changed_in_excel_come_in_and_a_mistake_does_not(project, capsys):
    from openpyxl import load_workbook

    start("2024", "2021", config())
    path = "raw/2024/forms/harm_reduction_2024.xlsx"
    before = Path("raw/2024/questionnaire/survey.csv").read_text(encoding="utf-8")

    def save(**cells):
        book = load_workbook(path)
        sheet = book["survey"]
        places = {cell.value: cell.column for cell in sheet[1]}
        row = next(row[0].row for row in sheet.iter_rows() if row[1].value == "som_hiv")
        for heading, text in cells.items():
            sheet.cell(row, places[heading]).value = text
        book.save(path)
        return row

    row = save(type="select_one amout")
    with pytest.raises(SystemExit):
        main(["import-form", path, "raw/2024/questionnaire", "--replace"])
    assert f"{path}: [row : {row}] List name not in choices sheet: amout" in capsys.readouterr().err
    assert Path("raw/2024/questionnaire/survey.csv").read_text(encoding="utf-8") == before
    save(type="select_one amount", required="yes")
    main(["import-form", path, "raw/2024/questionnaire", "--replace"])
    after = Path("raw/2024/questionnaire/survey.csv").read_text(encoding="utf-8")
    changed = [two for one, two in zip(before.splitlines(), after.splitlines(), strict=True) if one != two]
    assert len(changed) == 1 and changed[0].split(",")[1] == "som_hiv"


def test_a_form_saved_by_excel_is_the_same_form(project):
    folder = Path("raw/2021/questionnaire")
    form = read_questionnaire(folder)
    for sheet in ("survey", "choices", "settings"):
        with open(folder / f"{sheet}.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        with open(folder / f"{sheet}.csv", "w", encoding="cp1252", newline="") as file:
            csv.writer(file, delimiter=";").writerows([*rows, [""] * len(rows[0])])
    assert read_questionnaire(folder) == form
    check_config(config())


def test_a_register_saved_by_excel_is_the_same_register(project):
    register = read_register("raw/register.csv")
    saved = register.copy()
    for column in ("opened", "closed"):
        saved[column] = saved[column].str.replace(r"(\d{4})-(\d\d)-(\d\d)", r"\3-\2-\1", regex=True)
    saved.to_csv("raw/register.csv", sep=";", index=False, encoding="cp1252", lineterminator="\r\n")
    assert read_register("raw/register.csv").equals(register)
    saved.loc[3, "opened"] = "02/03/2001"  # in which country?
    saved.to_csv("raw/register.csv", index=False)
    with pytest.raises(RegisterError, match="row 5, opened: '02/03/2001' is no date"):
        read_register("raw/register.csv")


def test_a_folder_without_a_form_is_named(project):
    with pytest.raises(QuestionnaireError, match=r"raw/2021/survey\.csv: there is no such file\. A questionnaire is a folder"):  # fmt: skip
        read_questionnaire("raw/2021")
