"""Cleaning on a form of a few questions: what goes in, what comes out, and the line that says why."""

import pandas as pd
import pytest
from hrmonitor.cleaning import clean
from settings import write_form

SURVEY = """type,name,label::Nederlands (nl),label::English (en),relevant,constraint,calculation,indicator,statistic,unit,pii,coded,parts
begin_group,identity,Wie,Who,,,,,,,,,
text,facility_name,Naam,Name,,,,,,,,,
select_one service,service,Type,Type,,,,,,,,,
select_one province,province,Provincie,Province,,,,,,,,,
end_group,,,,,,,,,,,,
begin_group,main,Vragen,Questions,,,,,,,,,
select_one yes_no,ghb,GHB?,GHB?,,,,ghb,share,,,,
integer,ghb_clients,Hoeveel?,How many?,${ghb} = 'yes',. >= 0,,ghb_clients,median,persons,,,
decimal,share,Percentage?,Percentage?,,. >= 0 and . <= 100,,share,median,%,,,
select_multiple drug,drugs,Middelen?,Drugs?,,,,drugs,share,,,,
integer,total,Totaal?,Total?,,,,total,median,persons,,,ghb_clients
calculate,half,Helft,Half,,,${total} div 2,half,median,persons,,,
end_group,,,,,,,,,,,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en),missing
service,dcr,Gebruiksruimte,Consumption room,
province,utrecht,Utrecht,Utrecht,
yes_no,yes,Ja,Yes,
yes_no,no,Nee,No,
yes_no,dont_know,Weet ik niet,Don't know,dont_know
drug,heroin,Heroïne,Heroin,
drug,crack,Basecoke,Crack,
"""
REGISTER = pd.DataFrame(
    [(f"NL-{i}", f"Huis {name}", "", "x", "dcr", "utrecht", "Utrecht", "2000-01-01", "") for i, name in enumerate(["Aarde", "Beuk", "Cypres", "Den"])],
    columns=["facility_id", "name", "aliases", "organisation", "service", "province", "municipality", "opened", "closed"],
)  # fmt: skip
NO_DECISIONS = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])
NO_NOTES = pd.DataFrame(columns=["source", "row", "question", "rule", "note"])


def cleaned(form, *answers: dict) -> dict[str, pd.DataFrame]:
    blank = dict.fromkeys(
        ["facility_name", "service", "province", "ghb", "ghb_clients", "share", "drugs/heroin", "drugs/crack", "total"]
    )
    rows = [
        {"_source": "f.csv", "_row": number, "_mode": "interview", "_instrument": "f", "_submitted_at": "x", "_status": None, **blank,
         "facility_name": "Huis Aarde", "service": "Gebruiksruimte", "province": "Utrecht", **one}
        for number, one in enumerate(answers, start=2)
    ]  # fmt: skip
    responses = pd.DataFrame(rows).astype({name: "str" for name in (*blank, "_mode", "_source")})
    return clean(responses, NO_NOTES, form, REGISTER, None, NO_DECISIONS, "names.csv", 2021)


def lines(tables, rule):
    audit = tables["audit"]
    return audit[audit["rule"] == rule][["row", "question", "raw", "clean"]].to_records(index=False).tolist()


@pytest.mark.parametrize("name", ["Test-Drive Utrecht", "proef en zorg"])
def test_a_facility_of_the_register_is_no_test_whatever_its_name_begins_with(form, monkeypatch, name):
    renamed = REGISTER.assign(name=["Test-drive Utrecht", "Proef en Zorg", "Cypres", "Den"])
    monkeypatch.setitem(globals(), "REGISTER", renamed)
    tables = cleaned(form, {"facility_name": name, "ghb": "Ja"}, {"facility_name": "test Utrecht", "ghb": "Ja"})
    assert tables["submissions"]["status"].tolist() == ["kept", "test"]


def test_values_are_typed_and_reasons_told_apart(form):
    one = cleaned(
        form, {"ghb": "Weet ik niet", "share": "n.v.t.", "drugs/heroin": "1", "drugs/crack": "0", "total": "1.200"}
    )["facilities"].iloc[0]
    assert pd.isna(one["ghb"]) and one["ghb__missing"] == "dont_know"
    assert one["ghb_clients__missing"] == "not_asked"
    assert one["share__missing"] == "not_applicable"
    assert (one["drugs/heroin"], one["drugs/crack"]) == (True, False)
    assert (one["total"], one["half"]) == (1200, 600)


def test_an_option_that_the_form_lacked_is_no_no(form):
    one = cleaned(form, {"ghb": "Ja", "drugs/heroin": "1"})["facilities"].iloc[0]
    assert one["drugs/heroin"] and pd.isna(one["drugs/crack"])
    assert pd.isna(one["drugs__missing"])


def test_a_submission_that_the_tool_calls_a_test_does_not_count(form):
    tables = cleaned(form, {"ghb": "Ja", "drugs/heroin": "1", "_status": "test"})
    assert tables["submissions"]["status"].tolist() == ["test"]


def test_an_unanswered_multiple_choice_is_no_answer_and_no_no(form):
    one = cleaned(form, {"ghb": "Ja", "total": "5"})["facilities"].iloc[0]
    assert pd.isna(one["drugs/heroin"])
    assert one["drugs__missing"] == "no_answer"


def test_what_should_have_been_skipped_is_taken_out_with_a_line(form):
    tables = cleaned(form, {"ghb": "Nee", "ghb_clients": "4"})
    assert pd.isna(tables["facilities"]["ghb_clients"][0])
    assert lines(tables, "skip_logic") == [(2, "ghb_clients", "4", "")]


def test_an_impossible_value_is_taken_out_with_a_line(form):
    tables = cleaned(form, {"ghb": "Nee", "share": "140"})
    assert pd.isna(tables["facilities"]["share"][0])
    assert tables["facilities"]["share__missing"][0] == "no_answer"
    assert lines(tables, "constraint") == [(2, "share", "140", "")]


def test_boxes_under_a_skipped_question_are_no_no(tmp_path):
    """Else facilities that were not asked would count among those that use none of the drugs."""
    drugs = "select_multiple drug,drugs,Middelen?,Drugs?,"
    form = write_form(tmp_path, SURVEY.replace(f"{drugs},", f"{drugs}${{ghb}} = 'yes',"), CHOICES)
    tables = cleaned(
        form,
        {"ghb": "Nee", "drugs/heroin": "0", "drugs/crack": "0", "total": "3"},
        {"facility_name": "Huis Beuk", "ghb": "Nee", "drugs/heroin": "1", "drugs/crack": "0"},
    )
    assert tables["facilities"][["drugs/heroin", "drugs/crack"]].isna().all(axis=None)
    assert tables["facilities"]["drugs__missing"].tolist() == ["not_asked", "not_asked"]
    # A cross was an answer, which is gone; without one there was none.
    assert lines(tables, "skip_logic") == [(3, "drugs", "", "")]


def test_a_total_below_its_parts_is_flagged_and_kept(form):
    tables = cleaned(form, {"ghb": "Ja", "ghb_clients": "9", "total": "7"})
    assert tables["facilities"]["total"][0] == 7
    assert lines(tables, "total_of_parts") == [(2, "total", "7", "9")]


def test_of_two_answers_the_more_complete_one_counts(form):
    tables = cleaned(form, {"ghb": "Ja", "total": "7"}, {"ghb": "Ja", "ghb_clients": "2", "share": "5", "total": "8"})
    assert list(tables["submissions"]["status"]) == ["duplicate", "kept"]
    assert tables["facilities"]["total"][0] == 8
    assert lines(tables, "duplicate_disagrees") == [(2, "total", "7", "8")]


def test_an_interview_counts_before_a_more_complete_questionnaire_that_came_first(form):
    returned = {"_mode": "questionnaire", "ghb": "Ja", "ghb_clients": "2", "share": "5", "total": "7"}
    tables = cleaned(form, returned, {"ghb": "Ja", "total": "8"})
    assert list(tables["submissions"]["status"]) == ["duplicate", "kept"]
    assert tables["facilities"]["total"][0] == 8


def test_of_two_answers_that_are_as_complete_the_earlier_one_counts(form):
    tables = cleaned(form, {"ghb": "Ja", "total": "7"}, {"ghb": "Ja", "total": "8"})
    assert list(tables["submissions"]["status"]) == ["kept", "duplicate"]
    assert tables["facilities"]["total"][0] == 7


def test_every_submission_is_in_the_flow(form):
    tables = cleaned(
        form,
        {"ghb": "Ja", "total": "7"},
        {"facility_name": "test", "ghb": "Ja"},
        {"facility_name": None, "service": None},
        {"ghb": "Nee"},
    )
    flow = tables["flow"].set_index(["service", "step"])["n"]
    counts = {
        step: flow["all", step] for step in ("submissions", "duplicates", "test", "empty", "out_of_frame", "kept")
    }
    assert counts == {"submissions": 4, "duplicates": 1, "test": 1, "empty": 1, "out_of_frame": 0, "kept": 1}
    assert flow["unknown", "empty"] == 1


def test_a_round_counts_what_it_loses(form):
    tables = cleaned(
        form,
        {"ghb": "Misschien", "total": "veel"},
        {"facility_name": "Huis Beuk", "ghb": "Ja", "total": "3", "drugs/heroin": "1"},
        {"facility_name": "test", "ghb": "Onzin"},
    )
    found = tables["losses"].set_index(["kind", "name"])[["lost", "n"]].to_dict("index")
    assert found == {
        ("question", "ghb"): {"lost": 1, "n": 2},
        ("question", "total"): {"lost": 1, "n": 2},
        ("submissions", "test"): {"lost": 1, "n": 3},
    }
