"""What tools' exports have besides the questions that every tool asks alike: one shape a test, made here."""

import csv
import dataclasses
import struct
import zipfile

import pandas as pd
import pytest
from hrmonitor.errors import ReaderError
from hrmonitor.files import text_sheets as sources
from hrmonitor.files.sheets import read_sheets
from hrmonitor.forms import import_form
from hrmonitor.forms.exports.fillable import write_document
from hrmonitor.forms.imports.form import write_form
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from tool_files import _write_xlsx

SURVEY = """type,name,label::Nederlands (nl),label::English (en),aggregate
select_one kind,kind,Welk type?,Which type?,
select_multiple drugs,drugs,Welke middelen?,Which drugs?,
text,drugs_other,"Anders, namelijk","Other, namely",
integer,clients,Hoeveel cliënten?,How many clients?,
date,since,Sinds wanneer?,Since when?,
geopoint,spot,Waar?,Where?,
image,photo,Foto,Photo,
begin_repeat,room,Kamer,Room,
integer,beds,Bedden,Beds,sum
begin_repeat,guest,Gast,Guest,
text,nickname,Bijnaam,Nickname,count
end_repeat,,,,
end_repeat,,,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
kind,dcr,Gebruiksruimte,Consumption room
kind,nsp,Spuitomruil,Needle exchange
drugs,ghb,GHB,GHB
drugs,crack,Basecoke,Base cocaine
drugs,other,Anders,Other (please specify)
"""


@pytest.fixture
def form(tmp_path):
    return form_of(tmp_path, SURVEY, CHOICES)


def form_of(tmp_path, survey: str, choices: str = "list_name,name,label\nx,y,z\n"):
    folder = tmp_path / "form"
    folder.mkdir()
    for name, text in (("survey", survey), ("choices", choices), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(folder)


def read(path, form, content=None, **entry):
    """The answers without blanks, one dict a row; questions that the file does not ask are declared absent."""
    if isinstance(content, list):
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(content)
    elif content is not None:
        path.write_text(content, encoding="utf-8")
    entry = {"tool": "auto", "mode": "interview", "absent": ["beds", "nickname"], **entry}
    responses, notes, export = read_export(str(path), form, entry, path.name)
    answers = [
        {name: text for name, text in row.dropna().items() if not name.startswith("_")}
        for _, row in responses.iterrows()
    ]
    return answers, responses, notes, export


# --- LimeSurvey --------------------------------------------------------------------------------------------


def _section(name: str, *rows: dict) -> str:
    cells = ["".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items()) for row in rows]
    return f"<{name}><rows>{''.join(f'<row>{row}</row>' for row in cells)}</rows></{name}>"


def lss() -> str:
    """The structure as LimeSurvey writes it since version 4: translations in tables of their own."""
    types = {
        1: ("P", "drugs", "Drugs"),
        2: ("O", "trend", "Trend"),
        3: ("1", "rate", "Rate"),
        4: (";", "grid", "Grid"),
        5: (":", "count", "Count"),
        6: ("*", "sum", "{count}"),
        7: ("|", "file", "File"),
    }
    questions = [
        {
            "qid": q,
            "gid": 1,
            "type": t,
            "title": c,
            "other": "Y" if q == 1 else "N",
            "question_order": q,
            "relevance": "1" if q != 2 else "sum.NAOK == 3",
        }
        for q, (t, c, _) in types.items()
    ]
    subs = [
        (11, 1, "ghb", "GHB", 0),
        (31, 3, "care", "Care", 0),
        (41, 4, "r", "Row", 0),
        (42, 4, "c", "Column", 1),
        (51, 5, "r", "Row", 0),
        (52, 5, "c", "Column", 1),
    ]
    answers = [(1, 2, "A1", "More", 0), (2, 3, "1", "Good", 0), (3, 3, "1", "Often", 1)]
    return "<document>" + "".join([
        _section("groups", {"gid": 1, "group_order": 0}),
        _section("group_l10ns", {"gid": 1, "group_name": "Group", "language": "en"}),
        _section("questions", *questions),
        _section("subquestions", *({"qid": q, "parent_qid": p, "title": c, "scale_id": s, "question_order": q} for q, p, c, _, s in subs)),
        _section("question_l10ns", *({"qid": q, "question": text, "language": "en"} for q, text in [*((q, t[2]) for q, t in types.items()), *((s[0], s[3]) for s in subs)])),
        _section("answers", *({"aid": a, "qid": q, "code": c, "scale_id": s, "sortorder": 1} for a, q, c, _, s in answers)),
        _section("answer_l10ns", *({"aid": a, "answer": text, "language": "en"} for a, _, _, text, _ in answers)),
        _section("question_attributes", {"qid": 3, "attribute": "dualscale_headerA", "value": "How good", "language": "en"},
                 {"qid": 3, "attribute": "dualscale_headerB", "value": "How often", "language": "en"}),
    ]) + "</document>"  # fmt: skip


CODES = ["drugs[ghb]", "drugs[ghbcomment]", "drugs[other]", "drugs[othercomment]", "trend", "trend[comment]",
         "rate[care][1]", "rate[care][2]", "grid[r_c]", "count[r_c]", "sum", "file", "file[filecount]"]  # fmt: skip
TEXTS = ["Drugs [GHB]", "Drugs [GHB][Comment]", "Drugs [Other]", "Drugs [Other][Comment]", "Trend", "Trend [Comment]",
         "Rate [Care][How good]", "Rate [Care][How often]", "Grid [Row][Column]", "Count [Row][Column]", "{count}", "File", "File [filecount]"]  # fmt: skip
EXPRESSIONS = ["drugs_ghb", "drugs_ghbcomment", "drugs_other", "drugs_othercomment", "trend", "trend_comment",
               "rate_care_1", "rate_care_2", "grid_r_c", "count_r_c", "sum", "file", "file[filecount]"]  # fmt: skip


@pytest.mark.parametrize(
    "headings", [CODES, TEXTS, EXPRESSIONS, [f"{c}. {t}" for c, t in zip(CODES, TEXTS, strict=True)]]
)
def test_limesurvey_comments_dual_scales_arrays_of_text_and_equations(tmp_path, headings):
    (tmp_path / "form.lss").write_text(lss(), encoding="utf-8")
    imported = import_form(tmp_path / "form.lss", "en")
    write_form(imported, tmp_path / "in")
    form = read_questionnaire(tmp_path / "in")
    assert form["trend"].relevant == "${sum} = 3"
    cells = ["Y", "weekly", "Ketamine", "seldom", "A1", "since May", "1", "1", "words", "4", "3", "[]", "0"]
    rows = [["id", "submitdate", "lastpage", *headings], ["1", "2024-01-01", "9", *cells]]
    answers, _, _, export = read(tmp_path / "e.csv", form, rows)
    assert export.tool == "limesurvey"
    assert answers == [
        {
            "drugs/ghb": "1", "drugs_ghbcomment": "weekly", "drugs/other": "1", "drugs_other": "Ketamine",
            "drugs_othercomment": "seldom", "trend": "A1", "trend_comment": "since May", "rate_care_1": "1", "rate_care_2": "1",
            "grid_r_c": "words", "count_r_c": "4", "sum": "3",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_long_cell_is_read_whole_and_one_that_nobody_types_is_refused(tmp_path, form, delimiter):
    essay = 'what we saw, in short; or "not so short" ' * 1_500
    with open(tmp_path / "e.csv", "w", encoding="utf-8", newline="") as file:
        rows = [["id", "submitdate", "lastpage", "kind", "drugs[other]"], ["1", "2024-01-01", "9", "nsp", essay]]
        csv.writer(file, delimiter=delimiter).writerows(rows)
    answers, _, _, export = read(tmp_path / "e.csv", form, absent=["drugs", "clients", "since", "beds", "nickname"])
    assert export.tool == "limesurvey"
    assert [(row["kind"], row["drugs_other"] == essay.strip()) for row in answers] == [("nsp", True)]
    # Longer than the csv module takes, too.
    rows[1][-1] = essay * 10
    with open(tmp_path / "e.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    with pytest.raises(ReaderError, match=r"row 2, column 'drugs\[other\]': a cell of [\d,]+ letters"):
        read(tmp_path / "e.csv", form, absent=["drugs", "clients", "since", "beds", "nickname"])


def test_a_row_too_long_to_be_read_is_refused_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "BLOCK", 1 << 12)
    (tmp_path / "e.csv").write_text(f"id,note\n1,a\n\n2,{'b' * 20_000}\n3,c\n", encoding="utf-8")
    with pytest.raises(ReaderError, match=r"e\.csv, row 4: a cell of 20,000 characters"):
        read_sheets(str(tmp_path / "e.csv"), {})


def test_limesurvey_ranks_by_their_words(tmp_path):
    form = form_of(tmp_path, "type,name,label::Nederlands (nl)\ntext,order_1,Volgorde [1]\ntext,order_2,Volgorde [2]\n")
    rows = [["Respons ID", "Datum verstuurd", "Laatste pagina", "Volgorde [Rang 1]", "Volgorde [Rang 2]"], ["1", "2024-01-01", "2", "zorg", "huis"]]  # fmt: skip
    answers, *_ = read(tmp_path / "e.csv", form, rows, absent=[])
    assert answers == [{"order_1": "zorg", "order_2": "huis"}]


# --- KoboToolbox and ODK Central ---------------------------------------------------------------------------


def test_kobo_places_and_pictures_are_known_and_left_out(tmp_path, form):
    heads = ["kind", "drugs", "clients", "since", "spot", "_spot_latitude", "_spot_longitude", "_spot_altitude", "_spot_precision",
             "photo", "photo_URL", "_uuid", "_submission_time", "_index", "__version__"]  # fmt: skip
    row = ["nsp", "ghb crack", "3", "2020-05-31", "52 5 0 0", "52", "5", "0", "0", "a.jpg", "https://example.org/a.jpg", "u1", "2024-01-01T10:00:00", "1", "v2"]  # fmt: skip
    answers, responses, _, export = read(tmp_path / "e.csv", form, [heads, row])
    assert answers == [
        {"kind": "nsp", "drugs/ghb": "1", "drugs/crack": "1", "drugs/other": "0", "clients": "3", "since": "2020-05-31"}
    ]
    assert not {"spot", "photo"} & set(responses) and "_spot_latitude" in export.system


def test_kobo_line_of_blanks_is_no_submission_beside_a_row_that_is_too_long(tmp_path, form):
    path = tmp_path / "kobo.csv"
    path.write_text(
        '"kind";"clients";"_id"\n"dcr";"12";"1"\n \n"nsp";"30";"2";"of another version"\n', encoding="utf-8"
    )
    entry = {"tool": "kobo", "mode": "interview", "absent": ["drugs", "drugs_other", "since", "beds", "nickname"]}
    responses, notes, _ = read_export(str(path), form, entry, "kobo.csv")
    assert responses[["_row", "clients"]].to_numpy().tolist() == [[2, "12"], [4, "30"]]
    assert (notes["rule"] == "blank_row").any() or (notes["row"] == 3).any()


def test_kobo_workbook_with_headings_alone(tmp_path, form):
    heads = ["kind", "drugs/ghb", "drugs/crack", "clients", "since", "_uuid", "_submission_time", "_index"]
    _write_xlsx(tmp_path / "e.xlsx", {"export": [heads]})
    answers, _, _, export = read(tmp_path / "e.xlsx", form)
    assert answers == [] and export.tool == "kobo"


def test_kobo_repeats_in_repeats_and_names_of_sheets_that_were_cut(tmp_path, form):
    name = "A survey with a name that is longer than a sheet's may be"
    parent = ["_index", "_parent_table_name", "_parent_index"]
    sheets = {
        name[:28] + "...": [["kind", "drugs", "clients", "since", "_uuid", "_submission_time", "_index"], ["dcr", "ghb", 3, "", "u1", "2024", 1], ["nsp", "", 4, "", "u2", "2024", 2]],
        "room": [["room/beds", *parent], [2, 1, name, 2], [3, 2, name, 2], [5, 3, name, 1]],
        "guest": [["room/guest/nickname", *parent], ["Jo", 1, "room", 1], ["Mo", 2, "room", 2], ["Bo", 3, "room", 3]],
    }  # fmt: skip
    _write_xlsx(tmp_path / "e.xlsx", sheets)
    _, responses, _, export = read(tmp_path / "e.xlsx", form, absent=[])
    assert responses[["beds", "nickname"]].to_numpy().tolist() == [["5", "1"], ["5", "2"]]
    assert "repeat guest: 3 rows in 2 submissions (nickname: count)" in export.facts


def test_kobo_repeat_without_its_parent_is_refused(tmp_path, form):
    sheets = {
        "main": [["kind", "drugs", "clients", "since", "_uuid", "_submission_time", "_index"], ["dcr", "ghb", 3, "", "u1", "2024", 1]],
        "room": [["room/beds", "_index", "_parent_table_name", "_parent_index"], [2, 1, "main", 7]],
    }  # fmt: skip
    _write_xlsx(tmp_path / "e.xlsx", sheets)
    with pytest.raises(ReaderError, match=r"e\.xlsx, sheet 'room': some rows have no parent"):
        read(tmp_path / "e.xlsx", form)


def test_odk_central_repeats_stand_in_files_of_the_zip(tmp_path, form):
    files = {
        "f.csv": "SubmissionDate,kind,drugs,clients,since,spot-Latitude,spot-Longitude,KEY,FormVersion\n2024-01-01T10:00:00Z,dcr,ghb crack,3,,52,5,uuid:1,2\n2024-01-02T10:00:00Z,nsp,,4,,,,uuid:2,1\n",
        "f-room.csv": "beds,PARENT_KEY,KEY\n2,uuid:2,uuid:2/room[1]\n3,uuid:2,uuid:2/room[2]\n",
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    answers, _, _, export = read(tmp_path / "e.zip", form, absent=["nickname"])
    # A submission without a room has no beds: a sum of none is 0.
    assert [one.get("beds") for one in answers] == ["0", "5"] and answers[0]["drugs/crack"] == "1"
    assert export.tool == "kobo" and "2 submissions" in export.facts


# --- REDCap ------------------------------------------------------------------------------------------------


def test_redcap_surveys_groups_and_what_was_not_completed(tmp_path, form):
    rows = [
        ["record_id", "redcap_data_access_group", "redcap_survey_identifier", "intake_timestamp", "kind", "drugs___ghb", "drugs___crack", "drugs___other", "drugs_other", "clients", "since", "intake_complete"],
        ["7", "north", "", "[not completed]", "dcr", "1", "0", "0", "", "12", "2020-05-31", "0"],
        ["8", "south", "", "2024-01-01 10:00:00", "nsp", "0", "0", "1", "Ketamine", "[not completed]", "", "2"],
    ]  # fmt: skip
    answers, responses, _, export = read(tmp_path / "e.csv", form, rows)
    assert export.tool == "redcap" and {"record_id", "redcap_data_access_group", "intake_timestamp"} <= set(
        export.system
    )
    assert answers[1] == {
        "kind": "nsp",
        "drugs/ghb": "0",
        "drugs/crack": "0",
        "drugs/other": "1",
        "drugs_other": "Ketamine",
    }
    assert responses["_submitted_at"].notna().tolist() == [False, True]


def test_redcap_labels_with_a_repeating_instrument(tmp_path, form):
    rows = [
        ["Record ID", "Repeat Instrument", "Repeat Instance", "Which type?", "Which drugs? (choice=GHB)", "Which drugs? (choice=Base cocaine)", "How many clients?", "Since when?", "Complete?", "Beds"],
        ["1", "", "", "Needle exchange", "Checked", "Unchecked", "12", "2020-05-31", "Complete", ""],
        ["1", "Rooms", "1", "", "", "", "", "", "", "2"],
        ["1", "Rooms", "2", "", "", "", "", "", "", "3"],
    ]  # fmt: skip
    answers, _, _, export = read(tmp_path / "e.csv", form, rows, absent=["nickname"])
    assert answers[0]["beds"] == "5" and answers[0]["drugs/ghb"] == "1" and answers[0]["drugs/crack"] == "0"
    assert "repeating instrument Rooms: 2 rows" in export.facts


def test_redcap_instances_that_no_question_wants_are_noted_once_a_row(tmp_path):
    form = form_of(tmp_path, "type,name,label\ninteger,a,A\ninteger,b,B\ninteger,c,C\n")
    text = "record_id,redcap_repeat_instrument,redcap_repeat_instance,a,b,c\n1,,,5,,\n1,visits,1,,6,7\n1,visits,2,,8,\n"
    answers, _, notes, _ = read(tmp_path / "e.csv", form, text, absent=[])
    assert answers == [{"a": "5"}]
    assert notes[["row", "rule"]].to_numpy().tolist() == [[3, "repeat_not_used"], [4, "repeat_not_used"]]


def test_redcap_record_that_occurs_twice_is_refused(tmp_path):
    form = form_of(tmp_path, "type,name,label\ninteger,a,A\n")
    with pytest.raises(ReaderError, match=r"e\.csv, row 4: record '1' is in an earlier row too"):
        read(tmp_path / "e.csv", form, "record_id,a,x_complete\n1,5,2\n2,5,2\n1,6,2\n", tool="redcap", absent=[])


# --- Qualtrics ---------------------------------------------------------------------------------------------


def test_qualtrics_previews_by_channel_and_unfinished_responses(tmp_path, form):
    tags = [
        "StartDate",
        "EndDate",
        "Status",
        "Finished",
        "DistributionChannel",
        "Q_RecaptchaScore",
        "kind",
        "drugs",
        "drugs_3_TEXT",
        "clients",
        "since",
        "Q9_Page Submit",
    ]
    ids = [
        "startDate",
        "endDate",
        "status",
        "finished",
        "distributionChannel",
        "recaptcha",
        "QID1",
        "QID2",
        "QID2_3_TEXT",
        "QID3",
        "QID4",
        "QID9_PAGE_SUBMIT",
    ]
    rows = [
        tags, tags, [f"{{'ImportId': '{one}'}}" for one in ids],
        ["2024-01-01", "2024-01-01", "IP Address", "True", "anonymous", "0.9", "Needle exchange", "GHB,Other (please specify)", "Ketamine", "3", "2020-05-31", "4.2"],
        ["2024-01-01", "2024-01-01", "IP Address", "True", "preview", "", "Needle exchange", "GHB", "", "3", "", ""],
        ["2024-01-01", "2024-01-01", "Survey Preview", "True", "email", "", "Needle exchange", "GHB", "", "3", "", ""],
        ["2024-01-01", "2024-01-01", "IP Address", "False", "anonymous", "", "Needle exchange", "", "", "", "", ""],
    ]  # fmt: skip
    answers, responses, _, export = read(tmp_path / "e.csv", form, rows)
    assert export.tool == "qualtrics" and "Q9_Page Submit" in export.system
    assert answers[0] == {
        "kind": "Needle exchange",
        "drugs/ghb": "1",
        "drugs/crack": "0",
        "drugs/other": "1",
        "drugs_other": "Ketamine",
        "clients": "3",
        "since": "2020-05-31",
    }
    assert responses["_status"].fillna("").tolist() == ["", "test", "test", ""]
    assert responses["_submitted_at"].notna().tolist() == [True, True, True, False]


def test_qualtrics_that_ends_within_its_headings_is_refused(tmp_path, form):
    with pytest.raises(ReaderError, match=r"e\.csv: it ends within its heading rows"):
        read(tmp_path / "e.csv", form, "V1,V9,kind\n", tool="qualtrics")


def test_qualtrics_whose_other_heading_rows_were_deleted_loses_no_response(tmp_path, form):
    rows = [
        ["ResponseId", "StartDate", "EndDate", "kind", "drugs_ghb", "drugs_crack", "clients", "since"],
        ["R_1", "2024-01-01", "2024-01-01", "nsp", "1", "", "3", ""],
        ["R_2", "2024-01-02", "2024-01-02", "dcr", "", "1", "4", ""],
    ]
    answers, _, _, export = read(tmp_path / "e.csv", form, rows)
    assert export.tool == "qualtrics" and [one["clients"] for one in answers] == ["3", "4"]


# --- SurveyMonkey ------------------------------------------------------------------------------------------


def test_surveymonkey_matrix_under_three_heading_rows(tmp_path):
    survey = "type,name,label\nselect_multiple yn,a,Rate these - Care\nselect_multiple yn,b,Rate these - Housing\n"
    form = form_of(tmp_path, survey, "list_name,name,label\nyn,now,Now\nyn,then,Then\n")
    rows = [
        ["Respondent ID", "Collector ID", "End Date", "Rate these", "", "", ""],
        ["", "", "", "Care", "Care", "Housing", "Housing"],
        ["", "", "", "Now", "Then", "Now", "Then"],
        ["1", "9", "45413", "Now", "", "", "Then"],
    ]
    answers, _, _, export = read(tmp_path / "e.csv", form, rows, absent=[])
    assert "3 heading rows" in export.facts
    assert answers == [{"a/now": "1", "a/then": "0", "b/now": "0", "b/then": "1"}]


def test_surveymonkey_other_serial_dates_and_rows_without_respondent(tmp_path, form):
    rows = [
        ["Respondent ID", "Collector ID", "Start Date", "End Date", "Which type?", "Which drugs?", "", "", "How many clients?", "Since when?"],
        ["", "", "", "", "Response", "GHB", "Base cocaine", "Other (please specify)", "Open-Ended Response", "Date / Time"],
        ["1", "9", "45413", "45413.5", "Needle exchange", "GHB", "", "Ketamine", "3", "43982"],
        ["", "", "", "", "", "", "", "", "total 3", ""],
        [""] * 10,
    ]  # fmt: skip
    answers, _, notes, _ = read(tmp_path / "e.csv", form, rows)
    assert answers == [
        {
            "kind": "Needle exchange",
            "drugs/ghb": "1",
            "drugs/crack": "0",
            "drugs/other": "1",
            "drugs_other": "Ketamine",
            "clients": "3",
            "since": "43982",
        }
    ]
    assert sorted(notes["rule"]) == ["blank_row", "no_respondent"]


def test_surveymonkey_numbers_where_nobody_ticked_a_box(tmp_path, form):
    rows = [
        [
            "Respondent ID",
            "Collector ID",
            "End Date",
            "Which type?",
            "Which drugs?",
            "",
            "How many clients?",
            "Since when?",
        ],
        ["", "", "", "Response", "GHB", "Base cocaine", "Open-Ended Response", "Date"],
        ["1", "9", "45413", "2", "", "", "2", ""],
    ]
    answers, *_ = read(tmp_path / "e.csv", form, rows)
    assert answers == [{"kind": "nsp", "clients": "2"}]


def test_a_number_of_surveymonkey_that_is_the_code_of_another_option_is_refused(tmp_path):
    """No box of the file was ticked, so that nothing else tells whether 1 is the first option or the one with code 1."""
    form = form_of(
        tmp_path,
        "type,name,label\ntext,facility_name,Name?\nselect_one yes_no,open,Open?\n",
        "list_name,name,label\nyes_no,0,No\nyes_no,1,Yes\n",
    )
    rows = [
        ["Respondent ID", "Collector ID", "End Date", "Name?", "Open?"],
        ["", "", "", "Open-Ended Response", "Response"],
    ]
    with pytest.raises(ReaderError, match="row 3: '1' is the number of option '0' of question 'open' and the code"):
        read(tmp_path / "e.csv", form, [*rows, ["1", "9", "45413", "A", "1"]], tool="surveymonkey", absent=[])
    answers, *_ = read(
        tmp_path / "t.csv", form, [*rows, ["1", "9", "45413", "A", "Yes"]], tool="surveymonkey", absent=[]
    )
    assert answers == [{"facility_name": "A", "open": "Yes"}]


# --- Google and Microsoft Forms ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        (["5/31/2024 10:00:00", "6/1/2024 9:00:00"], ["2024-05-31 10:00:00", "2024-06-01 9:00:00"]),
        (["31-5-2024 10:00:00", "1-6-2024 9:00:00"], ["2024-05-31 10:00:00", "2024-06-01 9:00:00"]),
        (["31.05.2024 10:00:00", "01.06.2024 9:00:00"], ["2024-05-31 10:00:00", "2024-06-01 9:00:00"]),
        (["2024/05/31 10:00:00 AM GMT+2", "2024/06/01 9:00:00 AM GMT+2"], ["2024-05-31 10:00:00 AM GMT+2", "2024-06-01 9:00:00 AM GMT+2"]),
    ],
)  # fmt: skip
def test_google_timestamps_in_the_locale_of_the_sheet(tmp_path, form, stamps, expected):
    heads = ["Tijdstempel", "Welk type?", "Welke middelen?", "Hoeveel cliënten?", "Sinds wanneer?"]
    rows = [heads, *([stamp, "Spuitomruil", "GHB, Ketamine", "3", ""] for stamp in stamps)]
    answers, responses, _, export = read(tmp_path / "e.csv", form, rows)
    assert export.tool == "google_forms" and responses["_submitted_at"].tolist() == expected
    assert answers[0]["drugs_other"] == "Ketamine" and answers[0]["drugs/crack"] == "0"


def test_google_grids_have_their_row_in_brackets(tmp_path):
    form = form_of(tmp_path, "type,name,label\ntext,care,Rate these - Care\ntext,housing,Rate these - Housing\n")
    rows = [["Timestamp", "Rate these [Care]", "Rate these [Housing]"], ["5/31/2024 10:00:00", "good", "bad"]]
    answers, *_ = read(tmp_path / "e.csv", form, rows, absent=[])
    assert answers == [{"care": "good", "housing": "bad"}]


def test_microsoft_numbers_a_heading_that_occurs_twice_and_scores_a_quiz(tmp_path):
    form = form_of(tmp_path, "type,name,label\ntext,one,Why?\ntext,two,Why?\n")
    rows = [
        ["Id", "Start time", "Completion time", "Email", "Name", "Why?", "Points - Why?", "Feedback - Why?", "Why?2"],
        ["1", "5/31/24 10:00", "5/31/2024 10:09", "anonymous", "", "a", "1", "", "b"],
    ]
    _write_xlsx(tmp_path / "e.xlsx", {"Sheet1": rows})
    answers, responses, _, export = read(tmp_path / "e.xlsx", form, absent=[])
    assert answers == [{"one": "a", "two": "b"}] and "Points - Why?" in export.system
    assert responses["_submitted_at"].tolist() == ["2024-05-31 10:09"]


# --- SPSS and Stata ----------------------------------------------------------------------------------------


def with_records(path, *sets: str) -> None:
    """Put multiple response sets into a .sav: pyreadstat writes none. They are an extension record before the data."""
    content = path.read_bytes()
    text = "\n".join([*sets, ""]).encode()
    end = content.index(struct.pack("<2i", 999, 0))
    path.write_bytes(content[:end] + struct.pack("<4i", 7, 7, 1, len(text)) + text + content[end:])


def test_spss_multiple_response_sets(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"v1": [1.0, 2.0, float("nan")], "v2": [2.0, 2.0, 1.0], "n": [1.0, 2.0, 3.0]})
    pyreadstat.write_sav(frame, str(tmp_path / "e.sav"), column_labels={"v1": "GHB", "v2": "Crack", "n": "Number"})
    with_records(tmp_path / "e.sav", "$drugs=D1 1 12 Which drugs? V1 V2", "$group=C 5 Group N")
    imported = import_form(tmp_path / "e.sav", "en")
    assert imported.left_out == ["group: a set of categories"]
    write_form(imported, tmp_path / "in")
    form = read_questionnaire(tmp_path / "in")
    assert form["drugs"].label("en") == "Which drugs?" and form["drugs"].kind == "select_multiple"
    answers, _, _, export = read(tmp_path / "e.sav", form, absent=[])
    assert [list(one.values())[:2] for one in answers] == [["1", "0"], ["0", "0"], ["1", "3"]]
    assert any(fact.startswith("multiple response sets: ") for fact in export.facts)


def test_spss_missing_strings_and_a_declared_encoding_that_is_wrong(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"name": ["Caf#", "Z", "x"]})
    pyreadstat.write_sav(frame, str(tmp_path / "e.sav"), column_labels={"name": "Name"}, missing_ranges={"name": ["Z"]})
    content = (tmp_path / "e.sav").read_bytes()
    (tmp_path / "e.sav").write_bytes(content.replace(b"Caf#", "Café".encode("cp1252")))
    form = form_of(tmp_path, "type,name,label\ntext,name,Name\n")
    answers, _, _, export = read(tmp_path / "e.sav", form, absent=[])
    assert answers == [{"name": "Café"}, {"name": "no answer"}, {"name": "x"}]
    assert "text read as cp1252; the encoding that the file declares is wrong" in export.facts


def test_spss_cut_a_label_within_a_letter(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"name": ["één", "x"], "other": ["a", "b"]})
    pyreadstat.write_sav(frame, str(tmp_path / "e.sav"), column_labels={"other": "Label#"})
    content = (tmp_path / "e.sav").read_bytes()
    (tmp_path / "e.sav").write_bytes(content.replace(b"Label#", b"Label" + "é".encode()[:1]))
    form = form_of(tmp_path, "type,name,label\ntext,name,Name\ntext,other,Other\n")
    answers, _, _, export = read(tmp_path / "e.sav", form, absent=[])
    assert answers[0] == {"name": "één", "other": "a"} and "text in UTF-8" in export.facts


def test_stata_extended_missing_values(tmp_path):
    import pyreadstat

    frame = pd.DataFrame({"kind": [1, 2, "a", "b"], "n": [3, "z", 5, 6]}, dtype=object)
    pyreadstat.write_dta(
        frame, str(tmp_path / "e.dta"), column_labels=["Which type?", "Number"], version=15,
        variable_value_labels={"kind": {1: "Room", 2: "Exchange", "a": "weet niet", "b": "not asked"}},
        missing_user_values={"kind": ["a", "b"], "n": ["z"]},
    )  # fmt: skip
    imported = import_form(tmp_path / "e.dta", "en")
    write_form(imported, tmp_path / "in")
    form = read_questionnaire(tmp_path / "in")
    assert [choice.label("en") for choice in form["kind"].choices] == ["Room", "Exchange"]
    answers, *_ = read(tmp_path / "e.dta", form, absent=[])
    assert [one.get("kind") for one in answers] == ["Room", "Exchange", "weet niet", "no answer"]
    assert [one.get("n") for one in answers] == ["3", "no answer", "5", "6"]


# --- returned forms ----------------------------------------------------------------------------------------


def test_a_word_form_with_plain_cells_in_place_of_boxes(tmp_path, form):
    from docx import Document

    form = dataclasses.replace(form, questions={n: q for n, q in form.questions.items() if not q.repeat})
    write_document(tmp_path / "e.docx", form, "nl")
    document = Document(tmp_path / "e.docx")
    rows = {row.cells[1].text.strip(): row.cells for row in document.tables[0].rows}
    for label, text in (
        ("Spuitomruil", "X"),
        ("GHB", "☒"),
        ("Basecoke", "☐"),
        ("Anders", "ja"),
        ("Hoeveel cliënten?", "12 personen"),
    ):
        cell = rows[label][2]
        for control in list(cell._tc.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}sdt")):
            control.getparent().remove(control)
        cell.paragraphs[0].text = text
    rows["Anders"][3].text = "Ketamine"
    document.save(tmp_path / "e.docx")
    answers, _, _, export = read(tmp_path / "e.docx", form, absent=[])
    assert export.tool == "word_form"
    assert answers == [
        {
            "kind": "nsp",
            "drugs/ghb": "1",
            "drugs/crack": "0",
            "drugs/other": "1",
            "drugs_other": "Ketamine",
            "clients": "12 personen",
        }
    ]


# --- plain tables ------------------------------------------------------------------------------------------


def ods(path, rows: list[list[str]]) -> None:
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in rows
    )  # fmt: skip
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Blad1">{cells}</table:table></office:spreadsheet></office:body></office:document-content>',
        )


def test_an_opendocument_sheet(tmp_path, form):
    ods(tmp_path / "e.ods", [["kind", "drugs", "clients", "since"], ["nsp", "ghb; crack", "3", "31-05-2020"]])
    answers, _, _, export = read(tmp_path / "e.ods", form)
    assert export.tool == "table"
    assert answers == [
        {"kind": "nsp", "drugs/ghb": "1", "drugs/crack": "1", "drugs/other": "0", "clients": "3", "since": "31-05-2020"}
    ]


def test_parquet_with_numbers_truths_and_days(tmp_path, form):
    frame = pd.DataFrame({
        "kind": ["nsp", None], "drugs/ghb": [True, False], "drugs/crack": [False, None], "clients": pd.array([3, None], "Int64"),
        "since": [pd.Timestamp("2020-05-31"), pd.NaT],
    })  # fmt: skip
    frame.to_parquet(tmp_path / "e.parquet")
    answers, *_ = read(tmp_path / "e.parquet", form)
    assert answers[0] == {"kind": "nsp", "drugs/ghb": "1", "drugs/crack": "0", "clients": "3", "since": "2020-05-31"}
    assert answers[1] == {"drugs/ghb": "0"}


def test_config_overrules_what_was_guessed(tmp_path, form):
    text = "kind~drugs~clients~since\nnsp~ghb+crack+café~1,234~01/02/2020\n"
    (tmp_path / "e.csv").write_bytes(text.encode("cp1252"))
    plain = {"tool": "table", "encoding": "cp1252", "delimiter": "~", "joiner": "+"}
    with pytest.raises(ReaderError, match="question 'since', 1 cell: no date has a number above 12"):
        read(tmp_path / "e.csv", form, **plain)
    answers, *_ = read(tmp_path / "e.csv", form, **plain, dates="day_first")
    assert answers[0]["clients"] == "1,234" and answers[0]["since"] == "01/02/2020" and answers[0]["drugs/crack"] == "1"
    answers, _, _, export = read(tmp_path / "e.csv", form, **plain, decimal=".", dates="month_first")
    assert answers[0]["clients"] == "1,234" and answers[0]["since"] == "2020-01-02"
    assert {"decimal point in 1 column", "month first in 1 column"} <= set(export.facts)
    assert answers[0]["drugs_other"] == "café"
    with pytest.raises(ReaderError, match=r"e\.csv: the text is not in utf-8\. Set `encoding:`"):
        read(tmp_path / "e.csv", form, **{**plain, "encoding": "utf-8"})
    with pytest.raises(ReaderError, match=r"e\.csv: '§' cannot be a delimiter"):
        read(tmp_path / "e.csv", form, **{**plain, "delimiter": "§"})


# --- forms -------------------------------------------------------------------------------------------------

SHEETS = {
    "survey": [["type", "name", "label"], ["select_one yn", "ghb", "GHB?"], ["integer", "n", "How many?"]],
    "choices": [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]],
}


def test_an_xlsform_with_all_sheets_in_one_csv(tmp_path):
    rows = [line for name, sheet in SHEETS.items() for line in ([name], *(["", *row] for row in sheet))]
    with open(tmp_path / "form.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    check_xlsform(tmp_path, "form.csv")


def test_an_xlsform_in_an_old_workbook(tmp_path):
    """BIFF 5, as Excel wrote it in 1995: globals with the names of the sheets, then the sheets."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<2H", kind, len(body)) + body

    streams = []
    for rows in SHEETS.values():
        labels = [
            record(0x0204, struct.pack("<4H", r, c, 0, len(text)) + text.encode("cp1252"))
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        ]
        streams.append(
            record(0x0809, struct.pack("<4H", 0x0500, 0x0010, 0, 0)) + b"".join(labels) + record(0x000A, b"")
        )
    start = record(0x0809, struct.pack("<4H", 0x0500, 0x0005, 0, 0)) + record(0x0042, struct.pack("<H", 1252))
    place = len(start) + sum(4 + 7 + len(name) for name in SHEETS) + 4
    for name, stream in zip(SHEETS, streams, strict=True):
        start += record(0x0085, struct.pack("<I2BB", place, 0, 0, len(name)) + name.encode())
        place += len(stream)
    (tmp_path / "form.xls").write_bytes(start + record(0x000A, b"") + b"".join(streams))
    check_xlsform(tmp_path, "form.xls")


def check_xlsform(tmp_path, name):
    write_form(import_form(tmp_path / name, "en"), tmp_path / "in")
    form = read_questionnaire(tmp_path / "in")
    assert form["ghb"].codes == ["yes", "no"] and form["n"].label("en") == "How many?"
