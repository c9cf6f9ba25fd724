"""Columns find their questions, and what does not is named with a way out."""

from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.cleaning.answers import parse_number
from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import open_export, read_export
from hrmonitor.readers.export import MISSPELT, TWO_WAYS, Column, names_of
from hrmonitor.readers.matching import nearest
from settings import write_form

SURVEY = """type,name,label::Nederlands (nl),label::English (en),aggregate
select_multiple drugs,drugs,Welke middelen?,Which drugs?,
text,drugs_other,"Anders, namelijk","Other, namely",
integer,clients,Hoeveel cliënten?,How many clients?,
geopoint,spot,Waar?,Where?,
begin_repeat,room,Kamer,Room,
integer,beds,Bedden,Beds,sum
text,view,Uitzicht,View,
end_repeat,,,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
drugs,ghb,GHB,GHB
drugs,crack,Basecoke,Base cocaine
drugs,other,Anders,Other
"""


@pytest.fixture
def form(tmp_path):
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(tmp_path)


def read(tmp_path, form, text: str, **entry):
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    return read_export(
        str(tmp_path / "e.csv"), form, {"tool": "table", "mode": "interview", "absent": ["beds"], **entry}, "e.csv"
    )


def test_what_is_left_over_comes_with_lines_for_the_map(tmp_path, form):
    with pytest.raises(ReaderError) as caught:
        read(tmp_path, form, 'drugs,clients,"How many clents, roughly",x1\nghb,3,4,5\n')
    message = str(caught.value)
    assert "e.csv, column 'How many clents, roughly'" in message and "nor are 1 more" in message
    assert '\n  column,question\n  "How many clents, roughly",clients\n' in message
    assert "\n  x1," in message  # like no question: left out


def test_a_map_of_columns_settles_it(tmp_path, form):
    (tmp_path / "columns.csv").write_text(
        "column,question\nA,clients\nB,drugs/ghb\nC,drugs/crack\nD,\n", encoding="utf-8"
    )
    responses, _, _ = read(tmp_path, form, "A,B,C,D\n7,ja,nee,zomaar\n", columns=str(tmp_path / "columns.csv"))
    assert responses.loc[0, ["clients", "drugs/ghb", "drugs/crack"]].tolist() == ["7", "1", "0"]


def test_a_map_with_a_mistake_names_its_row(tmp_path, form):
    (tmp_path / "columns.csv").write_text("column,question\nA,clients\nB,drugs/heroin\n", encoding="utf-8")
    with pytest.raises(ReaderError, match=r"columns\.csv, row 3: the form has no 'drugs/heroin'"):
        read(tmp_path, form, "A,B\n1,1\n", columns=str(tmp_path / "columns.csv"))


def test_ignored_and_missing_columns(tmp_path, form):
    responses, _, _ = read(tmp_path, form, "drugs,clients,extra\nghb,3,x\n", ignore=["extra"])
    assert responses.loc[0, "clients"] == "3"
    with pytest.raises(ReaderError, match="there is no column for question 'clients'"):
        read(tmp_path, form, "drugs\nghb\n")


def test_two_columns_for_one_question_are_refused(tmp_path, form):
    with pytest.raises(ReaderError, match=r"column 'clients' \(B\) is already the answer to clients"):
        read(tmp_path, form, "drugs,clients,Hoeveel cliënten?\nghb,3,4\n")


def test_joined_options_and_free_text_beside_them(tmp_path, form):
    responses, _, _ = read(tmp_path, form, 'drugs,clients\n"GHB;Basecoke;lachgas",3\n,4\n')
    assert responses.loc[0, ["drugs/ghb", "drugs/crack", "drugs/other", "drugs_other"]].tolist() == [
        "1",
        "1",
        "1",
        "lachgas",
    ]
    assert responses.loc[1, ["drugs/ghb", "drugs/crack", "drugs/other"]].isna().all()


TICKS = ["drugs/ghb", "drugs/crack", "drugs/other", "drugs_other"]


def ticks(responses):
    return responses[TICKS].fillna("").to_numpy().tolist()


def test_a_blank_before_the_joiner_and_a_slash(tmp_path, form):
    for cell in ("GHB ; Basecoke", "GHB;Basecoke", "GHB / Basecoke", "GHB/Basecoke", "GHB | basecoke"):
        responses, notes, _ = read(tmp_path, form, f"drugs,clients\n{cell},3\n")
        assert responses.loc[0, TICKS[:3]].tolist() == ["1", "1", "0"] and notes.empty, cell
    responses, _, _ = read(tmp_path, form, "drugs,clients\nGHB + Basecoke,3\n", joiner="+")
    assert responses.loc[0, TICKS[:3]].tolist() == ["1", "1", "0"]


@pytest.mark.parametrize(
    "cell", ["GHB + Basecoke", "GHB - Basecoke", "GHB. Basecoke.", "ghb & speed & crack", '"GHB\nBasecoke"']
)
def test_options_that_something_unknown_separates_are_not_the_text_of_other(tmp_path, form, cell):
    responses, notes, _ = read(tmp_path, form, f"drugs,drugs_other,clients\n{cell},,3\nGHB;Basecoke,,4\nspeed,,4\n")
    assert ticks(responses) == [["", "", "", ""], ["1", "1", "0", ""], ["0", "0", "1", "speed"]]
    assert notes[["row", "rule"]].to_numpy().tolist() == [[2, "unknown_option"]]
    assert "say it under `joiner:`" in notes["note"][0]


@pytest.mark.parametrize(("cell", "misspelt"), [("GHB;Basecooke", "crack"), ("Basecoke;GBH", "ghb"), ("GHB;GBL", ""), ("GHB;geen basecoke", "")])  # fmt: skip
def test_a_misspelt_option_beside_others_is_not_the_text_of_other(tmp_path, form, cell, misspelt):
    text = f"drugs,clients\n{cell},3\nGHB;Basecoke,4\n"
    responses, notes, _ = read(tmp_path, form, text)
    first, _, written = cell.partition(";")
    ticked = ["1" if option == first else "" for option in ("GHB", "Basecoke")]
    no = [box or "0" for box in ticked]
    assert ticks(responses.assign(drugs_other=responses.get("drugs_other")))[0] == (
        [*ticked, "", ""] if misspelt else [*no, "1", written]
    )
    assert notes[["row", "note"]].to_numpy().tolist() == ([[2, MISSPELT.format(option=misspelt)]] if misspelt else [])
    # A person may say that it is what was written there.
    (tmp_path / "labels.csv").write_text(f"question,written,option,reason\ndrugs,{written},other,r\n", encoding="utf-8")
    responses, notes, _ = read(tmp_path, form, text, labels=str(tmp_path / "labels.csv"))
    assert ticks(responses)[0] == [*no, "1", written]


PARTS = """list_name,name,label::English (en)
drugs,pipe,"Crack, smoked"
drugs,crack,Crack
drugs,ghb,GHB
drugs,gbl,GBL
drugs,both,"GHB, GBL"
"""


def test_of_options_that_hold_the_joiner_the_longest_is_taken(tmp_path):
    form = write_form(tmp_path, "type,name,label::English (en)\nselect_multiple drugs,drugs,Which drugs?\n", PARTS)
    cells = '"Crack, smoked, GHB"\n"Crack, GHB"\n'
    responses, notes, _ = read(tmp_path, form, f"drugs\n{cells}", absent=[], joiner=", ")
    boxes = responses[["drugs/pipe", "drugs/crack", "drugs/ghb", "drugs/gbl", "drugs/both"]]
    assert boxes.to_numpy().tolist() == [["1", "0", "1", "0", "0"], ["0", "1", "1", "0", "0"]] and notes.empty


def test_a_cell_that_can_be_one_option_or_two_is_not_understood(tmp_path):
    form = write_form(tmp_path, "type,name,label::English (en)\nselect_multiple drugs,drugs,Which drugs?\n", PARTS)
    responses, notes, _ = read(tmp_path, form, 'drugs\n"GHB, GBL"\nGBL\n', absent=[], joiner=", ")
    boxes = responses[["drugs/ghb", "drugs/gbl", "drugs/both"]].fillna("")
    assert boxes.to_numpy().tolist() == [["", "", ""], ["0", "1", "0"]]
    assert notes[["row", "rule", "note"]].to_numpy().tolist() == [[2, "unknown_option", TWO_WAYS]]


def test_options_within_a_sentence_may_be_the_text_of_other(tmp_path, form):
    responses, notes, _ = read(tmp_path, form, "drugs,clients\nGHB;mix van GHB en basecoke,3\n")
    assert ticks(responses) == [["1", "0", "1", "mix van GHB en basecoke"]] and notes.empty


def test_what_is_no_option_beside_another_text_of_other_is_not_understood(tmp_path, form):
    cells = "GHB;Basecok,lachgas\nGHB;speed,\nGHB;Lachgas,lachgas\nBasecok,lachgas\n"
    responses, notes, _ = read(tmp_path, form, "drugs,drugs_other\n" + cells, absent=["beds", "clients"])
    # Basecok may be an option: it is not known whether that was ticked.
    assert ticks(responses) == [["1", "", "1", "lachgas"], ["1", "0", "1", "speed"], ["1", "0", "1", "lachgas"],
                                ["", "", "1", "lachgas"]]  # fmt: skip
    assert notes[["row", "note"]].to_numpy().tolist() == [
        [2, "an answer that is no option of the question"],
        [5, "an answer that is no option of the question"],
    ]


def test_american_numbers_are_settled_over_the_whole_column(tmp_path, form):
    responses, _, export = read(tmp_path, form, 'drugs,clients\nghb,"1,234"\nghb,12.5\n')
    assert [parse_number(text, whole=True).value for text in responses["clients"]] == [1234, 13]
    assert "decimal point in 1 column" in export.facts
    # Said of the whole file, a decimal comma does not make one and a quarter of 1,234 clients; said of the question, it does.
    with pytest.raises(
        ReaderError, match="question 'clients', 1 cell: as decimal comma, which config says of the file"
    ):
        read(tmp_path, form, 'drugs,clients\nghb,"1,234"\nghb,12\n', decimal=",")
    said = {"clients": "decimal_comma"}
    responses, _, _ = read(tmp_path, form, 'drugs,clients\nghb,"1,234"\nghb,12\n', notations=said)
    assert parse_number(responses["clients"][0], whole=True).rules == ("rounded",)


def test_a_place_on_the_map_is_known_and_left_out(tmp_path, form):
    responses, _, _ = read(tmp_path, form, "drugs,clients,spot\nghb,3,52.1 5.1\n")
    assert "spot" not in responses


def test_what_the_form_computes_is_exported_too_and_computed_anew(tmp_path):
    survey = "type,name,label,calculation\ninteger,n,How many?,\ncalculate,twice,Twice,${n} * 2\n"
    for name, text in (("survey", survey), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    form = read_questionnaire(tmp_path)
    responses, _, _ = read(tmp_path, form, "n,twice\n3,7\n")
    assert responses["n"].tolist() == ["3"] and "twice" not in responses


@pytest.mark.parametrize(
    ("heading", "near"),
    [("room/clnts", "clients"), ("Welke midelen?/GHBs", "drugs/ghb"), ("Opmerking van de onderzoeker", "")],
)
def test_the_nearest_question(form, heading, near):
    assert nearest(Column(heading, (*names_of(heading, "/"), (heading.split("/")[-1], None))), form) == near


def test_a_map_of_columns_saved_by_excel(tmp_path, form):
    (tmp_path / "columns.csv").write_bytes("column;question\r\nCliënten ;clients\r\nB;drugs\r\n;\r\n".encode("cp1252"))
    responses, _, _ = read(tmp_path, form, "Cliënten,B\n7,ghb\n", columns=str(tmp_path / "columns.csv"))
    assert responses.loc[0, ["clients", "drugs/ghb"]].tolist() == ["7", "1"]


def test_repeats_come_back_to_their_submission(tmp_path, form):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "main"
    for row in (
        ["drugs", "clients", "_uuid", "_submission_time", "_index"],
        ["ghb", 3, "u1", "2024-01-01", 1],
        ["crack", 4, "u2", "2024-01-01", 2],
    ):
        book.active.append(row)
    sheet = book.create_sheet("room")
    for row in (
        ["room/beds", "room/view", "_index", "_parent_table_name", "_parent_index"],
        [2, "sea", 1, "main", 1],
        [3, "yard", 2, "main", 1],
    ):
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    responses, _, export = read_export(str(tmp_path / "e.xlsx"), form, {"tool": "auto", "mode": "interview"}, "e.xlsx")
    # Nobody filled in a row of the second: it has none.
    assert responses["beds"].tolist() == ["5", "0"]
    assert "repeat room: 2 rows in 1 submissions (beds: sum)" in export.facts


def test_an_option_that_a_version_lacked_is_not_a_no(tmp_path, form):
    (tmp_path / "k.csv").write_text(
        'drugs/ghb;drugs/crack;drugs_other;clients;_uuid;_submission_time;_index\n1;"";"";3;u1;2024;1\n0;1;"";4;u2;2024;2\n',
        encoding="utf-8",
    )
    responses, _, _ = read_export(
        str(tmp_path / "k.csv"), form, {"tool": "kobo", "mode": "interview", "absent": ["beds"]}, "k.csv"
    )
    assert pd.isna(responses.loc[0, "drugs/crack"]) and responses["drugs/ghb"].tolist() == ["1", "0"]
    # Nor where no other box of the file says no.
    (tmp_path / "k.csv").write_text(
        'drugs/ghb;drugs/crack;drugs_other;clients;_uuid;_submission_time;_index\n1;"";"";3;u1;2024;1\n1;1;"";4;u2;2024;2\n',
        encoding="utf-8",
    )
    responses, _, _ = read_export(
        str(tmp_path / "k.csv"), form, {"tool": "kobo", "mode": "interview", "absent": ["beds"]}, "k.csv"
    )
    assert responses["drugs/crack"].fillna("").tolist() == ["", "1"]


def test_an_export_without_submissions_has_none(tmp_path, form):
    (tmp_path / "k.csv").write_text("drugs;clients;_uuid;_submission_time;_index\n", encoding="utf-8")
    responses, _, _ = read_export(
        str(tmp_path / "k.csv"), form, {"tool": "kobo", "mode": "interview", "absent": ["beds"]}, "k.csv"
    )
    assert len(responses) == 0 and "drugs/ghb" in responses


def test_commas_within_quoted_headings_are_no_delimiters(tmp_path, form):
    heading = '"Welke middelen?";"Hoeveel cliënten?";"a, b, c, d, e, f";"_uuid";"_submission_time";"_index"\n'
    (tmp_path / "k.csv").write_text(heading, encoding="utf-8")
    entry = {"tool": "auto", "mode": "interview", "absent": ["beds"], "ignore": ["a, b, c, d, e, f"]}
    responses, _, export = read_export(str(tmp_path / "k.csv"), form, entry, "k.csv")
    assert len(responses) == 0 and export.tool == "kobo"


def test_a_file_of_one_newline_gets_its_message(tmp_path, form):
    with pytest.raises(ReaderError, match=r"e\.csv: there is nothing in the file"):
        read(tmp_path, form, "\n")


def test_limesurvey_for_r_writes_na_for_nothing(tmp_path, form):
    (tmp_path / "r.csv").write_text(
        '"id","submitdate","lastpage","startlanguage","drugs.ghb.","drugs.crack.","clients"\n'
        '1,"2024-01-01",3,"nl","Y",NA,12\n2,NA,1,NA,NA,NA,NA\n', encoding="utf-8"
    )  # fmt: skip
    entry = {"tool": "limesurvey", "mode": "interview", "absent": ["beds"]}
    responses, _, _ = read_export(str(tmp_path / "r.csv"), form, entry, "r.csv")
    assert responses.loc[0, ["drugs/ghb", "drugs/crack", "clients"]].tolist() == ["1", "0", "12"]
    assert responses.loc[1, ["_submitted_at", "drugs/ghb", "clients"]].isna().all()


def test_limesurvey_headings_with_code_and_text(tmp_path, form):
    (tmp_path / "e.csv").write_text(
        '"id. Response ID","submitdate","lastpage","drugs[ghb]. Which drugs? [GHB]","drugs[other]. Which drugs? [Other]","clients. How many clients?","interviewtime","groupTime7"\n'
        '"1","2024-01-01","3","Yes","Ketamine","12","33.2","9.1"\n', encoding="utf-8"
    )  # fmt: skip
    entry = {"tool": "limesurvey", "mode": "interview", "absent": ["beds"]}
    responses, _, _ = read_export(str(tmp_path / "e.csv"), form, entry, "e.csv")
    assert responses.loc[0, ["drugs/ghb", "drugs/other", "drugs_other", "clients"]].tolist() == [
        "1",
        "1",
        "Ketamine",
        "12",
    ]


def test_a_sas_transport_file(tmp_path, form):
    import pyreadstat

    frame = pd.DataFrame({"drugs_gh": [1.0, 0.0], "clients": [3.0, float("nan")]})
    pyreadstat.write_xport(frame, str(tmp_path / "e.xpt"), column_labels=["Which drugs? - GHB", "How many clients?"])
    entry = {"tool": "auto", "mode": "interview", "absent": ["beds"]}
    responses, _, export = read_export(str(tmp_path / "e.xpt"), form, entry, "e.xpt")
    assert export.tool == "sas"
    assert responses["drugs/ghb"].tolist() == ["1", "0"] and responses["clients"].fillna("").tolist() == ["3", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_delimiters_and_line_ends(tmp_path, form, encoding, delimiter, end):
    lines = [["Welke middelen?", "Hoeveel cliënten?", "drugs_other"], ["GHB", "12", "één café, twee"], ["", "7", "ïjs"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + end
    (tmp_path / "e.csv").write_bytes(text.encode(encoding))
    entry = {"tool": "table", "mode": "interview", "absent": ["beds"]}
    responses, _, _ = read_export(str(tmp_path / "e.csv"), form, entry, "e.csv")
    assert responses["clients"].tolist() == ["12", "7"]
    assert responses["drugs_other"].tolist() == ["één café, twee", "ïjs"]


def test_a_row_cut_short_is_named(tmp_path, form):
    with pytest.raises(ReaderError, match=r"e\.csv, row 4: 1 cells where the heading has 2"):
        read(tmp_path, form, "drugs,clients\nghb,3\n\nghb\n")


def test_a_blank_row_is_noted(tmp_path, form):
    responses, notes, _ = read(tmp_path, form, "drugs,clients\nghb,3\n\n,\ncrack,4\n")
    assert responses["_row"].tolist() == [2, 5]
    assert notes[["row", "rule"]].to_numpy().tolist() == [[3, "blank_row"], [4, "blank_row"]]


def test_a_zero_in_the_box_of_the_option_with_code_zero_is_no_tick(tmp_path):
    survey = "type,name,label::English (en)\nselect_multiple codes,several,Several\n"
    choices = "list_name,name,label::English (en)\ncodes,0,Nothing\ncodes,1,One\n"
    for name, text in (("survey", survey), ("choices", choices), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    form = read_questionnaire(tmp_path)

    def boxes(tool, text):
        (tmp_path / "e.csv").write_text(text, encoding="utf-8")
        responses, _, _ = read_export(str(tmp_path / "e.csv"), form, {"tool": tool, "mode": "interview"}, "e.csv")
        return responses[["several/0", "several/1"]].fillna("").to_numpy().tolist()

    assert boxes("redcap", "record_id,several___0,several___1,form_complete\n1,0,1,2\n2,1,0,2\n") == [
        ["0", "1"],
        ["1", "0"],
    ]
    assert boxes("table", "several/0,several/1\n0,1\n0,0\n") == [["0", "1"], ["0", "0"]]
    # Tools that leave other boxes blank repeat the code of the option that was ticked.
    heads = "ResponseId,EndDate,several_0,several_1\nResponseID,EndDate,a,b\n{'ImportId': 'a'},{'ImportId': 'b'},{'ImportId': 'c'},{'ImportId': 'd'}\n"
    assert boxes("qualtrics", heads + "R_1,2024-01-01,0,\nR_2,2024-01-01,,1\n") == [["1", "0"], ["0", "1"]]


def test_a_returned_workbook_is_refused_in_words_where_no_form_is_known():
    returned = Path(__file__).resolve().parents[2] / "raw/2021/returned/vragenlijst_02.xlsx"
    with pytest.raises(ReaderError, match=r"vragenlijst_02\.xlsx: this is a returned workbook.*with the form"):
        open_export(str(returned), {"tool": "auto", "mode": "questionnaire"}, None)
