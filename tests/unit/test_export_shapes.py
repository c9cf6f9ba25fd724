"""Exports as people really hand them in: without headings, with rows above them, rejected, refused, or seen by nobody."""

import csv
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import tool_files as write
from hrmonitor.build.code_digest import modules_used_by
from hrmonitor.cleaning.answers import parse_choice
from hrmonitor.cleaning.submissions import response_flow, submissions_of
from hrmonitor.errors import QuestionnaireError, ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import open_export, read_export
from hrmonitor.readers.detect import detect
from hrmonitor.readers.matching import mangled, plain
from hrmonitor.readers.registry import READERS
from hrmonitor.readers.tools import NAMES

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
SURVEY = """type,name,label::English (en),consent,aggregate
text,facility_name,Name,,
select_one service,service,Service,,
select_one yn,agree,Do you take part?,yes,
select_multiple waits,waits,Which waits occur?,,
integer,clients,How many clients?,,
text,remark,Anything else?,,
"""
CHOICES = """list_name,name,label::English (en)
service,dcr,Consumption room
service,nsp,Needle exchange
yn,y,Yes
yn,n,No
waits,short,< 1 year
waits,long,> 1 year
"""


def form_of(folder, survey=SURVEY, choices=CHOICES):
    folder.mkdir(exist_ok=True)
    (folder / "survey.csv").write_text(survey, encoding="utf-8")
    (folder / "choices.csv").write_text(choices, encoding="utf-8")
    (folder / "settings.csv").write_text("form_title,form_id,version\nF,f,1\n", encoding="utf-8")
    return read_questionnaire(folder)


@pytest.fixture
def form(tmp_path):
    return form_of(tmp_path / "form")


@pytest.fixture
def small(tmp_path):
    return form_of(
        tmp_path / "small",
        "type,name,label\ntext,facility_name,Name\ninteger,n1,First\ninteger,n2,Second\n",
        "list_name,name\n",
    )


def text(path, rows, delimiter=",", end="\n"):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(
            file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL
        ).writerows(rows)
    return str(path)


def read(path, form, tool="table", **entry):
    responses, notes, export = read_export(
        str(path), form, {"tool": tool, "mode": "interview", **entry}, Path(path).name
    )
    return responses, notes, export


# --- the registry -----------------------------------------------------------------------------------------


def test_each_tool_is_declared_once_and_every_list_of_tools_comes_from_there():
    assert sorted(READERS) == sorted(NAMES)
    page = (WORKFLOW.parent / "docs/reference/config.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in ("auto", *NAMES))


def test_a_change_in_any_reader_reruns_ingest():
    used = modules_used_by(WORKFLOW / "scripts/ingest.py")
    assert {WORKFLOW / f"hrmonitor/readers/tools/{name}.py" for name in NAMES} <= used


# --- which tool -------------------------------------------------------------------------------------------

HEADINGS = {
    "limesurvey, codes and texts": ("limesurvey", [["id. Response ID", "submitdate. Date submitted", "lastpage. Last page", "q1. One"]]),
    "limesurvey, no columns of its own": ("limesurvey", [["name. Name", "drugs[1]. Which? [A]", "drugs[2]. Which? [B]"]]),
    "limesurvey, some columns of its own": ("limesurvey", [["id", "startlanguage", "token", "q1[a]", "q1[b]"]]),
    "surveymonkey, no collector": ("surveymonkey", [["RespondentID", "Which?", ""], ["", "A", "B"]]),
    "surveymonkey, repeated headings": ("surveymonkey", [["Respondent ID", "Which?"], ["Respondent ID", "Which?"]]),
    "surveymonkey, codes above": ("surveymonkey", [["q0", "q1"], ["Respondent ID", "Which?"], ["", "Response"]]),
    "qualtrics, import ids": ("qualtrics", [["Q1", "Q2"], ["One", "Two"], ["{'ImportId': 'QID1'}", "{'ImportId': 'QID2'}"]]),
    "qualtrics, legacy": ("qualtrics", [["V1", "Q1"], ["ResponseID", "One"]]),
    "qualtrics, one row": ("qualtrics", [["StartDate", "EndDate", "ResponseId", "Q1"]]),
    "redcap, raw": ("redcap", [["record_id", "q1"]]),
    "redcap, labels": ("redcap", [["Record ID", "Which? (choice=A)", "Complete?"]]),
    "kobo": ("kobo", [["q1", "_id", "_submission_time"]]),
    "odk": ("kobo", [["q1", "KEY", "meta-instanceID"]]),
    "google": ("google_forms", [["Tijdstempel", "q1"]]),
    "microsoft": ("microsoft_forms", [["Id", "Begintijd", "Voltooiingstijd", "q1"]]),
}  # fmt: skip


@pytest.mark.parametrize("variant", HEADINGS)
def test_auto_recognises(tmp_path, variant):
    tool, rows = HEADINGS[variant]
    width = len(rows[0])
    path = text(tmp_path / "e.csv", [*rows, *([str(number)] * width for number in (1, 2))])
    assert detect(path, {})[0] == tool


def test_auto_says_which_tools_came_nearest_and_what_spoke_against_each(tmp_path):
    path = text(
        tmp_path / "e.csv",
        [["name", "Respondent", "StartDate", "EndDate", "q1[a]"], ["x", "1", "2", "y", "1"], ["z", "1", "2", "y", "1"]],
    )
    tool, why = detect(path, {})
    assert tool == "table"
    assert "Qualtrics: it has columns StartDate and EndDate, but lacks a column ResponseId and a third row" in why
    assert why.count(" it has ") == 3 and len(why.split(";")) == 3 and why.endswith("say so in `tool:`")


# --- headings and rows ------------------------------------------------------------------------------------


def test_a_column_of_row_numbers_is_left_out(tmp_path, small):
    path = text(tmp_path / "e.csv", [["", "facility_name", "n1", "n2"], ["1", "A", "5", "6"], ["2", "B", "7", "8"]])
    responses, _, export = read(path, small)
    assert (
        responses["n1"].tolist() == ["5", "7"]
        and "the first column numbers the rows and has no heading: left out" in export.facts
    )
    # As R's write.table() has it, the heading is one cell short.
    (tmp_path / "t.txt").write_text('"facility_name" "n1" "n2"\n"1" "A" 5 6\n"2" "B" 7 8\n')
    assert read(tmp_path / "t.txt", small)[0]["n2"].tolist() == ["6", "8"]
    # pandas begins with 0.
    path = text(tmp_path / "p.csv", [["", "facility_name", "n1", "n2"], ["0", "A", "5", "6"], ["1", "B", "7", "8"]])
    assert read(path, small)[0]["n1"].tolist() == ["5", "7"]


def test_other_columns_without_a_heading_are_named_mapped_or_left_out(tmp_path, small):
    path = text(tmp_path / "e.csv", [["facility_name", "n1", ""], ["A", "5", "6"], ["B", "7", "8"]])
    with pytest.raises(ReaderError, match=r"column C has no heading in row 1.*heading_rows: 2.*letter,question: C"):
        read(path, small)
    assert pd.isna(read(path, small, ignore=[""], absent=["n2"])[0]["n2"]).all()
    by_letter = text(tmp_path / "map.csv", [["letter", "question"], ["C", "n2"]])
    assert read(path, small, columns=by_letter)[0]["n2"].tolist() == ["6", "8"]


def test_a_map_by_letter_tells_columns_of_one_heading_apart(tmp_path, small):
    path = text(tmp_path / "e.csv", [["facility_name", "number", "number"], ["A", "5", "6"]])
    rows = [["column", "letter", "question"], ["number", "B", "n2"], ["", "C", "n1"]]
    answers = read(path, small, columns=text(tmp_path / "map.csv", rows))[0].iloc[0]
    assert (answers["n1"], answers["n2"]) == ("6", "5")
    rows[1][0] = "clients"
    with pytest.raises(ReaderError, match=r"map\.csv, row 2: column B is headed 'number', not 'clients'"):
        read(path, small, columns=text(tmp_path / "map.csv", rows))


def test_a_file_without_headings_loses_no_record(tmp_path, small):
    (tmp_path / "e.txt").write_text("A 5 6\nB 7 8\nC 9 10\n")
    with pytest.raises(ReaderError, match=r"row 1: this looks like a row of answers.*`headings:`"):
        read(tmp_path / "e.txt", small)
    responses, _, _ = read(tmp_path / "e.txt", small, headings=["facility_name", "n1", "n2"])
    assert responses["n1"].tolist() == ["5", "7", "9"] and responses["_row"].tolist() == [1, 2, 3]
    with pytest.raises(ReaderError, match=r"config\.yaml gives 2 headings, and the file has 3 columns"):
        read(tmp_path / "e.txt", small, headings=["facility_name", "n1"])
    by_letter = text(tmp_path / "map.csv", [["letter", "question"], ["A", "facility_name"], ["B", "n1"], ["C", "n2"]])
    assert len(read(tmp_path / "e.txt", small, heading_rows=0, columns=by_letter)[0]) == 3


def test_rows_above_the_headings_are_skipped(tmp_path, small):
    path = text(
        tmp_path / "e.csv",
        [["A survey of ours"], ["facility_name", "n1", "n2"], ["(text)", "(number)", ""], ["A", "5", "6"]],
    )
    responses, _, _ = read(path, small, skip_rows=[1, 3])
    assert responses["n2"].tolist() == ["6"] and responses["_row"].tolist() == [4]
    with pytest.raises(ReaderError, match=r"column 'A survey of ours': it is no question of the form"):
        read(path, small)
    write._write_xlsx(
        tmp_path / "e.xlsx", {"S": [["A survey", "", ""], ["facility_name", "n1", "n2"], ["A", "5", "6"]]}
    )
    assert read(tmp_path / "e.xlsx", small, skip_rows=[1])[0]["n1"].tolist() == ["5"]


def test_merged_headings_are_read_with_two_heading_rows(tmp_path, form):
    rows = [
        ["Name", "Which waits occur?", "", "Clients"],
        ["", "< 1 year", "> 1 year", "How many clients?"],
        ["A", "x", "", "5"],
    ]
    write._write_xlsx(tmp_path / "e.xlsx", {"S": rows})
    absent = ["service", "agree", "remark"]
    with pytest.raises(
        ReaderError, match=r"column C has no heading in row 1\. If the cell to the left of it is merged"
    ):
        read(tmp_path / "e.xlsx", form, absent=absent)
    answers = read(tmp_path / "e.xlsx", form, absent=absent, heading_rows=2)[0].iloc[0]
    assert answers[["facility_name", "waits/short", "waits/long", "clients"]].tolist() == ["A", "1", "0", "5"]
    with pytest.raises(ReaderError, match="exports of REDCap have one row of headings"):
        read(tmp_path / "e.xlsx", form, "redcap", heading_rows=2)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_any_line_end_is_read(tmp_path, small, end):
    path = text(tmp_path / "e.csv", [["facility_name", "n1", "n2"], ["A\nB", "5", "6"], ["C", "7", "8"]], end=end)
    assert read(path, small)[0]["facility_name"].tolist() == ["A\nB", "C"]


@pytest.mark.parametrize(
    ("tool", "heading", "rows"),
    [
        ("limesurvey", "id", [["id", "submitdate", "lastpage", "n1", "n2"], ["r1", "2024-01-01", "9", "5", "6"]]),
        ("qualtrics", "ResponseId", [["ResponseId", "StartDate", "EndDate", "n1", "n2"], ["r1", "2024-01-01", "2024-01-01", "5", "6"]]),
        ("surveymonkey", "Respondent ID", [["Respondent ID", "n1", "n2"], ["", "Response", "Response"], ["r1", "5", "6"]]),
        ("kobo", "_uuid", [["n1", "n2", "_uuid", "_index"], ["5", "6", "r1", "1"]]),
        ("kobo", "KEY", [["SubmissionDate", "n1", "n2", "KEY"], ["2024-01-01", "5", "6", "r1"]]),
        ("redcap", "record_id", [["record_id", "n1", "n2", "form_complete"], ["r1", "5", "6", "2"]]),
        ("google_forms", "Email Address", [["Timestamp", "Email Address", "n1", "n2"], ["1/1/2024", "r1", "5", "6"]]),
        ("microsoft_forms", "Name", [["Id", "Start time", "Completion time", "Name", "n1", "n2"], ["1", "1/1/2024", "1/1/2024", "r1", "5", "6"]]),
    ],
)  # fmt: skip
def test_a_tools_own_column_can_be_an_answer(tmp_path, small, tool, heading, rows):
    path = text(tmp_path / "e.csv", rows)
    with pytest.raises(ReaderError, match="there is no column for question 'facility_name'"):
        read(path, small, tool)
    columns = text(tmp_path / "map.csv", [["column", "question"], [heading, "facility_name"]])
    assert read(path, small, tool, columns=columns)[0]["facility_name"].tolist() == ["r1"]


def test_the_second_row_of_surveymonkey_may_repeat_the_first(tmp_path, small):
    rows = [["c0", "n1", "n2", "c3"], ["Respondent ID", "How many?", "How much?", "Name"],
            ["Respondent ID", "How many?", "Response", "Name"], ["9", "5", "6", "A"]]  # fmt: skip
    responses, _, _ = read(text(tmp_path / "e.csv", rows), small, "surveymonkey")
    assert responses[["n1", "n2", "facility_name"]].iloc[0].tolist() == ["5", "6", "A"]


# --- what tells two labels apart --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [("< 1 year", "> 1 year"), ("1-4", "14"), ("1,4", "14"), ("1.4", "1-4"), ("-1", "1"), ("≤ 5", "< 5"), ("50 %", "50"), ("A+", "A"),
     ("4 - 5", "45"), ("1 234", "1234"), ("10 (20)", "1020")],
)  # fmt: skip
def test_signs_and_digits_tell_labels_apart(one, other):
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("< 1 year", "<1  Year"), ("q_5_2", "q52"), ("Hoe heet u, precies?", "Hoe heet u precies"), ("≥ 5", ">=5"), ("5 – 10", "5-10"),
     ("\ufeffName", "name"), ("‘a’", "'a'"), ("4 - 5", "4-5")],
)  # fmt: skip
def test_what_tools_change_in_a_heading_does_not_matter(one, other):
    assert plain(one) == plain(other)


def test_r_rewrites_headings(tmp_path, form):
    assert mangled("X..1.year") == mangled("< 1 year")
    path = text(tmp_path / "e.csv", [["Name", "Which.waits.occur..", "How.many.clients."], ["A", "short", "5"]])
    answers = read(path, form, absent=["service", "agree", "remark"])[0].iloc[0]
    assert answers[["waits/short", "clients"]].tolist() == ["1", "5"]


def test_columns_in_another_order_than_the_form_are_told_apart_by_their_signs(tmp_path, form):
    rows = [
        ["Name", "Which waits occur?/>1 year", "Which waits occur?/<1 year", "_uuid", "_index"],
        ["A", "1", "0", "u", "1"],
    ]
    answers = read(text(tmp_path / "e.csv", rows), form, "kobo", absent=["service", "agree", "clients", "remark"])[
        0
    ].iloc[0]
    assert answers[["waits/long", "waits/short"]].tolist() == ["1", "0"]


def test_a_column_that_can_be_either_of_two_options_is_refused(tmp_path):
    form = form_of(
        tmp_path / "f", "type,name,label\nselect_multiple w,waits,Waits\n", "list_name,name,label\nw,a,Long\nw,b,Long\n"
    )
    path = text(tmp_path / "e.csv", [["waits/Long", "_uuid", "_index"], ["1", "u", "1"]])
    with pytest.raises(ReaderError, match=r"\(A\): the options 'a' and 'b' of waits are written alike"):
        read(path, form, "kobo")


# --- cells that are numbers -------------------------------------------------------------------------------


def test_number_cells_are_marked_and_percentages_read_as_they_are_seen(tmp_path, small):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["facility_name", "n1", "n2"], ["A", 2.125, 0.125], ["B", "2,125", 1], ["C", 1e-7, 0.005]):
        sheet.append(row)
    for cells in sheet.iter_rows(min_row=2):
        cells[2].number_format = "0.0%"
    book.save(tmp_path / "e.xlsx")
    export = open_export(str(tmp_path / "e.xlsx"), {"tool": "table", "mode": "interview"}, small)
    assert export.data[1].tolist() == ["2.125", "2,125", "0.0000001"]
    assert export.data[2].tolist() == ["12.5%", "100%", "0.5%"]
    assert export.numbers.to_numpy().tolist() == [[False, True, True], [False, False, True], [False, True, True]]


def test_errors_and_formulas_without_a_result_are_no_blanks(tmp_path, small):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["facility_name", "n1", "n2"], ["A", "#DIV/0!", 0.5], ["B", "=2+1", None], ["=A2", None, "=1"]):
        sheet.append(row)
    sheet["C2"].number_format = "0%"
    book.save(tmp_path / "e.xlsx")
    export = open_export(str(tmp_path / "e.xlsx"), {"tool": "table", "mode": "interview"}, small)
    assert export.data.fillna("").to_numpy().tolist() == [["A", "#DIV/0!", "50%"], ["B", "=2+1", ""], ["=A2", "", "=1"]]


def test_a_formula_with_a_result_is_its_result_even_if_that_has_no_letters(tmp_path, small):
    """As Excel stores them, which openpyxl cannot: `<f>` with its `<v>`, empty where the result is a text of no letters."""
    from openpyxl import Workbook

    book = Workbook()
    for row in (["facility_name", "n1", "n2"], ["A", 7, 8], ["B", 9, 9]):
        book.active.append(row)
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "e.xlsx", "w") as made:
        for name in plain.namelist():
            text = plain.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b'<c r="B2" t="n"><v>7</v>', b'<c r="B2"><f>3+4</f><v>7</v>')
                text = text.replace(b'<c r="C2" t="n"><v>8</v>', b'<c r="C2" t="str"><f>T(1)</f><v></v>')
                assert text.count(b"<f>") == 2
            made.writestr(name, text)
    export = open_export(str(tmp_path / "e.xlsx"), {"tool": "table", "mode": "interview"}, small)
    assert export.data.fillna("").to_numpy().tolist() == [["A", "7", ""], ["B", "9", "9"]]


# --- submissions that are left out ------------------------------------------------------------------------


def kept_of(responses):
    return responses.drop(columns=["_source", "_row", "_mode", "_instrument", "_status"])


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ("_validation_status", "validation_status_not_approved"),
        ("_validation_status", "Not Approved"),
        ("ReviewState", "rejected"),
    ],
)
def test_what_a_person_rejected_is_left_out_before_anything_is_written(tmp_path, small, own, word):
    lead = ["SubmissionDate", "KEY"] if own == "ReviewState" else ["_submission_time", "_uuid"]
    rows = [
        ["facility_name", "n1", "n2", *lead, own],
        ["Secret", "5", "6", "2024-01-01", "u1", word],
        ["B", "7", "8", "2024-01-02", "u2", ""],
    ]
    responses, _, export = read(text(tmp_path / "e.csv", rows), small, "kobo")
    assert responses["_status"].tolist()[0] == "rejected" and kept_of(responses).iloc[0].isna().all()
    assert responses["n1"].tolist()[1] == "7" and "1 of them rejected by a person in the tool: left out" in export.facts
    assert "Secret" not in responses.to_csv()


CONSENT = [
    {"facility_name": "Secret", "service": "dcr", "agree": "n", "waits/short": "1", "waits/long": "0", "clients": "5", "remark": "mine"},
    {"facility_name": "Bravo", "service": "nsp", "agree": "y", "waits/short": "0", "waits/long": "1", "clients": "7", "remark": "ok"},
    {"facility_name": "Charlie", "service": "nsp", "clients": "8"},
]  # fmt: skip
WRITERS = {
    "limesurvey": ("e.csv", write.limesurvey, {}), "kobo": ("e.csv", write.kobo, {}), "odk": ("e.zip", write.odk_zip, {}),
    "redcap": ("e.csv", write.redcap, {}), "redcap labels": ("e.csv", write.redcap, {"labels": True}),
    "qualtrics": ("e.csv", write.qualtrics, {}), "surveymonkey": ("e.csv", write.surveymonkey, {}),
    "surveymonkey numbers": ("e.csv", write.surveymonkey, {"numeric": True}), "google_forms": ("e.csv", write.google_forms, {}),
    "spss": ("e.sav", write.statistical, {}), "stata": ("e.dta", write.statistical, {}), "table": ("e.csv", write.table, {}),
    "table, xlsx": ("e.xlsx", write.table, {}), "microsoft_forms": ("e.xlsx", write.microsoft_forms, {}),
}  # fmt: skip


@pytest.mark.parametrize("variant", WRITERS)
def test_who_does_not_consent_is_left_out_for_every_purpose(tmp_path, form, variant):
    name, writer, options = WRITERS[variant]
    tool = {"odk": "kobo"}.get(variant, variant.split(",")[0].split(" ")[0])
    writer(tmp_path / name, form, CONSENT, **options)
    responses, notes, _ = read(tmp_path / name, form, tool)
    assert responses["_status"].fillna("").tolist() == ["no_consent", "", ""]
    assert kept_of(responses).iloc[0].isna().all() and "Secret" not in responses.to_csv() + notes.to_csv()
    assert responses["clients"].tolist()[1:] == ["7", "8"]


def test_consent_with_one_box_and_forms_that_leave_it_in_doubt(tmp_path):
    survey = "type,name,label,consent\nselect_multiple c,agree,I take part,yes\ninteger,n,N,\n"
    form = form_of(tmp_path / "f", survey, "list_name,name,label\nc,ok,I agree\n")
    path = text(
        tmp_path / "e.csv", [["record_id", "agree___ok", "n", "f_complete"], ["1", "0", "5", "2"], ["2", "1", "6", "2"]]
    )
    assert read(path, form, "redcap")[0]["_status"].fillna("").tolist() == ["no_consent", ""]
    with pytest.raises(
        QuestionnaireError, match="row 2: agree asks for consent, so it must be a select_one of which one option is yes"
    ):
        form_of(
            tmp_path / "g",
            survey.replace("select_multiple", "select_one"),
            "list_name,name,label\nc,a,Maybe\nc,b,Never\n",
        )


def test_the_flow_has_a_line_for_what_was_left_out_and_only_then():
    register = pd.DataFrame({"facility_id": ["f1"], "service": ["dcr"]})
    submissions = pd.DataFrame({"service": ["unknown", "unknown", "dcr"], "status": ["rejected", "no_consent", "kept"]})
    flow = response_flow(submissions, register, None, register).set_index(["service", "step"])["n"]
    assert (
        flow["all", "rejected"] == flow["all", "no_consent"] == flow["unknown", "rejected"] == 1
        and flow["all", "kept"] == 1
    )
    flow = response_flow(submissions[submissions["status"] == "kept"], register, None, register)
    assert not {"rejected", "no_consent"} & set(flow["step"])


def test_left_out_goes_before_test_and_empty(tmp_path, form):
    write.table(tmp_path / "e.csv", form, [{**CONSENT[0], "facility_name": "test"}, CONSENT[1]])
    responses, _, _ = read(tmp_path / "e.csv", form)
    submissions, written = submissions_of(responses, form)
    assert submissions["status"].tolist() == ["no_consent", "kept"] and written["name"].tolist() == ["Bravo"]


# --- boxes that nobody saw, repeats without a row, declared codes ------------------------------------------


@pytest.mark.parametrize(
    ("status", "read_as"), [("0", [None, None]), ("1", [None, None]), ("", [None, None]), ("2", ["0", "0"])]
)
def test_zeros_of_an_incomplete_redcap_form_are_no_answer(tmp_path, form, status, read_as):
    rows = [["record_id", "facility_name", "waits___short", "waits___long", "clients", "f_complete"], ["1", "A", "0", "0", "", status],
            ["2", "B", "1", "0", "5", "0"]]  # fmt: skip
    responses, _, _ = read(text(tmp_path / "e.csv", rows), form, "redcap", absent=["service", "agree", "remark"])
    boxes = responses[["waits/short", "waits/long"]]
    assert boxes.iloc[0].astype(object).where(boxes.iloc[0].notna(), None).tolist() == read_as
    assert boxes.iloc[1].tolist() == ["1", "0"]


def test_zeros_behind_the_last_answer_are_no_answer_where_redcap_gives_no_status(tmp_path, form):
    rows = [
        ["record_id", "facility_name", "waits___short", "waits___long", "clients"],
        ["1", "A", "0", "0", ""],
        ["2", "B", "0", "0", "5"],
    ]
    responses, _, _ = read(text(tmp_path / "e.csv", rows), form, "redcap", absent=["service", "agree", "remark"])
    assert responses["waits/short"].isna().tolist() == [True, False]


def test_zeros_beside_a_blank_joined_cell_of_kobo_are_no_answer(tmp_path, form):
    lead = ["facility_name", "waits", "waits/short", "waits/long", "_uuid", "_index"]
    rows = [lead, ["A", "", "0", "0", "u1", "1"], ["B", "long", "0", "1", "u2", "2"]]
    responses, _, _ = read(
        text(tmp_path / "e.csv", rows), form, "kobo", absent=["service", "agree", "clients", "remark"]
    )
    assert responses["waits/short"].isna().tolist() == [True, False] and responses["waits/long"].tolist()[1] == "1"


REPEAT = "type,name,label,aggregate\ntext,facility_name,Name,\nbegin_repeat,room,Room,\ntext,room_name,Name of the room,count\ninteger,beds,Beds,sum\nend_repeat,,,\n"


def book(path, main, rooms):
    lead = ["facility_name", "_id", "_uuid", "_submission_time", "_index"]
    below = ["room_name", "beds", "_index", "_parent_table_name", "_parent_index"]
    write._write_xlsx(path, {"main": [lead, *main], "room": [below, *rooms]})


def test_a_repeat_without_a_row_counts_nothing(tmp_path):
    form = form_of(tmp_path / "f", REPEAT, "list_name,name\n")
    book(
        tmp_path / "e.xlsx",
        [["A", 1, "u1", "2024-01-01", 1], ["B", 2, "u2", "2024-01-01", 2]],
        [["r1", 4, 1, "main", 1], ["r2", 6, 2, "main", 1]],
    )
    responses, _, _ = read(tmp_path / "e.xlsx", form, "kobo")
    assert responses["room_name"].tolist() == ["2", "0"] and responses["beds"].tolist() == ["10", "0"]


def test_an_index_that_begins_anew_is_refused_with_its_rows(tmp_path):
    form = form_of(tmp_path / "f", REPEAT, "list_name,name\n")
    book(
        tmp_path / "e.xlsx",
        [["A", 1, "u1", "2024-01-01", 1], ["B", 2, "u2", "2024-01-01", 2], ["C", 3, "u3", "2024-01-01", 1]],
        [["r1", 4, 1, "main", 1]],
    )
    with pytest.raises(ReaderError, match="_index 1 stands in rows 2 and 4 of sheet 'main'"):
        read(tmp_path / "e.xlsx", form, "kobo")


def test_declared_missing_codes_hold_for_all_questions_of_a_type(tmp_path, form):
    rows = [
        ["Name", "service", "agree", "waits/short", "waits/long", "clients", "remark"],
        ["A", "UNK", "y", "UNK", "1", "-999", "-999"],
    ]
    codes = [{"code": -999, "means": "refused", "types": ["integer"]}, {"code": "UNK", "means": "dont_know"}]
    answers = read(text(tmp_path / "e.csv", rows), form, missing_codes=codes)[0].iloc[0]
    assert answers[["service", "clients", "remark"]].tolist() == ["don't know", "refused", "-999"]
    assert pd.isna(answers["waits/short"]) and answers["waits/long"] == "1"


def test_an_option_of_the_form_is_an_answer_though_its_code_is_declared_missing(tmp_path):
    form = form_of(tmp_path / "f", choices=f"{CHOICES}service,UNK,Another service\n")
    rows = [["Name", "service", "agree", "waits", "clients", "remark"], ["A", "UNK", "y", "short", "UNK", ""]]
    codes = [{"code": "UNK", "means": "dont_know"}]
    answers = read(text(tmp_path / "e.csv", rows), form, missing_codes=codes)[0].iloc[0]
    assert answers[["service", "clients"]].tolist() == ["UNK", "don't know"]


def test_two_boxes_ticked_where_one_answer_was_asked_are_not_understood(tmp_path, form):
    rows = [["Name", "service/dcr", "service/nsp", "clients"], ["A", "1", "0", "3"], ["B", "1", "1", "4"]]
    responses, _, _ = read(text(tmp_path / "e.csv", rows), form, absent=["agree", "waits", "remark"])
    found = [parse_choice(cell, form["service"]) for cell in responses["service"]]
    assert [(one.value, one.rules) for one in found] == [("dcr", ()), (None, ("not_understood",))]
