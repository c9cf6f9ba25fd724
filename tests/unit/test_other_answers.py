"""What people write under "other, namely": suggested, decided on by a person, applied with a line in the audit trail."""

import openpyxl
import pandas as pd
import pytest
from hrmonitor.cleaning import clean
from hrmonitor.cleaning.other_answers import read_other
from hrmonitor.cli.other_answers import list_other, suggest, write_other
from hrmonitor.errors import CleaningError

SURVEY = """type,name,label::Nederlands (nl),label::English (en),relevant,constraint
begin_group,identity,Wie,Who,,
text,facility_name,Naam,Name,,
select_one service,service,Type,Type,,
select_one province,province,Provincie,Province,,
end_group,,,,,
select_one role,role,Functie?,Role?,,
text,role_other,Namelijk,Namely,${role} = 'other',
select_multiple barrier,barriers,Belemmeringen?,Barriers?,,"not(selected(., 'none') and count-selected(.) > 1)"
text,barriers_other,Namelijk,Namely,"selected(${barriers}, 'other')",
select_one yes_no,documents_help,Hulp met documenten?,Help with documents?,"selected(${barriers}, 'documents')",
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en),missing
service,dcr,Gebruiksruimte,Consumption room,
province,utrecht,Utrecht,Utrecht,
role,nurse,Verpleegkundige,Nurse,
role,other,Anders,Other,
barrier,documents,Geen documenten,No documents,
barrier,waiting_list,Wachtlijsten,Waiting lists,
barrier,none,Geen,None,
barrier,dont_know,Weet ik niet,Don't know,dont_know
barrier,other,Anders,Other,
yes_no,yes,Ja,Yes,
yes_no,no,Nee,No,
"""
REGISTER = pd.DataFrame(
    [(f"NL-{i}", f"Huis {name}", "", "x", "dcr", "utrecht", "Utrecht", "2000-01-01", "") for i, name in enumerate(["Aarde", "Beuk", "Cypres"])],
    columns=["facility_id", "name", "aliases", "organisation", "service", "province", "municipality", "opened", "closed"],
)  # fmt: skip
BOXES = [f"barriers/{code}" for code in ("documents", "waiting_list", "none", "dont_know", "other")]


def responses(*answers: dict) -> pd.DataFrame:
    names = ["Huis Aarde", "Huis Beuk", "Huis Cypres"]
    blank = dict.fromkeys(["role", "role_other", *BOXES, "barriers_other", "documents_help"])
    rows = [
        {"_source": "f.csv", "_row": number, "_mode": "interview", "_instrument": "f", "_submitted_at": "x", "_status": None,
         **blank, "facility_name": names[number - 2], "service": "Gebruiksruimte", "province": "Utrecht", **one}
        for number, one in enumerate(answers, start=2)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype(dict.fromkeys([*blank, "facility_name", "service", "province", "_source"], "str"))


def ticked(*codes: str, other: str | None = None) -> dict:
    boxes = {box: "1" if box.split("/")[1] in codes else "0" for box in BOXES}
    return {"role": "Verpleegkundige", **boxes, "barriers_other": other}


def decisions(tmp_path, form, *lines: str) -> pd.DataFrame:
    path = tmp_path / "other.csv"
    path.write_text("question,written,decision,reason\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return read_other(path, form)


def cleaned(form, decided, *answers: dict) -> dict[str, pd.DataFrame]:
    names = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
    notes = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])
    return clean(responses(*answers), notes, form, REGISTER, None, names, "names.csv", 2021, decided)


def recoded(tables) -> list[tuple]:
    audit = tables["audit"]
    columns = ["row", "facility_id", "question", "raw", "clean", "severity"]
    return audit.loc[audit["rule"] == "other_recoded", columns].to_records(index=False).tolist()


def test_a_decision_ticks_the_option_and_unticks_other(tmp_path, form):
    decided = decisions(tmp_path, form, "barriers,geen  POSTADRES,documents,x")
    tables = cleaned(form, decided, ticked("other", other="Geen postadres"), ticked("other", other="Iets anders"))
    first, second = tables["facilities"].to_dict("records")
    assert (first["barriers/documents"], first["barriers/other"]) == (True, False)
    assert pd.isna(first["barriers_other"]) and first["barriers_other__missing"] == "not_asked"
    assert (second["barriers/documents"], second["barriers/other"], second["barriers_other"]) == (
        False,
        True,
        "Iets anders",
    )
    # What was written does not stand in the audit trail.
    assert recoded(tables) == [(2, "NL-0", "barriers", "(text)", "documents", "changed")]
    assert not tables["audit"]["rule"].eq("skip_logic").any()


def test_a_decision_comes_before_skip_logic(tmp_path, form):
    decided = decisions(tmp_path, form, "barriers,Geen postadres,documents,x")
    answer = {**ticked("other", other="Geen postadres"), "documents_help": "Ja"}
    assert cleaned(form, decided, answer)["facilities"]["documents_help"][0] == "yes"
    assert pd.isna(cleaned(form, None, answer)["facilities"]["documents_help"][0])


def test_two_options_and_what_stays_other(tmp_path, form):
    decided = decisions(
        tmp_path,
        form,
        "barriers,papieren en wachten,documents|waiting_list,x",
        "barriers,papieren en iets nieuws,documents|new,x",
    )
    tables = cleaned(
        form, decided, ticked("other", other="papieren en wachten"), ticked("other", other="papieren en iets nieuws")
    )
    first, second = tables["facilities"].to_dict("records")
    assert [first[f"barriers/{code}"] for code in ("documents", "waiting_list", "other")] == [True, True, False]
    assert [second[f"barriers/{code}"] for code in ("documents", "waiting_list", "other")] == [True, False, True]
    assert second["barriers_other"] == "papieren en iets nieuws"
    assert [line[4] for line in recoded(tables)] == ["documents|waiting_list", "documents"]


def test_keep_and_new_leave_the_answer_as_it_is(tmp_path, form):
    decided = decisions(tmp_path, form, "barriers,Hond,keep,x", "barriers,Kat,new,x", "barriers,Vis,,later")
    answers = [ticked("other", other=text) for text in ("Hond", "Kat", "Vis")]
    with_, without = cleaned(form, decided, *answers), cleaned(form, None, *answers)
    for name in with_:
        pd.testing.assert_frame_equal(with_[name], without[name])


def test_a_single_choice_becomes_the_option(tmp_path, form):
    decided = decisions(tmp_path, form, "role,wijkzuster,nurse,x")
    tables = cleaned(form, decided, {**ticked("none"), "role": "Anders", "role_other": "Wijkzuster"})
    one = tables["facilities"].iloc[0]
    assert (one["role"], one["role_other__missing"]) == ("nurse", "not_asked")
    assert pd.isna(one["role_other"]) and pd.isna(one["role__missing"])


def test_a_text_beside_no_tick_at_all_becomes_an_answer(tmp_path, form):
    decided = decisions(tmp_path, form, "role,wijkzuster,nurse,x", "barriers,Geen postadres,documents,x")
    tables = cleaned(
        form, decided, {"role_other": "wijkzuster", "barriers_other": "Geen postadres", "documents_help": "Nee"}
    )
    one = tables["facilities"].iloc[0]
    assert (one["role"], one["barriers/documents"], one["documents_help"]) == ("nurse", True, "no")
    assert pd.isna(one["role__missing"]) and pd.isna(one["barriers__missing"])


def test_impossible_combinations_are_still_flagged(tmp_path, form):
    decided = decisions(tmp_path, form, "barriers,Geen postadres,documents,x")
    tables = cleaned(form, decided, ticked("none", "other", other="Geen postadres"))
    assert tables["audit"]["rule"].eq("constraint_flag").any()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("barriers,x,document,y", "row 2: 'document' is no option of 'barriers'. It can be keep, new, or: documents, waiting_list"),
        ("barriers,x,other,y", "row 2: 'other' is no option"),
        ("barrier,x,documents,y", "row 2: 'barrier' is no question with an option 'other'"),
        ("role,x,nurse|keep,y", "row 2: 'role' takes one answer"),
        ("barriers,x,documents,y\nbarriers,X ,keep,y", "row 3: there are two decisions"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_has_a_message(tmp_path, form, line, told):
    with pytest.raises(CleaningError, match="other.csv, " + told.replace("|", r"\|")):
        decisions(tmp_path, form, line)


def submissions(*statuses: str) -> pd.DataFrame:
    return pd.DataFrame({"source": "f.csv", "row": range(2, 2 + len(statuses)), "status": statuses})


def test_the_sheet_counts_texts_and_suggests_an_option(tmp_path, form):
    given = responses(
        ticked("other", other="Wachtlijst"), ticked("other", other="wachtlijst "), ticked("other", other="Hond")
    )
    table = list_other(
        given, submissions("kept", "kept", "kept"), form, decisions(tmp_path, form, "barriers,hond,keep,nee"), "nl"
    )
    shown = (
        table[["question", "written", "times", "suggestion", "decision", "reason", "suggested"]]
        .to_records(index=False)
        .tolist()
    )
    assert shown == [
        ("barriers", "Wachtlijst", 2, "waiting_list", "", "", "Wachtlijsten"),
        ("barriers", "Hond", 1, "", "keep", "nee", ""),
    ]
    assert table["likeness"][0] > 90
    only_one = list_other(given, submissions("test", "kept", "duplicate"), form, decisions(tmp_path, form), "nl")
    assert only_one[["written", "times"]].to_records(index=False).tolist() == [("wachtlijst", 1)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("waiting list", "waiting_list"),
        ("wachtlijsten ggz", "waiting_list"),
        ("weet ik niet", ""),
        ("geen postadres", ""),
    ],
)
def test_suggestions_look_at_labels_in_all_languages_but_not_at_dont_know(form, written, code):
    assert suggest(written, form["barriers"])[0] == code


def test_the_filled_sheet_is_a_file_of_decisions(tmp_path, form):
    given = responses(ticked("other", other="=1+1"), ticked("other", other="Geen postadres"))
    table = list_other(given, submissions("kept", "kept"), form, decisions(tmp_path, form), "nl")
    path = tmp_path / "other.xlsx"
    write_other(path, table, form, "nl")
    assert read_other(path, form).empty
    book = openpyxl.load_workbook(path)
    sheet = book["decisions"]
    headings = [cell.value for cell in sheet[1]]
    at = {name: headings.index(name) + 1 for name in headings}
    formula = next(row for row in range(2, 4) if sheet.cell(row, at["written"]).value == "=1+1")
    assert sheet.cell(formula, at["written"]).data_type == "s" and sheet.cell(formula, at["written"]).quotePrefix
    sheet.cell(5 - formula, at["decision"]).value = "documents"
    book.save(path)
    assert read_other(path, form)[["question", "written", "decision"]].to_records(index=False).tolist() == [
        ("barriers", "geen postadres", "documents")
    ]
