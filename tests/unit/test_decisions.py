"""Decisions: cases into the workbook, a person's cells into the records, and the records into what is cleaned."""

import re
from pathlib import Path

import pytest
import yaml
from decisions_project import SmallRound, answer, record
from hrmonitor.errors import ConfigError
from openpyxl import load_workbook

ODD = answer("Het Blauwe Huis bij de Brug")


def wrong_cells(error) -> list[str]:
    return [line.removeprefix("- ") for line in str(error.value).split("\n")[1:]]


def test_a_name_is_decided_in_the_workbook_and_the_round_can_be_built(project):
    small = SmallRound(answer(), ODD)
    counts, lines, stops = small.check()
    assert counts == {"Facility names": (1, 0)} and stops
    assert lines == [
        "raw/2024/decisions.xlsx: 1 case to decide on. Fill it in with Excel or LibreOffice, save it, and run: hrmonitor decide 2024"
    ]
    (row,) = small.rows("Facility names")
    shown = {name: row[name] for name in ("status", "name as written", "service", "times", "file: rows", "decision")}
    assert shown == {"status": "open, blocks the build", "name as written": "Het Blauwe Huis bij de Brug", "service": "Consumption room",
                     "times": 1, "file: rows": "exports/answers.csv: 3", "decision": None}  # fmt: skip
    small.fill("Facility names", "Het Blauwe Huis bij de Brug", "XX-2 – Huis Beuk, Utrecht", "Gebeld")
    told = small.decide()
    assert told[0] == "raw/2024/names.csv: 1 decision taken over"
    assert "config.yaml, round 2024: added `names: raw/2024/names.csv`" in told
    (line,) = record("raw/2024/names.csv")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", line.pop("when"))
    assert line == {"written": "Het Blauwe Huis bij de Brug", "service": "dcr", "facility_id": "XX-2", "reason": "Gebeld", "who": "Anna"}  # fmt: skip
    assert small.check()[0::2] == ({"Facility names": (0, 1)}, [])


def test_a_name_may_be_outside_the_register(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "(outside the register)", "Bakkerij")
    small.decide()
    assert record("raw/2024/names.csv")[0]["facility_id"] == "" and small.check()[2] == []
    # The decided row says so, and is not open.
    small.check(always=True)
    assert [(row["status"], row["decision"]) for row in small.rows("Facility names")] == [
        ("decided", "(outside the register)")
    ]


def test_the_line_in_config_keeps_comments_and_order(project):
    small = SmallRound(answer(), ODD)
    before = Path("config.yaml").read_text(encoding="utf-8")
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    small.decide()
    line = "    questionnaire: raw/2024/questionnaire\n"
    assert Path("config.yaml").read_text(encoding="utf-8") == before.replace(
        line, line + "    names: raw/2024/names.csv\n"
    )


def test_a_config_that_no_line_can_be_added_to_gets_the_line_shown(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    flow = yaml.safe_dump(config, default_flow_style=True, allow_unicode=True)
    Path("config.yaml").write_text(flow, encoding="utf-8")
    told = small.decide()
    assert "config.yaml: add this to round 2024, or the decisions have no effect:" in told
    assert "    names: raw/2024/names.csv" in told and Path("config.yaml").read_text(encoding="utf-8") == flow
    # Until the line is there, nothing is added to a file that nothing reads.
    small.fill("Facility names", ODD["facility_name"], "XX-3")
    with pytest.raises(ConfigError, match=r"config\.yaml does not name it\. Add `names: raw/2024/names.csv`"):
        small.decide()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_other_answers_take_options_that_stay_or_change(project, lang):
    small = SmallRound(
        answer(role="other", role_other="Wijkzuster"),
        answer("Huis Beuk", **{"barriers/other": "1", "barriers_other": "papieren en wachten"}),
        answer("Huis Cypres", **{"barriers/other": "1", "barriers_other": "Hond"}),
    )
    assert small.check(lang)[0] == {{"en": "Other answers", "nl": "Antwoorden bij anders"}[lang]: (3, 0)}
    title = {"en": "Other answers", "nl": "Antwoorden bij anders"}[lang]
    nurse = {"en": "nurse – Nurse", "nl": "nurse – Verpleegkundige"}[lang]
    both = {"en": "documents – No documents | waiting_list", "nl": "documents – Geen documenten | waiting_list"}[lang]
    small.fill(title, "Wijkzuster", nurse, "zelfde werk")
    small.fill(title, "papieren en wachten", both)
    small.fill(title, "Hond", "keep")
    small.decide()
    decided = [(row["question"], row["written"], row["decision"]) for row in record("raw/2024/other_decisions.csv")]
    assert sorted(decided) == [
        ("barriers", "Hond", "keep"),
        ("barriers", "papieren en wachten", "documents|waiting_list"),
        ("role", "Wijkzuster", "nurse"),
    ]
    assert small.check(lang)[0] == {title: (0, 3)}


def test_cells_that_do_not_fit_are_all_named_and_nothing_changes(project):
    small = SmallRound(
        ODD,
        answer("Huis Beuk", role="other", role_other="Wijkzuster"),
        answer("Huis Cypres", role="other", role_other="Kok"),
    )
    small.check()
    first = small.fill("Facility names", ODD["facility_name"], "Huis Beuk of Cypres")
    second = small.fill("Other answers", "Wijkzuster", "nurse | manager")
    third = small.fill("Other answers", "Kok", None, "geen idee")
    config = Path("config.yaml").read_bytes()
    with pytest.raises(ConfigError, match="nothing was taken over") as error:
        small.decide()
    assert sorted(wrong_cells(error)) == sorted(
        [
            f"decisions.xlsx, sheet Facility names, cell {first}: “Huis Beuk of Cypres” is not an option; choose from the list.",
            f"decisions.xlsx, sheet Other answers, cell {second}: “nurse | manager” is not an option; choose from the list.",
            f"decisions.xlsx, sheet Other answers, cell {third}: there is a reason and no decision. Choose one, or empty the reason.",
        ]
    )
    assert Path("config.yaml").read_bytes() == config
    assert not Path("raw/2024/names.csv").exists() and not Path("raw/2024/other_decisions.csv").exists()


def test_who_decides_must_be_said_in_the_workbook_or_the_command(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    with pytest.raises(ConfigError, match="cell B2 of its first sheet, or add --who"):
        small.decide(who=None)
    book = load_workbook(small.workbook)
    book["How to"]["B2"].value = " Bram  de Vries "
    book.save(small.workbook)
    small.decide(who=None)
    assert record("raw/2024/names.csv")[0]["who"] == "Bram de Vries"


def test_check_leaves_a_workbook_that_is_filled_in_until_it_is_taken_over(project):
    small = SmallRound(answer(), ODD, answer("Onbekend Oord"))
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    filled = small.workbook.read_bytes()
    _, (line,), _ = small.check()
    assert "has 1 decision that is not taken over yet" in line and "hrmonitor decide 2024" in line
    assert small.workbook.read_bytes() == filled
    small.decide()
    counts, _, _ = small.check()
    assert counts == {"Facility names": (1, 1)}
    assert [(row["status"], row["name as written"]) for row in small.rows("Facility names")] == [
        ("open, blocks the build", "Onbekend Oord"),
        ("decided", ODD["facility_name"]),
    ]


def test_a_second_decide_changes_nothing(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    small.decide()
    before = Path("raw/2024/names.csv").read_bytes(), Path("config.yaml").read_bytes()
    assert "nothing that is not on record already" in small.decide(who="Iemand anders")[0]
    assert (Path("raw/2024/names.csv").read_bytes(), Path("config.yaml").read_bytes()) == before


def test_a_decision_can_be_changed_and_withdrawn(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    small.decide()
    small.check(always=True)
    small.fill("Facility names", ODD["facility_name"], "XX-3", "Toch Cypres")
    assert f"  {ODD['facility_name']} / dcr: 'XX-3' in place of 'XX-2'" in small.decide(who="Bram")
    assert [(row["facility_id"], row["who"]) for row in record("raw/2024/names.csv")] == [("XX-3", "Bram")]
    small.check(always=True)
    small.fill("Facility names", ODD["facility_name"], None)
    assert any("withdrawn (was 'XX-3')" in line for line in small.decide())
    assert record("raw/2024/names.csv") == [] and small.check()[0] == {"Facility names": (1, 0)}


def test_lines_of_a_record_that_came_from_excel_stay(project):
    small = SmallRound(answer(), ODD, answer("Café Zónder Nàam"))
    path = Path("raw/2024/names.csv")
    text = "written;service;facility_id;reason;mijn kolom\r\nCafé Zónder Nàam;dcr;XX-3;Gebeld;x\r\n"
    path.write_bytes(text.encode("cp1252"))
    line = "    questionnaire: raw/2024/questionnaire\n"
    config = Path("config.yaml").read_text(encoding="utf-8")
    Path("config.yaml").write_text(config.replace(line, line + "    names: raw/2024/names.csv\n"), encoding="utf-8")
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2", "a; b")
    small.decide()
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "written;service;facility_id;reason;mijn kolom;who;when"
    assert lines[1] == "Café Zónder Nàam;dcr;XX-3;Gebeld;x;;"
    assert lines[2].startswith(f'{ODD["facility_name"]};dcr;XX-2;"a; b";;Anna;')
    assert small.check()[2] == []


def test_a_record_that_changed_meanwhile_is_not_overruled(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    small.decide()
    small.check(always=True)
    cell = small.fill("Facility names", ODD["facility_name"], "XX-3")
    path = Path("raw/2024/names.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("XX-2", "XX-1"), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        small.decide()
    (told,) = wrong_cells(error)
    assert told.startswith(
        f"decisions.xlsx, sheet Facility names, cell {cell}: “XX-3” was chosen, and meanwhile “XX-1 – Huis Aarde"
    )


def test_rows_that_were_mixed_up_or_invented_are_refused(project):
    small = SmallRound(answer(), ODD, answer("Onbekend Oord"))
    small.check()
    book = load_workbook(small.workbook)
    sheet = book["Facility names"]
    headings = [cell.value for cell in sheet[1]]
    name, decision = headings.index("name as written") + 1, headings.index("decision") + 1
    # Sorted by one column only.
    first, second = sheet.cell(2, name), sheet.cell(3, name)
    first.value, second.value = second.value, first.value
    sheet.cell(2, decision).value = sheet.cell(4, decision).value = "XX-2"
    book.save(small.workbook)
    with pytest.raises(ConfigError) as error:
        small.decide()
    mixed, invented = wrong_cells(error)
    assert "other cells of this row were changed" in mixed and "check did not write this row" in invented


def test_what_is_no_longer_in_the_export_is_not_decided(project):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    small.export(answer())
    with pytest.raises(ConfigError, match="the files of the round have this case no more"):
        small.decide()


def test_a_workbook_of_another_round_or_none_is_refused(project):
    small = SmallRound(answer(), ODD)
    with pytest.raises(ConfigError, match=r"there is no workbook raw/2024/decisions\.xlsx"):
        small.decide()
    small.check()
    book = load_workbook(small.workbook)
    book["lists"]["B1"].value = "2021"
    book.save("other.xlsx")
    with pytest.raises(ConfigError, match="about round '2021', not '2024'"):
        small.decide(workbook="other.xlsx")
    Path("other.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ConfigError, match="cannot be opened"):
        small.decide(workbook="other.xlsx")
    with pytest.raises(ConfigError, match="no workbook of decisions"):
        small.decide(workbook="raw/2021/returned/vragenlijst_01.xlsx")


def test_text_of_respondents_is_no_formula_in_workbook_and_record(project):
    small = SmallRound(
        answer(), answer("Huis Beuk", role="other", role_other="=1+1"), answer('=HYPERLINK("http://x.example")')
    )
    small.check()
    for sheet in load_workbook(small.workbook):
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    small.fill("Other answers", "=1+1", "manager")
    small.fill("Facility names", '=HYPERLINK("http://x.example")', "XX-3")
    small.decide()
    assert record("raw/2024/other_decisions.csv")[0]["written"] == "'=1+1"
    assert record("raw/2024/names.csv")[0]["written"].startswith("'=HYPERLINK")
    # The pipeline takes it for what was written.
    assert small.check()[0] == {"Facility names": (0, 1), "Other answers": (0, 1)}


def test_a_formula_of_the_person_counts_by_its_value_or_not_at_all(project):
    small = SmallRound(answer(), ODD)
    small.check()
    cell = small.fill("Facility names", ODD["facility_name"], "=A1")
    with pytest.raises(ConfigError) as error:
        small.decide()
    assert wrong_cells(error) == [
        f"decisions.xlsx, sheet Facility names, cell {cell}: “(a formula)” is not an option; choose from the list."
    ]


def test_three_hundred_options_are_in_the_drop_down(project):
    small = SmallRound(answer(), ODD, facilities=300)
    small.check()
    book = load_workbook(small.workbook)
    (rule,) = book["Facility names"].data_validations.dataValidation
    column = re.fullmatch(r"lists!\$(\w+)\$2:\$\1\$(\d+)", rule.formula1)
    entries = [book["lists"][f"{column[1]}{row}"].value for row in range(2, int(column[2]) + 1)]
    of_register = [entry for entry in entries if entry.startswith("XX-")]
    assert len(of_register) == len(set(of_register)) == 300 and entries[0] == "(outside the register)"
    assert book["lists"].sheet_state == "hidden" and rule.showErrorMessage
    (row,) = small.rows("Facility names")
    assert str(rule.sqref).startswith(re.sub(r"\d", "", str(rule.sqref))) and str(row["_row"]) in str(rule.sqref)
    small.fill("Facility names", ODD["facility_name"], of_register[-1])
    small.decide()
    assert record("raw/2024/names.csv")[0]["facility_id"] == of_register[-1].split(" ")[0]


def test_only_the_persons_cells_are_unlocked(project):
    small = SmallRound(answer(), ODD)
    small.check()
    book = load_workbook(small.workbook)
    for sheet in book:
        if sheet.title == "lists":
            continue
        assert sheet.protection.sheet
        open_cells = {cell.column_letter for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        headings = {cell.value: cell.column_letter for cell in sheet[1]}
        rows = any(row[0].value for row in sheet.iter_rows(min_row=2, max_col=1))
        wanted = {"B"} if sheet.title == "How to" else {headings["decision"], headings["reason"]} if rows else set()
        assert open_cells == wanted, sheet.title
    assert book["Facility names"].freeze_panes == "F2" and book["Facility names"].column_dimensions["A"].hidden


def test_personal_data_is_masked_and_the_register_is_not_read_out(project):
    small = SmallRound(
        answer(),
        answer("Huis van Jan, bel 06-12345678"),
        answer("Huis Beuk", role="other", role_other="mail jan@zorg.example"),
    )
    small.check()
    text = " ".join(
        str(cell.value) for sheet in load_workbook(small.workbook) for row in sheet.iter_rows() for cell in row
    )
    assert "▇▇▇" in text and "06-12345678" not in text and "jan@zorg" not in text
    small.fill("Facility names", "Huis van Jan, bel ▇▇▇", "XX-2")
    small.decide()
    assert small.check()[2] == []


def test_a_workbook_that_is_open_in_excel_is_left_alone(project):
    small = SmallRound(answer(), ODD)
    small.check()
    before = small.workbook.read_bytes()
    (small.workbook.parent / ".~lock.decisions.xlsx#").touch()
    assert "is open in a spreadsheet" in small.check()[1][0] and small.workbook.read_bytes() == before


def test_nothing_is_written_when_nothing_is_open_and_a_closed_round_stays(project):
    small = SmallRound(answer())
    assert small.check() == ({}, [], []) and not small.workbook.exists()
    small.export(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    from hrmonitor.project.sealed_rounds import close

    close(small.config.rounds["2024"])
    with pytest.raises(ConfigError, match="round 2024 is closed"):
        small.decide()


def test_a_record_that_the_build_would_refuse_leaves_everything_as_it_was(project, monkeypatch):
    small = SmallRound(answer(), ODD)
    small.check()
    small.fill("Facility names", ODD["facility_name"], "XX-2")
    config = Path("config.yaml").read_bytes()

    def refuse(_):
        raise ConfigError("no")

    monkeypatch.setattr("hrmonitor.cli.decide.check_config", refuse)
    with pytest.raises(ConfigError, match=r"^no$"):
        small.decide()
    assert Path("config.yaml").read_bytes() == config and not Path("raw/2024/names.csv").exists()
    assert not list(Path("raw/2024").glob(".*"))


def test_the_workbook_is_no_export_and_no_source_of_the_build(project):
    from hrmonitor.publication.release import source_files

    small = SmallRound(answer(), ODD)
    config = Path("config.yaml").read_text(encoding="utf-8")
    Path("config.yaml").write_text(config.replace("raw/2024/exports/*.csv", "raw/2024/*"), encoding="utf-8")
    Path("raw/2024/exports/answers.csv").rename("raw/2024/answers.csv")
    before = source_files(Path.cwd())
    small.check()
    assert small.workbook.exists() and source_files(Path.cwd()) == before
    assert small.config.rounds["2024"].files == ("raw/2024/answers.csv",)


def test_both_commands_as_a_person_runs_them(project, capsys):
    from hrmonitor.cli.main import main

    small = SmallRound(answer(), answer("Huis van Jan, bel 06-12345678"))
    with pytest.raises(SystemExit):
        main(["check", "2024", "--language", "nl"])
    told = capsys.readouterr().out
    assert "raw/2024/decisions.xlsx: 1 case to decide on." in told and "Namen van voorzieningen" in told
    small.fill("Namen van voorzieningen", "Huis van Jan, bel ▇▇▇", "XX-2 – Huis Beuk, Utrecht")
    main(["decide", "2024", "--who", "Anna"])
    assert "1 decision of these without a reason" in capsys.readouterr().out
    main(["check", "2024", "--decisions"])
    assert "Round 2024 can be built." in capsys.readouterr().out
    # The language of the report's first, and with what is on record.
    assert [(row["decision"], row["decided by, on"][:6]) for row in small.rows("Facility names")] == [("XX-2 – Huis Beuk, Utrecht", "Anna, ")]  # fmt: skip
