"""How each column is written: one reading is taken and said, two block the build until a person says which."""

import pandas as pd
import pytest
from hrmonitor.cleaning import _typed
from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.round_decisions import DecisionLine
from settings import write_form

SURVEY = """type,name,label::English (en),unit
integer,whole,How many?,
decimal,part,How much?,
integer,whole_share,Which share?,%
decimal,share,Which share exactly?,%
date,day,When?,
select_one size,size,How large?,
select_multiple drugs,drugs,Which drugs?,
select_multiple drugs,drugs_then,Which drugs then?,
"""
CHOICES = """list_name,name,label::English (en)
size,1,2
size,2,3
size,3,1
size,4,other
drugs,ghb,GHB
drugs,crack,Crack
"""
# Enough of a column that a decision can rest on it.
COLUMNS = ["whole", "part", "whole_share", "share", "day", "size"]


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    folder = tmp_path_factory.mktemp("form")
    for name, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", "form_title,form_id,version\nF,f,1\n")):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_questionnaire(folder)


def read(tmp_path, form, table: dict[str, list[str]], refuse=True, **entry):
    path = tmp_path / "e.csv"
    pd.DataFrame(table).to_csv(path, index=False, sep=";")
    absent = [
        question.name for question in form.answerable if not any(name.split("/")[0] == question.name for name in table)
    ]
    entry = {"tool": "table", "mode": "interview", "absent": absent, "delimiter": ";", **entry}
    return read_export(str(path), form, entry, "e.csv", refuse)


def values(tmp_path, form, name: str, cells: list[str], **entry) -> list:
    responses, _, _ = read(tmp_path, form, {name: cells}, **entry)
    answers, _ = _typed(responses, form, [])
    return [None if pd.isna(value) else str(value)[:10] if name == "day" else value for value in answers[name]]


def notation(tmp_path, form, name: str, cells: list[str], **entry):
    export = read(tmp_path, form, {name: cells}, refuse=False, **entry)[2]
    return {one.kind: one for one in export.notations}


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("whole", ["1,250", "2,500", "900"], [1250, 2500, 900]),
        ("whole", ["1.250", "2.500", "900"], [1250, 2500, 900]),
        ("whole", ["1,250", "12.5"], [1250, 13]),
        ("whole", ["1.734", "1 250", "1'300", "1\u202f400", "1\u00a0500"], [1734, 1250, 1300, 1400, 1500]),
        ("whole", ["1,234,567", "1,000", "-1,250", "+3"], [1234567, 1000, -1250, 3]),
        ("whole", ["1.0", "1e+05", "1E3", "0.875", "2.5"], [1, 100000, 1000, 1, 3]),
        ("whole", ["1.000", "950"], [1000, 950]),
        ("part", ["12,5", "1.500", "12.345,5"], [12.5, 1500, 12345.5]),
        ("part", ["12.5", "1,500", "12,345.5"], [12.5, 1500, 12345.5]),
        ("part", ["1.500", "0.750"], [1.5, 0.75]),
        ("part", ["1,500", "0,750"], [1.5, 0.75]),
        ("part", ["1.500", "2.0625"], [1.5, 2.0625]),
        ("part", ["1.234.567,8", "1.500"], [1234567.8, 1500]),
        ("part", ["1 234,5", "1.500"], [1234.5, 1500]),
        ("part", [".5", "1.500"], [0.5, 1.5]),
        ("part", ["12,5", "7.25"], [12.5, 7.25]),  # two people, each in a notation of one reading
        ("whole_share", ["0.35", "1", "0.005"], [35, 100, 1]),
        ("share", ["40", "12.5", "0.5%", "100 %", "0,4 procent"], [40, 12.5, 0.5, 100, 0.4]),
        ("day", ["01/02/2020", "25/02/2020"], ["2020-02-01", "2020-02-25"]),
        ("day", ["01/02/2020", "02/25/2020"], ["2020-01-02", "2020-02-25"]),
        ("day", ["13-02-2020", "02-13-2020", "5-5-2020"], ["2020-02-13", "2020-02-13", "2020-05-05"]),
        ("day", ["3.2.2020"], ["2020-02-03"]),
        ("day", ["15Oct2021", "1 May 2022", "1 mei 2022", "May 1, 2022"], ["2021-10-15", *["2022-05-01"] * 3]),
        ("day", ["2021-05-12T23:30:00.000+02:00", "2021-05-12T23:30:00Z", "2021/05/12"], ["2021-05-12"] * 3),
        ("day", ["44328", "2021-05-13"], ["2021-05-12", "2021-05-13"]),
    ],
)  # fmt: skip
def test_one_reading_fits_all_cells_and_is_taken(tmp_path, form, name, cells, expected):
    assert values(tmp_path, form, name, cells) == expected


@pytest.mark.parametrize(
    ("name", "cells", "said", "expected"),
    [
        ("part", ["1.500", "2.750"], "decimal_comma", [1500, 2750]),
        ("part", ["1.500", "2.750"], "decimal_point", [1.5, 2.75]),
        ("part", ["1,500"], "thousands_comma", [1500]),
        ("part", ["1,500"], "decimal_comma", [1.5]),
        ("part", ["1.500", "12,5", "7.25"], "thousands_point", [1500, 12.5, 7.25]),
        ("whole", ["1.734", "12.5"], "decimal_point", [2, 13]),
        ("whole", ["1.734", "12.5"], "decimal_comma", [1734, 13]),
        ("whole", ["1.000", "2.000"], "decimal_point", [1, 2]),
        ("whole", ["1.000", "2.000"], "thousands_point", [1000, 2000]),
        ("whole", ["1.000"], "decimal_comma", [1000]),
        ("share", ["0.4", "1"], "fractions", [40, 100]),
        ("share", ["0.4", "1"], "percents", [0.4, 1]),
        ("share", ["0.4", "1", "40"], "fractions_below_one", [40, 1, 40]),
        ("share", ["0.4", "1", "40"], "percents", [0.4, 1, 40]),
        ("whole_share", ["0.4", "1", "40"], "fractions_below_one", [40, 1, 40]),
        ("whole_share", ["0.5", "40"], "fractions_below_one", [50, 40]),
        ("whole_share", ["0.5", "40"], "percents", [1, 40]),
        ("day", ["01/02/2020"], "day_first", ["2020-02-01"]),
        ("day", ["01/02/2020"], "month_first", ["2020-01-02"]),
        ("day", ["01-02-2020", "13-02-2020", "02-14-2020"], "month_first", ["2020-01-02", "2020-02-13", "2020-02-14"]),
        ("day", ["22568"], "stata_days", ["2021-10-15"]),
        ("day", ["44328"], "excel_serial", ["2021-05-12"]),
        ("day", ["20400"], "unix_days", ["2025-11-08"]),
        ("size", ["1", "2", "3"], "codes", ["1", "2", "3"]),
        ("size", ["1", "2", "3"], "labels", ["3", "1", "2"]),
    ],
)
def test_two_readings_block_until_config_says_which(tmp_path, form, name, cells, said, expected):
    with pytest.raises(ReaderError, match=rf"question '{name}', \d cells?: .*\n +notations:\n +{name}: \w+  # or \w+"):
        read(tmp_path, form, {name: cells})
    left = [one for one in notation(tmp_path, form, name, cells).values() if one.open]
    assert [one.count > 0 and len(one.rows) > 0 for one in left] == [True]
    assert values(tmp_path, form, name, cells, notations={name: said}) == expected


def test_what_is_said_of_all_columns_of_a_kind(tmp_path, form):
    table = {"part": ["1.500"], "share": ["0.4"], "day": ["01/02/2020"]}
    said = {"numbers": "decimal_comma", "percentages": "fractions", "dates": "month_first"}
    responses, _, export = read(tmp_path, form, table, notations=said)
    answers, _ = _typed(responses, form, [])
    assert (answers["part"][0], answers["share"][0], str(answers["day"][0])[:10]) == (1500, 40, "2020-01-02")
    assert all(one.evidence.startswith("config says so") for one in export.notations)
    responses, _, _ = read(
        tmp_path, form, {"share": ["1.500", "0.4"]}, notations={"share": ["decimal_comma", "percents"]}
    )
    assert _typed(responses, form, [])[0]["share"].tolist() == [1500, 0.4]


def test_what_is_said_of_one_column_goes_before_what_is_said_of_all(tmp_path, form):
    said = {"numbers": "decimal_comma", "part": "decimal_point"}
    assert values(tmp_path, form, "part", ["1.500"], notations=said) == [1.5]


@pytest.mark.parametrize(
    ("said", "message"),
    [({"hole": "decimal_comma"}, "no question 'hole'"), ({"day": "decimal_comma"}, "'decimal_comma' is not a notation of 'day'"),
     ({"dates": "fractions"}, "'fractions' is not a notation of 'dates'. It can be: day_first")],
)  # fmt: skip
def test_a_notation_that_cannot_be_is_refused(tmp_path, form, said, message):
    with pytest.raises(ReaderError, match=message):
        read(tmp_path, form, {"whole": ["1"]}, notations=said)


def test_a_line_of_the_decisions_file_says_it_too(tmp_path, form):
    line = {"source": "e.csv", "question": "part", "kind": "numbers", "notation": "decimal_comma"}
    decided = [DecisionLine("notations.csv, row 2", line)]
    assert values(tmp_path, form, "part", ["1.500"], decided_notations=decided) == [1500]
    wrong = [DecisionLine("notations.csv, row 2", {**line, "notation": "day_first"})]
    with pytest.raises(ReaderError, match=r"notations\.csv, row 2: 'day_first' is not a notation of 'part'"):
        read(tmp_path, form, {"part": ["1.500"]}, decided_notations=wrong)


def test_a_decision_that_config_contradicts_is_refused_with_its_line(tmp_path, form):
    line = {"source": "e.csv", "question": "part", "kind": "numbers", "notation": "decimal_comma"}
    decided = [DecisionLine("notations.csv, row 2", line)]
    with pytest.raises(
        ReaderError, match=r"notations\.csv, row 2: 'decimal_comma' is decided for 'part', .* 'decimal_point'"
    ):
        read(tmp_path, form, {"part": ["1.500"]}, decided_notations=decided, notations={"part": "decimal_point"})
    # Another word for the same is no contradiction.
    said = {"part": "thousands_point"}
    assert values(tmp_path, form, "part", ["1.500"], decided_notations=decided, notations=said) == [1500]


def test_the_evidence_is_said(tmp_path, form):
    one = notation(tmp_path, form, "part", ["12,5", "1.500", "3,25"])["numbers"]
    assert (one.name, one.evidence) == ("decimal_comma", "2 numbers show it")
    one = notation(tmp_path, form, "day", ["1/2/2020", "25/2/2020"])["dates"]
    assert (one.name, one.evidence) == ("day_first", "1 dates show it")
    left = notation(tmp_path, form, "part", ["1.500", "2.750"])["numbers"]
    assert left.examples == [("1.500", "1.500", "1500"), ("2.750", "2.750", "2750")] and left.rows == (2, 3)


@pytest.mark.parametrize("number", [2.125, 0.875, 1000.0, 1.5, 0.125])
def test_a_number_of_the_file_is_never_read_as_text(tmp_path, form, number):
    frame = pd.DataFrame({"part": [number, 2.5], "whole": [2.125, 40.0]})
    frame.to_parquet(tmp_path / "e.parquet")
    absent = [question.name for question in form.answerable if question.name not in frame]
    entry = {"tool": "table", "mode": "interview", "absent": absent, "decimal": ","}
    answers, _ = _typed(read_export(str(tmp_path / "e.parquet"), form, entry, "e")[0], form, [])
    assert answers["part"].tolist() == [number, 2.5]
    assert answers["whole"].tolist() == [2, 40]


@pytest.mark.parametrize(
    ("boxes", "expected", "name"),
    [
        # A file without a word for no: a blank beside a tick is one.
        ([["Y", ""], ["Y", "Y"]], [("1", "0"), ("1", "1")], "blank_is_no"),
        ([["Y", ""], ["N", "Y"]], [("1", None), ("0", "1")], "blank_is_missing"),
        ([["TRUE", "FALSE"], ["WAAR", ""]], [("1", "0"), ("1", None)], "blank_is_missing"),
        ([["1.0", "0.0"], ["", ""]], [("1", "0"), (None, None)], None),
        ([["Y", ""], ["", ""]], [("1", "0"), (None, None)], "blank_is_no"),
    ],
)
def test_blank_is_no_only_where_the_file_has_no_word_for_it(tmp_path, form, boxes, expected, name):
    table = {"drugs/ghb": [row[0] for row in boxes], "drugs/crack": [row[1] for row in boxes], "whole": ["1", "2"]}
    responses, _, export = read(tmp_path, form, table)
    read_back = responses[["drugs/ghb", "drugs/crack"]].astype(object)
    assert [tuple(row) for row in read_back.where(read_back.notna(), None).to_numpy()] == expected
    assert [one.name for one in export.notations if one.kind == "boxes"] == ([name] if name else [])


def test_a_word_for_no_elsewhere_leaves_blank_open(tmp_path, form):
    table = {
        "drugs/ghb": ["Y", "Y"],
        "drugs/crack": ["", "Y"],
        "drugs_then/ghb": ["N", "Y"],
        "drugs_then/crack": ["Y", "N"],
    }
    with pytest.raises(ReaderError, match="question 'drugs', 1 cell: 1 boxes beside a ticked one are blank"):
        read(tmp_path, form, table)
    for said, expected in (("blank_is_no", "0"), ("blank_is_missing", None)):
        responses, _, _ = read(tmp_path, form, table, notations={"drugs": said})
        assert (None if pd.isna(responses["drugs/crack"][0]) else responses["drugs/crack"][0]) == expected


@pytest.mark.parametrize("cell", ["soms", "GBL", "2"])
def test_a_box_that_says_neither_yes_nor_no_is_refused_with_its_row(tmp_path, form, cell):
    with pytest.raises(ReaderError, match=r"row 3, column 'drugs/ghb': a box holds 1 or 0"):
        read(tmp_path, form, {"drugs/ghb": ["1", cell], "drugs/crack": ["0", "1"]})


def test_characters_that_show_nothing_are_no_part_of_an_answer(tmp_path, form):
    assert values(tmp_path, form, "whole", ["\ufeff12", "1\u200b3", "\u2060"]) == [12, 13, None]
    assert values(tmp_path, form, "size", ["\ufeffOther", "o\u200bther"]) == ["4", "4"]
    # A cell that shows nothing is blank, and not an answer that is not understood.
    responses, _, _ = read(tmp_path, form, {"whole": ["\ufeff12", "\u2060", "3"]})
    assert responses["whole"].fillna("").tolist() == ["12", "", "3"]


def test_na_of_r_is_blank(tmp_path, form):
    table = {"whole": ["1", "NA"], "drugs/ghb": ["TRUE", "NA"], "drugs/crack": ["NA", "NA"]}
    with pytest.raises(ReaderError, match="question 'drugs', 1 cell: 1 boxes beside a ticked one hold NA"):
        read(tmp_path, form, table)
    responses, _, export = read(tmp_path, form, {**table, "drugs/crack": ["FALSE", "NA"]})
    assert responses["whole"].isna().tolist() == responses["drugs/crack"].isna().tolist() == [False, True]
    assert _typed(responses, form, [])[1]["whole"][1] == "no_answer"
    assert any("blank, as R writes it" in fact for fact in export.facts)
    # In a file with blank cells too, which R itself does not write.
    responses, _, export = read(tmp_path, form, {"whole": ["1", "NA"], "part": ["2.5", None]})
    assert _typed(responses, form, [])[1]["whole"][1] == "no_answer"
    assert any("blank, as R writes it" in fact for fact in export.facts)


def test_an_option_that_is_called_na_stays_where_r_writes_na_for_a_blank(tmp_path):
    survey = "type,name,label::English (en)\nselect_one where,place,Where?\ninteger,clients,How many?\n"
    form = write_form(tmp_path, survey, "list_name,name,label::English (en)\nwhere,NA,North America\nwhere,EU,Europe\n")
    responses, _, _ = read(tmp_path, form, {"place": ["NA", "EU"], "clients": ["3", "NA"]})
    assert responses["place"].tolist() == ["NA", "EU"]
    assert responses["clients"].fillna("").tolist() == ["3", ""]


def test_options_that_can_be_cut_apart_in_two_ways(tmp_path, form):
    responses, _, export = read(tmp_path, form, {"drugs": ["ghb; crack", "GHB"]})
    assert responses[["drugs/ghb", "drugs/crack"]].to_numpy().tolist() == [["1", "1"], ["1", "0"]]
    assert [(one.kind, one.name) for one in export.notations] == [("joiner", "';'")]


ABOUT = ["12", "ca. 12", "10-14", "± 1.200", "12 personen", "ca. veel"]


def test_what_is_only_about_right_blocks_until_a_person_says_whether_it_counts(tmp_path, form):
    with pytest.raises(ReaderError, match=r"question 'whole', 3 cells: 3 answers are only about right") as caught:
        read(tmp_path, form, {"whole": ABOUT})
    assert "'ca. 12' is 12 (as_number) or no answer (no_answer); '10-14' is 12" in str(caught.value)
    assert "          whole: as_number  # or no_answer" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "counts"), [("as_number", [12, 12, 12, 1200, 12, None]), ("no_answer", [12, None, None, None, 12, None])]
)
@pytest.mark.parametrize("of", ["whole", "approximate"])
def test_what_is_only_about_right_counts_as_config_says(tmp_path, form, said, counts, of):
    responses, _, _ = read(tmp_path, form, {"whole": ABOUT}, notations={of: said})
    audit: list[pd.DataFrame] = []
    answers, _ = _typed(responses, form, audit)
    assert [None if pd.isna(value) else value for value in answers["whole"]] == counts
    # What does not count is named.
    lines = pd.concat(audit)
    assert (lines["rule"] == "not_understood").sum() == counts.count(None)


@pytest.mark.parametrize(
    ("name", "cells", "value"),
    [
        ("share", ["ca. 12%", "40"], 12),
        ("whole_share", ["10-20 %", "40"], 15),
        ("part", ["ca. 12,5", "1,5"], 12.5),
    ],
)
def test_a_share_that_is_only_about_right_counts_once_config_says_so(tmp_path, form, name, cells, value):
    assert notation(tmp_path, form, name, cells)["approximate"].open
    assert values(tmp_path, form, name, cells, notations={"approximate": "as_number"})[0] == value


@pytest.mark.parametrize("cell", ["12 %", "10-20%", "ca. 1.500", "120 a 130 kg"])
def test_what_is_no_number_of_the_question_is_not_about_right_either(tmp_path, form, cell):
    assert "approximate" not in notation(tmp_path, form, "part", [cell, "1"])
    assert values(tmp_path, form, "part", [cell, "1"])[0] is None
