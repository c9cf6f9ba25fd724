"""Forms of other tools come in whole, or say what they left behind; ours go out and come back."""

import csv
import dataclasses
import json
from datetime import date
from pathlib import Path

import pytest
from hrmonitor.errors import QuestionnaireError, ReaderError
from hrmonitor.forms import import_form
from hrmonitor.forms.exports.fillable import write_document, write_workbook
from hrmonitor.forms.exports.publish import print_questionnaire, write_xlsform
from hrmonitor.forms.imports.form import write_form
from hrmonitor.questionnaire.missing_words import missing_word
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export

FOLDER = Path(__file__).resolve().parents[2] / "raw/2021/questionnaire"


@pytest.fixture(scope="module")
def form():
    return read_questionnaire(FOLDER)


def brought_in(path, tmp_path, **options):
    found = import_form(path, **options)
    write_form(found, tmp_path / "in")
    return read_questionnaire(tmp_path / "in"), found


def test_the_xlsform_goes_out_and_comes_back_equal(form, tmp_path):
    write_xlsform(FOLDER, tmp_path / "form.xlsx")
    back, found = brought_in(tmp_path / "form.xlsx", tmp_path)
    assert dataclasses.replace(back, folder="") == dataclasses.replace(form, folder="")
    assert found.left_out == []


def test_an_existing_form_is_not_overwritten(tmp_path):
    write_xlsform(FOLDER, tmp_path / "form.xlsx")
    brought_in(tmp_path / "form.xlsx", tmp_path)
    with pytest.raises(QuestionnaireError, match="there is a form already"):
        write_form(import_form(tmp_path / "form.xlsx"), tmp_path / "in")


def test_an_xlsform_in_markdown(tmp_path):
    (tmp_path / "form.md").write_text(
        "| survey |\n| | type | name | label |\n| | select_one yn | ghb | GHB? |\n| | integer | n | How many? |\n"
        "| choices |\n| | list name | name | label |\n| | yn | yes | Yes |\n| | yn | no | No |\n", encoding="utf-8",
    )  # fmt: skip
    back, _ = brought_in(tmp_path / "form.md", tmp_path)
    assert back["ghb"].codes == ["yes", "no"]
    assert back["n"].label("en") == "How many?"


LSS = """<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_name><![CDATA[Uw <b>werk</b>]]></group_name><group_order>0</group_order><language>nl-informal</language></row></rows></groups>
<questions><rows>
<row><qid>1</qid><gid>1</gid><type>L</type><title>soort</title><question><![CDATA[<p>Welk&nbsp;type?</p>]]></question><other>Y</other><mandatory>Y</mandatory><question_order>1</question_order><language>nl</language><relevance>1</relevance></row>
<row><qid>2</qid><gid>1</gid><type>M</type><title>middel</title><question>Middelen?</question><other>N</other><question_order>2</question_order><language>nl</language><relevance>soort.NAOK == "A1" &amp;&amp; !is_empty(soort)</relevance></row>
<row><qid>3</qid><gid>1</gid><type>F</type><title>klacht</title><question>Hoe vaak</question><other>N</other><question_order>3</question_order><language>nl</language><relevance>middel_ghb.NAOK == "Y"</relevance></row>
<row><qid>4</qid><gid>1</gid><type>R</type><title>rang</title><question>Zet op volgorde</question><other>N</other><question_order>4</question_order><language>nl</language><relevance>1</relevance></row>
<row><qid>5</qid><gid>1</gid><type>N</type><title>aantal</title><question>Aantal</question><other>N</other><question_order>5</question_order><language>nl</language><relevance>regexMatch("/x/", soort)</relevance></row>
<row><qid>6</qid><gid>1</gid><type>*</type><title>som</title><question>{aantal*2}</question><other>N</other><question_order>6</question_order><language>nl</language><relevance>1</relevance></row>
</rows></questions>
<subquestions><rows>
<row><qid>21</qid><parent_qid>2</parent_qid><title>ghb</title><question>GHB</question><question_order>1</question_order><language>nl</language><scale_id>0</scale_id></row>
<row><qid>22</qid><parent_qid>2</parent_qid><title>crack</title><question>Crack</question><question_order>2</question_order><language>nl</language><scale_id>0</scale_id></row>
<row><qid>31</qid><parent_qid>3</parent_qid><title>long</title><question>longen</question><question_order>1</question_order><language>nl</language><scale_id>0</scale_id></row>
</rows></subquestions>
<answers><rows>
<row><qid>1</qid><code>A1</code><answer>Gebruiksruimte</answer><sortorder>1</sortorder><language>nl</language><scale_id>0</scale_id></row>
<row><qid>1</qid><code>A2</code><answer>Spuitomruil</answer><sortorder>2</sortorder><language>nl</language><scale_id>0</scale_id></row>
<row><qid>3</qid><code>1</code><answer>nooit</answer><sortorder>1</sortorder><language>nl</language><scale_id>0</scale_id></row>
<row><qid>3</qid><code>2</code><answer>vaak</answer><sortorder>2</sortorder><language>nl</language><scale_id>0</scale_id></row>
<row><qid>4</qid><code>a</code><answer>zorg</answer><sortorder>1</sortorder><language>nl</language><scale_id>0</scale_id></row>
<row><qid>4</qid><code>b</code><answer>huis</answer><sortorder>2</sortorder><language>nl</language><scale_id>0</scale_id></row>
</rows></answers></document>"""


def test_limesurvey(tmp_path):
    (tmp_path / "form.lss").write_text(LSS, encoding="utf-8")
    back, found = brought_in(tmp_path / "form.lss", tmp_path)
    assert back["soort"].label("nl") == "Welk type?" and back["soort"].required
    assert back["soort"].codes == ["A1", "A2", "other"] and back["soort_other"].kind == "text"
    assert back["middel"].relevant == "${soort} = 'A1' and ${soort} != ''"
    assert back["klacht_long"].relevant == "selected(${middel}, 'ghb')"
    assert back["klacht_long"].label("nl") == "Hoe vaak [longen]"
    assert back["rang_1"].codes == back["rang_2"].codes == ["a", "b"]
    assert back.groups["group_1"]["nl"] == "Uw werk"
    assert [line.split(",")[0].split(":")[0] for line in found.left_out] == ["question som", "aantal"]


def test_a_limesurvey_export_reads_with_its_own_form(tmp_path):
    (tmp_path / "form.lss").write_text(LSS, encoding="utf-8")
    back, _ = brought_in(tmp_path / "form.lss", tmp_path)
    header = [
        "id",
        "submitdate",
        "lastpage",
        "soort",
        "soort[other]",
        "middel[ghb]",
        "middel[crack]",
        "klacht[long]",
        "rang[1]",
        "rang[2]",
        "aantal",
        "som",
        "groupTime1",
    ]
    rows = [
        ["1", "2024-01-01", "3", "-oth-", "Hostel", "Y", "", "2", "b", "a", "12", "24", "3.4"],
        ["2", "", "1", "A2", "", "", "", "", "", "", "", "", ""],
    ]
    with open(tmp_path / "e.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    responses, _, export = read_export(
        str(tmp_path / "e.csv"), back, {"tool": "limesurvey", "mode": "interview"}, "e.csv"
    )
    one = responses.iloc[0]
    assert one[["soort", "soort_other", "middel/ghb", "middel/crack", "klacht_long", "rang_1", "rang_2", "aantal", "som"]].tolist() == [
        "other", "Hostel", "1", "0", "2", "b", "a", "12", "24"
    ]  # fmt: skip
    assert responses["_submitted_at"].notna().tolist() == [True, False]
    assert "2 responses, of which 1 were sent in and 1 broken off" in export.facts


@pytest.mark.parametrize("damage", ["order", "question", "choices", "letter"])
def test_a_damaged_form_is_refused_in_words(tmp_path, damage):
    survey = qsf()
    if damage == "order":
        content, name = LSS.replace("<question_order>1<", "<question_order>x<").encode(), "form.lss"
    elif damage == "letter":
        content, name = b"| survey |\n| | type | name | label |\n| | text | a | \xd8 |\n", "form.md"
    else:
        payload = survey["SurveyElements"][1]
        payload.update({"Payload": None} if damage == "question" else {"Payload": {**payload["Payload"], "Choices": 5}})
        content, name = json.dumps(survey).encode(), "form.qsf"
    (tmp_path / name).write_bytes(content)
    with pytest.raises(QuestionnaireError, match=name.replace(".", r"\.")):
        import_form(tmp_path / name)


DICTIONARY = '''"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)","Required Field?"
record_id,intake,,text,Record ID,,,,,,,,
mail,intake,,text,E-mail,,,email,,,y,,
drugs,intake,,checkbox,"Drugs, now","1, Crack | 2, GHB, GBL | -9, Unknown",,,,,,,y
ghb_n,intake,,text,How many?,,,integer,0,500,,[drugs(2)] = '1',
share,intake,,text,Share,,,number_comma_decimal,0,100,,"[ghb_n] <> """" and [drugs(1)] = ""0""",
visit,follow,,yesno,Visit?,,,,,,,[event_1][ghb_n] = '3',
total,follow,,calc,Total,[ghb_n]*2,,,,,,,
'''


def test_redcap_dictionary(tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    back, found = brought_in(tmp_path / "dictionary.csv", tmp_path, language="en")
    assert [choice.label("en") for choice in back["drugs"].choices] == ["Crack", "GHB, GBL", "Unknown"]
    assert back["mail"].pii and back["drugs"].required
    assert back["ghb_n"].relevant == "selected(${drugs}, '2')"
    assert back["ghb_n"].constraint == ". >= 0 and . <= 500"
    assert back["share"].relevant == "${ghb_n} != '' and not(selected(${drugs}, '1'))"
    assert back["visit"].codes == ["1", "0"] and back["visit"].relevant == ""
    assert sorted(line.split(":")[0].split(",")[0] for line in found.left_out)[-1] == "visit"


def test_redcap_repeats_events_and_decimal_commas(tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    found = import_form(tmp_path / "dictionary.csv", "en")
    next(row for row in found.survey if row.get("name") == "ghb_n")["aggregate"] = "mean"
    write_form(found, tmp_path / "in")
    form = read_questionnaire(tmp_path / "in")
    (tmp_path / "e.csv").write_text(
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,mail,drugs___1,drugs___2,drugs____9,ghb_n,share,visit,total,intake_complete\n"
        '7,first,,,a@b.nl,1,0,0,,"1,5",1,,2\n7,first,visits,1,,,,,4,,,,\n7,first,visits,2,,,,,6,,,,\n7,second,,,,,,,,"2,5",,,0\n8,first,,,,0,0,0,,,,,0\n',
        encoding="utf-8",
    )
    responses, notes, export = read_export(
        str(tmp_path / "e.csv"), form, {"tool": "redcap", "mode": "interview"}, "e.csv"
    )
    assert responses["_row"].tolist() == [2, 6]
    assert responses.loc[0, ["drugs/1", "drugs/2", "drugs/-9", "ghb_n", "share"]].tolist() == [
        "1",
        "0",
        "0",
        "5",
        "1,5",
    ]
    assert responses["_submitted_at"].notna().tolist() == [True, False]
    assert notes[["row", "rule"]].to_numpy().tolist() == [[5, "later_event"]]
    assert "repeating instrument visits: 2 rows" in export.facts
    second, notes, _ = read_export(
        str(tmp_path / "e.csv"), form, {"tool": "redcap", "mode": "interview", "event": "second"}, "e.csv"
    )
    assert second["share"].tolist() == ["2,5"] and notes["rule"].tolist() == ["other_event"] * 4


def question(qid, tag, kind, **more):
    payload = {
        "QuestionID": qid,
        "DataExportTag": tag,
        "QuestionType": kind,
        "QuestionText": f"<b>{tag}</b>&nbsp;text",
        **more,
    }
    return {"Element": "SQ", "PrimaryAttribute": qid, "Payload": payload}


def qsf(*more: dict) -> dict:
    options = {"1": {"Display": "Crack"}, "2": {"Display": "GHB"}, "3": {"Display": "Other", "TextEntry": "true"}}
    shown = {
        "0": {"0": {"LeftOperand": "q://QID1/SelectableChoice/2", "Operator": "Selected"}},
        "Type": "BooleanExpression",
    }
    rows = {"1": {"Display": "Now"}, "2": {"Display": "Then"}}
    return {
        "SurveyEntry": {"SurveyID": "SV_1", "SurveyName": "Round", "SurveyLanguage": "EN"},
        "SurveyElements": [
            {"Element": "BL", "Payload": [{"Type": "Default", "Description": "Block", "BlockElements": [{"Type": "Question", "QuestionID": f"QID{n}"} for n in (1, 2, 3, 4, 9)] + [{"Type": "Question", "QuestionID": one["PrimaryAttribute"]} for one in more]}]},
            question("QID1", "drugs", "MC", Selector="MAVR", Choices=options, ChoiceOrder=[2, 1, 3], RecodeValues={"1": "10", "2": "11", "3": "12"}),
            question("QID2", "why", "TE", Selector="SL", DisplayLogic=shown),
            question("QID3", "trend", "Matrix", Selector="Likert", SubSelector="SingleAnswer", Choices=rows, Answers={"1": {"Display": "More"}, "2": {"Display": "Less"}}, ChoiceDataExportTags={"1": "same", "2": "same"}),
            question("QID4", "one", "MC", Selector="SAVR", Choices={"1": {"Display": "A"}, "2": {"Display": "B"}}),
            question("QID9", "map", "HeatMap", Selector="X"),
            *more,
        ],
    }  # fmt: skip


def test_qualtrics_with_its_qsf(tmp_path):
    (tmp_path / "form.qsf").write_text(json.dumps(qsf()), encoding="utf-8")
    back, found = brought_in(tmp_path / "form.qsf", tmp_path)
    assert back["drugs"].codes == ["11", "10", "12"]
    assert back["why"].relevant == "selected(${drugs}, '11')"
    assert (
        back["trend_same"].label("en") == "trend text - Now" and back["trend_same_2"].label("en") == "trend text - Then"
    )
    assert found.left_out == ["map: type HeatMap X of Qualtrics has no equal"]
    ids = [
        "responseId",
        "finished",
        "status",
        "QID1-2",
        "QID1-1",
        "QID1-3",
        "QID1-3-TEXT",
        "QID2-TEXT",
        "QID3-1",
        "QID3-2",
        "QID4",
    ]
    rows = [
        [
            "ResponseId",
            "Finished",
            "Status",
            "drugs_11",
            "drugs_10",
            "drugs_12",
            "drugs_12_TEXT",
            "why",
            "trend_same",
            "trend_same",
            "one",
        ],
        ["Response ID", "Finished", "Status", *["text"] * 8],
        [f"{{'ImportId': '{one}'}}" for one in ids],
        ["R_1", "1", "0", "1", "", "1", "Ketamine", "so", "1", "2", "2"],
        ["R_2", "0", "1", "", "", "", "", "", "", "", ""],
    ]
    with open(tmp_path / "e.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    entry = {"tool": "auto", "mode": "questionnaire", "form": str(tmp_path / "form.qsf")}
    responses, _, export = read_export(str(tmp_path / "e.csv"), back, entry, "e.csv")
    one = responses.iloc[0]
    assert one[["drugs/11", "drugs/10", "drugs/12", "drugs_12_text", "trend_same", "trend_same_2", "one"]].tolist() == [
        "1", "0", "1", "Ketamine", "More", "Less", "B"
    ]  # fmt: skip
    assert responses["_status"].fillna("").tolist() == ["", "test"]
    assert responses["_submitted_at"].isna().all()  # there is no column with an end date
    assert "1 columns have the tag of another" in export.facts


def read_qualtrics(tmp_path, survey: dict, rows: list[list[str]], **entry):
    (tmp_path / "form.qsf").write_text(json.dumps(survey), encoding="utf-8")
    back, _ = brought_in(tmp_path / "form.qsf", tmp_path)
    with open(tmp_path / "e.csv", "w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    there = {target[0] for target in entry.pop("there")}
    entry = {"tool": "auto", "mode": "questionnaire", "form": str(tmp_path / "form.qsf"), **entry}
    entry["absent"] = [question.name for question in back.answerable if question.name not in there]
    return read_export(str(tmp_path / "e.csv"), back, entry, "e.csv")


SIDE_BY_SIDE = question(
    "QID5", "Q5", "SBS", Selector="SBSMatrix", Choices={"1": {"Display": "Oranges"}, "2": {"Display": "Berries"}},
    AdditionalQuestions={
        "1": {"QuestionText": "Like", "QuestionType": "Matrix", "Selector": "Likert", "SubSelector": "SingleAnswer",
              "Answers": {"1": {"Display": "More"}, "2": {"Display": "Less"}}, "RecodeValues": {"1": "34", "2": "35"},
              "AnswerDataExportTag": "92", "ChoiceDataExportTags": {"1": "peel", "2": "tiny-one"}},
    },
)  # fmt: skip
TWO_TEXTS = question(
    "QID6", "Q6", "MC", Selector="SAVR", RecodeValues={"1": "1", "2": "5", "3": "6"},
    Choices={"1": {"Display": "A"}, "2": {"Display": "Other:", "TextEntry": "true"}, "3": {"Display": "None, because:", "TextEntry": "true"}},
)  # fmt: skip


def test_legacy_headings_of_a_side_by_side_with_tags_of_its_own(tmp_path):
    rows = [
        ["V1", "V9", "V10", "peel: 92", "tiny_one: 92"],
        ["ResponseID", "EndDate", "Finished", "text Like-Oranges", "text Like-Berries"],
        ["R_1", "2024-01-01", "1", "34", "35"],
    ]
    there = [("Q5_c1_peel",), ("Q5_c1_tiny_one",)]
    responses, _, _ = read_qualtrics(tmp_path, qsf(SIDE_BY_SIDE), rows, there=there)
    assert responses.loc[0, ["Q5_c1_peel", "Q5_c1_tiny_one"]].tolist() == ["34", "35"]


@pytest.mark.parametrize("legacy", [False, True])
def test_one_column_for_the_texts_of_several_choices_is_taken_apart(tmp_path, legacy):
    ids = ["responseId", "endDate", "finished", "QID6", "QID6-TEXT"]
    rows = [
        ["V1", "V9", "V10", "Q6", "Q6_TEXT"] if legacy else ["ResponseId", "EndDate", "Finished", "Q6", "Q6_TEXT"],
        ["ResponseID", "EndDate", "Finished", "text", "text"],
        *([] if legacy else [[f"{{'ImportId': '{one}'}}" for one in ids]]),
        ["R_1", "2024-01-01", "1", "5", "Ketamine"],
        ["R_2", "2024-01-01", "1", "6", "too far"],
        ["R_3", "2024-01-01", "1", "1", "left over"],
    ]
    there = [("Q6",), ("Q6_5_text",), ("Q6_6_text",)]
    responses, _, _ = read_qualtrics(tmp_path, qsf(TWO_TEXTS), rows, there=there)
    assert responses[["Q6_5_text", "Q6_6_text"]].fillna("").to_numpy().tolist() == [
        ["Ketamine", ""],
        ["", "too far"],
        ["left over", ""],
    ]


def test_seen_and_not_answered_is_no_answer_unless_the_form_has_that_code(tmp_path):
    rows = [
        ["ResponseId", "EndDate", "drugs_10", "drugs_11", "drugs_12", "why", "Q6"],
        ["ResponseID", "EndDate", *["text"] * 5],
        [f"{{'ImportId': '{one}'}}" for one in ["responseId", "endDate", "QID1-1", "QID1-2", "QID1-3", "QID2-TEXT", "QID6"]],
        ["R_1", "2024-01-01", "1", "-99", "-99", "-99", "-99"],
        ["R_2", "2024-01-01", "-99", "-99", "-99", "so", "1"],
    ]  # fmt: skip
    coded = question("QID6", "Q6", "MC", Selector="SAVR", RecodeValues={"1": "1", "2": "-99"},
                     Choices={"1": {"Display": "A"}, "2": {"Display": "Do not know"}})  # fmt: skip
    there = [("drugs",), ("why",), ("Q6",)]
    responses, _, export = read_qualtrics(tmp_path, qsf(coded), rows, there=there)
    found = responses[["drugs/10", "drugs/11", "drugs/12", "why", "Q6"]].fillna("").to_numpy().tolist()
    assert found == [["1", "0", "0", "", "Do not know"], ["", "", "", "so", "A"]]
    assert "-99 in 6 cells: seen and not answered" in export.facts


def test_display_logic_on_a_row_of_a_matrix_is_named_as_left_out(tmp_path):
    shown = {"0": {"0": {"LeftOperand": "q://QID3/SelectableChoice/1", "Operator": "Selected"}}}
    survey = qsf(question("QID7", "after", "TE", Selector="SL", DisplayLogic=shown))
    (tmp_path / "form.qsf").write_text(json.dumps(survey), encoding="utf-8")
    back, found = brought_in(tmp_path / "form.qsf", tmp_path)
    assert back["after"].relevant == ""
    assert any(line.startswith("after, relevant:") for line in found.left_out)


def test_months_and_quarters_of_spss_are_dates(tmp_path):
    import pandas as pd
    import pyreadstat

    # SPSS counts seconds from 14 October 1582; Python, days from 1 January of the year 1.
    seconds = (date(2021, 4, 1).toordinal() - date(1582, 10, 14).toordinal()) * 86400.0
    frame = pd.DataFrame({"when": [seconds, float("nan"), 1e300]})
    pyreadstat.write_sav(frame, str(tmp_path / "e.sav"), variable_format={"when": "QYR8"})
    back, _ = brought_in(tmp_path / "e.sav", tmp_path)
    assert back["when"].kind == "date"
    responses, _, _ = read_export(str(tmp_path / "e.sav"), back, {"tool": "spss", "mode": "interview"}, "e.sav")
    assert responses["when"].fillna("").tolist()[:2] == ["2021-04-01", ""]


def test_labels_of_spss_and_declared_missing_values(tmp_path):
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(
        {"kind": [1.0, 2.0, 7.0, 8.0, 9.0], "n": [3.0, 999.0, -5.0, 12.0, 4.0], "text": ["a", "b", "", "c", "d"]}
    )
    pyreadstat.write_sav(
        frame, str(tmp_path / "e.sav"), column_labels={"kind": "Which kind?", "n": "How many?"},
        variable_value_labels={"kind": {1.0: "Room", 2.0: "Exchange", 7.0: "FILTER", 8.0: "weet niet", 9.0: "MISSING"}, "n": {999.0: "weet niet"}},
        missing_ranges={"kind": [{"lo": 7.0, "hi": 9.0}], "n": [999.0, {"lo": -10.0, "hi": -1.0}]},
    )  # fmt: skip
    back, _ = brought_in(tmp_path / "e.sav", tmp_path, language="en")
    assert [choice.label("en") for choice in back["kind"].choices] == ["Room", "Exchange"]
    responses, _, _ = read_export(str(tmp_path / "e.sav"), back, {"tool": "spss", "mode": "interview"}, "e.sav")
    # A label that is a word for no answer stays as the file has it; any other says nothing about why.
    assert responses["kind"].tolist() == ["Room", "Exchange", "no answer", "weet niet", "MISSING"]
    assert [missing_word(word) for word in responses["kind"]] == [None, None, "no_answer", "dont_know", "no_answer"]
    assert responses["n"].tolist() == ["3", "weet niet", "no answer", "12", "4"]


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_form_filled_in_by_a_person_comes_back(form, tmp_path, kind):
    path = tmp_path / f"form.{kind}"
    if kind == "xlsx":
        from openpyxl import load_workbook

        write_workbook(path, form, "nl")
        book = load_workbook(path)
        rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
        labels = [str(row[1] or "").strip() for row in rows]
        book.active.cell(labels.index("Wat is de naam van uw voorziening?") + 1, 3).value = "Huis Noord"
        book.active.cell(labels.index("Gebruiksruimte") + 1, 3).value = "X"
        book.active.cell(labels.index("Hoeveel unieke cliënten of bezoekers had u in 2020?") + 1, 3).value = 120
        book.save(path)
    else:
        from docx import Document

        write_document(path, form, "nl")
        document = Document(path)
        rows = document.tables[0].rows
        labels = [row.cells[1].text.strip() for row in rows]
        rows[labels.index("Wat is de naam van uw voorziening?")].cells[2].text = "Huis Noord"
        rows[labels.index("Hoeveel unieke cliënten of bezoekers had u in 2020?")].cells[2].text = "120"
        box = rows[labels.index("Gebruiksruimte")].cells[2]._tc
        checked = next(node for node in box.iter() if node.tag.endswith("}checked"))
        checked.set(checked.tag.replace("}checked", "}val"), "1")
        document.save(path)
    responses, _, export = read_export(str(path), form, {"tool": "auto", "mode": "questionnaire"}, path.name)
    read = responses.iloc[0].dropna()
    read = read[[name for name in read.index if not name.startswith("_")]].to_dict()
    assert read == {"facility_name": "Huis Noord", "service": "dcr", "clients_now": "120"}
    assert export.facts[0].startswith("read as")


def test_what_is_no_cross_in_a_box_is_refused_with_its_cell(form, tmp_path):
    from openpyxl import load_workbook

    write_workbook(tmp_path / "form.xlsx", form, "nl")
    book = load_workbook(tmp_path / "form.xlsx")
    book.active["C5"] = "ja graag"
    labels = [str(row[1].value or "").strip() for row in book.active.iter_rows()]
    place = labels.index("Gebruiksruimte") + 1
    book.active.cell(place, 3).value = "misschien"
    book.save(tmp_path / "form.xlsx")
    with pytest.raises(ReaderError, match=f"cell C{place}: a box holds a cross or nothing"):
        read_export(str(tmp_path / "form.xlsx"), form, {"tool": "excel_form", "mode": "questionnaire"}, "form.xlsx")


def test_a_label_cannot_break_the_printed_page(form, tmp_path):
    evil = dataclasses.replace(form["remarks"], labels={"nl": '#panic("x") *vet* $x$ \\ "]'})
    hostile = dataclasses.replace(form, questions={"remarks": evil})
    print_questionnaire(tmp_path / "form.pdf", hostile, "nl", guide=False)
    from pypdf import PdfReader

    assert '#panic("x") *vet* $x$' in PdfReader(tmp_path / "form.pdf").pages[0].extract_text()
