"""What `check` says of a round, and what it keeps to itself."""

import shutil
from pathlib import Path

import pytest
import yaml
from hrmonitor.checking import Table, as_html, check_round
from hrmonitor.config import check_config

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch):
    shutil.copy(ROOT / "config.yaml", tmp_path)
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(name="2018"):
    return check_round(name, check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))))


def rows(tables: list[Table], title: str) -> list[list[str]]:
    return next(table for table in tables if table.title.startswith(title)).rows


def test_a_round_in_order(project):
    tables, fine = checked()
    assert fine
    assert rows(tables, "Files")[0][:3] == ["gebruiksruimten_2018.sav", "spss", "26"]
    assert rows(tables, "Columns") == []
    service, interviews, returned, known = rows(tables, "Submissions by service")[0]
    assert (service, returned, known) == ("dcr", "0", "24") and int(interviews) > 20


def test_a_name_typed_into_a_number_is_not_repeated(project):
    import csv

    path = project / "raw/2021/interviews.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    place = table[0].index("respondentname")
    name, row = next((line[place], number) for number, line in enumerate(table[1:], start=1) if len(line[place]) > 8)
    table[row][table[0].index("clientsnow")] = f"vraag {name}"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(table)
    tables, _ = checked("2021")
    found = [
        line for line in rows(tables, "Answers that are not understood") if line[1:3] == [str(row + 1), "clients_now"]
    ]
    assert found[0][3] == "vraag ▇▇▇"
    assert name not in as_html("Check", tables)


def test_a_page_escapes_what_it_shows():
    page = as_html("<x>", [Table("T", ["a"], [["<script>alert(1)</script>"]])])
    assert "<script>" not in page and "&lt;script&gt;" in page
