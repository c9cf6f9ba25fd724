"""What `check` says of a round, and what it keeps to itself."""

import csv
from pathlib import Path

import pytest
import yaml
from hrmonitor.cli.check_round import Table, as_html, check_round, look_at_round
from hrmonitor.cli.hidden_tests import hidden_tests
from hrmonitor.errors import ReaderError
from hrmonitor.project.checks import check_config
from hrmonitor.readers.round_decisions import read_lines
from small_survey import ANSWERS, small_config, write_small

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(project):
    """With three of the returned workbooks, which tell what twenty do."""
    for path in sorted((project / "raw/2021/returned").glob("*.xlsx"))[3:]:
        path.unlink()
    return project


def checked(name="2018"):
    return check_round(name, check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))))


def rows(tables: list[Table], title: str) -> list[list[str]]:
    return next(table for table in tables if table.title.startswith(title)).rows


def test_a_round_in_order(project):
    tables, stops = checked()
    assert stops == []
    assert rows(tables, "Files")[0][:3] == ["gebruiksruimten_2018.sav", "spss", "26"]
    assert rows(tables, "Columns without") == rows(tables, "Questions without") == []
    service, interviews, returned, _, known = rows(tables, "Submissions by service")[0]
    assert (service, returned, known) == ("Drug consumption room", "0", "24") and int(interviews) > 20
    # An earlier round is compared with none, a later one with those before it.
    assert rows(tables, "Questions against") == []
    assert [row[0] for row in rows(checked("2021")[0], "Questions against")] == ["2018"]


def change_interviews(project, change):
    """`change` gets the rows of 2021's interviews, headings first, and the place of each heading."""
    path = project / "raw/2021/interviews.csv"
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    change(table, {heading: place for place, heading in enumerate(table[0])})
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows(table)


def test_columns_that_match_nothing_come_with_lines_and_stop_the_build(project):
    def change(table, place):
        table[0][place["clientstrend"]] = "clientstrnd"
        for number, row in enumerate(table):
            row.append("Lievelingskleur" if number == 0 else "blauw")

    change_interviews(project, change)
    tables, stops = checked("2021")
    strange = next(table for table in tables if table.title == "Columns without a question")
    assert [row[1:] for row in strange.rows] == [
        ["clientstrnd", "clients_trend"],
        ["Lievelingskleur", "none is like it"],
    ]
    assert strange.lines[1:] == ["column,question", "clientstrnd,clients_trend", "Lievelingskleur,"]
    assert stops == [
        "interviews.csv has 2 columns without a question.",
        "interviews.csv lacks 1 question: clients_trend.",
    ]
    assert ["interviews.csv", "clientsnow", "clients_now"] in rows(tables, "Columns and their questions")


def test_a_type_of_service_that_was_not_asked_is_that_of_the_register(tmp_path, monkeypatch):
    config = small_config()
    config["rounds"]["2024"]["exports"][0]["absent"] = ["service"]
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path, config, answers=ANSWERS.replace(",room,", ",").replace(",service,", ","))
    tables, stops = checked("2024")
    assert stops == []
    assert rows(tables, "Submissions by service")[0] == ["Consumption room", "4", "0", "0", "4"]


@pytest.mark.parametrize(("least", "hidden"), [(3, []), (5, [["weekends", "findings.weekends.tests[0]"]])])
def test_a_test_of_which_the_number_would_be_hidden_is_named(tmp_path, monkeypatch, least, hidden):
    config, words = small_config(), {"en": "Open", "nl": "Open"}
    test = {"test": "share_above", "question": "open_weekends", "categories": ["yes"], "threshold": 0.2, "why": words}
    config["findings"] = {
        "weekends": {"number": 1, "round": "2024", "statement": words, "reason": words, "tests": [test]}
    }
    config["disclosure"]["minimum_cell"] = least
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path, config)
    checked_config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
    table = hidden_tests(look_at_round("2024", checked_config)[2], checked_config)
    assert [row[:2] for row in table.rows] == hidden
    assert all("too few facilities" in row[2] for row in table.rows)


def test_a_column_for_the_name_of_the_facility_cannot_be_declared_away(tmp_path, monkeypatch):
    """Nor does the workbook of decisions offer it."""
    monkeypatch.chdir(tmp_path)
    write_small(tmp_path, small_config(), answers=ANSWERS.replace("facility_name,", "who,"))
    _, stops = checked("2024")
    assert any("facility_name" in stop for stop in stops)
    # Where config.yaml says so, only a build stops at once: check goes on to say what else is wrong.
    config = small_config()
    config["rounds"]["2024"]["exports"][0]["absent"] = ["facility_name"]
    tables, stops = check_round("2024", check_config(config, looking=True))
    assert stops[0].startswith("config.yaml, rounds.2024.exports[0].absent: 'facility_name' cannot be absent")
    assert rows(tables, "Files")[0][2] == "4"
    Path("raw/2024/absent.csv").write_text("source,question,decision\n,facility_name,not_asked\n", encoding="utf-8")
    with pytest.raises(ReaderError, match=r"absent\.csv, row 2: 'facility_name' cannot be absent"):
        read_lines("absent", "raw/2024/absent.csv")


def test_names_that_the_register_does_not_know_are_all_listed(project):
    def change(table, place):
        done = [row for row in table[1:] if row[place["submitdate"]] and row[place["facilityname"]]]
        done[0][place["facilityname"]] = "Zorgboerderij De Onbekende Ooievaar"
        done[1][place["facilityname"]] = ""

    change_interviews(project, change)
    tables, stops = checked("2021")
    unknown = next(table for table in tables if table.title.startswith("Facilities that the register"))
    assert sorted(row[2] for row in unknown.rows) == ["(empty)", "Zorgboerderij De Onbekende Ooievaar"]
    ooievaar, empty = sorted(unknown.lines[1:], reverse=True)
    assert ooievaar.startswith('"Zorgboerderij De Onbekende Ooievaar",') and "NL-" in ooievaar
    assert empty.startswith('"",') and empty.endswith(",,")  # nobody knows which facility that was
    assert stops == ["The register does not know 2 names of facilities."]
    # The line that is proposed settles it.
    with open(project / "raw/2021/names.csv", "a", encoding="utf-8") as file:
        file.write("\n".join([*unknown.lines[1:], ""]))
    assert checked("2021")[1] == []


def test_a_file_that_is_no_export_is_named_as_such(project):
    text = (project / "config.yaml").read_text(encoding="utf-8")
    text = text.replace("raw/2021/returned/*.xlsx\n        tool: excel_form", "raw/2021/returned/*\n        tool: auto")
    (project / "config.yaml").write_text(text, encoding="utf-8")
    (project / "raw/2021/returned/budget.csv").write_text("post,bedrag\nhuur,12\n", encoding="utf-8")
    (project / "raw/2021/returned/~$vragenlijst_02.xlsx").write_bytes(b"lock")
    (project / "raw/2021/returned/oud").mkdir()
    tables, stops = checked("2021")
    assert stops == ["returned/budget.csv is no export of this form. Move it out of the folder."]
    assert not [row for row in rows(tables, "Files") if "~$" in row[0] or "oud" in row[0]]


def test_a_name_typed_into_a_number_is_not_repeated(project):
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
    assert name not in as_html("Check", tables, [])


def test_numbers_that_the_form_excludes_and_codes_for_no_answer_are_shown(project):
    def change(table, place):
        table[1][place["clientsnow"]] = "-999"
        table[2][place["respondentemail"]] = "no address"  # breaks its rule too; what people write is not repeated

    change_interviews(project, change)
    tables, stops = checked("2021")
    assert stops == []
    outside = [row for row in rows(tables, "Answers that a rule") if row[1] in ("2", "3")]
    assert outside == [["interviews.csv", "2", "clients_now", "-999", "Enter a number from 0 to 20000."]]
    codes = next(table for table in tables if table.title.startswith("Numbers that may be codes"))
    assert ["interviews.csv", "clients_now", "-999", "1"] in codes.rows
    assert "{code: -999, means: no_answer, types: [integer, decimal]}" in codes.lines[1]
    # The line that is shown settles it.
    config = yaml.safe_load((project / "config.yaml").read_text(encoding="utf-8"))
    config["rounds"]["2021"]["exports"][0] |= yaml.safe_load(codes.lines[1])
    (project / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    assert not rows(checked("2021")[0], "Numbers that may be codes")


def test_a_page_escapes_what_it_shows():
    table = Table("T", ["a"], [["<script>alert(1)</script>"]], lines=["Copy:", "<script>"])
    page = as_html("<x>", [table], ["<script>"])
    assert "<script>" not in page and page.count("&lt;script&gt;") == 3


def test_what_is_too_long_for_a_screen_is_cut_and_said():
    from hrmonitor.cli.main import LETTERS, ROWS, as_text

    table = Table("T", ["a"], [["[bold]x"], *[["y" * (LETTERS + 1)]] * ROWS])
    title, shown, more, *_ = as_text(table)
    cells = [str(cell) for cell in shown.columns[0].cells]
    assert (str(title), cells[0], len(cells)) == ("T", "[bold]x", ROWS)
    assert cells[1] == "y" * LETTERS + " … (the page has all)" and more == "and 1 more: the page has all"
